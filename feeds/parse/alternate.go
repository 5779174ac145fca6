package parse

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// Alternate is a feed that a page names.
type Alternate struct {
	URL   string // absolute http or https address
	Title string // text of at most 200 characters; may be empty
	Type  string // media type, as written, of at most 100 bytes
}

// What is read of a page to find its feeds: they stand in its head.
const (
	maxAlternates = 20
	maxPageTags   = 50_000
	maxPageTag    = 1 << 20 // bytes of a tag or a text
)

// feedTypes are the media types by which a page names a feed.
var feedTypes = []string{
	"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
	"application/xml", "text/xml",
}

// Alternates returns the feeds that a page names (link rel=alternate), in its order, each once, at most 20. An address
// is relative to the first <base href> of the page, or else to that of the document.
func Alternates(doc Document) []Alternate {
	text, err := decode(doc, "")
	if err != nil {
		return nil
	}
	var found []Alternate
	base, based := doc.URL, false
	tokens := html.NewTokenizer(bytes.NewReader(text))
	tokens.SetMaxBuf(maxPageTag)
	for seen := 0; seen < maxPageTags && len(found) < maxAlternates; seen++ {
		switch tokens.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			if address, ok := feeds.WebAddress(doc.URL, attributeOf(token, "href")); ok && token.Data == "base" && !based {
				base, based = address, true
			}
			if a, ok := alternateOf(token, base); ok && !slices.ContainsFunc(found, func(b Alternate) bool { return b.URL == a.URL }) {
				found = append(found, a)
			}
		}
	}
	return found
}

// alternateOf reads a <link> that names a feed.
func alternateOf(token html.Token, base string) (Alternate, bool) {
	relations := strings.Fields(strings.ToLower(attributeOf(token, "rel")))
	kind := attributeOf(token, "type")
	mediaType, _, _ := strings.Cut(strings.ToLower(kind), ";")
	if token.Data != "link" || !slices.Contains(relations, "alternate") || !slices.Contains(feedTypes, strings.TrimSpace(mediaType)) {
		return Alternate{}, false
	}
	address, ok := feeds.WebAddress(base, attributeOf(token, "href"))
	title := cutText(strings.Join(strings.Fields(attributeOf(token, "title")), " "), maxWordLength)
	return Alternate{URL: address, Title: title, Type: kind[:min(len(kind), maxMediaType)]}, ok
}

func attributeOf(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
