-- ---- 고객 차단 (G34) ----
-- A row is never deleted: who ended a customer for abuse does not get him again (G18).
CREATE TABLE block (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    -- A member is one visitor on all of his devices (G20).
    visitor_id BLOB NOT NULL REFERENCES visitor (id),
    -- The chat that was ended.
    chat_id BLOB NOT NULL REFERENCES chat (id),
    -- Whoever else comes from there is blocked, too, until then; empty: nobody else.
    address TEXT NOT NULL,
    address_until INTEGER NOT NULL,
    reason TEXT NOT NULL,
    by_id BLOB NOT NULL REFERENCES account (id),
    at INTEGER NOT NULL,
    -- None: until somebody lifts it.
    until INTEGER,
    lifted_at INTEGER,
    lifted_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX block_visitor ON block (visitor_id);
CREATE INDEX block_service ON block (service_id, at);
CREATE INDEX block_address ON block (service_id, address);

-- ---- 현황 (E6) ----
-- Who has set this status; none: the agent himself, or the router.
ALTER TABLE member ADD COLUMN status_by BLOB REFERENCES account (id);

-- ---- 채팅기록 (A62d) ----
CREATE INDEX chat_ended ON chat (service_id, state_at) WHERE state = 'ended';
