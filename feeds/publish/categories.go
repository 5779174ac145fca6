package publish

import (
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// shelf is a category of an entry as it is published.
type shelf struct{ slug, title string }

// shelves returns the categories of an entry that are published, in its order of preference, none twice.
func (p publication) shelves(e feeds.Entry) []shelf {
	if p.titles == nil {
		return nil
	}
	var found []shelf
	for _, slug := range e.Categories {
		title := strings.TrimSpace(clean(p.titles(slug)))
		if s := (shelf{slug, title}); title != "" && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	return found
}

// tags returns what an entry is tagged with besides its categories, none twice.
func tags(e feeds.Entry, under []shelf) []string {
	seen := map[string]bool{}
	for _, s := range under {
		seen[s.title] = true
	}
	var kept []string
	for _, tag := range cleanAll(e.Tags) {
		if !seen[tag] {
			kept = append(kept, tag)
		}
		seen[tag] = true
	}
	return kept
}

// scheme says whose names the slugs are: the folder of the categories' pages (RFC 4287 section 4.2.2.2, RSS <category domain>).
func (p publication) scheme() string { return p.site.Address("category/") }
