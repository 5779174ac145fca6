package parse

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"finews.withounder.com/feeds"
)

// readFeed hands the prepared text to gofeed. Of its universal items only what it keeps faithfully is used; what
// it loses is taken from the original feed beside it.
func readFeed(text []byte, base string, source feeds.Source) ([]feeds.Item, error) {
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("the feed is damaged: %w", err)
	}
	if len(feed.Items) == 0 && feed.Title == "" && feed.Link == "" {
		return nil, errors.New("not a feed: no title, no link and no items; check the address in a browser")
	}
	items := make([]feeds.Item, len(feed.Items))
	for i, it := range feed.Items {
		items[i] = universal(it, base)
	}
	reader := original{base: base, source: source, items: items}
	switch f := feed.OriginalFeed().(type) {
	case *rss.Feed:
		reader.rss(f)
	case *atom.Feed:
		reader.atom(f)
	case *json.Feed:
		reader.json(f)
	}
	return items, nil
}

// universal takes what gofeed's universal form keeps in all formats.
func universal(it *gofeed.Item, base string) feeds.Item {
	item := feeds.Item{GUID: it.GUID, Title: it.Title, Base: base, Tags: it.Categories}
	if link, ok := feeds.WebAddress(base, it.Link); ok {
		item.Link = link
	}
	item.Body, item.Summary = it.Content, it.Description
	if item.Body == "" {
		item.Body, item.Summary = it.Description, ""
	}
	for _, author := range it.Authors {
		if author != nil && author.Name != "" {
			item.Authors = append(item.Authors, author.Name)
		}
	}
	for _, e := range it.Enclosures {
		length, _ := strconv.ParseInt(e.Length, 10, 64)
		item.Enclosures = addEnclosure(item.Enclosures, base, e.URL, e.Type, length)
	}
	if it.Image != nil {
		item.Image, _ = feeds.WebAddress(base, it.Image.URL)
	}
	return item
}

// What is kept of the enclosures of an item: a podcast has one, a gallery a few.
const (
	maxEnclosures = 10
	maxMediaType  = 100 // bytes
)

// addEnclosure appends an enclosure whose address can be published, and drops any other and one too many. A media
// type that is too long to be one is left out.
func addEnclosure(list []feeds.Enclosure, base, address, mediaType string, length int64) []feeds.Enclosure {
	address, ok := feeds.WebAddress(base, address)
	if !ok || len(list) >= maxEnclosures {
		return list
	}
	if len(mediaType) > maxMediaType {
		mediaType = ""
	}
	return append(list, feeds.Enclosure{URL: address, Type: mediaType, Length: max(length, 0)})
}
