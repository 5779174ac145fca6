// Package route decides where an entry belongs: the outlet that it is attributed to, the categories that it is
// filed under, and the slug of a category that is made from an outlet's name.
//
// In go what the source said and what package sanitize found in the body; out come names, slugs and reasons. Nothing
// here reads or writes anything: the same entry and the same catalogue give the same answer.
package route

import (
	"slices"

	"finews.withounder.com/feeds"
)

// Router files entries by the categories of a catalogue.
type Router struct {
	rules    []rule
	declared map[string]bool
}

// New returns a Router for the declared categories, in their order of preference.
func New(categories []feeds.Category) *Router {
	r := &Router{declared: make(map[string]bool, len(categories))}
	for _, c := range categories {
		r.declared[c.Slug] = true
		r.rules = append(r.rules, newRule(c))
	}
	return r
}

// Filing is where an entry belongs, and why.
type Filing struct {
	Slugs   []string       // in order of preference, each once; empty: no rule files it
	Reasons []string       // in step with Slugs: what filed it there, in words for the operator
	Made    feeds.Category // the category that has to be made for it; zero where all are declared
}

func (f *Filing) add(slug, reason string) {
	if !slices.Contains(f.Slugs, slug) {
		f.Slugs, f.Reasons = append(f.Slugs, slug), append(f.Reasons, reason)
	}
}

// File returns where an entry belongs. text is the entry's plain text; own is the category that a Jekyll post names
// itself.
//
// Fixed categories of the source come before everything; then its by: outlet; then, for a post, the category that
// it names; and at last the rules of all categories, in the order of the catalogue.
func (r *Router) File(source feeds.Source, entry feeds.Entry, text string, own feeds.Category) Filing {
	var filing Filing
	switch {
	case len(source.Categories) > 0:
		for _, slug := range source.Categories {
			filing.add(slug, "source "+source.Name+" files everything here")
		}
		return filing
	case source.ByOutlet:
		return r.byOutlet(entry.Outlet)
	}
	if own.Slug != "" {
		filing = r.byName(own, "the post says so")
	}
	in := newFields(entry, text)
	for _, rule := range r.rules {
		if reason, ok := rule.belongs(in); ok {
			filing.add(rule.Slug, reason)
		}
	}
	return filing
}

// byOutlet files under the declared category that lists the outlet, else under one of its own. A declared category that
// lists outlets is not that of another one whose name happens to be spelled like its slug.
func (r *Router) byOutlet(outlet string) Filing {
	name := sameness(outlet)
	for _, rule := range r.rules {
		if rule.outlets[name] {
			return Filing{Slugs: []string{rule.Slug}, Reasons: []string{listed(outlet)}}
		}
	}
	slug, title := Slug(outlet), outlet+"新闻"
	for _, rule := range r.rules {
		if rule.Slug == slug && len(rule.outlets) > 0 && rule.Title != title && rule.Title != outlet {
			slug = hashed(slug, outlet)
		}
	}
	reason := "made for outlet " + outlet
	if r.declared[slug] {
		reason = "outlet " + outlet + " (the slug is its name)"
	}
	return r.byName(feeds.Category{Slug: slug, Title: title}, reason)
}

// byName files under the declared category of that slug, else under one that has to be made.
func (r *Router) byName(own feeds.Category, reason string) Filing {
	if feeds.SlugFault(own.Slug) != "" {
		own.Slug = Slug(own.Slug)
	}
	filing := Filing{Slugs: []string{own.Slug}, Reasons: []string{reason}}
	if !r.declared[own.Slug] {
		filing.Made = own
	}
	return filing
}
