package publish

import (
	"net/url"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

// Union is the slug of the channel that holds the entries of all categories.
const Union = "all"

// tagYear is the year in the tag URIs (RFC 4151) of channels and outlets: that of the predecessor's first
// post. It never changes, because a feed that changes its id is a new feed to every reader.
const tagYear = "2021"

// Feeds returns the feeds of a channel: <slug>.xml (RSS 2.0), <slug>.atom (Atom 1.0, RFC 4287) and
// <slug>.json (JSON Feed 1.1), with the same entries, ids, order and dates; for the Union also feed.xml, the
// Atom feed at the predecessor's address, which differs from all.atom in its self link alone. generator is the name of the program, and may be empty.
//
// titles gives the title of a category that is published, and nothing for others; nil knows none. The caller gives the
// entries in order, newest first, as many as the feed may hold, and without what the rights of their sources do not allow
// (feeds.Rights.Limit). Where channel.Older is set, the XML feeds lead to that archive document; JSON Feed has no word for one.
func Feeds(site feeds.Site, channel feeds.Channel, titles func(slug string) string, generator string) []feeds.Output {
	p := publication{site: site, channel: channel, titles: titles, generator: clean(generator)}
	slug := channel.Category.Slug
	outputs := []feeds.Output{
		{Name: slug + ".xml", Render: p.writeRSS(slug + ".xml")},
		{Name: slug + ".atom", Render: p.writeAtom(slug + ".atom")},
		{Name: slug + ".json", Render: p.writeJSON},
	}
	if slug == Union {
		outputs = append(outputs, feeds.Output{Name: "feed.xml", Render: p.writeAtom("feed.xml")})
	}
	listing := p.listing(0, channel.Category.Limit)
	for i := range outputs {
		outputs[i].Listing, outputs[i].Topic = listing, true
	}
	return outputs
}

// listing says what the documents of the channel are meant to list, or that archive document of it.
func (p publication) listing(archive, limit int) *feeds.Listing {
	listing := &feeds.Listing{Slug: p.channel.Category.Slug, Archive: archive, Limit: limit, Items: make([]feeds.Listed, 0, len(p.channel.Entries))}
	for _, e := range p.channel.Entries {
		listing.Items = append(listing.Items, feeds.Listed{ID: clean(e.ID), Link: p.link(e), Published: p.date(e.Published)})
	}
	return listing
}

// publication is a channel on its way out: what the three formats have in common.
type publication struct {
	site      feeds.Site
	channel   feeds.Channel
	titles    func(slug string) string // nil: of no category
	generator string
}

// element is what a format's FeedXml hands to gorilla's WriteXML.
type element struct{ value any }

// FeedXml makes an element a gorilla.XmlFeed.
func (e element) FeedXml() any { return e.value }

// title is never empty: RSS and Atom ask for one.
func (p publication) title() string {
	if title := strings.TrimSpace(clean(p.channel.Category.Title)); title != "" {
		return title
	}
	return p.channel.Category.Slug
}

// description is never empty: RSS asks for one.
func (p publication) description() string {
	if description := strings.TrimSpace(clean(p.channel.Category.Description)); description != "" {
		return description
	}
	return p.title()
}

// home is the page that shows what the channel holds.
func (p publication) home() string {
	if p.channel.Category.Slug == Union {
		return p.site.Address("")
	}
	return p.site.Address("category/" + p.channel.Category.Slug + ".html")
}

// self is the address of one of the channel's feeds.
func (p publication) self(extension string) string {
	return p.site.Address(p.channel.Category.Slug + extension)
}

// tag returns a tag URI of ours that stays the same for as long as the site keeps its host.
func (p publication) tag(kind, name string) string {
	return "tag:" + strings.ToLower(p.site.Host()) + "," + tagYear + ":" + kind + ":" + url.PathEscape(name)
}

// changed is the newest change of the channel; ok is false where it has no entries.
func (p publication) changed() (newest time.Time, ok bool) {
	return p.date(time.Unix(p.channel.Changed, 0)), p.channel.Changed != 0
}

// feedLinks are the links of a feed that readers subscribe to: those given, the hub that tells of its changes (WebSub section
// 4), and the archive document before it (RFC 5005 section 4).
func (p publication) feedLinks(links ...atomLink) []atomLink {
	if p.site.Hub != "" {
		links = append(links, atomLink{Rel: "hub", Href: uri(p.site.Hub)})
	}
	return append(links, p.older()...)
}

// link is where an entry leads: to the original, or to our page of it where there is none.
func (p publication) link(e feeds.Entry) string {
	original := address(e.Link)
	if original == "" && e.Path != "" {
		return p.site.Address(e.Path)
	}
	return original
}
