package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// The questions whether the parts of the store agree. Each selects the numbers of the entries that are in trouble;
// strayRows selects rows of the search index, whose entries are not there.
const (
	lostFilings = `
		SELECT DISTINCT e.number FROM entries e, json_each(e.categories) c
		WHERE e.hidden = 0 AND NOT EXISTS (
			SELECT 1 FROM entry_categories f WHERE f.category = c.value AND f.published = e.published AND f.entry = e.number)`

	strayFilings = `
		SELECT DISTINCT f.entry FROM entry_categories f LEFT JOIN entries e ON e.number = f.entry
		WHERE e.number IS NULL OR e.published <> f.published
			OR NOT EXISTS (SELECT 1 FROM json_each(e.categories) WHERE value = f.category)`

	// That no place is there twice is its index's to see, which lookAtIntegrity checks.
	strayPlaces = `
		SELECT DISTINCT f.entry FROM entry_categories f LEFT JOIN category_places p ON p.category = f.category
		WHERE f.place < 1 OR f.place > ifnull(p.last, 0)`

	shownHidden = `
		SELECT e.number FROM entries e
		WHERE e.hidden <> 0 AND (EXISTS (SELECT 1 FROM entry_categories WHERE entry = e.number)
			OR EXISTS (SELECT 1 FROM entry_search_docsize WHERE id = e.row)
			OR EXISTS (SELECT 1 FROM entry_chars_docsize WHERE id = e.row))`

	notFound = `
		SELECT e.number FROM entries e
		WHERE e.hidden = 0 AND NOT (EXISTS (SELECT 1 FROM entry_search_docsize WHERE id = e.row)
			AND EXISTS (SELECT 1 FROM entry_chars_docsize WHERE id = e.row))`

	strayRows = `
		SELECT id FROM (SELECT id FROM entry_search_docsize UNION SELECT id FROM entry_chars_docsize)
		EXCEPT SELECT row FROM entries`

	lostStories = `
		SELECT e.number FROM entries e
		WHERE e.story <> 0 AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.number = e.story AND r.story = e.story)`

	barePrints = `
		SELECT entry FROM story_prints p WHERE NOT EXISTS (SELECT 1 FROM story_marks WHERE entry = p.entry)
		UNION SELECT entry FROM story_marks m WHERE NOT EXISTS (SELECT 1 FROM story_prints WHERE entry = m.entry)`
)

// shownNumbers is how many entries a finding names.
const shownNumbers = 5

// looser returns the look at what no constraint of the schema holds together: query selects the numbers of the entries
// that are in that trouble.
func looser(query, fact, trouble, advice string) look {
	return func(ctx context.Context, s *Store, _ time.Time) (Finding, error) {
		var count int
		var sample string
		err := s.reader.QueryRowContext(ctx, `
			WITH wrong (number) AS MATERIALIZED (`+query+`)
			SELECT (SELECT count(*) FROM wrong), (SELECT ifnull(group_concat(number), '') FROM (
				SELECT number FROM wrong ORDER BY number LIMIT ?))`, shownNumbers).Scan(&count, &sample)
		if err != nil || count == 0 {
			return Finding{Fact: fact}, err
		}
		numbers := strings.ReplaceAll(sample, ",", ", ")
		if count > shownNumbers {
			numbers += " and others"
		}
		return Finding{Trouble: fmt.Sprintf("%s %s: %s", thousands(count), trouble, numbers), Advice: advice}, nil
	}
}

// longLog is how long the write-ahead log may get, in bytes. SQLite folds it into the file at 4 MB, unless somebody
// reads all the time.
const longLog = 256 << 20

func lookAtSize(ctx context.Context, s *Store, _ time.Time) (Finding, error) {
	var pages, free int64
	err := s.reader.QueryRowContext(ctx, `SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count`).Scan(&pages, &free)
	if err != nil {
		return Finding{}, err
	}
	file, err := size(s.path)
	if err != nil {
		return Finding{}, err
	}
	log, err := size(s.path + "-wal")
	f := Finding{Fact: fmt.Sprintf("%s, log %s, %d %% free for what comes", megabytes(file), megabytes(log), 100*free/max(pages, 1))}
	if log > longLog {
		f.Trouble = "the log beside the file has grown to " + megabytes(log)
		f.Advice = "see which process has the file open and reads all the time; the log shrinks when the last one ends"
	}
	return f, err
}

// size returns the length of a file in bytes, 0 where there is none.
func size(path string) (int64, error) {
	info, err := os.Stat(path) // never os.Open: see inspect
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func megabytes(bytes int64) string {
	return strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64) + " MB"
}
