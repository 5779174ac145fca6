package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// serial is how a document of many entries is written, and what ends each of them.
type serial struct {
	kind              feeds.Kind
	start, entry, end string // entry: of a number and a time
	between, entryEnd string
	contentType       string
}

var serials = map[string]serial{
	"RSS": {feeds.KindFeed, `<rss version="2.0"><channel><title>坏报</title>`,
		`<item><guid isPermaLink="false">%[1]d</guid><link>https://huaibao.example/%[1]d</link><title>第%[1]d条：农商行支农再贷款</title><pubDate>%[2]s</pubDate></item>`,
		`</channel></rss>`, "", "</item>", "application/rss+xml"},
	"Atom": {feeds.KindFeed, `<feed xmlns="http://www.w3.org/2005/Atom"><title>坏报</title>`,
		`<entry><id>urn:%[1]d</id><link href="https://huaibao.example/%[1]d"/><title>第%[1]d条：农商行支农再贷款</title><updated>%[2]s</updated></entry>`,
		`</feed>`, "", "</entry>", "application/atom+xml"},
	"JSON Feed": {feeds.KindFeed, `{"version":"https://jsonfeed.org/version/1.1","title":"坏报","items":[`,
		`{"id":"%[1]d","url":"https://huaibao.example/%[1]d","title":"第%[1]d条：农商行支农再贷款","date_published":"%[2]s"}`,
		`]}`, ",", `"}`, "application/feed+json"},
	"page": {feeds.KindPage, `<!DOCTYPE html><html><head><title>坏报</title></head><body><ul class="news">`,
		`<li><a data-id="%[1]d" href="https://huaibao.example/%[1]d">第%[1]d条：农商行支农再贷款</a> <span>%[2]s</span></li>`,
		`</ul></body></html>`, "", "</li>", "text/html"},
	"list API": {feeds.KindJSON, `{"data":{"list":[`,
		`{"id":"%[1]d","url":"https://huaibao.example/%[1]d","title":"第%[1]d条：农商行支农再贷款","time":"%[2]s"}`,
		`]}}`, ",", `"}`, "application/json"},
}

// document returns a document of 40 entries, which no other turn has.
func (s serial) document(turn int) string {
	entries := make([]string, 40)
	for i := range entries {
		at := time.Date(2022, 5, 1, turn, i, 0, 0, time.UTC)
		entries[i] = fmt.Sprintf(s.entry, 1000*turn+i, at.Format(time.RFC3339))
	}
	return s.start + strings.Join(entries, s.between) + s.end
}

// validates answers with a document and one validator of each kind, the same for a cut document as for the whole, as a
// server does whose disk was full or whose process died. It returns the headers of the last request too.
func (p *plight) validates(contentType, document, tag string) *http.Header {
	asked := new(http.Header)
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		*asked = r.Header.Clone()
		w.Header().Set("ETag", tag)
		w.Header().Set("Last-Modified", "Mon, 11 Apr 2022 02:46:17 GMT")
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		says(contentType, document)(w, r)
	}
	return asked
}

// TestFault26CutDocument cuts a document at every twentieth, a longer piece at each poll: the whole entries are kept, the torn
// one is not, no poll asks with the validators of a cut document, and so each gets what the one before did not.
func TestFault26CutDocument(t *testing.T) {
	for _, name := range []string{"RSS", "Atom", "JSON Feed", "page"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serials[name]
			p := newPlightOf(t, s.kind)
			whole := s.document(1)
			came := 0
			for percent := 5; percent < 100; percent += 5 {
				size := len(whole) * percent / 100
				before := came
				came = strings.Count(whole[:size], s.entryEnd)
				p.survivesCut(s, whole[:size], came-before)
				if n := len(p.entries(ailing)); n != 2+came || t.Failed() {
					t.Fatalf("%d entries are stored, and %d came, up to %q at %d %%", n, came, whole[max(0, size-60):size], percent)
				}
			}
			p.validates(s.contentType, whole, `"整"`)
			p.brings(strings.Count(whole, s.entryEnd) - came)
			if v := p.state().Validators; v.ETag != `"整"` || v.LastModified == "" || v.BodyHash == "" {
				t.Errorf("the validators of the whole document were not saved: %+v", v)
			}
			for _, e := range p.entries(ailing)[:40] {
				if !strings.HasSuffix(e.Title, "条：农商行支农再贷款") || e.Published.Year() != 2022 {
					t.Errorf("stored torn: %q of %v", e.Title, e.Published)
				}
			}
		})
	}
}

