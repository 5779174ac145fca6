-- What polling remembers of a source besides, and entries that are held back.

-- The server asked to be left alone until then (Retry-After).
ALTER TABLE sources ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
-- When the server said that the source has ended (410).
ALTER TABLE sources ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
-- A permanent redirect: the address in feeds.yaml, where it leads, since when, and 1 where that is asked in its place.
ALTER TABLE sources ADD COLUMN move_from TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN move_to TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN move_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN move_adopted INTEGER NOT NULL DEFAULT 0;
-- What the last document said about itself to those who poll it, as JSON.
ALTER TABLE sources ADD COLUMN hints TEXT NOT NULL DEFAULT '{}';
-- HTTP status and address of the last failure; 0 and '' where there was none.
ALTER TABLE sources ADD COLUMN last_status INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN last_url TEXT NOT NULL DEFAULT '';

-- Why an entry is published nowhere although a rule may file it. One that is held has no categories.
ALTER TABLE entries ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE entry_versions ADD COLUMN held TEXT NOT NULL DEFAULT '';

CREATE INDEX entries_held ON entries (published, row) WHERE held <> '';

-- Items whose bodies have still to be asked for, as the list has them (zstd of JSON), and when they were first seen so.
CREATE TABLE waiting (
    number INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key    BLOB NOT NULL,
    digest BLOB NOT NULL,
    since  INTEGER NOT NULL,
    item   BLOB NOT NULL,
    UNIQUE (source, key)
) STRICT;

-- Hosts of bodies that asked to be left alone, and until when.
CREATE TABLE hosts (
    host       TEXT PRIMARY KEY,
    not_before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
