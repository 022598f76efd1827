-- ---- what agents note of a customer (A53, A55) ----
-- Beside what he says of himself and what the shop has signed, never instead of it.
CREATE TABLE customer_info (
    visitor_id BLOB PRIMARY KEY REFERENCES visitor (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    memo TEXT NOT NULL,
    -- Counts the saves, so that a second one is noticed.
    version INTEGER NOT NULL,
    changed_by BLOB NOT NULL REFERENCES account (id),
    changed_at INTEGER NOT NULL
) STRICT;

-- 상담정보 (A54)
CREATE TABLE chat_info (
    chat_id BLOB PRIMARY KEY REFERENCES chat (id),
    -- No reference: a deleted category stays readable by its path.
    category_id BLOB,
    path_ko TEXT NOT NULL,
    path_en TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_by BLOB NOT NULL REFERENCES account (id),
    changed_at INTEGER NOT NULL
) STRICT;

-- What an agent has typed beside a chat and not saved (E8): JSON that no statement looks into.
CREATE TABLE info_draft (
    chat_id BLOB NOT NULL REFERENCES chat (id),
    account_id BLOB NOT NULL REFERENCES account (id),
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (chat_id, account_id)
) STRICT;

-- ---- tickets ----
ALTER TABLE service ADD COLUMN ticket_seq INTEGER NOT NULL DEFAULT 0;

CREATE TABLE ticket (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    -- 1, 2, 3 … within the service, without a gap.
    number INTEGER NOT NULL,
    -- Made by the sender for each new ticket, so that a repeated one is stored once; none:
    -- made by the service itself at 상담 시작 (G1).
    client_id BLOB,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'open', 'reply', 'solved', 'closed')),
    priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    assignee_id BLOB REFERENCES account (id),
    -- Whether the assignee goes where the chat goes, while it is open.
    follows INTEGER NOT NULL CHECK (follows IN (0, 1)),
    -- Where it came from (A57).
    channel TEXT NOT NULL CHECK (channel IN ('chat')),
    chat_id BLOB NOT NULL REFERENCES chat (id),
    -- The requester.
    visitor_id BLOB NOT NULL REFERENCES visitor (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ticket_number ON ticket (service_id, number);
CREATE UNIQUE INDEX ticket_client ON ticket (chat_id, client_id);
-- One by the service itself for each chat, whatever happens at once.
CREATE UNIQUE INDEX ticket_automatic ON ticket (chat_id) WHERE client_id IS NULL;

-- Who changed what of a ticket; never changed itself.
CREATE TABLE ticket_change (
    ticket_id BLOB NOT NULL REFERENCES ticket (id),
    -- 1, 2, 3 … within the ticket.
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- None: the service itself.
    account_id BLOB REFERENCES account (id),
    -- JSON: what was done.
    body TEXT NOT NULL,
    PRIMARY KEY (ticket_id, seq)
) STRICT;

-- 태그
CREATE TABLE tag (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    name TEXT NOT NULL,
    -- The same without case, by which names are told apart.
    name_key TEXT NOT NULL,
    -- The Chat tag, which every ticket of a chat carries (A57).
    fixed INTEGER NOT NULL CHECK (fixed IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX tag_name ON tag (service_id, name_key);

CREATE TABLE ticket_tag (
    ticket_id BLOB NOT NULL REFERENCES ticket (id),
    tag_id BLOB NOT NULL REFERENCES tag (id),
    PRIMARY KEY (ticket_id, tag_id)
) STRICT;
CREATE INDEX ticket_tag_tag ON ticket_tag (tag_id);

-- 채팅 티켓 담당자 (A83, A84): 'agent' is the one named beside it.
ALTER TABLE member ADD COLUMN tickets_to TEXT NOT NULL DEFAULT 'me' CHECK (tickets_to IN ('me', 'agent', 'nobody'));
ALTER TABLE member ADD COLUMN tickets_agent_id BLOB REFERENCES account (id);
