-- ---- canned replies (상용구, A49) ----
CREATE TABLE canned (
    id BLOB PRIMARY KEY,
    service_id BLOB NOT NULL REFERENCES service (id),
    -- Whose it is; none: all agents of the service share it.
    account_id BLOB REFERENCES account (id),
    shortcut TEXT NOT NULL,
    -- The same without case, by which short names are told apart.
    shortcut_key TEXT NOT NULL,
    text_ko TEXT NOT NULL,
    text_en TEXT NOT NULL,
    -- Counts the saves, so that a second one is noticed.
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX canned_shared ON canned (service_id, shortcut_key) WHERE account_id IS NULL;
CREATE UNIQUE INDEX canned_own ON canned (service_id, account_id, shortcut_key) WHERE account_id IS NOT NULL;
