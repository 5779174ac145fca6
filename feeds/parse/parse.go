// Package parse turns what a source published into Items.
//
// In go the bytes of one document (an answer of package fetch) or a folder of Jekyll posts; out come Items in
// the order of the document: decoded to UTF-8, with every address absolute and every date read in the
// source's time zone, but untrusted: titles and bodies are as dirty as they were.
//
// A document passes three gates before gofeed sees it: it is decoded (charset.go), cleaned of what is not XML
// (characters.go), and walked by a guard that refuses what would bring the parser down (guard.go). gofeed
// itself runs under recover, since a panic of one source must not end the cycle of all.
package parse

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// Document is one answer of a source.
type Document struct {
	Body        []byte // decompressed
	ContentType string // as the server sent it
	URL         string // final address: the base of relative addresses
}

// Result is what a document holds.
type Result struct {
	Items  []feeds.Item
	Faults []string // what was dropped or mended, in words for the report
	Unread int      // posts that could not be read for now; the same folder may give them at the next poll
}

// Feed reads an RSS, Atom, RDF or JSON Feed document of the source. At most source.MaxItems items are kept, the
// newest. An error means that nothing of the document can be used; it says why.
func Feed(source feeds.Source, doc Document) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = Result{}, fmt.Errorf("the parser panicked: %.200q", fmt.Sprint(p))
		}
	}()
	text, err := decode(doc, source.Charset)
	if err != nil {
		return Result{}, err
	}
	text, faults, err := prepare(text, doc)
	if err != nil {
		return Result{}, err
	}
	items, err := readFeed(text, doc.URL, source)
	if err != nil {
		return Result{}, err
	}
	result = newest(items, source.MaxItems)
	result.Faults = append(faults, result.Faults...)
	return result, nil
}

// prepare leads the text past the guard of its format. It drops the prolog first: what follows it is what gofeed
// tells the format by.
func prepare(text []byte, doc Document) (prepared []byte, faults []string, err error) {
	text = dropProlog(text)
	if len(text) == 0 {
		return nil, nil, errors.New("the body is empty")
	}
	if text[0] == '{' {
		if err := guardJSON(text); err != nil {
			return nil, nil, err
		}
		text, faults = dropNullItems(text)
		return text, faults, nil
	}
	text, err = prepareXML(text, doc)
	return text, nil, err
}

// prepareXML drops what is not XML. The cleaned text has to start with markup: gofeed takes what starts with a brace
// for JSON, wherever a feed's root element stands in it.
func prepareXML(text []byte, doc Document) ([]byte, error) {
	text = trim(cleanXML(text))
	if !bytes.HasPrefix(text, []byte("<")) {
		return nil, notAFeed(text, doc)
	}
	root, err := guardXML(text)
	if err != nil {
		return nil, err
	}
	if !isFeedRoot(root) {
		return nil, notAFeed(text, doc)
	}
	return text, nil
}

// notAFeed says what came instead of a feed: most often a log-in page or a firewall's word.
func notAFeed(text []byte, doc Document) error {
	got := "a document without a type"
	if mediaType := strings.TrimSpace(doc.ContentType); mediaType != "" {
		got = fmt.Sprintf("%.100q", mediaType) // a server's word, which may hold anything
	}
	if title := htmlTitle(text); title != "" {
		got += fmt.Sprintf(", titled %q", title)
	}
	return fmt.Errorf("not a feed: got %s; check the address in a browser", got)
}

// htmlTitle returns the start of the text of a <title> element, for an error message.
func htmlTitle(text []byte) string {
	const longest = 80 // runes
	_, rest, found := bytes.Cut(text, []byte("<title>"))
	if !found {
		return ""
	}
	title, _, _ := bytes.Cut(rest[:min(len(rest), 4*longest)], []byte("</"))
	runes := []rune(strings.TrimSpace(string(title)))
	return string(runes[:min(len(runes), longest)])
}

// newest keeps the newest items where there are more than limit, in the order that they came in.
func newest(items []feeds.Item, limit int) Result {
	if limit <= 0 || len(items) <= limit {
		return Result{Items: items}
	}
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return items[b].Published.Compare(items[a].Published) })
	order = order[:limit]
	slices.Sort(order)
	kept := make([]feeds.Item, 0, limit)
	for _, i := range order {
		kept = append(kept, items[i])
	}
	fault := fmt.Sprintf("%d items, of which the newest %d were read: raise max_items to read more", len(items), limit)
	return Result{Items: kept, Faults: []string{fault}}
}
