package storage

import (
	"context"
	"fmt"
	"time"

	"finews.withounder.com/feeds"
)

// Hide takes the entry down everywhere, with all copies of its story; with alone, without them. It stays down when
// its source sends it again, and a copy that comes later goes down with the story. It returns what was taken down,
// without what was down before.
func (s *Store) Hide(ctx context.Context, number int64, alone bool, now time.Time) ([]feeds.Entry, error) {
	return s.turn(ctx, number, alone, now, true)
}

// Unhide is the reverse of Hide.
func (s *Store) Unhide(ctx context.Context, number int64, alone bool, now time.Time) ([]feeds.Entry, error) {
	return s.turn(ctx, number, alone, now, false)
}

func (s *Store) turn(ctx context.Context, number int64, alone bool, now time.Time, hide bool) (turned []feeds.Entry, err error) {
	err = s.write(ctx, now, func(w *writing) error {
		turned = nil
		all, err := w.tellings(ctx, number, alone)
		if err != nil {
			return err
		}
		for _, e := range all {
			if e.Hidden.IsZero() != hide {
				continue
			}
			if err := w.turn(ctx, &e, hide); err != nil {
				return err
			}
			turned = append(turned, e)
		}
		if alone && len(turned) > 0 {
			return w.retell(ctx, turned[0].Story)
		}
		return nil
	})
	return turned, s.fault(fmt.Sprintf("take down or show entry %d", number), err)
}

// retell marks what is left of a story as edited: another copy's text may stand under its id now, and readers go by
// the date.
func (w *writing) retell(ctx context.Context, story int64) error {
	_, err := w.exec(ctx, `UPDATE entries SET changed = ?1, updated = max(published, ?1) WHERE story = ?2 AND story <> 0`, w.now.Unix(), story)
	return err
}

// turn hides or shows one entry.
func (w *writing) turn(ctx context.Context, e *feeds.Entry, hide bool) error {
	if hide {
		if err := w.unshow(ctx, *e); err != nil {
			return err
		}
		e.Hidden = w.now
	} else {
		e.Hidden = time.Time{}
		if err := w.show(ctx, *e); err != nil {
			return err
		}
	}
	_, err := w.exec(ctx, `UPDATE entries SET hidden = ?, changed = ? WHERE number = ?`, unix(e.Hidden), w.now.Unix(), e.Number)
	return err
}

// tellings returns the entry, and unless it is meant alone, all copies of its story.
func (w *writing) tellings(ctx context.Context, number int64, alone bool) ([]feeds.Entry, error) {
	one, err := w.entry(ctx, number)
	if err != nil {
		return nil, found(err)
	}
	if alone || one.Story == 0 {
		return []feeds.Entry{one}, nil
	}
	var all []feeds.Entry
	for e, err := range queryEntries(ctx, w.tx, storyQuery, one.Story) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

const storyQuery = `SELECT ` + entryColumns + ` FROM entries e WHERE e.story = ? AND e.story <> 0 ORDER BY e.number`

// Split takes the entry out of its story, for good: it never joins one again. It returns those that stay together.
func (s *Store) Split(ctx context.Context, number int64, now time.Time) (rest []feeds.Entry, err error) {
	err = s.write(ctx, now, func(w *writing) error {
		all, err := w.tellings(ctx, number, false)
		if err != nil {
			return err
		}
		rest = nil
		for _, e := range all {
			if e.Number != number {
				rest = append(rest, e)
			}
		}
		if _, err := w.dropPrint(ctx, number); err != nil {
			return err
		}
		if _, err := w.exec(ctx, `UPDATE entries SET apart = 1, story = 0, changed = ? WHERE number = ?`, now.Unix(), number); err != nil {
			return err
		}
		story := int64(0) // one that is left is no story
		if len(rest) > 1 {
			story = rest[0].Number
		}
		for _, e := range rest {
			if _, err := w.exec(ctx, `UPDATE entries SET story = ?1, changed = ?2, updated = max(published, ?2) WHERE number = ?3`, story, now.Unix(), e.Number); err != nil {
				return err
			}
		}
		return nil
	})
	return rest, s.fault(fmt.Sprintf("split entry %d off", number), err)
}
