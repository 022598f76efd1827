-- ---- the contract (A1, A2, A61a) and the languages, in their order (G22) ----
-- Codes, the first one first.
ALTER TABLE service ADD COLUMN languages TEXT NOT NULL DEFAULT 'ko en';
ALTER TABLE service ADD COLUMN chat BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE service ADD COLUMN security BOOLEAN NOT NULL DEFAULT FALSE;

-- The service that a session is connected to; none: its account's first.
ALTER TABLE session ADD COLUMN service_id UUID REFERENCES service (id);

-- ---- agents (A6, A7, G10, G17) ----
-- The name that customers see; empty: the account's.
ALTER TABLE member ADD COLUMN nickname TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN chats_at_once BIGINT NOT NULL DEFAULT 5 CHECK (chats_at_once BETWEEN 0 AND 20);
-- 채팅 할당, and 본인 변경 허용: whether the agent may change it himself.
ALTER TABLE member ADD COLUMN allocation BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE member ADD COLUMN own_allocation BOOLEAN NOT NULL DEFAULT FALSE;

-- A queue that is gone keeps its name for the chats it had.
ALTER TABLE queue ADD COLUMN deleted_at BIGINT;

-- Open chats of a queue, for its deactivation and its counts.
CREATE INDEX chat_queue ON chat (queue_id) WHERE state <> 'ended';

-- Where a chat was moved to.
ALTER TABLE chat_event ADD COLUMN queue_id UUID REFERENCES queue (id);

-- What an admin sets as a whole: one row per page, with a version, so that a second save
-- is noticed. The body is JSON that no statement looks into.
CREATE TABLE setting (
    service_id UUID NOT NULL REFERENCES service (id),
    section TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    changed_by UUID REFERENCES account (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (service_id, section)
);

-- 처리유형 (A19)
CREATE TABLE category (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    parent_id UUID REFERENCES category (id),
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX category_service ON category (service_id, position);

-- Who changed what, with before and after; nothing in the product edits it.
CREATE TABLE change_log (
    id UUID PRIMARY KEY,
    -- None: a matter of the whole organisation.
    service_id UUID REFERENCES service (id),
    at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    kind TEXT NOT NULL,
    -- What it was done to, in words of that time.
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
);
CREATE INDEX change_log_service ON change_log (service_id, at);

-- ---- people ----
-- A link that works once: it makes an account and a member (an invitation), or sets the
-- password of the account that is there (a reset). Only its hash is kept.
CREATE TABLE invitation (
    id UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    email TEXT NOT NULL,
    -- Of an invitation.
    service_id UUID REFERENCES service (id),
    role TEXT CHECK (role IN ('agent', 'admin')),
    -- Of a reset.
    account_id UUID REFERENCES account (id),
    made_by UUID NOT NULL REFERENCES account (id),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX invitation_email ON invitation (email);
