// Package route decides where an entry belongs: the outlet that it is attributed to, the categories that it is
// filed under, and the slug of a category that is made from an outlet's name.
//
// In go what the source said and what package sanitize found in the body; out come names and slugs. Nothing here
// reads or writes anything: the same entry and the same catalogue give the same answer.
package route

import (
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// Outlet returns the medium that an item is attributed to, in order of weight: what the body says of itself
// (（文章来源：农金网）), what the source names (RSS <source>), an author that is a medium, and the source's own name.
func Outlet(item feeds.Item, attribution string, source feeds.Source) string {
	for _, name := range []string{attribution, item.Outlet} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	for _, author := range item.Authors {
		if isMedium(author) {
			return strings.TrimSpace(author)
		}
	}
	return source.Name
}

// mediumEndings are what names of media end in, and names of people do not.
var mediumEndings = []string{"网", "报", "社", "台", "周刊", "杂志", "频道", "在线", "客户端", "财经", "新闻"}

func isMedium(name string) bool {
	name = strings.TrimSpace(name)
	return slices.ContainsFunc(mediumEndings, func(ending string) bool {
		return strings.HasSuffix(name, ending) && name != ending
	})
}

// Router files entries by the categories of a catalogue.
type Router struct {
	categories []feeds.Category
	declared   map[string]bool
}

// New returns a Router for the declared categories, in their order of preference.
func New(categories []feeds.Category) *Router {
	declared := make(map[string]bool, len(categories))
	for _, c := range categories {
		declared[c.Slug] = true
	}
	return &Router{categories: categories, declared: declared}
}

// File returns the slugs that an entry is filed under, in order of preference, and the category that has to be
// made for it, if any. text is the entry's plain text; own is the category that a Jekyll post names itself.
//
// Fixed categories of the source come before everything; then its by: outlet; then, for a post, the category that
// it names; and at last the rules of all categories.
func (r *Router) File(source feeds.Source, entry feeds.Entry, text string, own feeds.Category) (slugs []string, made feeds.Category) {
	switch {
	case len(source.Categories) > 0:
		return source.Categories, feeds.Category{}
	case source.ByOutlet:
		return r.byOutlet(entry.Outlet)
	}
	if own.Slug != "" {
		slugs, made = r.byName(own)
	}
	for _, slug := range r.byRules(entry, text) {
		if !slices.Contains(slugs, slug) {
			slugs = append(slugs, slug)
		}
	}
	return slugs, made
}

// byOutlet files under the declared category that lists the outlet, else under one of its own.
func (r *Router) byOutlet(outlet string) ([]string, feeds.Category) {
	for _, c := range r.categories {
		if slices.Contains(c.Outlets, outlet) {
			return []string{c.Slug}, feeds.Category{}
		}
	}
	return r.byName(feeds.Category{Slug: Slug(outlet), Title: outlet + "新闻"})
}

func (r *Router) byName(own feeds.Category) ([]string, feeds.Category) {
	if feeds.SlugFault(own.Slug) != "" {
		own.Slug = Slug(own.Slug)
	}
	if r.declared[own.Slug] {
		return []string{own.Slug}, feeds.Category{}
	}
	return []string{own.Slug}, own
}

func (r *Router) byRules(entry feeds.Entry, text string) []string {
	haystack := strings.Join([]string{entry.Title, text, strings.Join(entry.Tags, "\n"), entry.Outlet}, "\n")
	var slugs []string
	for _, c := range r.categories {
		if belongs(c, entry.Outlet, haystack) {
			slugs = append(slugs, c.Slug)
		}
	}
	return slugs
}

// belongs applies the rules of one category: outlets and any choose, all and none restrict. A category that
// gives only all chooses by that; one without any rule gets nothing.
func belongs(c feeds.Category, outlet, haystack string) bool {
	found := func(t feeds.Term) bool { return t.Match(haystack) }
	chosen := slices.Contains(c.Outlets, outlet) || slices.ContainsFunc(c.Any, found)
	if len(c.Outlets) == 0 && len(c.Any) == 0 {
		chosen = len(c.All) > 0
	}
	if !chosen || slices.ContainsFunc(c.None, found) {
		return false
	}
	return !slices.ContainsFunc(c.All, func(t feeds.Term) bool { return !t.Match(haystack) })
}
