-- How one's own pages look, sound and answer to keys: JSON that no statement looks into.
ALTER TABLE account ADD COLUMN preferences TEXT NOT NULL DEFAULT '{}';

-- Put back among the unread by hand (K10).
ALTER TABLE chat_mark ADD COLUMN flagged BOOLEAN NOT NULL DEFAULT FALSE;
