-- A file that belongs to a message (A51). The file itself lies in the store under the id;
-- one without a row is swept.
CREATE TABLE attachment (
    id UUID PRIMARY KEY,
    service_id UUID NOT NULL REFERENCES service (id),
    -- The message of an inquiry.
    inquiry_id UUID REFERENCES inquiry (id),
    client_id UUID,
    -- Who sent it: a customer or an agent.
    visitor_id UUID REFERENCES visitor (id),
    account_id UUID REFERENCES account (id),
    -- As its sender called it, cleaned.
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    -- Of a picture.
    width BIGINT,
    height BIGINT,
    made_at BIGINT NOT NULL,
    -- Its place in the message.
    position BIGINT NOT NULL,
    FOREIGN KEY (inquiry_id, client_id) REFERENCES inquiry_message (inquiry_id, client_id)
);
CREATE INDEX attachment_inquiry ON attachment (inquiry_id);
CREATE INDEX attachment_visitor ON attachment (visitor_id, made_at);

-- The picture of a service: in the head of its widget and help centre.
CREATE TABLE banner (
    service_id UUID PRIMARY KEY REFERENCES service (id),
    -- In the store.
    file_id UUID NOT NULL UNIQUE,
    media TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- Of the content; in its address, so that it may be kept for ever.
    sha256 BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);
