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

const rssType = "application/rss+xml"

// rss is an RSS 2.0 document (https://www.rssboard.org/rss-specification). gorilla's own lacks the self link,
// the language, more than one category, and the address of a source.
type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	History string     `xml:"xmlns:fh,attr,omitempty"` // of an archive document
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title         plain      `xml:"title"`
	Link          string     `xml:"link"`
	Description   plain      `xml:"description"`
	Links         []atomLink `xml:"atom:link"`
	Archive       *struct{}  `xml:"fh:archive"`
	Language      string     `xml:"language,omitempty"`
	LastBuildDate string     `xml:"lastBuildDate,omitempty"`
	Generator     string     `xml:"generator,omitempty"`
	Docs          string     `xml:"docs"`
	TTL           int        `xml:"ttl,omitempty"`
	Image         rssImage   `xml:"image"`
	Items         []rssItem  `xml:"item"`
}

// rssImage is shown for the channel. Its title and link are the channel's own: readers show the picture as a link to it.
type rssImage struct {
	URL    string `xml:"url"`
	Title  plain  `xml:"title"`
	Link   string `xml:"link"`
	Width  int    `xml:"width"`
	Height int    `xml:"height"`
}

type rssItem struct {
	Title       plain         `xml:"title"`
	Link        string        `xml:"link,omitempty"`
	GUID        rssGUID       `xml:"guid"`
	PubDate     string        `xml:"pubDate"`
	Creator     string        `xml:"dc:creator"`
	Categories  []rssCategory `xml:"category"`
	Source      *rssSource    `xml:"source"`
	Relations   []string      `xml:"dc:relation"` // addresses of the other tellings of the story (Dublin Core: a related resource)
	Description string        `xml:"description"` // HTML; content:encoded may stand only after it
	Content     string        `xml:"content:encoded"`
	Enclosure   *rssEnclosure `xml:"enclosure"`
	Thumbnail   *mediaAddress `xml:"media:thumbnail"`
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"` // whose category it is; empty: a tag
	Name   string `xml:",innerxml"`
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

// writeRSS returns what writes the RSS document for the file of that name.
func (p publication) writeRSS(name string) func(io.Writer) error {
	return func(w io.Writer) error { return gorilla.WriteXML(element{styled{name, p.rss()}}, w) }
}

func (p publication) rss() *rss {
	channel := rssChannel{
		Title:       newPlain(p.title()),
		Link:        p.home(),
		Description: newPlain(p.description()),
		Links:       p.feedLinks(atomLink{Rel: "self", Type: rssType, Href: p.self(".xml")}),
		Language:    p.site.Language,
		Generator:   p.generator,
		Docs:        "https://www.rssboard.org/rss-specification",
		TTL:         rssMinutes,
		Image:       rssImage{p.site.Address(iconName), newPlain(p.title()), p.home(), iconSide, iconSide},
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
		Categories:  p.rssCategories(e),
		Description: html.EscapeString(summary(e)),
		Content:     p.body(e),
	}
	if original := address(e.Link); original != "" {
		item.Source = &rssSource{URL: original, Name: newPlain(e.Outlet).Escaped}
	}
	for _, c := range p.copies(e) {
		if c.Link != "" {
			item.Relations = append(item.Relations, c.Link)
		}
	}
	if files := enclosures(e); len(files) > 0 { // readers expect one at most
		item.Enclosure = &rssEnclosure{URL: files[0].URL, Length: files[0].Length, Type: files[0].Type}
	}
	if image := address(e.Image); image != "" {
		item.Thumbnail = &mediaAddress{URL: image}
	}
	return item
}

func (p publication) rssCategories(e feeds.Entry) []rssCategory {
	var list []rssCategory
	under := p.shelves(e)
	for _, s := range under {
		list = append(list, rssCategory{p.scheme(), newPlain(s.title).Escaped})
	}
	for _, tag := range tags(e, under) {
		list = append(list, rssCategory{Name: newPlain(tag).Escaped})
	}
	return list
}
