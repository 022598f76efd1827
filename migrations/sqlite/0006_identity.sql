-- ---- who the customer is by the shop's word (G20) ----
-- The shop's own number of a member; none: nobody vouches for this visitor.
ALTER TABLE visitor ADD COLUMN member TEXT;
-- What the shop's last token said; what the customer says himself stays beside it.
ALTER TABLE visitor ADD COLUMN verified_name TEXT NOT NULL DEFAULT '';
ALTER TABLE visitor ADD COLUMN verified_email TEXT NOT NULL DEFAULT '';
ALTER TABLE visitor ADD COLUMN verified_phone TEXT NOT NULL DEFAULT '';
-- Flat JSON objects: what the host page told unsigned, and what was signed.
ALTER TABLE visitor ADD COLUMN data TEXT NOT NULL DEFAULT '{}';
ALTER TABLE visitor ADD COLUMN verified_data TEXT NOT NULL DEFAULT '{}';
-- One member is one visitor, on however many devices.
CREATE UNIQUE INDEX visitor_member ON visitor (service_id, member);

-- What a shop signs its members' tokens with.
CREATE TABLE identity_key (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    -- Sealed by the server's key.
    secret BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES account (id),
    -- None: no token was signed with it yet.
    used_at INTEGER
) STRICT;
CREATE INDEX identity_key_service ON identity_key (service_id);

-- A member's frame, as long as it may speak for him.
CREATE TABLE visitor_session (
    -- SHA-256 of its token.
    token_hash BLOB PRIMARY KEY,
    visitor_id BLOB NOT NULL REFERENCES visitor (id),
    -- Who vouched: with the key its sessions go.
    key_id BLOB NOT NULL REFERENCES identity_key (id),
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX visitor_session_key ON visitor_session (key_id);
CREATE INDEX visitor_session_end ON visitor_session (ends_at);
