// Package sanitize turns the HTML that a source sent into HTML that may stand in other people's pages.
//
// In goes a body as it came: up to 256 KiB of tag soup with hidden paragraphs, comment markers, lazy and
// tracking images, spans around every name, and now and then an attack. Out comes feeds.SafeHTML in a normal
// form (paragraphs and a short list of other elements, balanced, without style, class or id, every address
// absolute), and what can be read off the same tree: the visible text, its words, a summary, the lead image, the
// outlet that the body itself names, the fingerprint that copies of its story are recognised by, and a count of
// what was taken out.
//
// The chain is: bound the input, parse it as a browser would, walk the tree once and write what is allowed,
// then pass it through bluemonday. The walk decides what is kept; bluemonday, which knows nothing of the
// walk, is the second lock. What is too deep, too large or too strange becomes escaped plain text: text is
// never lost to its markup.
//
// What an operator wants removed of the bodies of one source stands in Rules. Titles, names and tags are text, not
// HTML: they go through Text.
package sanitize

import (
	"regexp"
	"strings"
	"sync"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/story"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of one body. Real bodies are 2–8 KB and hold some 150 nodes.
const (
	maxInput   = 256 << 10       // bytes that are read of a body
	maxOutput  = maxInput - 4096 // bytes that are written; below maxInput, so that cleaning twice cuts nothing more
	maxVisited = 20_000          // nodes of the tree that are visited: pages that a word processor wrote have a span for every word
	maxNodes   = 5_000           // nodes of what is written, the line breaks between blocks among them
	maxDepth   = 64              // elements inside one another in what is written
	slack      = 16 << 10        // bytes that the output may exceed twice the input by: short bodies with many relative links
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

// Words returns the number of words of the text, each Chinese character being one. See feeds.Words.
func (r Result) Words() int { return feeds.Words(r.Text) }

// Fingerprint returns what the text gives to the print that copies of its story are recognised by.
func (r Result) Fingerprint() story.Text { return story.Read(r.Text) }

// Clean cleans a body by the rules that hold for every source. See Rules.Clean.
func Clean(dirty, base string) Result { return Rules{}.Clean(dirty, base) }

// clean is Clean by the rules as they are. took tells how much each of them took out.
func (r Rules) clean(dirty, base string) (result Result, took map[int]int) {
	dirty, faults := bound(dirty)
	page := &walker{w: &writer{limit: min(2*len(dirty)+slack, maxOutput)}, dirty: dirty, base: base, rules: r, size: -1}
	body, fault := parseBody(dirty)
	if fault == "" {
		page, fault = page.through(body)
	} else {
		page = r.fromText(dirty, base, page.w.limit)
	}
	if fault != "" {
		faults = append(faults, fault+"; the body is kept as plain text")
	}
	if page.unveil {
		faults = append(faults, "there is nothing in the body but what a script would show: taken as shown")
	}
	if page.spared {
		faults = append(faults, "the selectors of remove would take too long on this body: it is cleaned without them; write a class or an id alone")
	}
	if page.w.full {
		faults = append(faults, "the body was cut: too long to publish whole")
	}
	page.w.close()
	return page.result(append(faults, page.faults()...)), page.took
}

// bound cuts a body that is too long at a character, and keeps an iframe without end from swallowing what
// follows it.
func bound(dirty string) (string, []string) {
	var faults []string
	if inside, ok := strings.CutPrefix(strings.TrimSpace(dirty), "<![CDATA["); ok { // some sources wrap twice
		dirty = strings.TrimSuffix(inside, "]]>")
	}
	if len(dirty) > maxInput {
		dirty = feeds.CutBytes(dirty, maxInput)
		faults = append(faults, "the body was cut at 256 KiB: the source sent more")
	}
	return freeFrames(dirty), faults
}

// parseBody parses a body as a browser would. fault is not empty where it cannot be parsed.
func parseBody(dirty string) (body *html.Node, fault string) {
	if tooCostly(dirty) {
		return nil, "the markup would take too long to parse"
	}
	body = &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	// Scripting off: what noscript holds is the image that a lazy one stands for, and not raw text.
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(dirty), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, "the markup cannot be parsed (" + err.Error() + ")"
	}
	for _, n := range nodes {
		body.AppendChild(n) // a selector may ask which of its parent's children an element is
	}
	return body, ""
}

// through walks a body, and once more where what that gave cannot be used: as plain text, with a fault, or with what
// scripts would show.
func (k *walker) through(body *html.Node) (*walker, string) {
	page := k.again()
	page.walkBody(body)
	if fault := page.unusable(); fault != "" {
		flat := k.again()
		flat.flat = true
		flat.walkBody(body)
		return flat, fault
	}
	if page.w.visible == 0 && page.hidden > 0 {
		unveiled := k.again()
		unveiled.unveil = true
		if unveiled.walkBody(body); unveiled.unusable() == "" && unveiled.w.visible > 0 {
			return unveiled, ""
		}
	}
	return page, ""
}

// again returns a walker that has not begun, of the same body.
func (k *walker) again() *walker {
	return &walker{w: &writer{limit: k.w.limit}, dirty: k.dirty, base: k.base, rules: k.rules, size: k.size}
}

func (k *walker) walkBody(body *html.Node) {
	if k.rules.tooLong(body) {
		k.rules, k.spared = Rules{}, true
	}
	k.body, k.wrapper = body, wrapperIn(body)
	k.sheets(body)
	k.w.grow(len(k.dirty))
	k.children(body)
}

// unusable says why the walk's output must not be used; it is empty for a good one.
func (k *walker) unusable() string {
	switch {
	case k.nodes > maxVisited:
		return "the markup has more than 20,000 nodes"
	case k.w.many:
		return "the markup has more than 5,000 nodes when it is clean"
	case k.w.deep:
		return "the markup is nested more than 64 deep"
	case k.w.full && k.w.limit < maxOutput:
		return "the markup grew to more than twice its size"
	case k.w.visible < k.lost:
		return "more than half of the text was inside drawings, formulas or choices"
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
		HTML:        feeds.SafeHTML(secondLock(markup)),
		Text:        text,
		Attribution: outlet,
		Summary:     summarize(text),
		Image:       k.image,
		Removed:     k.w.gone.words(k.rules.culprits(k.took)),
		Faults:      faults,
	}
}

// secondLock passes what the walk has written through bluemonday. Nothing is left where that fails, which it does only
// where writing fails.
func secondLock(markup string) string {
	var out strings.Builder
	out.Grow(len(markup))
	if err := policy().SanitizeReaderToWriter(strings.NewReader(markup), &out); err != nil {
		return ""
	}
	return out.String()
}

// webScheme is what an address begins with that a browser may load by itself.
var webScheme = regexp.MustCompile(`^https?://`)

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
		"mark", "q", "ruby", "rt", "rp", "figure", "figcaption",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th",
	)
	p.AllowAttrs("align").Matching(exactly("center")).OnElements("p")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("type").Matching(exactly("a", "A", "i", "I")).OnElements("ol")
	p.AllowAttrs("value").Matching(bluemonday.Integer).OnElements("li")
	p.AllowAttrs("scope").Matching(exactly("row", "col", "rowgroup", "colgroup")).OnElements("th")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(linkRel)).OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img", "video")
	p.AllowAttrs("controls").Matching(exactly("")).OnElements("video", "audio")
	p.AllowAttrs("preload").Matching(exactly("none")).OnElements("video", "audio")
	p.AllowAttrs("poster").Matching(webScheme).OnElements("video") // bluemonday checks no address in it
	p.AllowAttrs("src").Matching(webScheme).OnElements("source")
	p.AllowAttrs("type").Matching(mediaKind).OnElements("source")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")
	p.AllowAttrs("referrerpolicy").Matching(exactly("no-referrer")).OnElements("img")
	return p
})
