-- ---- the contract (A1, A2, A61a) and the languages, in their order (G22) ----
-- Codes, the first one first.
ALTER TABLE service ADD COLUMN languages TEXT NOT NULL DEFAULT 'ko en';
ALTER TABLE service ADD COLUMN chat INTEGER NOT NULL DEFAULT 1 CHECK (chat IN (0, 1));
ALTER TABLE service ADD COLUMN security INTEGER NOT NULL DEFAULT 0 CHECK (security IN (0, 1));

-- The service that a session is connected to; none: its account's first.
ALTER TABLE session ADD COLUMN service_id BLOB REFERENCES service (id);

-- ---- agents (A6, A7, G10, G17) ----
-- The name that customers see; empty: the account's.
ALTER TABLE member ADD COLUMN nickname TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN chats_at_once INTEGER NOT NULL DEFAULT 5 CHECK (chats_at_once BETWEEN 0 AND 20);
-- 채팅 할당, and 본인 변경 허용: whether the agent may change it himself.
ALTER TABLE member ADD COLUMN allocation INTEGER NOT NULL DEFAULT 1 CHECK (allocation IN (0, 1));
ALTER TABLE member ADD COLUMN own_allocation INTEGER NOT NULL DEFAULT 0 CHECK (own_allocation IN (0, 1));

-- A queue that is gone keeps its name for the chats it had.
ALTER TABLE queue ADD COLUMN deleted_at INTEGER;

-- Open chats of a queue, for its deactivation and its counts.
CREATE INDEX chat_queue ON chat (queue_id) WHERE state <> 'ended';

-- Where a chat was moved to.
ALTER TABLE chat_event ADD COLUMN queue_id BLOB REFERENCES queue (id);

-- What an admin sets as a whole: one row per page, with a version, so that a second save
-- is noticed. The body is JSON that no statement looks into.
CREATE TABLE setting (
    service_id BLOB NOT NULL REFERENCES service (id),
    section TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    changed_by BLOB REFERENCES account (id),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (service_id, section)
) STRICT;

-- 처리유형 (A19)
CREATE TABLE category (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    parent_id BLOB REFERENCES category (id),
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX category_service ON category (service_id, position);

-- Who changed what, with before and after; nothing in the product edits it.
CREATE TABLE change_log (
    id BLOB PRIMARY KEY,
    -- None: a matter of the whole organisation.
    service_id BLOB REFERENCES service (id),
    at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id),
    kind TEXT NOT NULL,
    -- What it was done to, in words of that time.
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
CREATE INDEX change_log_service ON change_log (service_id, at);

-- ---- people ----
-- A link that works once: it makes an account and a member (an invitation), or sets the
-- password of the account that is there (a reset). Only its hash is kept.
CREATE TABLE invitation (
    id BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    email TEXT NOT NULL,
    -- Of an invitation.
    service_id BLOB REFERENCES service (id),
    role TEXT CHECK (role IN ('agent', 'admin')),
    -- Of a reset.
    account_id BLOB REFERENCES account (id),
    made_by BLOB NOT NULL REFERENCES account (id),
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX invitation_email ON invitation (email);
