package publish

import (
	"encoding/xml"
	"html"
	"io"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	gorilla "github.com/gorilla/feeds"
)

// rssMinutes is how long a reader may keep a feed before it asks again (RSS <ttl>).
const rssMinutes = 15

// rss is an RSS 2.0 document (https://www.rssboard.org/rss-specification). gorilla's own lacks the self link,
// the language, more than one category, and the address of a source.
type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title         plain     `xml:"title"`
	Link          string    `xml:"link"`
	Description   plain     `xml:"description"`
	Self          atomLink  `xml:"atom:link"`
	Language      string    `xml:"language,omitempty"`
	LastBuildDate string    `xml:"lastBuildDate,omitempty"`
	Generator     string    `xml:"generator,omitempty"`
	Docs          string    `xml:"docs"`
	TTL           int       `xml:"ttl"`
	Items         []rssItem `xml:"item"`
}

type rssItem struct {
	Title       plain         `xml:"title"`
	Link        string        `xml:"link,omitempty"`
	GUID        rssGUID       `xml:"guid"`
	PubDate     string        `xml:"pubDate"`
	Creator     string        `xml:"dc:creator"`
	Categories  []plain       `xml:"category"`
	Source      *rssSource    `xml:"source"`
	Relations   []string      `xml:"dc:relation"` // addresses of the other tellings of the story (Dublin Core: a related resource)
	Description string        `xml:"description"` // HTML; content:encoded may stand only after it
	Content     string        `xml:"content:encoded"`
	Enclosure   *rssEnclosure `xml:"enclosure"`
	Thumbnail   *mediaAddress `xml:"media:thumbnail"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	ID          string `xml:",chardata"`
}

// rssSource names the outlet and leads to the original. RSS means the address of the feed that the item came
// from; that of ours may be an API with a key, or a service on the operator's own network, and the outlet is
// often not whose feed it is. The original is public, and where a reader who follows it wants to go.
type rssSource struct {
	URL  string `xml:"url,attr"`
	Name string `xml:",innerxml"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"` // 0: not known
	Type   string `xml:"type,attr"`
}

type mediaAddress struct {
	URL string `xml:"url,attr"`
}

func (p publication) writeRSS(w io.Writer) error {
	return gorilla.WriteXML(element{p.rss()}, w)
}

func (p publication) rss() *rss {
	channel := rssChannel{
		Title:       newPlain(p.title()),
		Link:        p.home(),
		Description: newPlain(p.description()),
		Self:        atomLink{Rel: "self", Type: "application/rss+xml", Href: p.self(".xml")},
		Language:    p.site.Language,
		Generator:   p.generator,
		Docs:        "https://www.rssboard.org/rss-specification",
		TTL:         rssMinutes,
		Items:       make([]rssItem, 0, len(p.channel.Entries)),
	}
	if changed, ok := p.changed(); ok {
		channel.LastBuildDate = changed.Format(time.RFC1123Z)
	}
	for _, e := range p.channel.Entries {
		channel.Items = append(channel.Items, p.rssItem(e))
	}
	return &rss{
		Version: "2.0", Atom: atomNamespace, Media: mediaNamespace, Channel: channel,
		Content: "http://purl.org/rss/1.0/modules/content/", DC: "http://purl.org/dc/elements/1.1/",
	}
}

func (p publication) rssItem(e feeds.Entry) rssItem {
	item := rssItem{
		Title:       newPlain(headline(e)),
		Link:        p.link(e),
		GUID:        rssGUID{ID: clean(e.ID)},
		PubDate:     p.date(e.Published).Format(time.RFC1123Z),
		Creator:     strings.Join(authors(e), "、"),
		Description: html.EscapeString(summary(e)),
		Content:     p.body(e),
	}
	for _, tag := range cleanAll(e.Tags) {
		item.Categories = append(item.Categories, newPlain(tag))
	}
	if e.Link != "" {
		item.Source = &rssSource{URL: uri(e.Link), Name: newPlain(e.Outlet).Escaped}
	}
	for _, c := range p.copies(e) {
		if c.Link != "" {
			item.Relations = append(item.Relations, c.Link)
		}
	}
	if len(e.Enclosures) > 0 { // readers expect one at most
		first := e.Enclosures[0]
		item.Enclosure = &rssEnclosure{URL: uri(first.URL), Length: max(first.Length, 0), Type: mediaType(first.Type)}
	}
	if e.Image != "" {
		item.Thumbnail = &mediaAddress{URL: uri(e.Image)}
	}
	return item
}
