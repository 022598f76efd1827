-- A file that belongs to a message (A51). The file itself lies in the store under the id;
-- one without a row is swept.
CREATE TABLE attachment (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    -- The message of an inquiry.
    inquiry_id BLOB REFERENCES inquiry (id),
    client_id BLOB,
    -- Who sent it: a customer or an agent.
    visitor_id BLOB REFERENCES visitor (id),
    account_id BLOB REFERENCES account (id),
    -- As its sender called it, cleaned.
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    -- Of a picture.
    width INTEGER,
    height INTEGER,
    made_at INTEGER NOT NULL,
    -- Its place in the message.
    position INTEGER NOT NULL,
    FOREIGN KEY (inquiry_id, client_id) REFERENCES inquiry_message (inquiry_id, client_id)
) STRICT;
CREATE INDEX attachment_inquiry ON attachment (inquiry_id);
CREATE INDEX attachment_visitor ON attachment (visitor_id, made_at);

-- The picture of a service: in the head of its widget and help centre.
CREATE TABLE banner (
    service_id BLOB PRIMARY KEY REFERENCES service (id),
    -- In the store.
    file_id BLOB NOT NULL UNIQUE,
    media TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- Of the content; in its address, so that it may be kept for ever.
    sha256 BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
