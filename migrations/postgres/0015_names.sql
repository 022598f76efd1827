-- 고객에게 보이는 이름 (A45): as which the customer reads who wrote a message; none: as the
-- service. Kept with the message, so that nothing set later changes what he has read.
ALTER TABLE chat_event ADD COLUMN nickname TEXT;
