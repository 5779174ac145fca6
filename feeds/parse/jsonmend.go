package parse

import (
	"encoding/json"

	jsonfeed "github.com/mmcdole/gofeed/json"
)

// mendFeed reads the members of a JSON Feed into gofeed's form of it, each as what it should be where it is not: null
// is nothing, a number a text, one value a list of one. It returns the number of items that were null.
func mendFeed(feed map[string]json.RawMessage) (mended *jsonfeed.Feed, nulls int) {
	mended = &jsonfeed.Feed{
		Version: stringOf(feed["version"]), Title: stringOf(feed["title"]), HomePageURL: stringOf(feed["home_page_url"]),
		FeedURL: stringOf(feed["feed_url"]), NextURL: stringOf(feed["next_url"]), Authors: mendAuthors(feed),
	}
	for _, raw := range listOf(feed["items"]) {
		item, ok := objectOf(raw)
		if !ok {
			nulls++
			continue
		}
		mended.Items = append(mended.Items, mendItem(item))
	}
	return mended, nulls
}

func mendItem(item map[string]json.RawMessage) *jsonfeed.Item {
	mended := &jsonfeed.Item{
		ID: stringOf(item["id"]), URL: stringOf(item["url"]), ExternalURL: stringOf(item["external_url"]), Title: stringOf(item["title"]),
		ContentHTML: stringOf(item["content_html"]), ContentText: stringOf(item["content_text"]), Summary: stringOf(item["summary"]),
		Image: stringOf(item["image"]), BannerImage: stringOf(item["banner_image"]), Authors: mendAuthors(item),
		DatePublished: stringOf(item["date_published"]), DateModified: stringOf(item["date_modified"]),
	}
	for _, tag := range listOf(item["tags"]) {
		mended.Tags = append(mended.Tags, stringOf(tag))
	}
	var attachments []jsonfeed.Attachments
	for _, raw := range listOf(item["attachments"]) {
		var attachment jsonfeed.Attachments
		if json.Unmarshal(raw, &attachment) == nil {
			attachments = append(attachments, attachment)
		}
	}
	mended.Attachments = &attachments
	return mended
}

// mendAuthors returns those of authors (version 1.1) and of author (version 1).
func mendAuthors(members map[string]json.RawMessage) []*jsonfeed.Author {
	var authors []*jsonfeed.Author
	for _, name := range []string{"authors", "author"} {
		for _, raw := range listOf(members[name]) {
			author, ok := objectOf(raw)
			if !ok {
				author = map[string]json.RawMessage{"name": raw}
			}
			if name := stringOf(author["name"]); name != "" {
				authors = append(authors, &jsonfeed.Author{Name: name})
			}
		}
	}
	return authors
}
