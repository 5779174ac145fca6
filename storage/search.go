package storage

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

// Query is what is searched for. The zero Query finds the newest entries.
type Query struct {
	Text string // as a person typed it: words, "phrases", -exclusions; 200 characters and 16 terms of it count

	Category string    // slug; empty: any
	Outlet   string    // empty: any
	Source   string    // name; empty: any
	Since    time.Time // published then or later, in whole seconds; zero: any
	Until    time.Time // published before then; zero: any

	Best   bool  // the newest 10,000 that match, by how well they do; otherwise newest first
	Limit  int   // hits at most, 1 to 100; 0 or less: 20
	Before int64 // newest first: only what comes after the hit of that Row; 0: from the first
}

// Hit is an entry that was found. Title and Snippet show what was searched for; a snippet is about 60 characters of
// the body, nothing where there is no body.
type Hit struct {
	Entry   feeds.Entry
	Title   []Piece
	Snippet []Piece
	Row     int64 // its place in the order: the newer the entry, the greater
}

// Found is what a search found. More says that there may be more: because of the limit, or because the search ended
// after 2,000 entries or 2 seconds, also without a hit. Next is then the Before that goes on, 0 for best first.
type Found struct {
	Hits []Hit
	More bool
	Next int64
}

// What a search may cost.
const (
	searchTime    = 2 * time.Second
	maxCandidates = 2000
	maxHits       = 100
	usualHits     = 20
)

// Search returns the entries that contain every word and phrase of the query, and none that it excludes, in title or
// body. Entries that no rule filed are among them, hidden ones are not. No query is an error: an empty one finds all,
// and one of signs alone nothing. Newest first is exact to the second for 16 entries of one second;
// those beyond, as of a source that gives days without times, stand as if they came in the seconds that follow.
func (s *Store) Search(ctx context.Context, q Query) (Found, error) {
	asked := q.read()
	if len(asked.terms) == 0 && strings.TrimSpace(q.Text) != "" {
		return Found{}, nil // signs alone: nothing says them
	}
	found, err := s.answer(ctx, searchTime, asked)
	return found, s.fault("search", err)
}

// answer asks the index for half of the time at most. Where that is too short to weigh what matches, as it may be for
// words that half of all entries have, the newest have to do, in a quarter; the rest is for reading entries.
func (s *Store) answer(ctx context.Context, most time.Duration, asked question) (Found, error) {
	rows, late, err := s.candidates(ctx, most/2, asked)
	if late && asked.order != newestRows {
		asked.order = newestRows
		rows, _, err = s.candidates(ctx, most/4, asked)
	}
	if err != nil {
		return Found{}, err
	}
	found := Found{Next: asked.Before}
	tooLate, err := inTime(ctx, most/4, func(ctx context.Context) error { return s.choose(ctx, asked, rows, &found) })
	found.More = found.More || late || tooLate
	if !found.More || asked.Best {
		found.Next = 0
	}
	return found, err
}

// inTime runs do with a context that ends after so long, and says whether that was too early. The end of ctx itself is
// an error.
func inTime(ctx context.Context, most time.Duration, do func(context.Context) error) (late bool, err error) {
	timed, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	err = do(timed)
	if err != nil && timed.Err() != nil && ctx.Err() == nil {
		return true, nil
	}
	return false, ended(ctx, err)
}

// question is a query that was read.
type question struct {
	Query
	terms      []term
	expression        // for FTS5
	unsure     []term // of the terms, those that have to be looked for in each text that the index finds
	order      string // the statement that asks for words
	from, to   int64  // rows, to not included
	hits, rows int    // at most
}

func (q Query) read() question {
	asked := question{Query: q, terms: readTerms(q.Text), order: newestRows, from: math.MinInt64, to: math.MaxInt64, hits: usualHits}
	asked.expression, asked.unsure = q.ask(asked.terms)
	if q.Limit > 0 {
		asked.hits = min(q.Limit, maxHits)
	}
	if asked.rows = asked.hits + 1; len(asked.unsure) > 0 { // one more than needed tells whether there is more
		asked.rows = maxCandidates + 1
	}
	switch {
	case q.Best && slices.ContainsFunc(asked.terms, func(t term) bool { return !t.excluded }): // else all match alike
		asked.order = bestRows
	case q.Before != 0:
		asked.to = q.Before
	}
	return asked
}

// candidates returns the rows that the index finds in so much time, in order, and whether it was too little.
func (s *Store) candidates(ctx context.Context, most time.Duration, asked question) (rows []int64, late bool, err error) {
	late, err = inTime(ctx, most, func(ctx context.Context) (err error) {
		if err = s.bound(ctx, &asked); err == nil {
			rows, err = s.askIndex(ctx, asked)
		}
		return err
	})
	return rows, late, err
}

// choose reads the entries of the rows, and adds those that hold what was asked for to found.
func (s *Store) choose(ctx context.Context, asked question, rows []int64, found *Found) error {
	for i, row := range rows {
		if len(found.Hits) == asked.hits || i == maxCandidates {
			found.More = true
			return nil
		}
		e, err := s.entryOfRow(ctx, row)
		if err != nil && !errors.Is(err, sql.ErrNoRows) { // none: it went after the index was asked
			return err
		}
		if err == nil && asked.holds(e) {
			found.Hits = append(found.Hits, Hit{
				Entry: e, Row: row, Title: titlePieces(e.Title, asked.terms), Snippet: snippet(e.Body.Text(), asked.terms),
			})
		}
		found.Next = row
	}
	return nil
}

// holds reports whether the entry is of the dates, and has the unsure terms that are wanted and none that is excluded.
func (asked question) holds(e feeds.Entry) bool {
	if !asked.Since.IsZero() && unix(e.Published) < unix(asked.Since) || !asked.Until.IsZero() && unix(e.Published) >= unix(asked.Until) {
		return false
	}
	if len(asked.unsure) == 0 {
		return true
	}
	title, body := tokenize(e.Title), tokenize(e.Body.Text())
	for _, t := range asked.unsure {
		if (t.in(title) || t.in(body)) == t.excluded {
			return false
		}
	}
	return true
}
