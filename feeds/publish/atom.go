package publish

import (
	"encoding/xml"
	"io"
	"time"

	"finews.withounder.com/feeds"
	gorilla "github.com/gorilla/feeds"
)

const atomNamespace = "http://www.w3.org/2005/Atom"

// neverChanged is what a feed without entries says it was updated at: RFC 4287 asks for an instant, and now
// would be another one at every run.
var neverChanged = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)

// atom is an Atom 1.0 document (RFC 4287). gorilla's own ignores ids, writes no published, and gives an entry
// without a date a random id at every run.
type atom struct {
	XMLName   xml.Name    `xml:"feed"`
	Namespace string      `xml:"xmlns,attr"`
	Media     string      `xml:"xmlns:media,attr"`
	Language  string      `xml:"xml:lang,attr,omitempty"`
	ID        string      `xml:"id"`
	Title     plain       `xml:"title"`
	Subtitle  plain       `xml:"subtitle"`
	Updated   string      `xml:"updated"`
	Author    atomPerson  `xml:"author"`
	Links     []atomLink  `xml:"link"`
	Generator string      `xml:"generator,omitempty"`
	Icon      string      `xml:"icon"`
	Entries   []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      atomText       `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Authors    []atomPerson   `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Source     *atomSource    `xml:"source"`
	Summary    *atomText      `xml:"summary"`
	Content    atomText       `xml:"content"`
	Thumbnail  *mediaAddress  `xml:"media:thumbnail"`
}

type atomPerson struct {
	Name plain `xml:"name"`
}

type atomLink struct {
	Rel    string `xml:"rel,attr"`
	Title  string `xml:"title,attr,omitempty"`
	Type   string `xml:"type,attr,omitempty"`
	Href   string `xml:"href,attr"`
	Length int64  `xml:"length,attr,omitempty"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"` // whose category it is; empty: a tag
	Label  string `xml:"label,attr,omitempty"`
}

// atomText is a text construct (RFC 4287 section 3.1) of the type text or html.
type atomText struct {
	Type string `xml:"type,attr"`
	plain
}

// atomSource says whose entry it is (RFC 4287 section 4.2.11). The id is one of ours for the outlet: an outlet
// is known by its name alone, and the feed that it was read from may be someone else's. Its updated is the
// newest that the entry tells of it: the entry's own.
type atomSource struct {
	ID      string `xml:"id"`
	Title   plain  `xml:"title"`
	Updated string `xml:"updated"`
}

// writeAtom returns what writes the Atom document for the file of that name, which its self link must name.
func (p publication) writeAtom(name string) func(io.Writer) error {
	return func(w io.Writer) error { return gorilla.WriteXML(element{styled{name, p.atom(name)}}, w) }
}

func (p publication) atom(name string) *atom {
	document := &atom{
		Namespace: atomNamespace,
		Media:     mediaNamespace,
		Language:  p.site.Language,
		ID:        p.tag("category", p.channel.Category.Slug),
		Title:     newPlain(p.title()),
		Subtitle:  newPlain(p.description()),
		Updated:   p.atomUpdated().Format(time.RFC3339Nano),
		Author:    atomPerson{newPlain(p.publisher())},
		Links: p.feedLinks(
			atomLink{Rel: "self", Type: "application/atom+xml", Href: p.site.Address(name)},
			atomLink{Rel: "alternate", Type: "text/html", Href: p.home()},
		),
		Generator: p.generator,
		Icon:      p.site.Address(iconName),
		Entries:   make([]atomEntry, 0, len(p.channel.Entries)),
	}
	for _, e := range p.channel.Entries {
		document.Entries = append(document.Entries, p.atomEntry(e))
	}
	return document
}

// atomUpdated is the newest change of the feed, and not before that of any of its entries.
func (p publication) atomUpdated() time.Time {
	newest, ok := p.changed()
	if !ok {
		return neverChanged
	}
	for _, e := range p.channel.Entries {
		if updated := p.updated(e); updated.After(newest) {
			newest = updated
		}
	}
	return newest
}

func (p publication) atomEntry(e feeds.Entry) atomEntry {
	updated := p.updated(e).Format(time.RFC3339Nano)
	entry := atomEntry{
		ID:        clean(e.ID),
		Title:     atomText{"text", newPlain(headline(e))},
		Published: p.date(e.Published).Format(time.RFC3339),
		Updated:   updated,
		Links:     p.atomLinks(e),
		Source:    &atomSource{p.tag("outlet", clean(e.Outlet)), newPlain(e.Outlet), updated},
		Summary:   &atomText{"text", newPlain(summary(e))},
		Content:   atomText{"html", newPlain(p.body(e))},
	}
	for _, name := range authors(e) {
		entry.Authors = append(entry.Authors, atomPerson{newPlain(name)})
	}
	entry.Categories = p.atomCategories(e)
	if image := address(e.Image); image != "" {
		entry.Thumbnail = &mediaAddress{URL: image}
	}
	return entry
}

func (p publication) atomCategories(e feeds.Entry) []atomCategory {
	var list []atomCategory
	under := p.shelves(e)
	for _, s := range under {
		list = append(list, atomCategory{Term: s.slug, Scheme: p.scheme(), Label: s.title})
	}
	for _, tag := range tags(e, under) {
		list = append(list, atomCategory{Term: tag})
	}
	return list
}

func (p publication) atomLinks(e feeds.Entry) []atomLink {
	var links []atomLink
	if link := p.link(e); link != "" {
		links = append(links, atomLink{Rel: "alternate", Href: link})
	}
	for _, c := range p.copies(e) {
		if c.Link != "" {
			links = append(links, atomLink{Rel: "related", Title: c.Outlet, Href: c.Link}) // RFC 4287 section 4.2.7.2
		}
	}
	for _, file := range enclosures(e) {
		links = append(links, atomLink{Rel: "enclosure", Type: file.Type, Href: file.URL, Length: file.Length})
	}
	return links
}

// publisher is the name of the one who publishes: the site's title, or its host where it has none.
func (p publication) publisher() string {
	if title := clean(p.site.Title); title != "" {
		return title
	}
	return p.site.Host()
}
