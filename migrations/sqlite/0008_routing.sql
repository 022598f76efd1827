-- ---- who is offered what (G16), and where a chat stands in its queue ----
ALTER TABLE chat ADD COLUMN front INTEGER NOT NULL DEFAULT 0 CHECK (front IN (0, 1));
ALTER TABLE chat ADD COLUMN queued_at INTEGER NOT NULL DEFAULT 0;
-- JSON that no statement looks into: the offer, who let it pass, who gave it away.
ALTER TABLE chat ADD COLUMN route TEXT NOT NULL DEFAULT '{}';
UPDATE chat SET queued_at = COALESCE(accepted_at, intake_at);

-- To whom an agent gave it.
ALTER TABLE chat_event ADD COLUMN other_id BLOB;
-- JSON: the reason of an offer, the place in a queue.
ALTER TABLE chat_event ADD COLUMN detail TEXT;
UPDATE chat_event SET kind = 'queued', cause = 'queue_off', detail = 'true' WHERE kind = 'moved';

-- Offers let pass, one after the other (G17), and when the last chat came to him.
ALTER TABLE member ADD COLUMN misses INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN given_at INTEGER NOT NULL DEFAULT 0;

-- Why the agent is on 휴식: the router put him there (G17).
ALTER TABLE member ADD COLUMN rested INTEGER NOT NULL DEFAULT 0 CHECK (rested IN (0, 1));

-- Until when a page of the customer's counts as open (G25).
ALTER TABLE visitor ADD COLUMN here_until INTEGER NOT NULL DEFAULT 0;
