-- ---- what the customer thinks of his chat (G19) ----
-- 'good' or 'bad'; none: not rated. The last one counts, the log has all.
ALTER TABLE chat ADD COLUMN rating TEXT CHECK (rating IN ('good', 'bad'));
ALTER TABLE chat ADD COLUMN rating_words TEXT NOT NULL DEFAULT '';
ALTER TABLE chat ADD COLUMN rated_at BIGINT;

-- How long customers have waited in a queue lately (D8).
CREATE INDEX chat_waits ON chat (queue_id, started_at) WHERE started_at IS NOT NULL;
