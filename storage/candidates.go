package storage

import (
	"context"
	"encoding/json"
	"time"

	"finews.withounder.com/feeds"
)

const newestRows = `
	SELECT rowid FROM entry_search
	WHERE entry_search MATCH ? AND rowid >= ? AND rowid < ?
	ORDER BY rowid DESC LIMIT ?`

const newestByCharacter = `
	SELECT rowid FROM entry_chars
	WHERE entry_chars MATCH ? AND rowid >= ? AND rowid < ?
	ORDER BY rowid DESC LIMIT ?`

// maxMatched is how many entries, the newest, are put in order of how well they match.
const maxMatched = 10000

// bestRows weighs a match in a title five times; labels say nothing about how well an entry matches. The index gives
// the newest without sorting, so that the inner limit, which is maxMatched, bounds the work.
const bestRows = `
	SELECT entry FROM (
		SELECT rowid AS entry, bm25(entry_search, 1.0, 5.0, 0) AS score FROM entry_search
		WHERE entry_search MATCH ? AND rowid >= ? AND rowid < ?
		ORDER BY rowid DESC LIMIT 10000)
	ORDER BY score, entry DESC LIMIT ?`

// bestAmong does so with rows that were chosen before. The + keeps SQLite from asking the index for each by itself.
const bestAmong = `
	SELECT rowid FROM entry_search
	WHERE entry_search MATCH ? AND rowid >= ? AND rowid < ? AND +rowid IN (SELECT value FROM json_each(?))
	ORDER BY bm25(entry_search, 1.0, 5.0, 0), rowid DESC LIMIT ?`

// askIndex returns the rows that the index finds, in order; those found before an error too. Single characters alone
// weigh nothing: the best of them are the newest.
func (s *Store) askIndex(ctx context.Context, asked question) ([]int64, error) {
	switch {
	case asked.words == "":
		return s.rows(ctx, newestByCharacter, asked.characters, asked.from, asked.to, asked.rows)
	case asked.characters == "":
		return s.rows(ctx, asked.order, asked.words, asked.from, asked.to, asked.rows)
	case asked.order == newestRows:
		return s.inBoth(ctx, asked, asked.rows)
	}
	found, err := s.inBoth(ctx, asked, maxMatched)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	list, err := json.Marshal(found)
	if err != nil {
		return nil, err
	}
	return s.rows(ctx, bestAmong, asked.words, found[len(found)-1], found[0]+1, string(list), asked.rows)
}

// inBoth returns the newest rows that have the words and the characters, so many at most: each table in turn is asked
// for what it has at or before the row of the other, so that a rare word or character bounds the work.
func (s *Store) inBoth(ctx context.Context, asked question, most int) (found []int64, err error) {
	words := descent{store: s, query: newestRows, expression: asked.words, from: asked.from}
	characters := descent{store: s, query: newestByCharacter, expression: asked.characters, from: asked.from}
	for to := asked.to; len(found) < most; {
		word, ok, err := words.before(ctx, to)
		if !ok || err != nil {
			return found, err
		}
		character, ok, err := characters.before(ctx, word+1)
		if !ok || err != nil {
			return found, err
		}
		if to = character + 1; word == character {
			found, to = append(found, word), word
		}
	}
	return found, nil
}

// descent goes down the rows of one table. It reads some at a time, and more the longer it goes on.
type descent struct {
	store             *Store
	query, expression string
	from              int64
	read              []int64 // and not yet passed
	step              int     // how many were asked for
	ended             bool    // there are no more than those
}

// How many rows a descent reads at a time.
const (
	firstStep = 64
	maxStep   = 2048
)

// before returns the greatest row that is less than to, which falls from call to call.
func (d *descent) before(ctx context.Context, to int64) (row int64, ok bool, err error) {
	for len(d.read) > 0 && d.read[0] >= to {
		d.read = d.read[1:]
	}
	if len(d.read) == 0 && !d.ended {
		d.step = min(max(firstStep, 2*d.step), maxStep)
		d.read, err = d.store.rows(ctx, d.query, d.expression, d.from, to, d.step)
		d.ended = len(d.read) < d.step
	}
	if len(d.read) == 0 || err != nil {
		return 0, false, err
	}
	return d.read[0], true, nil
}

// rows returns the rows of a query; those found before an error too.
func (s *Store) rows(ctx context.Context, query string, args ...any) ([]int64, error) {
	return readColumn[int64](ctx, s.reader, query, args...)
}

// entryOfRow returns the entry of a row, or sql.ErrNoRows.
func (s *Store) entryOfRow(ctx context.Context, row int64) (feeds.Entry, error) {
	return scanEntry(s.reader.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM entries e WHERE e.row = ?`, row).Scan)
}

// overrun is how far before a date entries may be published whose rows come after it, because there were too many for
// their seconds. In an hour that takes 57,600 entries.
const overrun = time.Hour

// rowsUntil returns the first row that is after all entries published before the date, and whether entries published
// before it have rows after that of the date.
func (s *Store) rowsUntil(ctx context.Context, date time.Time) (row int64, mixed bool, err error) {
	first := searchRow(date)
	err = s.reader.QueryRowContext(ctx, `SELECT ifnull(max(+row) + 1, ?3) FROM entries WHERE published >= ?1 AND published < ?2`,
		unix(date.Add(-overrun)), unix(date), first).Scan(&row)
	return max(row, first), row > first, err
}

// bound limits the question to the rows of its dates. Where rows of other dates are among them, each entry is looked at.
func (s *Store) bound(ctx context.Context, asked *question) error {
	var before, after bool
	var err error
	if !asked.Since.IsZero() {
		asked.from = searchRow(asked.Since)
		if _, before, err = s.rowsUntil(ctx, asked.Since); err != nil {
			return err
		}
	}
	if !asked.Until.IsZero() {
		var to int64
		if to, after, err = s.rowsUntil(ctx, asked.Until); err != nil {
			return err
		}
		asked.to = min(asked.to, to)
	}
	if before || after {
		asked.rows = maxCandidates + 1
	}
	return nil
}
