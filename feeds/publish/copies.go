package publish

import (
	"strings"

	"finews.withounder.com/feeds"
)

// copies returns the other tellings of an entry's story as they are published: each has a name, and its Link is the
// original's address, or where that cannot be followed that of our page of it; or none. The page of the entry itself
// is no other telling: it shows the best one, which may be another than the one that the page was made for.
func (p publication) copies(e feeds.Entry) []feeds.Copy {
	var named []feeds.Copy
	for _, c := range e.Copies {
		c.ID, c.Outlet = clean(c.ID), strings.TrimSpace(clean(c.Outlet))
		if c.Outlet == "" {
			continue
		}
		switch link := address(c.Link); {
		case link != "":
			c.Link = link
		case c.Path != "" && c.Path != e.Path:
			c.Link = p.site.Address(c.Path)
		default:
			c.Link = ""
		}
		named = append(named, c)
	}
	return named
}
