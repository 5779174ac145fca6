package storage

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"finews.withounder.com/feeds"
)

// Latest returns the newest entries of the category, by date of publication and then by first sight, limit of
// them at most. A story that is told several times in the category is one entry, unless the category shows every copy;
// an outlet of the category tells it before others. The channel has the category as it was made where it was, and
// as it was given otherwise. A category without entries is an empty channel.
func (s *Store) Latest(ctx context.Context, category feeds.Category, limit int) (feeds.Channel, error) {
	channel, err := s.latest(ctx, category, limit)
	return channel, s.fault("read the newest entries of "+category.Slug, err)
}

func (s *Store) latest(ctx context.Context, category feeds.Category, limit int) (feeds.Channel, error) {
	named, err := s.category(ctx, category)
	if err != nil {
		return feeds.Channel{}, err
	}
	channel, err := s.gather(ctx, telling{category: category}, limit, latestQuery, category.Slug)
	channel.Category = named
	return channel, err
}

// latestQuery walks the end of entry_categories. CROSS JOIN keeps SQLite from turning the walk around.
const latestQuery = `
	SELECT ` + entryColumns + `
	FROM entry_categories c CROSS JOIN entries e ON e.number = c.entry
	WHERE c.category = ?
	ORDER BY c.published DESC, c.entry DESC`

// LatestOfAll returns the newest of all entries that are filed under a category which is published, each story once,
// in the order of Latest, limit of them at most.
func (s *Store) LatestOfAll(ctx context.Context, published func(slug string) bool, limit int) (feeds.Channel, error) {
	channel, err := s.gather(ctx, telling{published: published}, limit, latestOfAllQuery)
	return channel, s.fault("read the newest entries", err)
}

const latestOfAllQuery = `
	SELECT ` + entryColumns + ` FROM entries e
	WHERE e.categories <> '[]' AND e.hidden = 0
	ORDER BY e.published DESC, e.number DESC`

// gather makes a channel of the first entries of a query, limit of them at most, with one entry for each story. The
// walk and what is asked beside it share a connection: callers at the same time would wait for each other's second.
func (s *Store) gather(ctx context.Context, list telling, limit int, query string, args ...any) (channel feeds.Channel, err error) {
	if limit <= 0 {
		return channel, nil
	}
	connection, err := s.reader.Conn(ctx)
	if err != nil {
		return channel, err
	}
	defer connection.Close()
	list.db = connection
	for entry, err := range queryEntries(ctx, connection, query, args...) {
		if err != nil {
			return feeds.Channel{}, err
		}
		entry, shown, err := list.tell(ctx, entry)
		if err != nil {
			return feeds.Channel{}, err
		}
		if !shown {
			continue
		}
		channel.Entries = append(channel.Entries, entry)
		channel.Changed = max(channel.Changed, entry.Changed.Unix())
		if len(channel.Entries) == limit {
			break
		}
	}
	return channel, nil
}

// Filed streams every entry that has a Path and is neither hidden nor held, in order of Number; also those that were filed once
// and are no more, because addresses stay good. The first copy of a story in the category whose folder its path lies
// in is merged as Latest does it, and the others name the copies beside them: category gives the category of a slug.
// An error is the last thing that it yields. It holds one of four read connections until the loop ends.
func (s *Store) Filed(ctx context.Context, category func(slug string) feeds.Category) iter.Seq2[feeds.Entry, error] {
	return func(yield func(feeds.Entry, error) bool) {
		connection, err := s.reader.Conn(ctx)
		if err != nil {
			yield(feeds.Entry{}, s.fault("read the filed entries", err))
			return
		}
		defer connection.Close()
		lists := tellings{db: connection, category: category}
		for entry, err := range queryEntries(ctx, connection, `
			SELECT `+entryColumns+` FROM entries e WHERE e.path <> '' AND e.hidden = 0 AND e.held = '' ORDER BY e.number`) {
			if err == nil && entry.Story != 0 {
				entry, err = lists.page(ctx, entry)
			}
			if !yield(entry, s.fault("read the filed entries", err)) || err != nil {
				return
			}
		}
	}
}

// Gone returns the paths of published files that have to go: of entries that are hidden or held, and of those that were
// pruned with their archives.
func (s *Store) Gone(ctx context.Context) ([]string, error) {
	paths, err := s.texts(ctx, `
		SELECT path FROM entries WHERE hidden <> 0 AND path <> ''
		UNION SELECT path FROM entries WHERE held <> '' AND path <> ''
		UNION SELECT path FROM gone WHERE remove <> 0 ORDER BY 1`)
	return paths, s.fault("read what is gone", err)
}

// texts reads a query of one column.
func (s *Store) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	return readColumn[string](ctx, s.reader, query, args...)
}

// Entry returns the entry of that id, or ErrNotFound.
func (s *Store) Entry(ctx context.Context, id string) (feeds.Entry, error) {
	row := s.reader.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM entries e WHERE e.id = ?`, id)
	entry, err := scanEntry(row.Scan)
	return entry, s.fault("read the entry "+id, found(err))
}

// Categories returns the categories that were made, by slug: with slug, title, description and outlets. They
// stay for ever, also without entries.
func (s *Store) Categories(ctx context.Context) ([]feeds.Category, error) {
	categories, err := s.categories(ctx)
	return categories, s.fault("read the categories", err)
}

func (s *Store) categories(ctx context.Context) ([]feeds.Category, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT slug, title, description, outlets FROM categories ORDER BY slug`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var categories []feeds.Category
	for rows.Next() {
		var c feeds.Category
		if err := rows.Scan(&c.Slug, &c.Title, &c.Description, list[string]{&c.Outlets}); err != nil {
			return nil, err
		}
		categories = append(categories, c)
	}
	return categories, rows.Err()
}

// category returns the category with what is stored of it where it was made.
func (s *Store) category(ctx context.Context, c feeds.Category) (feeds.Category, error) {
	err := s.reader.QueryRowContext(ctx, `SELECT title, description, outlets FROM categories WHERE slug = ?`, c.Slug).
		Scan(&c.Title, &c.Description, list[string]{&c.Outlets})
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	return c, err
}
