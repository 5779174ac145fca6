package main

import (
	"context"
	"fmt"
	"slices"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

// rest yields what must not be there, after all that is written: Write removes none of that.
func (p *publication) rest(ctx context.Context, yield yielding) error {
	pages, err := p.store.Gone(ctx, p.since)
	if err != nil {
		return err
	}
	for _, path := range append(pages, p.filed...) {
		posts, err := p.postsGone(ctx, path)
		if err != nil {
			return err
		}
		p.paths = append(p.paths, path)
		p.withoutGone(append(posts, p.movedGone(p.old, path)...))
	}
	if err := p.leftCategories(ctx); err != nil {
		return err
	}
	for _, path := range p.paths {
		if !yield(feeds.Output{Name: path, Gone: true}) {
			return nil
		}
	}
	return nil
}

// leftCategories adds the files of categories that are no more. That changes the settings: so everything is rendered.
func (p *publication) leftCategories(ctx context.Context) error {
	if !p.whole() {
		return nil
	}
	for _, slug := range p.left {
		for _, o := range append(p.category(feeds.Channel{Category: feeds.Category{Slug: slug}}), p.movedCategory(p.old, slug)...) {
			p.paths = append(p.paths, o.Name)
		}
		ever, err := p.archivesEver(ctx, slug)
		if err != nil {
			return err
		}
		for _, n := range ever {
			p.paths = append(p.paths, publish.ArchiveName(slug, n))
		}
	}
	return nil
}

// standings says what became of entries that a list held: they were taken down, pruned, filed elsewhere, or another copy tells their
// story; or, in an archive document, they came anew into the category. With accept they all left.
func (p *publication) standings(ctx context.Context, listing feeds.Listing, ids []string) (map[string]publish.Standing, error) {
	whereabouts, err := p.store.Whereabouts(ctx, ids)
	if err != nil {
		return nil, err
	}
	standings := make(map[string]publish.Standing, len(ids))
	for _, id := range ids {
		switch w, known := whereabouts[id]; {
		case known && (w.Hidden || w.Held):
			standings[id] = publish.Down
		case p.asked.accept, known && (w.Pruned || w.Story != 0 || !p.lists(listing, w)):
			standings[id] = publish.Left
		case known:
			standings[id] = publish.Listed
		}
	}
	return standings, nil
}

// lists reports whether an entry belongs into a list.
func (p *publication) lists(listing feeds.Listing, w storage.Whereabouts) bool {
	switch {
	case listing.Slug == publish.Union:
		return slices.ContainsFunc(w.Categories, p.publishes)
	case listing.Archive > 0:
		return slices.Contains(w.Documents, fmt.Sprintf("%s/%d", listing.Slug, listing.Archive))
	}
	return slices.Contains(w.Categories, listing.Slug)
}
