package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

// place is a list that an entry belongs to, and where it stands in it.
type place struct {
	Category string   `json:"category"`
	Rank     int      `json:"rank"`     // from 1 for the newest; 0: it is too old for the feeds
	Limit    int      `json:"limit"`    // entries in the feeds
	Feeds    []string `json:"feeds"`    // their public addresses
	Page     string   `json:"page"`     // of the list
	ToldBy   string   `json:"told_by"`  // outlet of the copy that is shown
	ShownAs  string   `json:"shown_as"` // id that the story has there
}

func (at place) line() string {
	if at.Rank == 0 {
		return fmt.Sprintf("%s: not among the newest %d: on its own page only", at.Category, at.Limit)
	}
	if at.Rank > at.Limit {
		return fmt.Sprintf("%s: not among the newest %d, in the feeds until the next archive document is full, told by %s: %s", at.Category, at.Limit, at.ToldBy, at.Feeds[0])
	}
	return fmt.Sprintf("%s: number %d of the newest %d, told by %s: %s", at.Category, at.Rank, at.Limit, at.ToldBy, at.Feeds[0])
}

// locate finds out where the entry is published, by the same reading of the store that publishing does.
func (h *house) locate(ctx context.Context, x *explanation) (err error) {
	p := publication{house: h}
	if err := p.readCategories(ctx); err != nil {
		return err
	}
	if p.states, err = h.store.States(ctx); err != nil {
		return err
	}
	x.Rights = p.rights(x.entry)
	living := p.living(x.entry)
	switch {
	case !x.entry.Hidden.IsZero():
		x.Nowhere = "hidden since " + h.minute(x.entry.Hidden) + ": finews unhide " + x.Digits + " shows it again"
	case len(x.entry.Categories) == 0:
		x.Nowhere = whyUnfiled(x.entry)
	case len(living) == 0:
		x.Nowhere = fmt.Sprintf("%s has no category %s any more; its page stays", h.places.config, listed(x.entry.Categories))
	}
	if x.Nowhere != "" {
		return nil
	}
	for _, c := range p.order {
		if !slices.Contains(living, c.Slug) {
			continue
		}
		channel, err := h.store.Latest(ctx, c, c.Limit)
		if err != nil {
			return err
		}
		x.Published = append(x.Published, h.place(c, channel.Entries, x.entry, "category/"+c.Slug+".html"))
	}
	channel, err := h.store.LatestOfAll(ctx, p.publishes, unionLimit)
	all := feeds.Category{Slug: publish.Union, Limit: unionLimit}
	x.Published = append(x.Published, h.place(all, channel.Entries, x.entry, "index.html"))
	return err
}

// place finds the entry, or its story, in a list.
func (h *house) place(c feeds.Category, entries []feeds.Entry, e feeds.Entry, page string) place {
	at := place{Category: c.Slug, Limit: c.Limit, Page: h.catalogue.Site.Address(page)}
	for _, extension := range []string{".xml", ".atom", ".json"} {
		at.Feeds = append(at.Feeds, h.catalogue.Site.Address(c.Slug+extension))
	}
	for i, one := range entries {
		if one.ID == e.ID || e.Story != 0 && one.Story == e.Story && !c.EveryCopy {
			at.Rank, at.ToldBy, at.ShownAs = i+1, one.Outlet, one.ID
			break
		}
	}
	return at
}

// filedToday returns where today's rules would file an entry, if that is not where it is filed, and whether they would
// clean it otherwise.
func (h *house) filedToday(ctx context.Context, stored storage.Stored, sightings []sightingJSON) (today []string, cleaned bool, err error) {
	if !h.configured() {
		return nil, false, nil
	}
	redrafted, ok, err := poll.Preview(h.catalogue, time.Now(), stored)
	if !ok || err != nil {
		return nil, false, err
	}
	named, err := h.named(ctx)
	if err != nil {
		return nil, false, err
	}
	e := stored.Entry
	for _, one := range sightings {
		filed := one.Categories
		for _, filing := range redrafted.Filings {
			if filing.Source == one.Source {
				filed = settled(filing, e.Categories, named)
			}
		}
		for _, slug := range filed {
			if !slices.Contains(today, slug) {
				today = append(today, slug)
			}
		}
	}
	if sameSet(today, e.Categories) {
		today = nil
	} else if len(today) == 0 {
		today = []string{unfiled}
	}
	return today, redrafted.Entry.Title != e.Title || redrafted.Entry.Outlet != e.Outlet || redrafted.Entry.Body != e.Body, nil
}

// unfiled stands where a list of categories is empty.
const unfiled = "none"

// whyUnfiled says why an entry has no categories.
func whyUnfiled(e feeds.Entry) string {
	if e.Held != "" {
		return "held: " + e.Held
	}
	return "no rule files it"
}

// settled returns the slugs of a filing. A category that was made may have got another slug than its title spells,
// because that was taken: it is known by its title.
func settled(filing storage.Filing, filed []string, named map[string]feeds.Category) []string {
	slugs := slices.Clone(filing.Categories)
	for i, slug := range slugs {
		if slug != filing.Made.Slug || filing.ByPost {
			continue
		}
		for _, other := range filed {
			if named[other].Title == filing.Made.Title {
				slugs[i] = other
			}
		}
	}
	return slugs
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// listed joins words for a sentence.
func listed(words []string) string { return strings.Join(words, ", ") }
