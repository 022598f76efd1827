CREATE TABLE service (
    id UUID PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- Number of events of all its chats; the console's cursor.
    seq BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE widget (
    key TEXT PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

-- The sites whose pages may carry the widget, as exact origins.
CREATE TABLE widget_origin (
    widget_key TEXT NOT NULL REFERENCES widget (key),
    origin TEXT NOT NULL,
    PRIMARY KEY (widget_key, origin)
);

CREATE TABLE queue (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX queue_service ON queue (service_id, position);

CREATE TABLE account (
    id UUID PRIMARY KEY,
    -- Lower case.
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('ko', 'en')),
    -- 조직관리자
    owner BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    deactivated_at BIGINT
);

CREATE TABLE member (
    service_id UUID NOT NULL REFERENCES service (id),
    account_id UUID NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('agent', 'admin')),
    PRIMARY KEY (service_id, account_id)
);
CREATE INDEX member_account ON member (account_id);

CREATE TABLE member_right (
    service_id UUID NOT NULL,
    account_id UUID NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (service_id, account_id, code),
    FOREIGN KEY (service_id, account_id) REFERENCES member (service_id, account_id)
);

CREATE TABLE queue_member (
    queue_id UUID NOT NULL REFERENCES queue (id),
    account_id UUID NOT NULL REFERENCES account (id),
    PRIMARY KEY (queue_id, account_id)
);

CREATE TABLE session (
    id UUID PRIMARY KEY,
    -- SHA-256 of the cookie's token.
    token_hash BYTEA NOT NULL UNIQUE,
    account_id UUID NOT NULL REFERENCES account (id),
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE visitor (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    token_hash BYTEA NOT NULL UNIQUE,
    device TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- The projection of a chat's log (domain/chat.rs).
CREATE TABLE chat (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    queue_id UUID NOT NULL REFERENCES queue (id),
    visitor_id UUID NOT NULL REFERENCES visitor (id),
    state TEXT NOT NULL CHECK (state IN ('intake', 'waiting', 'held', 'active', 'customer_ended', 'ended')),
    state_at BIGINT NOT NULL,
    -- Who has it in hand: active, held, customer_ended.
    agent_id UUID REFERENCES account (id),
    -- Why it is held, or who ended it.
    cause TEXT CHECK (cause IN ('delegated', 'parked', 'customer', 'agent', 'system')),
    delegated_by UUID REFERENCES account (id),
    intake_at BIGINT NOT NULL,
    accepted_at BIGINT,
    started_by UUID REFERENCES account (id),
    started_at BIGINT,
    agent_messages BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    public_seq BIGINT NOT NULL,
    -- Sequence of the last message; 0 before the first.
    last_message_seq BIGINT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('ko', 'en')),
    page_url TEXT NOT NULL,
    page_title TEXT NOT NULL
);
CREATE INDEX chat_service_state ON chat (service_id, state);
CREATE INDEX chat_visitor ON chat (visitor_id, intake_at);
-- One open chat per visitor, whatever two tabs do at once.
CREATE UNIQUE INDEX chat_open ON chat (visitor_id) WHERE state <> 'ended';

-- The truth: append only, gap-free in all three numberings.
CREATE TABLE chat_event (
    chat_id UUID NOT NULL REFERENCES chat (id),
    seq BIGINT NOT NULL,
    public_seq BIGINT,
    service_id UUID NOT NULL REFERENCES service (id),
    service_seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- The agent who wrote or acted; none for the customer and the system.
    agent_id UUID,
    client_id UUID,
    body TEXT,
    cause TEXT,
    PRIMARY KEY (chat_id, seq)
);
CREATE UNIQUE INDEX chat_event_service ON chat_event (service_id, service_seq);
CREATE UNIQUE INDEX chat_event_client ON chat_event (chat_id, client_id);

-- How far each party has come, by public sequence; only ever grows.
CREATE TABLE chat_mark (
    chat_id UUID NOT NULL REFERENCES chat (id),
    -- An account or the visitor.
    party UUID NOT NULL,
    customer BOOLEAN NOT NULL,
    delivered BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (chat_id, party)
);
