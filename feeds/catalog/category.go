package catalog

import (
	"maps"
	"slices"

	"finews.withounder.com/feeds"
)

// Bounds of the number of entries in a category's feeds.
const (
	defaultLimit = 50
	maxLimit     = 1000
)

// categories reads the declared categories, and returns with them every slug that the file gives, so that a
// category with a mistake elsewhere is not called undeclared too.
func (r *reader) categories(v value) ([]feeds.Category, firsts) {
	var categories []feeds.Category
	slugs := firsts{}
	r.each(v, func(v value) {
		c := feeds.Category{Limit: defaultLimit}
		given := r.category(v, &c)
		if c.Slug != "" {
			if line, twice := slugs.add(c.Slug, given["slug"].line()); twice {
				r.fault(given["slug"], "%s is the slug of the category at line %d too: give each its own", c.Slug, line)
			}
		}
		categories = append(categories, c)
	})
	return categories, slugs
}

func (r *reader) category(v value, c *feeds.Category) map[string]value {
	stories := true
	given := r.mapping(v, keys{
		{"slug", r.slug(&c.Slug)},
		{"title", r.text(&c.Title)},
		{"description", r.text(&c.Description)},
		{"outlets", r.texts(&c.Outlets)},
		{"any", r.terms(&c.Any)},
		{"all", r.terms(&c.All)},
		{"none", r.terms(&c.None)},
		{"limit", r.number(&c.Limit, 1, maxLimit)},
		{"stories", r.flag(&stories)},
	})
	c.EveryCopy = !stories
	r.need(v, given, "slug", "write the name of its files, such as nongjinwang")
	r.need(v, given, "title", "write what it is called, such as 农金网新闻")
	return given
}

func (r *reader) slug(into *string) func(value) {
	return func(v value) {
		text, ok := r.line(v)
		if !ok {
			return
		}
		if fault := feeds.SlugFault(text); fault != "" {
			r.fault(v, "%s", fault)
			return
		}
		*into = text
	}
}

// terms makes a reader of a list of words and /expressions/.
func (r *reader) terms(into *[]feeds.Term) func(value) {
	return func(v value) {
		r.each(v, func(v value) {
			text, ok := r.scalar(v)
			if !ok {
				return
			}
			term, err := feeds.ParseTerm(text)
			if err != nil {
				r.fault(v, "%s", err)
				return
			}
			*into = append(*into, term)
		})
	}
}

// declared makes a reader of a list of slugs of declared categories.
func (r *reader) declared(into *[]string, slugs firsts) func(value) {
	return func(v value) {
		r.each(v, func(v value) {
			text, ok := r.line(v)
			switch {
			case !ok:
			case slices.Contains(*into, text):
				r.fault(v, "%s stands in this list already: take it out", quote(text))
			case !slugs.has(text):
				r.fault(v, "no category has the slug %s: %s", quote(text), r.undeclared(text, slugs))
			default:
				*into = append(*into, text)
			}
		})
	}
}

// undeclared says what to do about a slug that no category has.
func (r *reader) undeclared(slug string, declared firsts) string {
	if r.full() {
		return ""
	}
	slugs := slices.Sorted(maps.Keys(declared))
	const declare = "declare it under categories"
	if near, ok := r.nearest(slug, slugs); ok {
		return "did you mean " + near + "? If not, " + declare
	}
	if len(slugs) == 0 {
		return declare
	}
	return declare + ", or " + r.meant(slug, slugs)
}

// firsts remembers on which line a name stood first.
type firsts map[string]int

// add reports whether name was there already, and on which line.
func (f firsts) add(name string, line int) (first int, twice bool) {
	if first, twice = f[name]; twice {
		return first, true
	}
	f[name] = line
	return 0, false
}

// has reports whether name was there.
func (f firsts) has(name string) bool {
	_, ok := f[name]
	return ok
}
