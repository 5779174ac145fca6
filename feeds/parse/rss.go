package parse

import (
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed/rss"

	"finews.withounder.com/feeds"
)

// rss reads the items of RSS 0.90 to 2.0 and RDF. Relative addresses are relative to the document: a channel's <link>
// is no base.
func (r reader) rss(f *rss.Feed) []feeds.Item {
	feedAuthors := addWords(nil, append(words(f.Extensions, "dc", "creator"), words(f.Extensions, "itunes", "author")...)...)
	if len(feedAuthors) == 0 {
		feedAuthors = addWords(nil, authorName(f.ManagingEditor))
	}
	items := make([]feeds.Item, len(f.Items))
	for i, it := range f.Items {
		note, _ := r.noteOf(i, len(f.Items))
		items[i] = r.rssItem(it, note)
		if items[i].Authors = r.rssAuthors(it, note); len(items[i].Authors) == 0 {
			items[i].Authors = feedAuthors
		}
	}
	return items
}

func (r reader) rssItem(it *rss.Item, note itemNote) feeds.Item {
	x := it.Extensions
	item := feeds.Item{Title: it.Title, Link: rssLink(it, note.base)}
	unfit(&item, note.base, "link", it.Links...)
	if it.GUID != nil {
		item.GUID = it.GUID.Value
		unfitID(&item, it.GUID.Value)
	}
	if it.Source != nil {
		item.Outlet = strings.TrimSpace(it.Source.Title)
		item.OutletLink = firstAddress(note.base, it.Source.URL)
	}
	content, summary := it.Content, it.Description
	if content == "" && summary == "" {
		summary = strings.Join(words(x, "itunes", "summary"), "")
	}
	fuller := "encoded"
	if item.Body, item.Summary = content, summary; content == "" || textSize(summary) > textSize(content) {
		item.Body, item.Summary, fuller = summary, content, "description"
	}
	if item.Summary == item.Body {
		item.Summary = ""
	}
	item.Base = note.base
	if p, ok := note.last(fuller); ok {
		item.Base = p.base
	}
	for _, c := range it.Categories {
		item.Tags = addWords(item.Tags, c.Value)
	}
	item.Tags = addWords(item.Tags, words(x, "dc", "subject")...)
	for _, e := range it.Enclosures {
		length, _ := strconv.ParseInt(strings.TrimSpace(e.Length), 10, 64)
		item.Enclosures = addEnclosure(item.Enclosures, note.base, e.URL, e.Type, length)
		unfit(&item, note.base, "enclosure", e.URL)
	}
	addMedia(&item, x, note.base)
	r.firstDate(&item, append([]string{it.PubDate}, append(words(x, "dc", "date"), words(x, "dcterms", "issued")...)...)...)
	r.lastChange(&item, append(words(x, "atom", "updated"), words(x, "dcterms", "modified")...)...)
	return item
}

// rssLink returns the address of an item: before the redirect of FeedBurner, of <link>, of atom:link, or a GUID that
// does not say that it is none.
func rssLink(it *rss.Item, base string) string {
	candidates := append(words(it.Extensions, "feedburner", "origLink"), it.Links...)
	for _, link := range extension(it.Extensions, "atom", "link") {
		if rel := link.Attrs["rel"]; rel == "" || rel == "alternate" {
			candidates = append(candidates, link.Attrs["href"])
		}
	}
	if link := firstAddress(base, candidates...); link != "" {
		return link
	}
	if it.GUID != nil && !strings.EqualFold(strings.TrimSpace(it.GUID.IsPermalink), "false") {
		return firstAddress("", it.GUID.Value)
	}
	return ""
}

func (r reader) rssAuthors(it *rss.Item, note itemNote) []string {
	var names []string
	for _, p := range note.pieces {
		if p.name == "author" && p.to > p.from {
			names = addWords(names, authorName(characterData(string(r.text[p.from:p.to]))))
		}
	}
	if len(names) == 0 {
		names = addWords(names, authorName(it.Author))
	}
	names = addWords(names, words(it.Extensions, "dc", "creator")...)
	names = addWords(names, words(it.Extensions, "itunes", "author")...)
	for _, author := range extension(it.Extensions, "atom", "author") {
		for _, name := range author.Children["name"] {
			names = addWords(names, name.Value)
		}
	}
	return names
}

// authorName returns the name of an RSS author, which is written as an address with a name beside it in parentheses, or
// the other way round. It is empty for a bare address: nobody's is published.
func authorName(s string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "@") {
		return s
	}
	outside, inside, found := strings.Cut(s, "(")
	if !found {
		outside, inside, _ = strings.Cut(s, "<")
	}
	for _, name := range []string{outside, strings.TrimRight(inside, ")> ")} {
		if name = strings.TrimSpace(name); name != "" && !strings.Contains(name, "@") {
			return name
		}
	}
	return ""
}

// textSize returns the number of bytes of a body outside of its tags, more or less.
func textSize(body string) int {
	size := 0
	for {
		text, rest, found := strings.Cut(body, "<")
		size += len(strings.TrimSpace(text))
		if !found {
			return size
		}
		if _, body, found = strings.Cut(rest, ">"); !found {
			return size
		}
	}
}
