package publish

import (
	"fmt"
	"io"

	"finews.withounder.com/feeds"
	gorilla "github.com/gorilla/feeds"
)

const historyNamespace = "http://purl.org/syndication/history/1.0"

// ArchiveName returns the name of the nth archive document of a category; the first is 1.
func ArchiveName(slug string, n int) string { return fmt.Sprintf("archive/%s/%06d.xml", slug, n) }

// Archive returns the nth archive document of a channel (RFC 5005 section 4), an RSS document of the channel's entries in
// the order in which they are given, newest first. It leads to the document before it, channel.Older, and to the current
// feed, and to none after it: so that it stays as it is when another follows. titles and generator are as for [Feeds].
func Archive(site feeds.Site, channel feeds.Channel, n int, titles func(slug string) string, generator string) feeds.Output {
	p := publication{site: site, channel: channel, titles: titles, generator: clean(generator)}
	name := ArchiveName(channel.Category.Slug, n)
	return feeds.Output{
		Name: name, Listing: p.listing(n, 0),
		Render: func(w io.Writer) error { return gorilla.WriteXML(element{styled{name, p.archive(name)}}, w) },
	}
}

// archive returns the archive document of that name. No hub tells of one, and how soon to ask again is no question: it
// changes when an entry is edited or taken down, and readers that hold it need not see that.
func (p publication) archive(name string) *rss {
	document := p.rss()
	document.History = historyNamespace
	document.Channel.Archive = &struct{}{}
	document.Channel.TTL = 0
	document.Channel.Links = append([]atomLink{
		{Rel: "current", Type: rssType, Href: p.self(".xml")}, // before self: the style sheet shows one of the two
		{Rel: "self", Type: rssType, Href: p.site.Address(name)},
	}, p.older()...)
	return document
}

// older is the link to the archive document before the channel's entries, where there is one. It is RSS from Atom too: there
// is one archive of a category, not one for each format.
func (p publication) older() []atomLink {
	if p.channel.Older == 0 {
		return nil
	}
	address := p.site.Address(ArchiveName(p.channel.Category.Slug, p.channel.Older))
	return []atomLink{{Rel: "prev-archive", Type: rssType, Href: address}}
}
