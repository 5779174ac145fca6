package parse

import (
	"fmt"
	"strings"

	"finews.withounder.com/feeds"
)

// The fields of an item, as places in a row.
const (
	fieldID = iota
	fieldTitle
	fieldLink
	fieldPublished
	fieldOutlet
	fieldSummary
	fieldImage
	fieldCount
)

// fieldNames are the keys of feeds.yaml that say where the fields stand.
var fieldNames = [fieldCount]string{"item.id", "item.title", "item.link", "item.published", "item.outlet", "item.summary", "item.image"}

// row are the values of one item, as they were found: text.
type row [fieldCount]string

// selectors returns where the fields stand, in the order of a row.
func selectors(f feeds.Fields) [fieldCount]feeds.Selector {
	return [fieldCount]feeds.Selector{f.ID, f.Title, f.Link, f.Published, f.Outlet, f.Summary, f.Image}
}

// rows turns the rows of a document into items.
type rows struct {
	source feeds.Source
	doc    Document
	base   string // of its addresses
	text   bool   // titles, outlets and summaries are text, and no HTML

	items  []feeds.Item
	found  [fieldCount]int // rows that have the field
	barren int             // rows with neither title nor link
	astray int             // rows with a title, and neither a web address nor a body
	first  string          // what the first of these has for a link
	bodied int             // rows with a body
}

// textAsHTML writes a text as the HTML that reads so. Quotes stay: they are the same in both.
var textAsHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// add makes an item of a row and the body that stands in its record, if any; unless there is nothing in it to know an item
// by, or nothing that leads to its text.
func (r *rows) add(found row, body string) {
	link, ok := feeds.WebAddress(r.base, found[fieldLink])
	if found[fieldTitle] == "" && !ok {
		r.barren++
		return
	}
	if body != "" {
		r.bodied++
	}
	for i, value := range found {
		if value != "" {
			r.found[i]++
		}
	}
	if r.text {
		for _, i := range []int{fieldTitle, fieldOutlet, fieldSummary} {
			found[i] = textAsHTML.Replace(found[i])
		}
	} else {
		found[fieldSummary] = summaryHTML(found[fieldSummary])
	}
	item := feeds.Item{
		GUID: found[fieldID], Link: link, Title: found[fieldTitle],
		Outlet: found[fieldOutlet], Summary: found[fieldSummary], Body: body, Base: r.base,
	}
	if !ok && r.leadsNowhere(item) {
		if r.astray++; r.astray == 1 {
			r.first = found[fieldLink]
		}
		return
	}
	item.Image, _ = feeds.WebAddress(r.base, found[fieldImage])
	item.Published, item.Approximate = dates{r.source.Location, r.doc.At}.read(found[fieldPublished])
	if !ok && found[fieldLink] != "" {
		item.Faults = append(item.Faults, fmt.Sprintf("its link %.100q is no web address: dropped", found[fieldLink]))
	}
	r.items = append(r.items, item)
}

// leadsNowhere reports whether an item without a link has nothing else that its readers could be led to: such as a title
// whose link is a script. Where the source names no link, its titles are all that there is.
func (r *rows) leadsNowhere(item feeds.Item) bool {
	if r.source.Item.Link == (feeds.Selector{}) || item.Body != "" {
		return false
	}
	_, err := BodyAddress(r.source, item)
	return r.source.Body.URL == "" || err != nil
}

// noLink says what was left out for want of a link, and what to do about it.
func (r *rows) noLink() string {
	said := r.first
	if said == "" {
		said = "there is none"
	}
	advice := `if the address stands in another attribute, write {css: a, attr: onclick, pattern: "'([^']+)'"}`
	if !r.text {
		advice = "look at what stands at item.link, or say by body where the text stands"
	}
	return fmt.Sprintf("%d of %d items dropped, no link: %.100s; %s", r.astray, r.barren+r.astray+len(r.items), strings.Trim(fmt.Sprintf("%q", said), `"`), advice)
}

// faults says what was not found: most often the first sign that a site has changed.
func (r *rows) faults() []string {
	var faults []string
	if r.barren > 0 {
		faults = append(faults, fmt.Sprintf("%d of %d items have neither title nor web address: dropped", r.barren, r.barren+r.astray+len(r.items)))
	}
	if r.astray > 0 {
		faults = append(faults, r.noLink())
	}
	if len(r.items) > 0 && r.bodied == 0 && inRecord(r.source) {
		faults = append(faults, "body.path finds nothing in any of the items: the API may have changed")
	}
	for i, s := range selectors(r.source.Item) {
		if len(r.items) > 0 && r.found[i] == 0 && s != (feeds.Selector{}) {
			faults = append(faults, fmt.Sprintf("%s finds nothing in any of the items: the site may have changed", fieldNames[i]))
		}
	}
	return faults
}
