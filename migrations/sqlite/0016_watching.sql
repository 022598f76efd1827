-- Whether the customer's last page said goodbye; a line that broke says nothing (G33).
ALTER TABLE visitor ADD COLUMN said_goodbye INTEGER NOT NULL DEFAULT 0 CHECK (said_goodbye IN (0, 1));
