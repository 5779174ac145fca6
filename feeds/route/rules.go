package route

import (
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// fields are what terms are looked for in: title, text, tags and outlet, a line break between them. They are one
// text, so that an expression can go from one to the next.
type fields struct {
	all    string
	ends   [3]int // of title, text and tags, in bytes
	outlet string // as it is written
	name   string // of the outlet, by sameness
}

func newFields(entry feeds.Entry, text string) fields {
	tags := strings.Join(entry.Tags, "\n")
	f := fields{outlet: entry.Outlet, name: sameness(entry.Outlet)}
	f.all = strings.Join([]string{entry.Title, text, tags, entry.Outlet}, "\n")
	f.ends[0] = len(entry.Title)
	f.ends[1] = f.ends[0] + 1 + len(text)
	f.ends[2] = f.ends[1] + 1 + len(tags)
	return f
}

// where names the term and the field in which it is first found: 普惠金融 in the title.
func (f fields) where(t feeds.Term) string {
	places := [...]string{"the title", "the text", "a tag", "the outlet"}
	at, field := t.Index(f.all), 0
	for field < len(f.ends) && at > f.ends[field] {
		field++
	}
	return t.String() + " in " + places[field]
}

// rule is a category as it is looked up in.
type rule struct {
	feeds.Category
	outlets map[string]bool // its outlets, by sameness: letters in whatever case and width
}

func newRule(c feeds.Category) rule {
	outlets := make(map[string]bool, len(c.Outlets))
	for _, outlet := range c.Outlets {
		outlets[sameness(outlet)] = true
	}
	return rule{Category: c, outlets: outlets}
}

// belongs applies the rules of one category, and says what chose the entry: outlets and any choose, all and none
// restrict. A category that gives only all chooses by that; one without any rule gets nothing.
func (r rule) belongs(in fields) (reason string, ok bool) {
	found := func(t feeds.Term) bool { return t.Match(in.all) }
	byOutlet, byTerm := r.outlets[in.name], slices.IndexFunc(r.Any, found)
	chosen := byOutlet || byTerm >= 0
	if len(r.Outlets) == 0 && len(r.Any) == 0 {
		chosen = len(r.All) > 0
	}
	if !chosen || slices.ContainsFunc(r.None, found) {
		return "", false
	}
	if slices.ContainsFunc(r.All, func(t feeds.Term) bool { return !found(t) }) {
		return "", false
	}
	var reasons []string
	switch {
	case byOutlet:
		reasons = append(reasons, listed(in.outlet))
	case byTerm >= 0:
		reasons = append(reasons, "term "+in.where(r.Any[byTerm]))
	}
	if len(r.All) > 0 {
		reasons = append(reasons, allOf(r.All, in))
	}
	return strings.Join(reasons, ", and "), true
}

func listed(outlet string) string { return "outlet " + outlet + " (its list of outlets)" }

// allOf says where each of the terms was found.
func allOf(terms []feeds.Term, in fields) string {
	var places []string
	for _, t := range terms {
		places = append(places, in.where(t))
	}
	word := "terms "
	if len(terms) == 1 {
		word = "term "
	}
	return word + strings.Join(places, " and ") + " (all)"
}
