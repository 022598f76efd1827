-- A file of a message in a chat (A51): `client_id` names the message.
ALTER TABLE attachment ADD COLUMN chat_id BLOB REFERENCES chat (id);
CREATE INDEX attachment_chat ON attachment (chat_id);

-- What an agent has typed in a chat and not sent (E8); gone with the chat's end.
CREATE TABLE draft (
    account_id BLOB NOT NULL REFERENCES account (id),
    chat_id BLOB NOT NULL REFERENCES chat (id),
    -- Of a word among colleagues rather than of a reply.
    note INTEGER NOT NULL CHECK (note IN (0, 1)),
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, chat_id, note)
) STRICT;
CREATE INDEX draft_chat ON draft (chat_id);
