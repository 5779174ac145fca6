// Package parse turns what a source published into Items.
//
// In go the bytes of one document (an answer of package fetch) or a folder of Jekyll posts; out come Items in
// the order of the document: decoded to UTF-8, with every address absolute and every date read in the
// source's time zone, but untrusted: titles and bodies are as dirty as they were.
//
// A document passes three gates before gofeed sees it: it is decoded (charset.go), cleaned of what is not XML
// (characters.go), and walked by a guard that refuses what would bring the parser down (guard.go). The guard sees
// every tag, and so also notes what gofeed keeps to itself (notes.go), and where a document that was cut ends whole
// (torn.go). All of it runs under recover, since a panic of one source must not end the cycle of all.
//
// A page is read by CSS selectors (page.go) and a JSON document by paths (list.go), each behind a guard of its own (dom_guard.go,
// guard.go); of one that was cut, page_torn.go leaves out what is half an item. Where a list does not hold the bodies, body.go
// says where they are asked for and takes them from the answer, if they are the item's own (belongs.go); credit.go reads who
// is named beside them.
package parse

import (
	"bytes"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/json"
	"golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// Document is one answer of a source.
type Document struct {
	Body        []byte // decompressed
	ContentType string // as the server sent it
	URL         string // final address: the base of relative addresses

	At time.Time // when it was asked for: 10分钟前 counts from there
}

// Result is what a document holds.
type Result struct {
	Title  string // of the feed, text or HTML; empty where it has none
	Items  []feeds.Item
	Faults []string // what was dropped or mended, in words for the report
	Torn   bool     // the document was cut: its whole items are here, and it has to be asked for again
	Hints  feeds.Hints
	Next   string // absolute address of the next page of a list; empty: there is none
	Unread int    // posts that could not be read for now; the same folder may give them at the next poll
}

// PanicError is what is left of a document at which a parser panicked.
type PanicError struct {
	Value any    // of the panic
	Stack []byte // of the goroutine, for the log
}

// Error says what the panic said, on one line of at most 200 characters.
func (e *PanicError) Error() string {
	return fmt.Sprintf("the parser panicked: %.200q", fmt.Sprint(e.Value))
}

// recovered makes an error of a panic: that of one source must not end the cycle of all.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{Value: p, Stack: debug.Stack()}
	}
}

// Read reads a document of the source, by its kind: see Feed, Page and List. At most source.MaxItems items are kept, the
// newest, and what one says is bounded. An error means that nothing of the document can be used; it says why, and is a
// *PanicError where a parser panicked.
func Read(source feeds.Source, doc Document) (result Result, err error) {
	defer recovered(&err)
	switch source.Kind {
	case feeds.KindPage:
		result, err = Page(source, doc)
	case feeds.KindJSON:
		result, err = List(source, doc)
	default:
		result, err = Feed(source, doc)
	}
	for i := range result.Items {
		result.Items[i] = boundItem(result.Items[i])
	}
	return result, err
}

// Feed reads an RSS, Atom, RDF or JSON Feed document of the source. At most source.MaxItems items are kept, the
// newest. An error means that nothing of the document can be used; it says why. A document that was cut is Torn, and
// its whole items are read.
func Feed(source feeds.Source, doc Document) (result Result, err error) {
	defer recovered(&err)
	readable := doc
	readable.Body = dropTornRune(doc.Body)
	text, err := decode(readable, source.Charset)
	if err != nil {
		return Result{}, err
	}
	p, err := prepare(text, doc)
	if err != nil {
		return Result{}, err
	}
	read, err := p.read(source, doc)
	if err != nil {
		return Result{}, err
	}
	result = newest(read.Items, source.MaxItems)
	result.Faults = append(p.faults, result.Faults...)
	result.Title, result.Hints, result.Torn = read.Title, read.Hints, p.torn
	return result, nil
}

// prepared is the text of a document that has passed the guard of its format, and what the guard noted.
type prepared struct {
	text   []byte
	root   string     // local name of the root element, in lower case; "json"
	items  []itemNote // of an XML document; gofeed may see others than the guard
	base   string     // address that the feed's own relative ones are relative to
	json   *json.Feed // of a JSON Feed, which has no text here
	hubs   []string   // of a JSON Feed, as written
	faults []string
	torn   bool
}

// prepare leads the text past the guard of its format. It drops the prolog first: what follows it is what
// the format is told by.
func prepare(text []byte, doc Document) (prepared, error) {
	if len(trim(text)) == 0 {
		return prepared{}, errors.New("the body is empty")
	}
	if text = dropProlog(text); len(text) == 0 {
		return prepared{}, errNothingWhole
	}
	if text[0] == '{' {
		p, err := prepareJSON(text, len(doc.Body))
		p.base = doc.URL
		return p, err
	}
	return prepareXML(text, doc)
}

// prepareXML drops what is not XML. The cleaned text has to start with markup: what starts with a brace is JSON,
// wherever a feed's root element stands in it.
func prepareXML(text []byte, doc Document) (prepared, error) {
	text, dropped := cleanXML(text)
	faults := characterFaults(text, dropped)
	text = trim(mendMarkup(text))
	if !bytes.HasPrefix(text, []byte("<")) {
		return prepared{}, notAFeed(text, doc)
	}
	w, err := guardXML(text, doc.URL)
	if err != nil {
		return prepared{}, err
	}
	if !isFeedRoot(w.root) {
		if w.root == "" && w.cut {
			return prepared{}, errNothingWhole
		}
		return prepared{}, notAFeed(text, doc)
	}
	p := prepared{root: strings.ToLower(w.root), torn: w.cut, faults: faults}
	whole, fault, err := w.mendTorn(len(doc.Body))
	if err != nil {
		return prepared{}, err
	}
	p.text, p.items, p.base = whole, w.items, w.feedBase
	if fault != "" {
		p.faults = append(p.faults, fault)
	}
	if w.stray > 0 {
		p.faults = append(p.faults, fmt.Sprintf("%d end tags without a start: left out", w.stray))
	}
	return p, nil
}

// notAFeed says what came instead of a feed: most often a log-in page or a firewall's word.
func notAFeed(text []byte, doc Document) error {
	return fmt.Errorf("not a feed: got %s; check the address in a browser", came(text, doc))
}

// came names what came, for an error message: its type, and the title of a page.
func came(text []byte, doc Document) string {
	got := "a document without a type"
	if mediaType := strings.TrimSpace(doc.ContentType); mediaType != "" {
		got = fmt.Sprintf("%.100q", mediaType) // a server's word, which may hold anything
	}
	if title := htmlTitle(text); title != "" {
		got += fmt.Sprintf(", titled %q", title)
	}
	return got
}

// htmlTitle returns the start of the text of the first title element, for an error message, on one line. It may be empty.
func htmlTitle(text []byte) string {
	const longest = 80 // characters
	tokens := html.NewTokenizer(bytes.NewReader(text))
	tokens.SetMaxBuf(maxPageTag)
	for range maxPageTags {
		switch tokens.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := tokens.TagName(); string(name) != "title" || tokens.Next() != html.TextToken {
				continue
			}
			title := strings.Fields(feeds.CutBytes(string(tokens.Text()), maxValueBytes))
			return cutText(strings.Join(title, " "), longest)
		}
	}
	return ""
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
