-- What publishing remembers, so that it renders only what changed.

-- What can be seen of the store and changed, each thing once, under the revision of its last change. The triggers at the end of
-- this file write it, so that no change can forget to. Kinds:
--   entry     the number of an entry
--   story     the number of a story, of which an entry came, went or changed
--   category  the slug of a list that entries came into or left, or of a category that was made
--   archive   slug/document: an archive document whose entries came or went
--   gone      the path of a page that has to be removed
--   all       the one row '': a category that was made has another name, which any page may show, or another former name
CREATE TABLE changes (
    revision INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: it only rises
    kind     TEXT NOT NULL,
    name     ANY NOT NULL,
    UNIQUE (kind, name)
) STRICT;

-- No store is at revision 0, which stands for "never published".
INSERT INTO changes (kind, name) VALUES ('all', '');

-- The last place that was given in a category, and when an entry left it last.
CREATE TABLE category_places (
    category TEXT PRIMARY KEY,
    last     INTEGER NOT NULL,
    left_at  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The newest of a category are a walk along this table's end. Hidden entries are not in it. Archive documents are cut by place: 100
-- places each.
ALTER TABLE entry_categories RENAME TO entry_categories_2;
CREATE TABLE entry_categories (
    category  TEXT NOT NULL,
    published INTEGER NOT NULL,
    entry     INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
    listed    INTEGER NOT NULL, -- when it came into the category
    place     INTEGER NOT NULL CHECK (place > 0), -- rises in the order in which they come; never given twice in a category
    PRIMARY KEY (category, published, entry)
) STRICT, WITHOUT ROWID;
INSERT INTO entry_categories (category, published, entry, listed, place)
    SELECT category, published, entry, listed, row_number() OVER (PARTITION BY category ORDER BY listed, entry) FROM entry_categories_2;
DROP TABLE entry_categories_2;
INSERT INTO category_places (category, last) SELECT category, max(place) FROM entry_categories GROUP BY category;

CREATE INDEX entry_categories_entry ON entry_categories (entry);
CREATE UNIQUE INDEX entry_categories_place ON entry_categories (category, place);

-- The pages that there are, for sitemaps, which need nothing else of an entry.
CREATE INDEX entries_pages ON entries (number, path, updated) WHERE path <> '' AND categories <> '[]' AND hidden = 0 AND held = '';

-- Paths without the category: two entries whose Jekyll posts would have one name share it.
CREATE INDEX entries_named ON entries (substr(path, instr(path, '/') + 1) COLLATE NOCASE) WHERE path <> '';
CREATE INDEX gone_named ON gone (substr(path, instr(path, '/') + 1) COLLATE NOCASE);

-- Which entry had the path; '' and 0 where it was pruned before this was remembered.
ALTER TABLE gone ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE gone ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
CREATE INDEX gone_id ON gone (id) WHERE id <> '';

-- What lists of categories tell of one: the date of its newest entry, and the newest change in its feed.
ALTER TABLE published_categories ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE published_categories ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;

-- The newest publications, by the mark that each left in its folder.
CREATE TABLE publications (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    mark     TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    settings TEXT NOT NULL -- digest of what else decides what is published
) STRICT;

-- Folders that a publication failed into, of outputs that could not be rendered or removed, or were refused; until one succeeds.
CREATE TABLE publication_faults (
    folder  TEXT PRIMARY KEY,
    since   INTEGER NOT NULL,
    told_at INTEGER NOT NULL, -- when the operator was told of it last
    fault   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Topics that the hub has still to be told of. All rows are of one hub: another one begins with none.
CREATE TABLE pings (
    topic      TEXT PRIMARY KEY, -- '' stands for the hub itself, while it fails
    hub        TEXT NOT NULL,    -- its address
    since      INTEGER NOT NULL,
    failures   INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    fault      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Names that categories had in the predecessor and that are no slugs, with the slugs under which their posts are filed here, or were:
-- the pages of posts stay in the folder of the first. The greatest number of a name is that of today's.
CREATE TABLE former_names (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name   TEXT NOT NULL,
    slug   TEXT NOT NULL,
    UNIQUE (name, slug)
) STRICT;

-- The triggers delete a row and insert it again. INSERT OR REPLACE would do it in one, were it not that a statement that says what
-- to do in a conflict says it for its triggers too: under an INSERT OR IGNORE nothing would be replaced. The + before a column takes
-- its type away: SQLite would turn each name into that type to compare them, and read all changes of the kind instead of one.

CREATE TRIGGER entries_inserted AFTER INSERT ON entries BEGIN
    DELETE FROM changes WHERE kind = 'entry' AND name = +new.number;
    INSERT INTO changes (kind, name) VALUES ('entry', new.number);
    DELETE FROM changes WHERE kind = 'story' AND name = +new.story;
    INSERT INTO changes (kind, name) SELECT 'story', new.story WHERE new.story <> 0;
END;

-- A write of the same values is no change: reprocess writes every entry.
CREATE TRIGGER entries_updated AFTER UPDATE OF source, link, title, outlet, own, authors, tags, summary, body, image, enclosures,
    published, updated, changed, categories, path, story, hidden, held ON entries
WHEN old.source IS NOT new.source OR old.link IS NOT new.link OR old.title IS NOT new.title OR old.outlet IS NOT new.outlet
    OR old.own IS NOT new.own OR old.authors IS NOT new.authors OR old.tags IS NOT new.tags OR old.summary IS NOT new.summary
    OR old.body IS NOT new.body OR old.image IS NOT new.image OR old.enclosures IS NOT new.enclosures
    OR old.published IS NOT new.published OR old.updated IS NOT new.updated OR old.changed IS NOT new.changed
    OR old.categories IS NOT new.categories OR old.path COLLATE BINARY IS NOT new.path OR old.story IS NOT new.story
    OR old.hidden IS NOT new.hidden OR old.held IS NOT new.held
BEGIN
    DELETE FROM changes WHERE kind = 'entry' AND name = +new.number;
    INSERT INTO changes (kind, name) VALUES ('entry', new.number);
    DELETE FROM changes WHERE kind = 'story' AND name IN (+old.story, +new.story);
    INSERT INTO changes (kind, name) SELECT 'story', old.story WHERE old.story <> 0;
    INSERT INTO changes (kind, name) SELECT 'story', new.story WHERE new.story NOT IN (0, old.story);
END;

CREATE TRIGGER entries_deleted AFTER DELETE ON entries BEGIN
    DELETE FROM changes WHERE kind = 'entry' AND name = +old.number;
    INSERT INTO changes (kind, name) VALUES ('entry', old.number);
    DELETE FROM changes WHERE kind = 'story' AND name = +old.story;
    INSERT INTO changes (kind, name) SELECT 'story', old.story WHERE old.story <> 0;
END;

CREATE TRIGGER entry_categories_inserted AFTER INSERT ON entry_categories BEGIN
    INSERT INTO category_places (category, last) VALUES (new.category, new.place)
        ON CONFLICT (category) DO UPDATE SET last = max(last, excluded.last);
    DELETE FROM changes WHERE kind = 'category' AND name = +new.category;
    INSERT INTO changes (kind, name) VALUES ('category', new.category);
    DELETE FROM changes WHERE kind = 'archive' AND name = new.category || '/' || ((new.place + 99) / 100);
    INSERT INTO changes (kind, name) VALUES ('archive', new.category || '/' || ((new.place + 99) / 100));
END;

CREATE TRIGGER entry_categories_deleted AFTER DELETE ON entry_categories BEGIN
    DELETE FROM changes WHERE kind = 'category' AND name = +old.category;
    INSERT INTO changes (kind, name) VALUES ('category', old.category);
    DELETE FROM changes WHERE kind = 'archive' AND name = old.category || '/' || ((old.place + 99) / 100);
    INSERT INTO changes (kind, name) VALUES ('archive', old.category || '/' || ((old.place + 99) / 100));
END;

CREATE TRIGGER categories_inserted AFTER INSERT ON categories BEGIN
    DELETE FROM changes WHERE kind = 'category' AND name = +new.slug;
    INSERT INTO changes (kind, name) VALUES ('category', new.slug);
END;

CREATE TRIGGER categories_updated AFTER UPDATE OF title, description ON categories
WHEN old.title IS NOT new.title OR old.description IS NOT new.description
BEGIN
    DELETE FROM changes WHERE kind = 'all';
    INSERT INTO changes (kind, name) VALUES ('all', '');
END;

CREATE TRIGGER gone_inserted AFTER INSERT ON gone WHEN new.remove <> 0 BEGIN
    DELETE FROM changes WHERE kind = 'gone' AND name = +new.path;
    INSERT INTO changes (kind, name) VALUES ('gone', new.path);
END;

CREATE TRIGGER gone_updated AFTER UPDATE OF remove ON gone WHEN new.remove <> 0 AND old.remove = 0 BEGIN
    DELETE FROM changes WHERE kind = 'gone' AND name = +new.path;
    INSERT INTO changes (kind, name) VALUES ('gone', new.path);
END;

-- Any article of the category may have another address to be kept.
CREATE TRIGGER former_names_inserted AFTER INSERT ON former_names BEGIN
    DELETE FROM changes WHERE kind = 'all';
    INSERT INTO changes (kind, name) VALUES ('all', '');
END;
