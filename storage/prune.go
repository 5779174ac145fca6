package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// Limits say what Prune leaves. An entry that is filed in several categories stays while one of them wants it. What is
// filed nowhere, or is hidden, goes by age alone.
type Limits struct {
	PerCategory int       // the newest so many entries of each category stay; 0: all
	OlderThan   time.Time // what was published before then goes; zero: nothing is too old
}

// Pruned says what went, or would go.
type Pruned struct {
	Entries     int
	Versions    int            // earlier versions of them
	Pages       int            // published pages that the next publishing removes; 0 without archives
	Bytes       int64          // of text, raw bodies and versions; the file keeps its size and fills the room again
	PerCategory map[string]int // entries that left each category, by slug
	Newest      time.Time      // dates of publication of what went; zero where nothing did
	Oldest      time.Time
}

// pruneStep is how many entries go in one transaction, which takes 20 ms: a poll beside it never waits long.
const pruneStep = 100

// Prune deletes the entries that the limits do not leave. They are not taken for new when their sources send them
// again, and no other entry gets their paths. Of a hidden one the text goes and the rest stays, so that it is known and
// stays down. Categories stay. With archives, publishing removes the pages of all that was ever pruned; without, they
// stay as they are. dry changes nothing and says what would go. A clock that cannot be right is refused, because what is
// old is judged by it. After an error the counts are those of what went before it.
func (s *Store) Prune(ctx context.Context, limits Limits, archives, dry bool, now time.Time) (Pruned, error) {
	pruned, err := s.prune(ctx, limits, archives, dry, now)
	return pruned, s.fault("prune the store", ended(ctx, err))
}

func (s *Store) prune(ctx context.Context, limits Limits, archives, dry bool, now time.Time) (Pruned, error) {
	pruned := Pruned{PerCategory: make(map[string]int)}
	if err := s.mayPrune(ctx, limits, now); err != nil {
		return pruned, err
	}
	numbers, err := s.unwanted(ctx, limits)
	if err != nil {
		return pruned, err
	}
	if archives {
		if err := s.removePages(ctx, dry, now, &pruned); err != nil {
			return pruned, err
		}
	}
	for step := range slices.Chunk(numbers, pruneStep) {
		weighed, err := s.weigh(ctx, step, archives)
		if err == nil && !dry {
			err = s.pruneSome(ctx, step, archives, now)
		}
		if err != nil {
			return pruned, err
		}
		pruned.add(weighed)
	}
	return pruned, nil
}

// mayPrune refuses limits that leave nothing, and a clock that is a year after the newest entry or a day before it.
func (s *Store) mayPrune(ctx context.Context, limits Limits, now time.Time) error {
	if limits.PerCategory < 0 {
		return errors.New("fewer than no entries cannot stay: keep at least one of each category")
	}
	if limits.OlderThan.After(now) {
		return fmt.Errorf("what is older than %s would be all there is: give a date that is past", limits.OlderThan.Format(time.DateTime))
	}
	var seconds int64
	err := s.reader.QueryRowContext(ctx, `SELECT ifnull(max(first_seen), 0) FROM entries`).Scan(&seconds)
	newest := fromUnix(seconds)
	switch {
	case err != nil || seconds == 0:
		return err
	case now.After(newest.AddDate(1, 0, 0)), now.Before(newest.Add(-clockSlack)):
		return fmt.Errorf("the clock says %s and the newest entry came on %s: set the clock, or poll before pruning",
			now.UTC().Format(time.DateTime), newest.Format(time.DateTime))
	}
	return nil
}

// unwanted returns the numbers of what the limits do not leave. It goes by the entries themselves and not by their
// index: where that was damaged, nothing may be lost of it.
func (s *Store) unwanted(ctx context.Context, limits Limits) ([]int64, error) {
	oldest := int64(math.MinInt64)
	if !limits.OlderThan.IsZero() {
		oldest = limits.OlderThan.Unix()
	}
	return readColumn[int64](ctx, s.reader, `
		WITH wanted AS (
			SELECT number FROM (
				SELECT e.number, e.published,
					row_number() OVER (PARTITION BY c.value ORDER BY e.published DESC, e.number DESC) AS place
				FROM entries e, json_each(e.categories) c WHERE e.hidden = 0)
			WHERE published >= ?1 AND (?2 = 0 OR place <= ?2))
		SELECT number FROM entries e
		WHERE CASE
			WHEN hidden <> 0 THEN published < ?1 AND (body <> '' OR summary <> ''
				OR EXISTS (SELECT 1 FROM entry_raw WHERE entry = e.number)
				OR EXISTS (SELECT 1 FROM entry_versions WHERE entry = e.number))
			WHEN categories = '[]' THEN published < ?1
			ELSE number NOT IN (SELECT number FROM wanted) END
		ORDER BY number`, oldest, limits.PerCategory)
}

// pruneSome deletes the entries in one transaction.
func (s *Store) pruneSome(ctx context.Context, numbers []int64, archives bool, now time.Time) error {
	return s.write(ctx, now, func(w *writing) error {
		stories := make(map[int64]bool)
		for _, number := range numbers {
			e, err := w.entry(ctx, number)
			if found(err) == ErrNotFound {
				continue
			}
			if err == nil {
				err = w.prune(ctx, e, archives)
			}
			if err != nil {
				return fmt.Errorf("entry %d: %w", number, err)
			}
			stories[e.Story] = true
		}
		return w.mendStories(ctx, stories)
	})
}

// prune deletes the entry; its keys, and its path with its id, are remembered. A hidden one stays without its text. The page of a
// story goes with it: it may show the text of another copy, which may have to go one day.
func (w *writing) prune(ctx context.Context, e feeds.Entry, archives bool) error {
	if !e.Hidden.IsZero() {
		return w.empty(ctx, e.Number)
	}
	if err := w.dropFromSearch(ctx, e); err != nil {
		return err
	}
	if err := w.leave(ctx, e.Number, nil); err != nil {
		return err
	}
	if e.Path != "" {
		_, err := w.exec(ctx, `INSERT OR REPLACE INTO gone (path, remove, id, number) VALUES (?, ?, ?, ?)`,
			e.Path, archives || e.Story != 0, e.ID, e.Number)
		if err != nil {
			return err
		}
	}
	_, err := w.exec(ctx, `DELETE FROM entries WHERE number = ?`, e.Number)
	return err
}

// empty takes the text out of a hidden entry.
func (w *writing) empty(ctx context.Context, number int64) error {
	for _, query := range []string{
		`UPDATE entries SET authors = '[]', tags = '[]', summary = '', body = '', image = '', enclosures = '[]' WHERE number = ?`,
		`DELETE FROM entry_raw WHERE entry = ?`,
		`DELETE FROM entry_versions WHERE entry = ?`,
	} {
		if _, err := w.exec(ctx, query, number); err != nil {
			return err
		}
	}
	return nil
}

// mendStories gives stories that lost entries the number of the first that is left. One that is left is no story.
func (w *writing) mendStories(ctx context.Context, stories map[int64]bool) error {
	for story := range stories {
		if story == 0 {
			continue
		}
		var left int
		var first int64
		_, err := w.scan(ctx, `SELECT count(*), ifnull(min(number), 0) FROM entries WHERE story = ?`, []any{story}, &left, &first)
		if err != nil {
			return err
		}
		if left < 2 {
			first = 0
		}
		_, err = w.exec(ctx, `UPDATE entries SET story = ?, changed = ? WHERE story = ?`, first, w.now.Unix(), story)
		if err != nil {
			return err
		}
	}
	return nil
}
