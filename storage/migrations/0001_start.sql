-- The first schema. Times are unix seconds in UTC; 0 is "never". Lists are JSON arrays.

-- "fnws": tells a store of finews from another program's database.
PRAGMA application_id = 1718515571;

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
    held          TEXT NOT NULL, -- why what came is held back until the operator accepts it
    held_since    INTEGER NOT NULL,
    accepted      INTEGER NOT NULL, -- 1: whatever the next poll brings is accepted
    empty         INTEGER NOT NULL, -- 1: the last document had no entries, and that was as it should be
    rights        TEXT NOT NULL -- what may be published of its entries, also when feeds.yaml no longer names it
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    number     INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, not even after a deletion
    row        INTEGER NOT NULL, -- of the search index: 16 of each second of publication
    id         TEXT NOT NULL UNIQUE CHECK (id <> ''),
    source     TEXT NOT NULL, -- whose text it has
    link       TEXT NOT NULL,
    title      TEXT NOT NULL CHECK (title <> ''),
    outlet     TEXT NOT NULL CHECK (outlet <> ''),
    own        INTEGER NOT NULL, -- 1: its outlet itself tells it
    authors    TEXT NOT NULL,
    tags       TEXT NOT NULL,
    summary    TEXT NOT NULL,
    body       TEXT NOT NULL, -- as package sanitize made it
    image      TEXT NOT NULL,
    enclosures TEXT NOT NULL,
    published  INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    categories TEXT NOT NULL, -- in order of preference; entry_categories is the index of it
    reasons    TEXT NOT NULL, -- in step with categories
    path       TEXT NOT NULL COLLATE NOCASE, -- NOCASE: some file systems fold letters
    story      INTEGER NOT NULL, -- number of the first entry of its story; 0: it stands alone
    apart      INTEGER NOT NULL, -- 1: the operator took it out of its story
    hidden     INTEGER NOT NULL -- when the operator took it down
) STRICT;

CREATE UNIQUE INDEX entries_path ON entries (path) WHERE path <> '';
CREATE INDEX entries_source ON entries (source, number);
CREATE UNIQUE INDEX entries_row ON entries (row);
CREATE INDEX entries_published ON entries (published, row); -- rows of one second rise as the numbers do
CREATE INDEX entries_filed ON entries (published, number) WHERE categories <> '[]' AND hidden = 0;
CREATE INDEX entries_story ON entries (story) WHERE story <> 0;

-- What sources send an entry under. Several sources may send one entry, and one source may send it under several
-- keys. A key without an entry is that of one that was pruned: it is not taken for new when it comes again.
CREATE TABLE entry_keys (
    source     TEXT NOT NULL,
    key        BLOB NOT NULL,
    entry      INTEGER REFERENCES entries (number) ON DELETE SET NULL,
    digest     BLOB NOT NULL,
    likeness   INTEGER NOT NULL, -- of link, title and date: tells an entry whose GUID changes with each poll
    seen       INTEGER NOT NULL, -- when the key was first met, or its digest last changed
    categories TEXT NOT NULL, -- where it is filed as the source sends it; those of the entry are the sum
    reasons    TEXT NOT NULL, -- in step with categories
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_keys_entry ON entry_keys (entry);
CREATE INDEX entry_keys_likeness ON entry_keys (source, likeness);

-- The canonical addresses of entries, by which they are recognised across sources.
CREATE TABLE entry_links (
    link  TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
    PRIMARY KEY (link, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_links_entry ON entry_links (entry);

-- The newest of a category are a walk along this table's end. Hidden entries are not in it.
CREATE TABLE entry_categories (
    category  TEXT NOT NULL,
    published INTEGER NOT NULL,
    entry     INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
    listed    INTEGER NOT NULL, -- when it came into the category
    PRIMARY KEY (category, published, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_categories_entry ON entry_categories (entry);

-- Items as their sources sent them (zstd of JSON), in a table of their own so that reading entries skips them.
CREATE TABLE entry_raw (
    entry  INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
    source TEXT NOT NULL,
    item   BLOB NOT NULL,
    PRIMARY KEY (entry, source)
) STRICT, WITHOUT ROWID;

-- What an entry said before it was edited.
CREATE TABLE entry_versions (
    number     INTEGER PRIMARY KEY,
    entry      INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
    replaced   INTEGER NOT NULL, -- when the next version took its place
    source     TEXT NOT NULL,
    link       TEXT NOT NULL,
    title      TEXT NOT NULL,
    outlet     TEXT NOT NULL,
    authors    TEXT NOT NULL,
    tags       TEXT NOT NULL,
    summary    TEXT NOT NULL,
    body       TEXT NOT NULL, -- as package sanitize made it
    image      TEXT NOT NULL,
    enclosures TEXT NOT NULL,
    updated    INTEGER NOT NULL
) STRICT;

CREATE INDEX entry_versions_entry ON entry_versions (entry, number);

-- What entries of the last days are recognised by as copies of one story, and the index of it.
CREATE TABLE story_prints (
    entry     INTEGER PRIMARY KEY REFERENCES entries (number) ON DELETE CASCADE,
    published INTEGER NOT NULL,
    seen      INTEGER NOT NULL,
    print     BLOB NOT NULL -- zstd
) STRICT;

CREATE TABLE story_marks (
    mark  INTEGER NOT NULL,
    entry INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
    PRIMARY KEY (mark, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX story_marks_entry ON story_marks (entry);

-- The words of entries that are not hidden, see tokens.go, and their labels. A rowid is the row of its entry. The body comes
-- first, because places in the first column take two bytes less.
CREATE VIRTUAL TABLE entry_search USING fts5(
    body, title, labels, content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- Each character of them once, and the labels again: for queries of one character. Nobody asks where they stand.
CREATE VIRTUAL TABLE entry_chars USING fts5(
    chars, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- Categories that were made for outlets and by posts; those of feeds.yaml are not here.
CREATE TABLE categories (
    slug        TEXT PRIMARY KEY,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    outlets     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Paths of entries that were pruned: no other entry gets them.
CREATE TABLE gone (
    path   TEXT PRIMARY KEY COLLATE NOCASE,
    remove INTEGER NOT NULL -- 1: publishing removes the file
) STRICT, WITHOUT ROWID;

-- Categories that were ever published: those that are no longer leave files to be removed.
CREATE TABLE published_categories (
    slug TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
