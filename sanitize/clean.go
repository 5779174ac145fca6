// Package sanitize turns the HTML that a source sent into HTML that may stand in other people's pages.
//
// In goes a body as it came: up to 256 KiB of tag soup with hidden paragraphs, comment markers, lazy and
// tracking images, spans around every name, and now and then an attack. Out comes feeds.SafeHTML in a normal
// form (paragraphs and a short list of other elements, balanced, without style, class or id, every address
// absolute), and what can be read off the same tree: the visible text, a summary, the lead image, the
// outlet that the body itself names, and a count of what was taken out.
//
// The chain is: bound the input, parse it as a browser would, walk the tree once and write what is allowed,
// then pass it through bluemonday. The walk decides what is kept; bluemonday, which knows nothing of the
// walk, is the second lock. What is too deep, too large or too strange becomes escaped plain text: text is
// never lost to its markup.
//
// Titles, names and tags are text, not HTML: they go through Text.
package sanitize

import (
	"strings"
	"sync"

	"finews.withounder.com/feeds"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of one body. Real bodies are 2–8 KB and hold some 150 nodes.
const (
	maxInput  = 256 << 10       // bytes that are read of a body
	maxOutput = maxInput - 4096 // bytes that are written; below maxInput, so that cleaning twice cuts nothing more
	maxNodes  = 5_000           // nodes of the tree that are visited
	maxDepth  = 64              // elements inside one another in what is written
	slack     = 16 << 10        // bytes that the output may exceed twice the input by: short bodies with many relative links
)

// Result is a cleaned body and what was read off it.
type Result struct {
	HTML        feeds.SafeHTML // balanced, at most 2 × input + 16 KiB and never over 256 KiB; empty where nothing is left
	Text        string         // what a reader sees, white space folded, paragraphs separated by \n
	Attribution string         // outlet that the body names (（文章来源：农金网）), or empty; its paragraph is not in HTML
	Summary     string         // plain, one paragraph, at most about 200 characters, ending with … where it was cut
	Image       string         // absolute address of the lead image, or empty
	Removed     []string       // what was taken out of the body, counted and in words for the operator, at most 20 lines; the same body gives the same
	Faults      []string       // what was cut or fell back, in words for the report; routine cleaning is not named
}

// Clean turns the HTML that a source sent into HTML that may stand in other people's pages, and reads text,
// attribution, summary and lead image off it. Addresses are resolved against base, an absolute address;
// where base is empty, relative ones are dropped. Clean never fails: what cannot be cleaned becomes escaped
// plain text, with a fault. Cleaning what was cleaned changes nothing.
func Clean(dirty, base string) Result {
	dirty, faults := bound(dirty)
	limit := min(2*len(dirty)+slack, maxOutput)
	page, fault := fromTree(dirty, base, limit)
	if fault != "" {
		faults = append(faults, fault+"; the body is kept as plain text")
		page = fromText(dirty, limit)
	}
	if page.w.full {
		faults = append(faults, "the body was cut: too long to publish whole")
	}
	page.w.close()
	return page.result(append(faults, page.faults()...))
}

// bound cuts a body that is too long at a character, and keeps an iframe without end from swallowing what
// follows it.
func bound(dirty string) (string, []string) {
	var faults []string
	if len(dirty) > maxInput {
		dirty = feeds.CutBytes(dirty, maxInput)
		faults = append(faults, "the body was cut at 256 KiB: the source sent more")
	}
	return freeFrames(dirty), faults
}

// fromTree parses and walks a body. fault is not empty where the tree cannot be used.
func fromTree(dirty, base string, limit int) (page *walker, fault string) {
	if tooCostly(dirty) {
		return nil, "the markup would take too long to parse"
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	// Scripting off: what noscript holds is the image that a lazy one stands for, and not raw text.
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(dirty), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, "the markup cannot be parsed (" + err.Error() + ")"
	}
	page = &walker{w: &writer{limit: limit}, base: base}
	for _, n := range nodes {
		page.walk(n)
	}
	return page, page.unusable()
}

// unusable says why the walk's output must not be used; it is empty for a good one.
func (k *walker) unusable() string {
	switch {
	case k.nodes > maxNodes:
		return "the markup has more than 5,000 nodes"
	case k.w.deep:
		return "the markup is nested more than 64 deep"
	case k.w.full && k.w.limit < maxOutput:
		return "the markup grew to more than twice its size"
	case k.w.visible < k.lost:
		return "more than half of the text was inside elements that are not allowed"
	}
	return ""
}

// result reads everything off a finished walk. This is where a string becomes SafeHTML.
func (k *walker) result(faults []string) Result {
	markup, text, outlet := k.w.withoutAttribution()
	if k.attribution != "" {
		outlet = k.attribution
	}
	return Result{
		HTML:        feeds.SafeHTML(policy().Sanitize(markup)),
		Text:        text,
		Attribution: outlet,
		Summary:     summarize(text),
		Image:       k.image,
		Removed:     k.w.gone.words(),
		Faults:      faults,
	}
}

// policy is the list of what bluemonday lets through: what the walk writes, and nothing else. Building it
// takes longer than cleaning a body, and it is safe for use by several goroutines, so it is built once.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowNoAttrs().OnElements(
		"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
		"blockquote", "pre", "code", "em", "strong", "b", "i", "u", "s", "sub", "sup", "small",
		"ruby", "rt", "rp", "figure", "figcaption",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
	)
	p.AllowAttrs("align").Matching(exactly("center")).OnElements("p")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("scope").Matching(exactly("row", "col", "rowgroup", "colgroup")).OnElements("th")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(linkRel)).OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")
	p.AllowAttrs("referrerpolicy").Matching(exactly("no-referrer")).OnElements("img")
	return p
})
