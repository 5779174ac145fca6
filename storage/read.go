package storage

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"finews.withounder.com/feeds"
)

// Latest returns the newest entries of the category, by date of publication and then by first sight, limit of
// them at most. Of the category it knows the slug, and the rest where it was made and not declared. A category
// without entries is an empty channel.
func (s *Store) Latest(ctx context.Context, slug string, limit int) (feeds.Channel, error) {
	category, err := s.category(ctx, slug)
	if err != nil {
		return feeds.Channel{}, s.fault("read the category "+slug, err)
	}
	channel, err := gather(queryEntries(ctx, s.reader, latestQuery, slug, max(limit, 0)))
	channel.Category = category
	return channel, s.fault("read the newest entries of "+slug, err)
}

// latestQuery walks the end of entry_categories. CROSS JOIN keeps SQLite from turning the walk around.
const latestQuery = `
	SELECT ` + entryColumns + `
	FROM entry_categories c CROSS JOIN entries e ON e.number = c.entry
	WHERE c.category = ?
	ORDER BY c.published DESC, c.entry DESC
	LIMIT ?`

// LatestOfAll returns the newest of all entries that are filed under some category, each once, in the order of
// Latest, limit of them at most.
func (s *Store) LatestOfAll(ctx context.Context, limit int) (feeds.Channel, error) {
	channel, err := gather(queryEntries(ctx, s.reader, latestOfAllQuery, max(limit, 0)))
	return channel, s.fault("read the newest entries", err)
}

const latestOfAllQuery = `
	SELECT ` + entryColumns + ` FROM entries e
	WHERE e.categories <> '[]'
	ORDER BY e.published DESC, e.number DESC
	LIMIT ?`

// gather makes a channel of the entries.
func gather(entries iter.Seq2[feeds.Entry, error]) (feeds.Channel, error) {
	var channel feeds.Channel
	for entry, err := range entries {
		if err != nil {
			return feeds.Channel{}, err
		}
		channel.Entries = append(channel.Entries, entry)
		channel.Changed = max(channel.Changed, entry.Changed.Unix())
	}
	return channel, nil
}

// Filed streams every entry that has a Path, in order of Number; also those that were filed once and are no
// more, because addresses stay good. An error is the last thing that it yields. It holds one of four read
// connections until the loop ends.
func (s *Store) Filed(ctx context.Context) iter.Seq2[feeds.Entry, error] {
	return func(yield func(feeds.Entry, error) bool) {
		for entry, err := range queryEntries(ctx, s.reader, `
			SELECT `+entryColumns+` FROM entries e WHERE e.path <> '' ORDER BY e.number`) {
			if !yield(entry, s.fault("read the filed entries", err)) {
				return
			}
		}
	}
}

// Entry returns the entry of that id, or ErrNotFound.
func (s *Store) Entry(ctx context.Context, id string) (feeds.Entry, error) {
	row := s.reader.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM entries e WHERE e.id = ?`, id)
	entry, err := scanEntry(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return entry, s.fault("read the entry "+id, err)
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

// category returns the made category of the slug, and the slug alone where none was made.
func (s *Store) category(ctx context.Context, slug string) (feeds.Category, error) {
	c := feeds.Category{Slug: slug}
	err := s.reader.QueryRowContext(ctx, `SELECT title, description, outlets FROM categories WHERE slug = ?`, slug).
		Scan(&c.Title, &c.Description, list[string]{&c.Outlets})
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	return c, err
}
