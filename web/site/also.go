package site

import (
	"strings"

	"finews.withounder.com/feeds"
)

// alsoListed is how many other outlets a list names: it has room for a few. The article names all.
const alsoListed = 3

// also is another telling of an article's story.
type also struct {
	Outlet   string
	Original string // address of the original, or empty
	Page     string // relative address of our page of it, or empty
}

// alsoOn returns the other tellings of an entry's story, as seen from its page, whose way to the output folder is root.
// That page itself is the page of one of them where a better telling took its place: it does not link to itself.
func alsoOn(root string, e feeds.Entry) []also {
	var all []also
	for _, c := range e.Copies {
		one := also{Outlet: c.Outlet, Original: originalLink(c.Link)}
		if c.Path != "" && c.Path != e.Path {
			one.Page = relative(root, c.Path)
		}
		all = append(all, one)
	}
	return all
}

// alsoNames names the outlets that tell an entry's story too, in one line for a list; it is empty where none does.
func alsoNames(e feeds.Entry) string {
	var names []string
	for _, c := range e.Copies {
		names = append(names, c.Outlet)
	}
	line := strings.Join(names[:min(len(names), alsoListed)], "、")
	if len(names) > alsoListed {
		line += "等"
	}
	return line
}
