package parse

import (
	"html"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"finews.withounder.com/feeds"
)

// original completes items, which gofeed's universal form made, from the feed in its own format: dates (gofeed
// reads one without zone as UTC, 8 hours off), outlets, permalinks and plain-text bodies.
type original struct {
	base   string
	source feeds.Source
	items  []feeds.Item
}

func (o original) rss(f *rss.Feed) {
	for i, it := range f.Items {
		item := &o.items[i]
		item.Published, _ = date(it.PubDate, o.source.Location)
		if dc := it.DublinCoreExt; dc != nil {
			if item.Published.IsZero() && len(dc.Date) > 0 {
				item.Published, _ = date(dc.Date[0], o.source.Location)
			}
			if len(dc.Creator) > 0 {
				item.Authors = dc.Creator
			}
		}
		if it.Source != nil {
			item.Outlet = strings.TrimSpace(it.Source.Title)
		}
		if item.Link == "" && it.GUID != nil && it.GUID.IsPermalink != "false" {
			item.Link, _ = feeds.WebAddress("", it.GUID.Value)
		}
	}
}

func (o original) atom(f *atom.Feed) {
	for i, entry := range f.Entries {
		item := &o.items[i]
		item.Updated, _ = date(entry.Updated, o.source.Location)
		if item.Published, _ = date(entry.Published, o.source.Location); item.Published.IsZero() {
			item.Published = item.Updated
		}
		if entry.Source != nil {
			item.Outlet = strings.TrimSpace(entry.Source.Title)
		}
		if c := entry.Content; c != nil && (c.Type == "text" || c.Type == "") {
			item.Body = paragraphs(c.Value)
		}
	}
}

func (o original) json(f *json.Feed) {
	for i, it := range f.Items {
		item := &o.items[i]
		item.Published, _ = date(it.DatePublished, o.source.Location)
		item.Updated, _ = date(it.DateModified, o.source.Location)
		item.Summary = html.EscapeString(it.Summary)
		if item.Body = it.ContentHTML; item.Body == "" {
			item.Body = paragraphs(it.ContentText)
		}
		if item.Link == "" {
			item.Link, _ = feeds.WebAddress(o.base, it.ExternalURL)
		}
		item.Enclosures = nil
		if it.Attachments != nil {
			for _, a := range *it.Attachments {
				item.Enclosures = addEnclosure(item.Enclosures, o.base, a.URL, a.MimeType, a.SizeInBytes)
			}
		}
	}
}

// paragraphs turns plain text into HTML: a paragraph for each line.
func paragraphs(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString("<p>" + html.EscapeString(line) + "</p>")
		}
	}
	return b.String()
}
