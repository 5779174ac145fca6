-- The first schema. Times are unix seconds in UTC; 0 is "never". Lists are JSON arrays.

-- "finw": tells a store of finews from another program's database.
PRAGMA application_id = 1718185591;

CREATE TABLE sources (
    name          TEXT PRIMARY KEY,
    url           TEXT NOT NULL, -- that the validators belong to
    reading       TEXT NOT NULL, -- the settings that the last body was read with
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    body_hash     TEXT NOT NULL,
    last_poll     INTEGER NOT NULL,
    last_success  INTEGER NOT NULL,
    next_poll     INTEGER NOT NULL,
    failures      INTEGER NOT NULL,
    failing_since INTEGER NOT NULL,
    told_at       INTEGER NOT NULL,
    last_error    TEXT NOT NULL,
    rights        TEXT NOT NULL -- what may be published of its entries, also when feeds.yaml no longer names it
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    number         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, not even after a deletion
    id             TEXT NOT NULL UNIQUE CHECK (id <> ''),
    source         TEXT NOT NULL,
    key            BLOB NOT NULL,
    digest         BLOB NOT NULL,
    link           TEXT NOT NULL,
    canonical_link TEXT NOT NULL, -- by which an entry is recognised across sources
    title          TEXT NOT NULL CHECK (title <> ''),
    outlet         TEXT NOT NULL CHECK (outlet <> ''),
    authors        TEXT NOT NULL,
    tags           TEXT NOT NULL,
    summary        TEXT NOT NULL,
    body           TEXT NOT NULL, -- as package sanitize made it
    image          TEXT NOT NULL,
    enclosures     TEXT NOT NULL,
    published      INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    first_seen     INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    categories     TEXT NOT NULL, -- in order of preference; entry_categories is the index of it
    path           TEXT NOT NULL COLLATE NOCASE, -- NOCASE: some file systems fold letters
    UNIQUE (source, key)
) STRICT;

CREATE UNIQUE INDEX entries_path ON entries (path) WHERE path <> '';
CREATE INDEX entries_canonical_link ON entries (canonical_link) WHERE canonical_link <> '';
CREATE INDEX entries_filed ON entries (published, number) WHERE categories <> '[]';

-- The newest of a category are a walk along this table's end.
CREATE TABLE entry_categories (
    category  TEXT NOT NULL,
    published INTEGER NOT NULL,
    entry     INTEGER NOT NULL REFERENCES entries (number),
    PRIMARY KEY (category, published, entry)
) STRICT, WITHOUT ROWID;

-- Bodies as their sources sent them (zstd), in a table of their own so that reading entries skips them.
CREATE TABLE entry_raw (
    entry INTEGER PRIMARY KEY REFERENCES entries (number),
    body  BLOB NOT NULL
) STRICT;

-- Categories that were made for outlets and by posts; those of feeds.yaml are not here.
CREATE TABLE categories (
    slug        TEXT PRIMARY KEY,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    outlets     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
