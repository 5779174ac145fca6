package storage

import (
	"context"
	"fmt"
	"slices"

	"finews.withounder.com/feeds"
)

// Saved counts what became of the drafts of a batch. Updated are those whose text or categories changed. An entry that
// another source sends too is Updated where its copy brings a better text or a category, and Unchanged otherwise, as
// is one that comes held and was stored good. A second draft with the key of a first is not counted. Hidden are those of
// New that went down with a story that was taken down.
type Saved struct{ New, Updated, Unchanged, Hidden int }

// Save stores the batch in one transaction: the new and edited entries, the categories made for them, and the
// state of the source. After an error nothing of it is stored, unless the error came from the commit itself:
// then it may be, and saving it again does no harm. The site's host goes into new ids, its location into new
// paths. Of two drafts with one key the first counts.
func (s *Store) Save(ctx context.Context, batch feeds.Batch, site feeds.Site) (Saved, error) {
	saved, err := s.save(ctx, batch, site)
	return saved, s.fault("save what "+batch.Source+" brought", err)
}

func (s *Store) save(ctx context.Context, batch feeds.Batch, site feeds.Site) (saved Saved, err error) {
	prints := printsOf(batch.Drafts)
	err = s.write(ctx, batch.Now, func(w *writing) error {
		w.source, w.rights, w.site, w.ready = batch.Source, batch.State.Rights, site, prints
		for _, key := range batch.Keys {
			w.batch[key] = true
		}
		if saved, err = w.drafts(ctx, batch.Drafts); err != nil {
			return err
		}
		if err := w.waiting(ctx, batch); err != nil {
			return err
		}
		return w.state(ctx, batch.State)
	})
	if err != nil {
		return Saved{}, err
	}
	return saved, nil
}

// drafts stores the drafts and counts them.
func (w *writing) drafts(ctx context.Context, drafts []feeds.Draft) (Saved, error) {
	keys := make([]feeds.Key, len(drafts))
	for i, draft := range drafts {
		keys[i] = draft.Key
		w.batch[draft.Key] = true
		for _, link := range addresses(draft.Item) {
			w.links[link]++
		}
	}
	stored, err := lookUp(ctx, w.tx, w.source, keys)
	if err != nil {
		return Saved{}, err
	}
	var saved Saved
	seen := make(map[feeds.Key]bool, len(drafts))
	for _, draft := range drafts {
		if seen[draft.Key] {
			continue
		}
		seen[draft.Key] = true
		if err := w.draft(ctx, draft, stored, &saved); err != nil {
			return Saved{}, fmt.Errorf("entry %q: %w", draft.Entry.Title, err)
		}
	}
	return saved, w.forgetPrints(ctx, saved.New)
}

// draft stores one draft. One whose digest is known costs nothing, and so does one that was pruned.
func (w *writing) draft(ctx context.Context, draft feeds.Draft, stored map[feeds.Key]known, saved *Saved) error {
	old, ok := stored[draft.Key]
	if ok && old.digest == draft.Digest {
		saved.Unchanged++
		return nil
	}
	number := old.number
	if !ok {
		var err error
		if number, err = w.identify(ctx, draft); err != nil {
			return err
		}
	}
	if number == 0 {
		pruned, err := w.stillPruned(ctx, draft, ok)
		if pruned || err != nil {
			saved.Unchanged++
			return err
		}
		saved.New++
		hidden, err := w.insert(ctx, draft)
		if hidden {
			saved.Hidden++
		}
		return err
	}
	changed, err := w.again(ctx, number, draft, !ok)
	if changed {
		saved.Updated++
	} else {
		saved.Unchanged++
	}
	return err
}

// sameText reports whether two entries say the same.
func sameText(a, b feeds.Entry) bool {
	return a.Title == b.Title && a.Link == b.Link && a.Outlet == b.Outlet && a.Summary == b.Summary &&
		a.Body == b.Body && a.Image == b.Image && slices.Equal(a.Authors, b.Authors) &&
		slices.Equal(a.Tags, b.Tags) && slices.Equal(a.Enclosures, b.Enclosures)
}
