package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"finews.withounder.com/feeds"
)

// Latest returns the newest entries of the category, limit of them at most, and besides everything that came into it after its last
// full archive document, so that who follows the documents misses nothing (RFC 5005 section 4), and at least the last that came, limit
// of them, so that who does not follow them misses no old one that filled a document; by date of publication and then by
// first sight. A story that is told several times in the category is one entry, unless the category shows every copy; an outlet of
// the category tells it before others. The channel has the category as it was made where it was, and as it was given otherwise.
// Older is its last full archive document that holds entries. A category without entries is an empty channel, and so is one with a
// limit of 0.
func (s *Store) Latest(ctx context.Context, category feeds.Category, limit int) (feeds.Channel, error) {
	channel, err := s.latest(ctx, category, limit)
	return channel, s.fault("read the newest entries of "+category.Slug, err)
}

func (s *Store) latest(ctx context.Context, category feeds.Category, limit int) (feeds.Channel, error) {
	if limit <= 0 {
		named, err := s.category(ctx, category)
		return feeds.Channel{Category: named}, err
	}
	return s.ofCategory(ctx, category, func(list *telling, channel *feeds.Channel) error {
		p, err := placesOf(ctx, list.db, category.Slug)
		if err != nil {
			return err
		}
		if err := list.walk(ctx, channel, limit, latestQuery, category.Slug); err != nil {
			return err
		}
		full := p.last / feeds.ArchiveSize
		if err := list.walk(ctx, channel, 0, placesQuery, category.Slug, min(full*feeds.ArchiveSize, p.last-limit)+1, math.MaxInt64); err != nil {
			return err
		}
		channel.Changed = max(channel.Changed, p.leftAt)
		slices.SortFunc(channel.Entries, newestFirst)
		channel.Older, err = olderArchive(ctx, list.db, category.Slug, full)
		return err
	})
}

// Newest returns the newest entries of the category, limit of them at most, as Latest does, and nothing besides.
func (s *Store) Newest(ctx context.Context, category feeds.Category, limit int) (feeds.Channel, error) {
	channel, err := s.ofCategory(ctx, category, func(list *telling, channel *feeds.Channel) error {
		if limit <= 0 {
			return nil
		}
		return list.walk(ctx, channel, limit, latestQuery, category.Slug)
	})
	return channel, s.fault("read the newest entries of "+category.Slug, err)
}

// newestFirst is the order of Latest.
func newestFirst(a, b feeds.Entry) int {
	return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(b.Number, a.Number))
}

// latestQuery walks the end of entry_categories. CROSS JOIN keeps SQLite from turning the walk around.
const latestQuery = `
	SELECT ` + entryColumns + `
	FROM entry_categories c CROSS JOIN entries e ON e.number = c.entry
	WHERE c.category = ?
	ORDER BY c.published DESC, c.entry DESC`

// LatestOfAll returns the newest of all entries that are filed under a category which is published, each story once,
// in the order of Latest, limit of them at most. It has no archive documents.
func (s *Store) LatestOfAll(ctx context.Context, published func(slug string) bool, limit int) (channel feeds.Channel, err error) {
	if limit > 0 {
		channel, err = s.gather(ctx, telling{published: published}, func(list *telling, channel *feeds.Channel) error {
			if err := list.walk(ctx, channel, limit, latestOfAllQuery); err != nil {
				return err
			}
			var leftAt int64
			err := list.db.QueryRowContext(ctx, `SELECT ifnull(max(left_at), 0) FROM category_places`).Scan(&leftAt)
			channel.Changed = max(channel.Changed, leftAt)
			return err
		})
	}
	return channel, s.fault("read the newest entries", err)
}

const latestOfAllQuery = `
	SELECT ` + entryColumns + ` FROM entries e
	WHERE e.categories <> '[]' AND e.hidden = 0
	ORDER BY e.published DESC, e.number DESC`

// ofCategory makes a channel of a category.
func (s *Store) ofCategory(ctx context.Context, c feeds.Category, fill func(*telling, *feeds.Channel) error) (feeds.Channel, error) {
	named, err := s.category(ctx, c)
	if err != nil {
		return feeds.Channel{}, err
	}
	channel, err := s.gather(ctx, telling{category: c}, fill)
	channel.Category = named
	return channel, err
}

// gather makes a channel. What is walked and what is asked beside it share a connection: callers at the same time would wait for
// each other's second.
func (s *Store) gather(ctx context.Context, list telling, fill func(*telling, *feeds.Channel) error) (channel feeds.Channel, err error) {
	connection, err := s.reader.Conn(ctx)
	if err != nil {
		return channel, err
	}
	defer connection.Close()
	list.db = connection
	if err := fill(&list, &channel); err != nil {
		return feeds.Channel{}, err
	}
	return channel, nil
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
