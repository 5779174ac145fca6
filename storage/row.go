package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"finews.withounder.com/feeds"
)

// entryColumns are the columns of entries e that scanEntry reads, in its order.
const entryColumns = `e.number, e.id, e.source, e.link, e.title, e.outlet, e.own, e.authors, e.tags, e.summary,
	e.body, e.image, e.enclosures, e.published, e.updated, e.first_seen, e.changed, e.categories, e.reasons, e.path,
	e.story, e.hidden, e.held`

// enclosure is feeds.Enclosure with the names that stand in the file.
type enclosure struct {
	URL    string `json:"url"`
	Type   string `json:"type,omitempty"`
	Length int64  `json:"length,omitempty"`
}

// scanEntry reads one row. What it reads as SafeHTML is what package sanitize made: nothing else is ever
// written to the column.
func scanEntry(scan func(...any) error) (feeds.Entry, error) {
	var e feeds.Entry
	var body string
	var enclosures []enclosure
	var published, updated, firstSeen, changed, hidden int64
	err := scan(&e.Number, &e.ID, &e.Source, &e.Link, &e.Title, &e.Outlet, &e.Own, list[string]{&e.Authors},
		list[string]{&e.Tags}, &e.Summary, &body, &e.Image, list[enclosure]{&enclosures},
		&published, &updated, &firstSeen, &changed, list[string]{&e.Categories}, list[string]{&e.Reasons}, &e.Path,
		&e.Story, &hidden, &e.Held)
	if err != nil {
		return feeds.Entry{}, fmt.Errorf("read a row of entries: %w", err)
	}
	e.Body = feeds.SafeHTML(body)
	for _, one := range enclosures {
		e.Enclosures = append(e.Enclosures, feeds.Enclosure(one))
	}
	e.Published, e.Updated = fromUnix(published), fromUnix(updated)
	e.FirstSeen, e.Changed = fromUnix(firstSeen), fromUnix(changed)
	e.Hidden = fromUnix(hidden)
	return e, nil
}

// queryEntries streams the entries of a query that selects entryColumns. It holds one read connection until
// the loop over it ends.
func queryEntries(ctx context.Context, db querier, query string, args ...any) iter.Seq2[feeds.Entry, error] {
	return func(yield func(feeds.Entry, error) bool) {
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(feeds.Entry{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			entry, err := scanEntry(rows.Scan)
			if !yield(entry, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(feeds.Entry{}, err)
		}
	}
}

// readColumn reads a query of one column; what was read before an error is returned too.
func readColumn[T any](ctx context.Context, db querier, query string, args ...any) ([]T, error) {
	return readRows(ctx, db, func(scan func(...any) error) (one T, err error) {
		err = scan(&one)
		return one, err
	}, query, args...)
}

// readRows reads a query, each row by read; what was read before an error is returned too.
func readRows[T any](ctx context.Context, db querier, read func(scan func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows.Scan)
		if err != nil {
			return all, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// list reads a JSON array; an empty one as nil.
type list[T any] struct{ to *[]T }

// Scan implements sql.Scanner.
func (l list[T]) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a list is stored as %T where text is expected", value)
	}
	if text == "[]" {
		*l.to = nil
		return nil
	}
	return json.Unmarshal([]byte(text), l.to)
}

// listText returns values as a JSON array.
func listText(values []string) string {
	if len(values) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(values) // strings always marshal
	return string(text)
}

// enclosuresText returns values as a JSON array.
func enclosuresText(values []feeds.Enclosure) string {
	if len(values) == 0 {
		return "[]"
	}
	stored := make([]enclosure, len(values))
	for i, value := range values {
		stored[i] = enclosure(value)
	}
	text, _ := json.Marshal(stored) // strings and numbers always marshal
	return string(text)
}

// unix returns t in unix seconds, and 0 for the zero time.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// fromUnix is the reverse of unix, in UTC.
func fromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
