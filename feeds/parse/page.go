package parse

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// maxPageWork bounds what is looked at for the fields of all items: of each element that lies in an item, what is around
// and beside it. Where items lie inside one another, each element is looked at for each item around it.
const maxPageWork = 500_000_000

// maxSteps is the number of elements around one that a selector is taken to name ("div.meta span" names one), where it
// names more.
const maxSteps = 3

// Page reads the items of a page by the selectors of the source: the first source.MaxItems elements that Item.List finds.
// Titles, outlets and summaries are the text that a reader sees, written as HTML. Result.Next is where Next leads, on the
// same host. A page whose end is missing is Torn, and what it ends in the middle of is left out. The error says what was
// found instead of items: a page without any is a log-in, a firewall's word, or a site that has changed.
func Page(source feeds.Source, doc Document) (result Result, err error) {
	defer recovered(&err)
	reader, err := newPageReader(source.Item)
	if err != nil {
		return Result{}, err
	}
	p, err := readPage(doc, source.Charset)
	if err != nil {
		return Result{}, err
	}
	elements, faults, err := reader.elements(p, source)
	if err != nil {
		return Result{}, err
	}
	if p.cut {
		faults = append(faults, tornFault(len(doc.Body), "before its end", len(elements)))
	}
	read := rows{source: source, doc: doc, base: p.base, text: true}
	for _, element := range elements {
		if found := reader.row(element); !isFurniture(element, found) {
			read.add(found, "")
		}
	}
	switch {
	case len(read.items) > 0:
	case read.astray > 0:
		return Result{}, errors.New(read.noLink())
	default:
		return Result{}, fmt.Errorf("item.title and item.link find nothing in any of %d items on %s: look at it in a browser; the site may have changed", len(elements), p.titled())
	}
	next, err := nextPage(source.Next, p, doc.URL)
	return Result{Items: read.items, Faults: append(faults, read.faults()...), Torn: p.cut, Next: next}, err
}

// pageReader holds the selectors of a source, ready for use.
type pageReader struct {
	list   cascadia.Matcher
	fields [fieldCount]picker
	steps  []int // of each field that looks through an item, the elements around that its selector names
}

func newPageReader(fields feeds.Fields) (pageReader, error) {
	list, err := compileCSS("item.list", fields.List.CSS)
	if err != nil {
		return pageReader{}, err
	}
	r := pageReader{list: list}
	for i, s := range selectors(fields) {
		if r.fields[i], err = newPicker(fieldNames[i], s); err != nil {
			return pageReader{}, err
		}
		if s.CSS != "" {
			r.steps = append(r.steps, min(strings.Count(strings.Join(strings.Fields(s.CSS), " "), " "), maxSteps))
		}
	}
	r.fields[fieldTitle].whole = fields.Title.Attr == "" && fields.Title.Pattern == ""
	return r, nil
}

// elements returns the elements of the items.
func (r pageReader) elements(p page, source feeds.Source) (elements []*html.Node, faults []string, err error) {
	elements = cascadia.QueryAll(p.root, r.list)
	if len(elements) == 0 {
		return nil, nil, fmt.Errorf("the selector %s (item.list) finds nothing on %s: look at it in a browser; the site may have changed", source.Item.List.CSS, p.titled())
	}
	if p.cut {
		if elements = wholeElements(elements); len(elements) == 0 {
			return nil, nil, errNothingWhole
		}
	}
	if limit := source.MaxItems; limit > 0 && len(elements) > limit {
		faults = append(faults, fmt.Sprintf("%d items, of which the first %d were read: raise max_items to read more", len(elements), limit))
		elements = elements[:limit]
	}
	work := 0
	for _, element := range elements {
		depth := 0
		for range element.Ancestors() {
			depth++
		}
		if work += r.work(element, depth, maxPageWork-work); work > maxPageWork {
			return nil, nil, fmt.Errorf("the items that %s (item.list) finds lie inside one another, or too deep in the page: write a selector of the innermost", source.Item.List.CSS)
		}
	}
	return elements, faults, nil
}

// work returns what the fields of an item may have to look through within an element of a depth, or so much of it that
// it is more than limit.
func (r pageReader) work(within *html.Node, depth, limit int) (work int) {
	children := 0
	for range within.ChildNodes() {
		children++
	}
	for child := range within.ChildNodes() {
		if work > limit {
			break
		}
		for _, steps := range r.steps {
			around := 1
			for step := range steps {
				around += around * depth / (step + 1)
			}
			work += around + children + maxTries*(1+len(child.Attr))
		}
		work += r.work(child, depth+1, limit-work)
	}
	return work
}

func (r pageReader) row(element *html.Node) row {
	var found row
	for i, field := range r.fields {
		found[i] = field.from(element)
	}
	return found
}

// isFurniture reports whether an element of a list, of which a row was found, is none of its items: the head of a table, or
// a line between two items.
func isFurniture(element *html.Node, found row) bool {
	if found == (row{}) && visibleText(element) == "" {
		return true
	}
	head, cell := false, false
	for n := range element.Descendants() {
		head, cell = head || n.DataAtom == atom.Th, cell || n.DataAtom == atom.Td
	}
	return head && !cell && found[fieldLink] == ""
}

// nextPage returns where the list goes on: on the same host, and never on the page itself.
func nextPage(rules feeds.NextRules, p page, address string) (string, error) {
	if rules.CSS == "" {
		return "", nil
	}
	attr := rules.Attr
	if attr == "" {
		attr = "href"
	}
	link, err := newPicker("next", feeds.Selector{CSS: rules.CSS, Attr: attr})
	if err != nil {
		return "", err
	}
	next, ok := feeds.WebAddress(p.base, link.from(p.root))
	if !ok || !sameHost(next, address) {
		return "", nil
	}
	next = withoutFragment(next)
	if next == withoutFragment(address) {
		return "", nil
	}
	return next, nil
}

// withoutFragment returns an address without the place in the page that it points to.
func withoutFragment(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}
