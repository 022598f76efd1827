-- 채팅 태그 (A64, G30): noted with 상담정보, under the version of chat_info.
CREATE TABLE chat_tag (
    chat_id UUID NOT NULL REFERENCES chat (id),
    tag_id UUID NOT NULL REFERENCES tag (id),
    PRIMARY KEY (chat_id, tag_id)
);
CREATE INDEX chat_tag_tag ON chat_tag (tag_id);

-- What was typed and neither sent nor saved goes along when a chat changes hands (E7):
-- whose words they were before, and whether they wait in a queue for whoever gets the chat.
ALTER TABLE draft ADD COLUMN from_id UUID REFERENCES account (id);
ALTER TABLE draft ADD COLUMN waits BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE info_draft ADD COLUMN from_id UUID REFERENCES account (id);
ALTER TABLE info_draft ADD COLUMN waits BOOLEAN NOT NULL DEFAULT FALSE;
