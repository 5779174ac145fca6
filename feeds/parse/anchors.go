package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// feedWord is how addresses and links call a feed: not "feedback", nor "anatomy".
var feedWord = regexp.MustCompile(`rss|订阅|(?:^|[^a-z])(?:feeds?|atom)(?:[^a-z]|$)`)

// maxFeedLabel is how long the text of a link is at most that only says what it leads to, in characters: a headline that
// has the word in it leads to an article.
const maxFeedLabel = 40

// FeedAnchors returns the links of a page (<a href>) that may lead to its feeds, because their address or their text says
// rss, feed, atom or 订阅: each once, at most 20, those first whose address says so, else in their order. They have no Type.
// An address is relative to the first <base href> of the page, or else to that of the document. What is no page, or one
// that would take too much to read, has none.
func FeedAnchors(doc Document) []Alternate {
	p, err := readPage(doc, "")
	if err != nil {
		return nil
	}
	var named, labelled []Alternate
	seen := map[string]bool{}
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		href := attribute(n, "href")
		address, ok := feeds.WebAddress(p.base, href)
		if !ok || strings.HasPrefix(href, "#") || seen[address] {
			continue
		}
		label := labelOf(n)
		a := Alternate{URL: address, Title: cutText(label, maxWordLength)}
		switch {
		case feedWord.MatchString(strings.ToLower(href)):
			named = append(named, a)
		case len(labelled) < maxAlternates && utf8.RuneCountInString(label) <= maxFeedLabel && feedWord.MatchString(strings.ToLower(label)):
			labelled = append(labelled, a)
		default:
			continue
		}
		if seen[address] = true; len(named) == maxAlternates {
			break
		}
	}
	all := slices.Concat(named, labelled)
	return all[:min(len(all), maxAlternates)]
}

// labelOf returns what a link says: its text, or that of its pictures, or its title.
func labelOf(n *html.Node) string {
	if text := visibleText(n); text != "" {
		return text
	}
	for child := range n.Descendants() {
		if alt := attribute(child, "alt"); child.DataAtom == atom.Img && alt != "" {
			return alt
		}
	}
	return attribute(n, "title")
}

// PageTitle returns the title of a page, of at most 80 characters on one line; empty where it has none, or is no page that
// can be read.
func PageTitle(doc Document) string {
	p, err := readPage(doc, "")
	if err != nil {
		return ""
	}
	return htmlTitle(p.text)
}
