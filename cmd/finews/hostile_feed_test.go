package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// hostileItem is an item of a source that means ill, or was written by someone who does.
type hostileItem struct {
	title string   // HTML, as sources write titles
	body  string   // HTML
	more  string   // further elements of the item, in RSS
	keeps []string // pieces of the article that must still be shown, in order
}

const (
	wellTitle = "丙县农商行送贷款下乡"
	wellBody  = "<p>丙县的信贷员走了<strong>十二个</strong>村。</p>"
)

func hostileLink(n int) string { return fmt.Sprintf("https://huaibao.example/e/%d", n) }

// withWell appends an item that is well, which must come through untouched.
func withWell(items []hostileItem) []hostileItem {
	return append(items[:len(items):len(items)], hostileItem{title: wellTitle, body: wellBody, keeps: []string{"丙县的信贷员走了十二个村。"}})
}

func hostileRSS(items []hostileItem) answer {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>坏报</title>`)
	for n, it := range withWell(items) {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">e%d</guid><link>%s</link><title>%s</title><pubDate>Wed, 13 Apr 2022 10:46:17 +0800</pubDate>%s<content:encoded>%s</content:encoded></item>`,
			n, hostileLink(n), html.EscapeString(it.title), it.more, html.EscapeString(it.body))
	}
	return answer{"application/rss+xml", b.String() + `</channel></rss>`}
}

func hostileAtom(items []hostileItem) answer {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>坏报</title><id>urn:huaibao</id><updated>2022-04-13T10:46:17+08:00</updated>`)
	for n, it := range withWell(items) {
		fmt.Fprintf(&b, `<entry><id>e%d</id><link href="%s"/><title type="html">%s</title><updated>2022-04-13T10:46:17+08:00</updated><content type="html">%s</content></entry>`,
			n, hostileLink(n), html.EscapeString(it.title), html.EscapeString(it.body))
	}
	return answer{"application/atom+xml", b.String() + `</feed>`}
}

func hostileJSON(t *testing.T, items []hostileItem) answer {
	t.Helper()
	var list []map[string]string
	for n, it := range withWell(items) {
		list = append(list, map[string]string{"id": fmt.Sprintf("e%d", n), "url": hostileLink(n), "title": it.title,
			"content_html": it.body, "date_published": "2022-04-13T10:46:17+08:00"})
	}
	document, err := json.Marshal(map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": "坏报", "items": list})
	if err != nil {
		t.Fatal(err)
	}
	return answer{"application/feed+json", string(document)}
}

// answer is an answer of a source.
type answer struct{ contentType, document string }

// outcome is what came of a poll of hostile items.
type outcome struct {
	faults []string          // that were told
	views  []map[string]view // of each item, by the name of the output
	all    map[string][]byte // that left
}

// attacked polls once, and asserts what holds of all hostile markup: each item is read, what leaves finews is harmless, each
// article is shown whole wherever it is shown, the item that is well is untouched, and so are the other sources.
func (p *plight) attacked(sent answer, items []hostileItem) (came outcome) {
	p.t.Helper()
	p.answer = says(sent.contentType, sent.document)
	came.faults = p.brings(len(items) + 1)
	came.all = p.harmless()
	for n, it := range withWell(items) {
		shown := p.views(came.all, func(e feeds.Entry) bool { return e.Link == hostileLink(n) })
		came.views = append(came.views, shown)
		for output, v := range shown {
			if v.misses(it.keeps) != "" {
				p.t.Errorf("%s of item %d lacks %q:\n%.2000s", output, n, v.misses(it.keeps), v.body)
			}
		}
	}
	for output, v := range came.views[len(items)] {
		if v.title != wellTitle || !strings.Contains(v.body, wellBody) {
			p.t.Errorf("%s shows the item that is well as %+v", output, v)
		}
	}
	return came
}

// view is how an output shows an entry.
type view struct{ title, body string }

// misses returns the first piece of text that the body does not show in its place.
func (v view) misses(pieces []string) string {
	root, err := xhtml.Parse(strings.NewReader(v.body))
	if err != nil {
		return err.Error()
	}
	rest := textOf(root)
	for _, piece := range pieces {
		found := false
		if _, rest, found = strings.Cut(rest, piece); !found {
			return piece
		}
	}
	return ""
}

// views returns how each output that has the whole of an entry shows the one that is meant, by the name of the output.
func (p *plight) views(all map[string][]byte, meant func(feeds.Entry) bool) map[string]view {
	p.t.Helper()
	for _, e := range p.entries(ailing) {
		if meant(e) {
			return map[string]view{
				"RSS": p.inXML(all["huaibao.xml"], "item", e.ID), "Atom": p.inXML(all["huaibao.atom"], "entry", e.ID),
				"JSON Feed": p.inJSON(all["huaibao.json"], e.ID), "page": p.inPage(all[e.Path]), "show": p.inShow(all["show "+e.ID+".json"]),
			}
		}
	}
	p.t.Fatal("no such entry is stored")
	return nil
}

func (p *plight) inXML(document []byte, element, id string) view {
	p.t.Helper()
	type item struct {
		GUID    string `xml:"guid"`
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Encoded string `xml:"encoded"`
		Content string `xml:"content"`
	}
	var feed struct {
		Items   []item `xml:"channel>item"`
		Entries []item `xml:"entry"`
	}
	if err := xml.Unmarshal(document, &feed); err != nil {
		p.t.Fatal(err)
	}
	for _, it := range append(feed.Items, feed.Entries...) {
		if it.GUID+it.ID == id {
			return view{it.Title, it.Encoded + it.Content}
		}
	}
	p.t.Errorf("no %s is %s", element, id)
	return view{}
}

func (p *plight) inJSON(document []byte, id string) view {
	p.t.Helper()
	var feed struct {
		Items []struct {
			ID, Title string
			HTML      string `json:"content_html"`
		}
	}
	if err := json.Unmarshal(document, &feed); err != nil {
		p.t.Fatal(err)
	}
	for _, it := range feed.Items {
		if it.ID == id {
			return view{it.Title, it.HTML}
		}
	}
	p.t.Errorf("no item of the JSON Feed is %s", id)
	return view{}
}

func (p *plight) inShow(answer []byte) view {
	p.t.Helper()
	var shown struct{ Title, HTML string }
	if err := json.Unmarshal(answer, &shown); err != nil {
		p.t.Fatal(err)
	}
	return view{shown.Title, shown.HTML}
}

func (p *plight) inPage(page []byte) view {
	p.t.Helper()
	root := parsePage(p.t, string(page))
	body := elementWith(root, "class", "body")
	if body == nil {
		p.t.Fatalf("the page has no body:\n%s", page)
	}
	var markup strings.Builder
	for n := range body.ChildNodes() {
		if err := xhtml.Render(&markup, n); err != nil {
			p.t.Fatal(err)
		}
	}
	return view{textOf(elementNamed(root, "h1")), markup.String()}
}

func elementNamed(root *xhtml.Node, name string) *xhtml.Node {
	for n := range root.Descendants() {
		if n.Type == xhtml.ElementNode && n.Data == name {
			return n
		}
	}
	return &xhtml.Node{}
}
