package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// Every second has 16 rows of the search index, by date of publication: so the order of rows is that of the newest
// first, and a range of dates is a range of rows. They lie close together because the index keeps differences of rows,
// one for each word of each entry.
const (
	secondBits = 4
	maxSeconds = 1<<38 - 1 // the year 10680
)

// searchRow returns the first row of the second of publication.
func searchRow(published time.Time) int64 {
	return max(-maxSeconds, min(unix(published), maxSeconds)) << secondBits
}

// freeRow returns the row of a new entry: the one after all others of its second. Where more than 16 come with the same
// second, as those do that have a day and no time, the rest gets rows of the seconds that follow; still in the order in
// which they came.
func (w *writing) freeRow(ctx context.Context, published time.Time) (int64, error) {
	row := searchRow(published)
	_, err := w.scan(ctx, `SELECT ifnull(max(row) + 1, ?2) FROM entries WHERE published = ?1`, []any{unix(published), row}, &row)
	for err == nil {
		var free int64
		end := (row>>secondBits + 1) << secondBits
		_, err = w.scan(ctx, `SELECT ifnull(max(row) + 1, ?1) FROM entries WHERE row >= ?1 AND row < ?2`, []any{row, end}, &free)
		if err == nil && free < end {
			return free, nil
		}
		row = end
	}
	return 0, fmt.Errorf("find a row of the search index: %w", err)
}

// addToSearch makes the entries found by what they say now, whether or not they were found before; hidden ones are
// found no longer. Of one that comes twice the last counts. A batch comes as a whole and is sorted, because FTS5
// writes out what it has gathered whenever a row is not after the one before.
func (w *writing) addToSearch(ctx context.Context, entries []feeds.Entry) error {
	type placed struct {
		row   int64
		entry feeds.Entry
	}
	var sorted []placed
	for _, e := range entries {
		row, found, err := w.rowOf(ctx, e)
		if err != nil {
			return err
		}
		if found {
			sorted = append(sorted, placed{row, e})
		}
	}
	slices.SortStableFunc(sorted, func(a, b placed) int { return cmp.Compare(a.row, b.row) })
	for _, p := range sorted {
		index := w.putInSearch
		if !p.entry.Hidden.IsZero() {
			index = w.dropRow
		}
		if err := index(ctx, p.row, p.entry); err != nil {
			return err
		}
	}
	return nil
}

// rowOf returns the row of the entry, which stays what it is as long as the entry is there.
func (w *writing) rowOf(ctx context.Context, e feeds.Entry) (row int64, found bool, err error) {
	found, err = w.scan(ctx, `SELECT row FROM entries WHERE number = ?`, []any{e.Number}, &row)
	if err != nil {
		err = fmt.Errorf("find the row of entry %d: %w", e.Number, err)
	}
	return row, found, err
}

func (w *writing) putInSearch(ctx context.Context, row int64, e feeds.Entry) error {
	title, body := tokenize(e.Title), tokenize(e.Body.Text())
	labels := labelOfAll + " " + label(labelOfOutlet, e.Outlet) + " " + label(labelOfSource, e.Source)
	for _, slug := range e.Categories {
		labels += " " + label(labelOfCategory, slug)
	}
	_, err := w.exec(ctx, `INSERT OR REPLACE INTO entry_search (rowid, body, title, labels) VALUES (?, ?, ?, ?)`,
		row, texts(body), texts(title), labels)
	if err == nil {
		_, err = w.exec(ctx, `INSERT OR REPLACE INTO entry_chars (rowid, chars) VALUES (?, ?)`, row, characters(title, body)+labels)
	}
	if err != nil {
		return fmt.Errorf("make entry %d found: %w", e.Number, err)
	}
	return nil
}

// dropFromSearch makes the entry found no longer; Number is enough to know it by. It comes before the entry goes.
func (w *writing) dropFromSearch(ctx context.Context, e feeds.Entry) error {
	row, found, err := w.rowOf(ctx, e)
	if !found || err != nil {
		return err
	}
	return w.dropRow(ctx, row, e)
}

func (w *writing) dropRow(ctx context.Context, row int64, e feeds.Entry) error {
	_, err := w.exec(ctx, `DELETE FROM entry_search WHERE rowid = ?`, row)
	if err == nil {
		_, err = w.exec(ctx, `DELETE FROM entry_chars WHERE rowid = ?`, row)
	}
	if err != nil {
		return fmt.Errorf("make entry %d found no longer: %w", e.Number, err)
	}
	return nil
}
