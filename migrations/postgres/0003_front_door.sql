-- ---- presence (A20, G12): what an agent wishes, and whether he is there ----
ALTER TABLE member ADD COLUMN status TEXT NOT NULL DEFAULT 'offline' CHECK (status IN ('online', 'break', 'offline'));

-- One row per open console; renewed by the server's pings, gone with the line.
CREATE TABLE lease (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    account_id UUID NOT NULL REFERENCES account (id),
    until BIGINT NOT NULL
);
CREATE INDEX lease_member ON lease (service_id, account_id);

-- Every change of a status, for the figures.
CREATE TABLE status_log (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    account_id UUID NOT NULL REFERENCES account (id),
    at BIGINT NOT NULL,
    status TEXT NOT NULL
);
CREATE INDEX status_log_member ON status_log (service_id, account_id, at);

-- ---- the help centre's own way in (A24, G31) ----
ALTER TABLE widget ADD COLUMN help BOOLEAN NOT NULL DEFAULT FALSE;
-- On which site it was last seen, and when.
ALTER TABLE widget ADD COLUMN seen_on TEXT NOT NULL DEFAULT '';
ALTER TABLE widget ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
INSERT INTO widget (key, service_id, active, created_at, help) SELECT key || '-help', id, TRUE, created_at, TRUE FROM service;

-- ---- who the customer says he is; empty: not said ----
ALTER TABLE visitor ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE visitor ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE visitor ADD COLUMN phone TEXT NOT NULL DEFAULT '';

-- ---- 1:1 문의 (A28) ----
CREATE TABLE inquiry (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    -- 1, 2, 3 … within the service.
    number BIGINT NOT NULL,
    visitor_id UUID NOT NULL REFERENCES visitor (id),
    -- Of the customer's link. The form brings it along, so a repeated post is one inquiry.
    token_hash BYTEA NOT NULL UNIQUE,
    language TEXT NOT NULL CHECK (language IN ('ko', 'en')),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- Whether the last word is the desk's.
    answered BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- Of the last message.
    moved_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX inquiry_number ON inquiry (service_id, number);
CREATE INDEX inquiry_visitor ON inquiry (visitor_id);

CREATE TABLE inquiry_message (
    inquiry_id UUID NOT NULL REFERENCES inquiry (id),
    -- The writer's own id: a repeated post is one message.
    client_id UUID NOT NULL,
    at BIGINT NOT NULL,
    -- None: the customer.
    agent_id UUID REFERENCES account (id),
    body TEXT NOT NULL,
    PRIMARY KEY (inquiry_id, client_id)
);

-- ---- consent (A25, G14) ----
-- What was agreed to, word for word.
CREATE TABLE consent_text (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    language TEXT NOT NULL CHECK (language IN ('ko', 'en')),
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX consent_text_version ON consent_text (service_id, language, version);

CREATE TABLE consent (
    id UUID PRIMARY KEY,
    text_id UUID NOT NULL REFERENCES consent_text (id),
    visitor_id UUID NOT NULL REFERENCES visitor (id),
    -- To what it led: a chat, or an inquiry.
    chat_id UUID REFERENCES chat (id),
    inquiry_id UUID REFERENCES inquiry (id),
    at BIGINT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX consent_visitor ON consent (visitor_id);

-- ---- mail that has not left yet ----
-- A row goes with its delivery; until then it holds the text, links included.
CREATE TABLE mail (
    id UUID PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    -- Not tried before; none: given up.
    due_at BIGINT,
    -- What the mail server said last.
    trouble TEXT NOT NULL
);
CREATE INDEX mail_due ON mail (due_at);
