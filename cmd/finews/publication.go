package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
	"finews.withounder.com/web/site"
)

// extent says what a publication renders beside what changed.
type extent struct {
	all    bool // everything, also what has not changed
	posts  bool // the Jekyll posts, although feeds.yaml does not ask for them
	accept bool // feeds also where entries vanished that the store does not know, or are dated ahead
}

// publication is one run over the store. It goes on from the mark that the one before left in the output folder, and
// renders what changed since then; everything, where the mark, the settings or the request say so.
type publication struct {
	*house
	pages    *site.Renderer
	asked    extent
	posting  bool // Jekyll posts are written: they are asked for, or were written before and have to be kept in step
	settings string
	changes  storage.Changes
	since    int64 // revision that the folder has; 0: everything is rendered

	named  map[string]feeds.Category // those that are published, by slug
	order  []feeds.Category          // the declared ones, and after them those that were made
	states map[string]feeds.State    // of the sources, also of those that the catalogue no longer names
	old    oldAddresses              // of the predecessor, whose names of categories could be no slugs
	left   []string                  // slugs of categories that were published and are no more

	heads  map[string]storage.Head // of all categories
	fresh  map[string]storage.Head // of those that this run renders
	newest feeds.Channel           // of all categories, for the home page
	filed  []string                // paths of entries that were filed once and are filed nowhere now
	paths  []string                // names of other files that have to go

	announced []string        // public addresses of feeds that were remembered for the hub before they were written
	written   map[string]bool // and of those that changed
}

// publish writes what changed since the last publication into the output folder, from the store alone, and then tells
// the hub, also of what was written before a failure. Where nothing changed it renders nothing.
func (h *house) publish(ctx context.Context, asked extent) (publish.Report, error) {
	if err := h.rememberRights(ctx); err != nil {
		return publish.Report{}, err
	}
	p, due, err := h.newPublication(ctx, asked)
	if err != nil {
		return publish.Report{}, err
	}
	var report publish.Report
	if due {
		report, err = p.write(ctx)
	}
	return report, alsoFailed(err, h.tellHub(ctx))
}

// write writes what there is to publish. Only when all of it is in place the publication is remembered.
func (p *publication) write(ctx context.Context) (publish.Report, error) {
	report, err := publish.Write(p.places.out, p.outputs(ctx), p.options(ctx))
	if err = alsoFailed(err, p.withdraw(context.WithoutCancel(ctx))); err != nil {
		return report, err
	}
	return report, p.done(ctx)
}

// alsoFailed adds another error to that of a publication, which is then no longer one of single outputs alone (publish.Failures) and
// is told each time.
func alsoFailed(err, other error) error {
	switch {
	case other == nil:
		return err
	case err == nil:
		return other
	}
	return fmt.Errorf("%v\n%w", err, other)
}

// newPublication finds out what there is to publish, and whether there is anything.
func (h *house) newPublication(ctx context.Context, asked extent) (p *publication, due bool, err error) {
	p = &publication{house: h, pages: site.New(h.catalogue.Site), asked: asked, settings: h.settings(),
		fresh: map[string]storage.Head{}, written: map[string]bool{}}
	_, missing := os.Stat(filepath.Join(h.places.out, publish.PostsFolder))
	p.posting = asked.posts || h.catalogue.Site.Posts || missing == nil
	mark := publish.ReadMark(h.places.out)
	last, known, err := h.store.Publication(ctx, mark)
	if err != nil {
		return nil, false, err
	}
	if known && last.Settings == p.settings && !asked.all && !asked.posts {
		p.since = last.Revision
	}
	if p.changes, err = h.store.Changes(ctx, p.since); err != nil {
		return nil, false, err
	}
	if p.changes.All || p.changes.Revision < p.since {
		p.since = 0
	}
	return p, p.since == 0 || p.changes.Revision > p.since, nil
}

// whole reports whether everything is rendered.
func (p *publication) whole() bool { return p.since == 0 }

// options are the gate that feeds have to pass.
func (p *publication) options(ctx context.Context) publish.Options {
	now := p.clock()
	if p.asked.accept {
		now = time.Time{}
	}
	return publish.Options{
		Read: readBack,
		Left: func(listing feeds.Listing, ids []string) (map[string]publish.Standing, error) {
			return p.standings(ctx, listing, ids)
		},
		Now:     now,
		Changed: func(name string) { p.written[p.catalogue.Site.Address(name)] = true },
	}
}

// clock is the time by the clock of whoever polls.
func (h *house) clock() time.Time {
	if h.now != nil {
		return h.now()
	}
	return time.Now()
}

// done remembers that everything is in place: first in the store, then in the folder, so that a run that is cut short between them
// publishes the same again.
func (p *publication) done(ctx context.Context) error {
	publication := storage.Publication{Revision: p.changes.Revision, Settings: p.settings}
	mark, err := p.store.PutPublication(ctx, publication, p.fresh, p.clock())
	if err != nil {
		return err
	}
	return publish.WriteMark(p.places.out, mark)
}
