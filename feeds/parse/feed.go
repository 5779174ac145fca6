package parse

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"finews.withounder.com/feeds"
)

// read hands the prepared text to gofeed, and reads the feed in its own format: gofeed's universal form loses outlets,
// permalinks, all authors but one, and types, and takes a date without a zone for UTC.
func (p prepared) read(source feeds.Source, doc Document) (result Result, err error) {
	r := reader{prepared: p, dates: dates{location: source.Location, at: doc.At}}
	linked := false
	switch text := bytes.NewReader(p.text); p.root {
	case "json":
		result = Result{Title: p.json.Title, Items: r.jsonItems(p.json), Hints: r.jsonHints(p.json)}
		linked = p.json.HomePageURL != ""
	case "feed":
		var f *atom.Feed
		if f, err = (&atom.Parser{}).Parse(text); err == nil {
			result = Result{Title: f.Title, Items: r.atom(f), Hints: r.atomHints(f)}
			linked = len(f.Links) > 0
		}
	default:
		var f *rss.Feed
		if f, err = (&rss.Parser{}).Parse(text); err == nil {
			result = Result{Title: f.Title, Items: r.rss(f), Hints: r.rssHints(f)}
			linked = f.Link != ""
		}
	}
	if err != nil {
		return Result{}, fmt.Errorf("the feed is damaged: %w", err)
	}
	if len(result.Items) == 0 && result.Title == "" && !linked {
		return Result{}, errors.New("not a feed: no title, no link and no items; check the address in a browser")
	}
	return result, nil
}

// reader makes items of a feed as gofeed read it, and of what the guard noted of it.
type reader struct {
	prepared
	dates dates
}

// noteOf returns what the guard noted of an item; ok is false where guard and gofeed do not see the same items.
func (r reader) noteOf(i, items int) (note itemNote, ok bool) {
	if len(r.items) != items {
		return itemNote{base: r.base}, false
	}
	return r.items[i], true
}

// What is kept of the enclosures of an item: a podcast has one, a gallery a few.
const (
	maxEnclosures = 10
	maxMediaType  = 100 // bytes
)

// addEnclosure appends an enclosure whose address can be published, and drops any other, one too many and one that is
// there. A media type that is too long to be one is left out.
func addEnclosure(list []feeds.Enclosure, base, address, mediaType string, length int64) []feeds.Enclosure {
	address, ok := feeds.WebAddress(base, address)
	same := func(e feeds.Enclosure) bool { return e.URL == address }
	if !ok || len(list) >= maxEnclosures || slices.ContainsFunc(list, same) {
		return list
	}
	if len(mediaType) > maxMediaType {
		mediaType = ""
	}
	return append(list, feeds.Enclosure{URL: address, Type: mediaType, Length: max(length, 0)})
}

// addWords appends each word that is none of those before it, without space around it.
func addWords(list []string, words ...string) []string {
	for _, word := range words {
		if word = strings.TrimSpace(word); word != "" && len(list) <= maxTagWords && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// firstAddress returns the first that is an address, absolute; or nothing.
func firstAddress(base string, addresses ...string) string {
	for _, address := range addresses {
		if absolute, ok := feeds.WebAddress(base, address); ok {
			return absolute
		}
	}
	return ""
}

// extension returns the elements of a name in an extension, such as dc and creator.
func extension(extensions ext.Extensions, prefix, name string) []ext.Extension {
	return extensions[prefix][name]
}

// words returns the texts of the elements of a name in an extension.
func words(extensions ext.Extensions, prefix, name string) []string {
	var list []string
	for _, e := range extension(extensions, prefix, name) {
		list = append(list, e.Value)
	}
	return list
}

// firstDate returns the first date that can be read.
func (r reader) firstDate(item *feeds.Item, written ...string) {
	for _, s := range written {
		if t, approximate := r.dates.read(s); !t.IsZero() {
			item.Published, item.Approximate = t, approximate
			return
		}
	}
}

// lastChange reads the date of the last change of an item, from the first that is a date.
func (r reader) lastChange(item *feeds.Item, written ...string) {
	for _, s := range written {
		if t, approximate := r.dates.read(s); !t.IsZero() && !approximate {
			item.Updated = t
			return
		}
	}
}
