-- ---- presence (A20, G12): what an agent wishes, and whether he is there ----
ALTER TABLE member ADD COLUMN status TEXT NOT NULL DEFAULT 'offline' CHECK (status IN ('online', 'break', 'offline'));

-- One row per open console; renewed by the server's pings, gone with the line.
CREATE TABLE lease (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    account_id BLOB NOT NULL REFERENCES account (id),
    until INTEGER NOT NULL
) STRICT;
CREATE INDEX lease_member ON lease (service_id, account_id);

-- Every change of a status, for the figures.
CREATE TABLE status_log (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    account_id BLOB NOT NULL REFERENCES account (id),
    at INTEGER NOT NULL,
    status TEXT NOT NULL
) STRICT;
CREATE INDEX status_log_member ON status_log (service_id, account_id, at);

-- ---- the help centre's own way in (A24, G31) ----
ALTER TABLE widget ADD COLUMN help INTEGER NOT NULL DEFAULT 0 CHECK (help IN (0, 1));
-- On which site it was last seen, and when.
ALTER TABLE widget ADD COLUMN seen_on TEXT NOT NULL DEFAULT '';
ALTER TABLE widget ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
INSERT INTO widget (key, service_id, active, created_at, help) SELECT key || '-help', id, 1, created_at, 1 FROM service;

-- ---- who the customer says he is; empty: not said ----
ALTER TABLE visitor ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE visitor ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE visitor ADD COLUMN phone TEXT NOT NULL DEFAULT '';

-- ---- 1:1 문의 (A28) ----
CREATE TABLE inquiry (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    -- 1, 2, 3 … within the service.
    number INTEGER NOT NULL,
    visitor_id BLOB NOT NULL REFERENCES visitor (id),
    -- Of the customer's link. The form brings it along, so a repeated post is one inquiry.
    token_hash BLOB NOT NULL UNIQUE,
    language TEXT NOT NULL CHECK (language IN ('ko', 'en')),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- Whether the last word is the desk's.
    answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
    created_at INTEGER NOT NULL,
    -- Of the last message.
    moved_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX inquiry_number ON inquiry (service_id, number);
CREATE INDEX inquiry_visitor ON inquiry (visitor_id);

CREATE TABLE inquiry_message (
    inquiry_id BLOB NOT NULL REFERENCES inquiry (id),
    -- The writer's own id: a repeated post is one message.
    client_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    -- None: the customer.
    agent_id BLOB REFERENCES account (id),
    body TEXT NOT NULL,
    PRIMARY KEY (inquiry_id, client_id)
) STRICT;

-- ---- consent (A25, G14) ----
-- What was agreed to, word for word.
CREATE TABLE consent_text (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    language TEXT NOT NULL CHECK (language IN ('ko', 'en')),
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX consent_text_version ON consent_text (service_id, language, version);

CREATE TABLE consent (
    id BLOB PRIMARY KEY,
    text_id BLOB NOT NULL REFERENCES consent_text (id),
    visitor_id BLOB NOT NULL REFERENCES visitor (id),
    -- To what it led: a chat, or an inquiry.
    chat_id BLOB REFERENCES chat (id),
    inquiry_id BLOB REFERENCES inquiry (id),
    at INTEGER NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE INDEX consent_visitor ON consent (visitor_id);

-- ---- mail that has not left yet ----
-- A row goes with its delivery; until then it holds the text, links included.
CREATE TABLE mail (
    id BLOB PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    -- Not tried before; none: given up.
    due_at INTEGER,
    -- What the mail server said last.
    trouble TEXT NOT NULL
) STRICT;
CREATE INDEX mail_due ON mail (due_at);
