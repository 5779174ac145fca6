package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// Redrafted is what today's rules make of a stored entry.
type Redrafted struct {
	Number  int64
	Entry   feeds.Entry // text, outlet, image and so on; its dates, categories and numbers do not count
	Item    feeds.Item  // as its source sent it: the file name of a post is in it
	Filings []Filing    // of each source that sends it and whose rules are known; the others file it as they did
}

// Filing is where a source files an entry.
type Filing struct {
	Source              string
	Categories, Reasons []string       // in step
	Made                feeds.Category // as in feeds.Draft
	ByPost              bool           // as in feeds.Draft
}

// Redraft stores what today's rules make of entries that are stored: text and categories. Ids, paths and dates stay,
// and no earlier version is kept, because nobody edited anything. It returns how many are not what they were. What
// was deleted meanwhile is left out. The search index is written anew for all of them.
func (s *Store) Redraft(ctx context.Context, site feeds.Site, redrafts []Redrafted, now time.Time) (changed int, err error) {
	err = s.write(ctx, now, func(w *writing) error {
		changed = 0
		w.site = site
		for _, r := range redrafts {
			differs, err := w.redraft(ctx, r)
			if err != nil {
				return fmt.Errorf("entry %d: %w", r.Number, err)
			}
			if differs {
				changed++
			}
		}
		return nil
	})
	return changed, s.fault("store what was cleaned and filed again", err)
}

func (w *writing) redraft(ctx context.Context, r Redrafted) (changed bool, err error) {
	old, err := w.entry(ctx, r.Number)
	if found(err) == ErrNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	e := r.Entry
	e.Number, e.ID, e.Source, e.Path = old.Number, old.ID, old.Source, old.Path
	e.Published, e.Updated, e.FirstSeen, e.Changed = old.Published, old.Updated, old.FirstSeen, old.Changed
	e.Story, e.Hidden = old.Story, old.Hidden
	for _, f := range r.Filings {
		item := feeds.Item{} // of another source: what that says of its category is not known here
		if f.Source == old.Source {
			item = r.Item
		}
		if err := w.refile(ctx, r.Number, f, item); err != nil {
			return false, err
		}
	}
	if e.Categories, e.Reasons, err = w.filed(ctx, e); err != nil {
		return false, err
	}
	key, err := w.firstKey(ctx, r.Number)
	if err != nil {
		return false, err
	}
	if err := w.givePath(ctx, &e, feeds.Draft{Item: r.Item, Key: key}); err != nil {
		return false, err
	}
	edited := !sameText(old, e) || old.Own != e.Own
	changed = edited || old.Held != e.Held || !slices.Equal(old.Categories, e.Categories) || old.Path != e.Path
	if changed {
		e.Changed = w.now
	}
	return changed, w.replace(ctx, old, e, edited)
}

// refile stores how a source files the entry today.
func (w *writing) refile(ctx context.Context, number int64, f Filing, item feeds.Item) error {
	w.source = f.Source
	draft := feeds.Draft{Item: item, Entry: feeds.Entry{Categories: f.Categories, Reasons: f.Reasons}, Made: f.Made, ByPost: f.ByPost}
	settled, err := w.settled(ctx, draft)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `UPDATE entry_keys SET categories = ?, reasons = ? WHERE entry = ? AND source = ?`,
		listText(settled.slugs), listText(settled.reasons), number, f.Source)
	return err
}

// firstKey returns the key that a path is made from where the entry has none yet.
func (w *writing) firstKey(ctx context.Context, number int64) (key feeds.Key, err error) {
	var stored []byte
	_, err = w.scan(ctx, `SELECT key FROM entry_keys WHERE entry = ? ORDER BY seen, source, key LIMIT 1`, []any{number}, &stored)
	copy(key[:], stored)
	return key, err
}
