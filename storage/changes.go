package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Changes says what was changed since a publication, as far as it can be seen in what is published.
type Changes struct {
	Revision   int64            // of the store now: it rises with every change that can be seen
	All        bool             // everything has to be rendered: since was 0, or a category that was made has another name
	Categories []string         // slugs of the lists that changed, or in which an entry or a story did, in order
	Archives   map[string][]int // full archive documents that changed, by slug, rising; also those that hold nothing any more
	Entries    []int64          // numbers of entries whose pages changed, rising: also of those that are gone, hidden, held or filed nowhere
}

// Changes returns what was changed since a revision; for 0 no more than the Revision, and All. What is stored meanwhile may be
// among it, and comes again with the next revision.
func (s *Store) Changes(ctx context.Context, since int64) (Changes, error) {
	changes, err := s.changes(ctx, since)
	return changes, s.fault("read what changed", err)
}

func (s *Store) changes(ctx context.Context, since int64) (c Changes, err error) {
	var named int64 // when a category that was made got another name
	err = s.reader.QueryRowContext(ctx, `
		SELECT (SELECT max(revision) FROM changes), ifnull((SELECT revision FROM changes WHERE kind = 'all'), 0)`).Scan(&c.Revision, &named)
	if c.All = since <= 0 || named > since; since <= 0 || c.Revision <= since || err != nil {
		return c, err
	}
	if c.Categories, err = s.texts(ctx, changedCategoriesQuery, since); err != nil {
		return Changes{}, err
	}
	if c.Entries, err = readColumn[int64](ctx, s.reader, changedEntriesQuery, since); err != nil {
		return Changes{}, err
	}
	if c.Archives, err = s.changedArchives(ctx, since); err != nil {
		return Changes{}, err
	}
	return c, nil
}

// touched are the entries that changed since a revision, and those of stories that did. NOT INDEXED has SQLite walk the newest
// revisions, and not all changes of a kind.
const touched = `
	touched (number) AS MATERIALIZED (
		SELECT name FROM changes NOT INDEXED WHERE revision > ?1 AND kind = 'entry'
		UNION SELECT e.number FROM changes c NOT INDEXED CROSS JOIN entries e ON e.story = c.name AND e.story <> 0
		WHERE c.revision > ?1 AND c.kind = 'story')`

const changedEntriesQuery = `WITH ` + touched + ` SELECT number FROM touched ORDER BY number`

const changedCategoriesQuery = `WITH ` + touched + `
	SELECT name FROM changes NOT INDEXED WHERE revision > ?1 AND kind = 'category'
	UNION SELECT c.category FROM touched t CROSS JOIN entry_categories c ON c.entry = t.number
	ORDER BY 1`

// changedArchivesQuery selects archive documents, each with the one after it where it holds nothing any more: what that names as
// the one before it is another one then.
const changedArchivesQuery = `WITH ` + touched + `,
	documents (slug, n) AS (
		SELECT substr(name, 1, instr(name, '/') - 1), CAST(substr(name, instr(name, '/') + 1) AS INTEGER)
		FROM changes NOT INDEXED WHERE revision > ?1 AND kind = 'archive'
		UNION SELECT c.category, (c.place + 99) / 100 FROM touched t CROSS JOIN entry_categories c ON c.entry = t.number)
	SELECT d.slug, d.n, CASE
		WHEN EXISTS (SELECT 1 FROM entry_categories WHERE category = d.slug AND place BETWEEN d.n * 100 - 99 AND d.n * 100) THEN d.n
		ELSE ifnull((SELECT (min(place) + 99) / 100 FROM entry_categories
			WHERE category = d.slug AND place BETWEEN d.n * 100 + 1 AND p.last / 100 * 100), d.n) END
	FROM documents d CROSS JOIN category_places p ON p.category = d.slug
	WHERE d.n * 100 <= p.last`

func (s *Store) changedArchives(ctx context.Context, since int64) (map[string][]int, error) {
	rows, err := s.reader.QueryContext(ctx, changedArchivesQuery, since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	archives := make(map[string][]int)
	for rows.Next() {
		var slug string
		var n, next int
		if err := rows.Scan(&slug, &n, &next); err != nil {
			return nil, err
		}
		archives[slug] = append(archives[slug], n, next)
	}
	for slug, numbers := range archives {
		slices.Sort(numbers)
		archives[slug] = slices.Compact(numbers)
	}
	return archives, rows.Err()
}

// Page is where the page of an entry lies.
type Page struct {
	Number  int64
	Path    string
	Updated time.Time // newest change of the entry's text
}

// Pages returns the pages of the entries with numbers from first to last that are filed and shown, in order of number.
func (s *Store) Pages(ctx context.Context, first, last int64) ([]Page, error) {
	pages, err := readRows(ctx, s.reader, func(scan func(...any) error) (p Page, err error) {
		var updated int64
		err = scan(&p.Number, &p.Path, &updated)
		p.Updated = fromUnix(updated)
		return p, err
	}, pagesQuery, first, last)
	return pages, s.fault("read where pages lie", err)
}

// The index that the two queries walk has all that they need; the conditions are its own.
const (
	pagesQuery = `
		SELECT number, path, updated FROM entries INDEXED BY entries_pages
		WHERE path <> '' AND categories <> '[]' AND hidden = 0 AND held = '' AND number BETWEEN ? AND ? ORDER BY number`
	spansQuery = `
		SELECT DISTINCT (number - 1) / ? AS span FROM entries INDEXED BY entries_pages
		WHERE path <> '' AND categories <> '[]' AND hidden = 0 AND held = '' ORDER BY span`
)

// Spans returns the indexes of the spans of so many numbers, one or more, that have pages, in order: 0 is that which begins with
// number 1.
func (s *Store) Spans(ctx context.Context, length int64) ([]int64, error) {
	if length < 1 {
		return nil, errors.New("read where pages are: a span has one number at least")
	}
	spans, err := readColumn[int64](ctx, s.reader, spansQuery, length)
	return spans, s.fault(fmt.Sprintf("read where pages are, %d at a time", length), err)
}
