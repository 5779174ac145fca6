package parse

import (
	"html"

	"github.com/mmcdole/gofeed/json"

	"finews.withounder.com/feeds"
)

// jsonItems reads the items of JSON Feed 1.0 and 1.1.
func (r reader) jsonItems(f *json.Feed) []feeds.Item {
	items := make([]feeds.Item, len(f.Items))
	for i, it := range f.Items {
		item := feeds.Item{GUID: it.ID, Title: it.Title, Base: r.base, Tags: addWords(nil, it.Tags...)}
		item.Link = firstAddress(r.base, it.URL, it.ExternalURL)
		if item.Link == "" {
			item.Link = firstAddress("", it.ID) // ideally the id is the address of the item, says the format
		}
		unfit(&item, r.base, "link", it.URL, it.ExternalURL)
		unfitID(&item, it.ID)
		item.Summary = html.EscapeString(it.Summary)
		if item.Body = it.ContentHTML; item.Body == "" {
			item.Body = paragraphs(it.ContentText)
		}
		if item.Body == "" {
			item.Body, item.Summary = item.Summary, ""
		}
		item.Image = firstAddress(r.base, it.Image, it.BannerImage)
		unfit(&item, r.base, "image", it.Image, it.BannerImage)
		if item.Authors = jsonAuthors(it.Authors); len(item.Authors) == 0 {
			item.Authors = jsonAuthors(f.Authors)
		}
		if it.Attachments != nil {
			for _, a := range *it.Attachments {
				item.Enclosures = addEnclosure(item.Enclosures, r.base, a.URL, a.MimeType, a.SizeInBytes)
				unfit(&item, r.base, "enclosure", a.URL)
			}
		}
		r.firstDate(&item, it.DatePublished)
		r.lastChange(&item, it.DateModified)
		items[i] = item
	}
	return items
}

func jsonAuthors(authors []*json.Author) []string {
	var names []string
	for _, a := range authors {
		names = addWords(names, a.Name)
	}
	return names
}
