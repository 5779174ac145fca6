package publish

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	gorilla "github.com/gorilla/feeds"
)

// jsonFeed is a JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/). A field that is declared here
// wins over gorilla's of the same name, which leaves items out where there are none.
type jsonFeed struct {
	gorilla.JSONFeed
	Extension jsonAbout  `json:"_finews"`
	Items     []jsonItem `json:"items"`
}

// jsonAbout tells a person who looks at the feed what the extensions of its items hold.
type jsonAbout struct {
	About string `json:"about"`
}

type jsonItem struct {
	gorilla.JSONItem
	Attachments []jsonAttachment `json:"attachments,omitempty"`
	Extension   jsonExtension    `json:"_finews"`
}

// jsonExtension is what JSON Feed has no key for (section "Extensions" of its specification).
type jsonExtension struct {
	Outlet string     `json:"outlet"`
	Source string     `json:"source,omitempty"`
	Copies []jsonCopy `json:"copies,omitempty"`
}

const aboutItems = "outlet: the medium that an item is attributed to; source: the name of the feed, page or list that it was " +
	"read from; copies: the same story as other outlets tell it, each with the id that its entry has in other feeds of " +
	"this site, the outlet's name, and the address of the original, or of its page on this site"

type jsonCopy struct {
	ID     string `json:"id"`
	Outlet string `json:"outlet"`
	URL    string `json:"url,omitempty"`
}

// jsonAttachment has the size's name right, and room for more than 2 GiB.
type jsonAttachment struct {
	URL  string `json:"url"`
	Type string `json:"mime_type"`
	Size int64  `json:"size_in_bytes,omitempty"`
}

func (p publication) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // it is no part of a page, and \u003c is six bytes for one
	return encoder.Encode(p.json())
}

func (p publication) json() jsonFeed {
	document := jsonFeed{
		JSONFeed: gorilla.JSONFeed{
			Version:     "https://jsonfeed.org/version/1.1",
			Title:       p.title(),
			Language:    p.site.Language,
			HomePageUrl: p.home(),
			FeedUrl:     p.self(".json"),
			Description: p.description(),
			Authors:     jsonAuthors([]string{p.publisher()}),
			Icon:        p.site.Address(iconName),
		},
		Extension: jsonAbout{aboutItems},
		Items:     make([]jsonItem, 0, len(p.channel.Entries)),
	}
	if p.site.Hub != "" {
		document.Hubs = []*gorilla.JSONHub{{Type: "WebSub", Url: uri(p.site.Hub)}}
	}
	for _, e := range p.channel.Entries {
		document.Items = append(document.Items, p.jsonItem(e))
	}
	return document
}

func (p publication) jsonItem(e feeds.Entry) jsonItem {
	published := p.date(e.Published)
	item := jsonItem{JSONItem: gorilla.JSONItem{
		Id:            clean(e.ID),
		Url:           p.link(e),
		Title:         headline(e),
		ContentHTML:   p.body(e),
		Summary:       strings.TrimSpace(clean(e.Summary)),
		PublishedDate: jsonDate(published),
		Authors:       jsonAuthors(authors(e)),
		Tags:          p.jsonTags(e),
	}}
	if updated := p.date(e.Updated); updated.After(published) { // otherwise readers would mark every entry as edited
		item.ModifiedDate = jsonDate(updated)
	}
	item.Extension = jsonExtension{Outlet: strings.TrimSpace(clean(e.Outlet)), Source: strings.TrimSpace(clean(e.Source))}
	for _, c := range p.copies(e) {
		item.Extension.Copies = append(item.Extension.Copies, jsonCopy{c.ID, c.Outlet, c.Link})
	}
	item.Image = address(e.Image)
	for _, file := range enclosures(e) {
		item.Attachments = append(item.Attachments, jsonAttachment{file.URL, file.Type, file.Length})
	}
	return item
}

// jsonTags are the titles of the categories, and then the tags.
func (p publication) jsonTags(e feeds.Entry) []string {
	var list []string
	under := p.shelves(e)
	for _, s := range under {
		list = append(list, s.title)
	}
	return append(list, tags(e, under)...)
}

func jsonDate(t time.Time) *time.Time { return &t }

func jsonAuthors(names []string) []*gorilla.JSONAuthor {
	var list []*gorilla.JSONAuthor
	for _, name := range names {
		list = append(list, &gorilla.JSONAuthor{Name: name})
	}
	return list
}
