package publish

import (
	"encoding/xml"
	"io"
	"time"

	"finews.withounder.com/feeds"
)

// opml is a list of subscriptions (http://opml.org/spec2.opml).
type opml struct {
	XMLName  xml.Name      `xml:"opml"`
	Version  string        `xml:"version,attr"`
	Title    string        `xml:"head>title"`
	Modified string        `xml:"head>dateModified,omitempty"`
	Docs     string        `xml:"head>docs"`
	Outlines []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text        string `xml:"text,attr"`
	Title       string `xml:"title,attr"`
	Description string `xml:"description,attr,omitempty"`
	Type        string `xml:"type,attr"`
	Version     string `xml:"version,attr"`
	Language    string `xml:"language,attr,omitempty"`
	Page        string `xml:"htmlUrl,attr"`
	Feed        string `xml:"xmlUrl,attr"`
}

// OPML returns feeds.opml, the list of all feeds that are published, as feed readers import it (OPML 2.0): the RSS feed of
// each channel, in the order in which they are given.
func OPML(site feeds.Site, channels []feeds.Channel) feeds.Output {
	return feeds.Output{Name: "feeds.opml", Render: func(w io.Writer) error { return writeXML(w, opmlOf(site, channels)) }}
}

func opmlOf(site feeds.Site, channels []feeds.Channel) opml {
	list := opml{Version: "2.0", Title: clean(site.Title), Docs: "http://opml.org/spec2.opml"}
	var newest time.Time
	for _, channel := range channels {
		p := publication{site: site, channel: channel}
		list.Outlines = append(list.Outlines, opmlOutline{
			Text: clean(p.title()), Title: clean(p.title()), Description: clean(p.description()), Type: "rss", Version: "RSS2",
			Language: site.Language, Page: p.home(), Feed: p.self(".xml"),
		})
		if changed, ok := p.changed(); ok && changed.After(newest) {
			newest = changed
		}
	}
	if !newest.IsZero() {
		list.Modified = newest.Format(time.RFC1123Z)
	}
	return list
}
