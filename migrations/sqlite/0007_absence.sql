-- ---- nobody is left for those who wait (G13) ----
-- Since when; none: somebody is there, or nobody waits.
ALTER TABLE queue ADD COLUMN absent_since INTEGER;
-- The waiting chat that an inquiry was made of.
ALTER TABLE inquiry ADD COLUMN chat_id BLOB REFERENCES chat (id);
CREATE UNIQUE INDEX inquiry_chat ON inquiry (chat_id);
CREATE INDEX inquiry_email ON inquiry (service_id, email);