// survivesCut polls a source that sends a cut document, in which so many entries are new.
func (p *plight) survivesCut(s serial, document string, entries int) {
	p.t.Helper()
	before := p.entries(ailing)
	asked := p.validates(s.contentType, document, `"整"`)
	warned(p.t, p.brings(entries), fmt.Sprintf("the document ends at byte %d ", len(document)))
	if asked.Get("If-None-Match")+asked.Get("If-Modified-Since") != "" {
		p.t.Errorf("the poll after a cut document asks with validators: %v", *asked)
	}
	if v := p.state().Validators; v.ETag+v.LastModified+v.BodyHash != "" {
		p.t.Errorf("validators of a cut document were saved: %+v", v)
	}
	if after := p.entries(ailing); !bytes.HasSuffix(titles(after), titles(before)) {
		p.t.Errorf("stored were\n%s and now\n%s", titles(before), titles(after))
	}
	p.readable("huaibao.xml", p.published("huaibao.xml"))
}

// titles returns the titles of entries, a line each.
func titles(entries []feeds.Entry) []byte {
	var b bytes.Buffer
	for _, e := range entries {
		fmt.Fprintln(&b, e.Title)
	}
	return b.Bytes()
}

// TestFault26NothingWhole: a feed that was cut before its first entry gives nothing, and a list API that was cut anywhere:
// what is left of it is no JSON. Either is a failure, after which the whole document is asked for.
func TestFault26NothingWhole(t *testing.T) {
	for name, c := range map[string]struct {
		cut  func(whole string) int
		told string
	}{
		"RSS":       {func(whole string) int { return strings.Index(whole, "支农再贷款") }, "cut before its first entry"},
		"Atom":      {func(whole string) int { return strings.Index(whole, "支农再贷款") }, "cut before its first entry"},
		"JSON Feed": {func(whole string) int { return strings.Index(whole, "支农再贷款") }, "cut before its first entry"},
		"page":      {func(whole string) int { return strings.Index(whole, "支农再贷款") }, "cut before its first entry"},
		"list API":  {func(whole string) int { return len(whole) / 2 }, "the JSON is damaged or cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serials[name]
			p := newPlightOf(t, s.kind)
			whole := s.document(1)
			p.validates(s.contentType, whole[:c.cut(whole)], `"整"`)
			p.fails("parse", 200, c.told)
			if v := p.state().Validators; v.ETag != "" {
				t.Errorf("the validators of a cut document were saved: %+v", v)
			}
			p.validates(s.contentType, whole, `"整"`)
			p.brings(strings.Count(whole, s.entryEnd))
		})
	}
}

// TestFault26CutNextPage: a list that goes on on a page that was cut is as torn as that page.
func TestFault26CutNextPage(t *testing.T) {
	s := serials["page"]
	p := newPlightOf(t, s.kind)
	p.keys += "\n    next: {css: a.next, pages: 2}"
	first := strings.Replace(s.document(1), "</ul>", `</ul><a class="next" href="/subject?page=2">下一页</a>`, 1)
	second := s.document(2)
	size := len(second) / 2
	send := second[:size]
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "2" {
			says(s.contentType, send)(w, r)
			return
		}
		says(s.contentType, first)(w, r)
	}
	came := strings.Count(send, s.entryEnd)
	warned(t, p.brings(40+came), fmt.Sprintf("the document ends at byte %d ", size))
	send = second
	p.brings(40 - came)
}
