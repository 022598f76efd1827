-- Whether the customer's last page said goodbye; a line that broke says nothing (G33).
ALTER TABLE visitor ADD COLUMN said_goodbye BOOLEAN NOT NULL DEFAULT FALSE;
