-- A file of a message in a chat (A51): `client_id` names the message.
ALTER TABLE attachment ADD COLUMN chat_id UUID REFERENCES chat (id);
CREATE INDEX attachment_chat ON attachment (chat_id);

-- What an agent has typed in a chat and not sent (E8); gone with the chat's end.
CREATE TABLE draft (
    account_id UUID NOT NULL REFERENCES account (id),
    chat_id UUID NOT NULL REFERENCES chat (id),
    -- Of a word among colleagues rather than of a reply.
    note BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, chat_id, note)
);
CREATE INDEX draft_chat ON draft (chat_id);
