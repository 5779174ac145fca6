package storage

import (
	"context"
	"iter"

	"finews.withounder.com/feeds"
)

// Filed streams every entry that has a Path and is neither hidden nor held, in order of Number; also those that were filed once
// and are no more, because addresses stay good. After a revision other than 0 only those that changed, or whose story did. The
// first copy of a story in the category whose folder its path lies in is merged as Latest does it, and the others name the copies
// beside them: category gives the category of a slug. An error is the last thing that it yields. It holds one of four read
// connections until the loop ends.
func (s *Store) Filed(ctx context.Context, since int64, category func(slug string) feeds.Category) iter.Seq2[feeds.Entry, error] {
	query, args := filedQuery, []any{}
	if since > 0 {
		query, args = changedFiledQuery, []any{since}
	}
	return func(yield func(feeds.Entry, error) bool) {
		connection, err := s.reader.Conn(ctx)
		if err != nil {
			yield(feeds.Entry{}, s.fault("read the filed entries", err))
			return
		}
		defer connection.Close()
		lists := tellings{db: connection, category: category}
		for entry, err := range queryEntries(ctx, connection, query, args...) {
			if err == nil && entry.Story != 0 {
				entry, err = lists.page(ctx, entry)
			}
			if !yield(entry, s.fault("read the filed entries", err)) || err != nil {
				return
			}
		}
	}
}

const (
	filedQuery = `
		SELECT ` + entryColumns + ` FROM entries e WHERE e.path <> '' AND e.hidden = 0 AND e.held = '' ORDER BY e.number`
	changedFiledQuery = `WITH ` + touched + `
		SELECT ` + entryColumns + ` FROM touched t CROSS JOIN entries e ON e.number = t.number
		WHERE e.path <> '' AND e.hidden = 0 AND e.held = '' ORDER BY t.number`
)

// Gone returns the paths of published files that have to go: of entries that are hidden or held, and of those that were
// pruned with their archives. After a revision other than 0 only those of entries that changed, or whose story did, and of what was
// pruned since.
func (s *Store) Gone(ctx context.Context, since int64) ([]string, error) {
	query, args := goneQuery, []any{}
	if since > 0 {
		query, args = changedGoneQuery, []any{since}
	}
	paths, err := s.texts(ctx, query, args...)
	return paths, s.fault("read what is gone", err)
}

const (
	goneQuery = `
		SELECT path FROM entries WHERE hidden <> 0 AND path <> ''
		UNION SELECT path FROM entries WHERE held <> '' AND path <> ''
		UNION SELECT path FROM gone WHERE remove <> 0 ORDER BY 1`
	changedGoneQuery = `WITH ` + touched + `
		SELECT e.path FROM touched t CROSS JOIN entries e ON e.number = t.number
		WHERE (e.hidden <> 0 OR e.held <> '') AND e.path <> ''
		UNION SELECT g.path FROM changes c NOT INDEXED CROSS JOIN gone g ON g.path = c.name
		WHERE c.revision > ?1 AND c.kind = 'gone' AND g.remove <> 0
		ORDER BY 1`
)
