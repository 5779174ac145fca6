package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// refused is a document that has to be refused as a whole, by a source of a kind, and what is told of it.
type refused struct {
	name     string
	kind     feeds.Kind
	document string
	told     string
}

// refuses has each of the documents sent by a source of its kind, in order, with the source well in between. A source
// takes 16 MiB, so that the guard is asked, and not the bound of the body.
func refuses(t *testing.T, documents []refused) {
	for kind := range shapes {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p := newPlightOf(t, kind)
			p.keys += "\n    max_bytes: 16MiB"
			for _, each := range documents {
				if each.kind == kind {
					p.answer = says(shapes[kind].contentType, each.document)
					line := p.fails("parse", 200, each.told)
					if t.Failed() || len(line) > 700 {
						t.Fatalf("%s: %d bytes of line", each.name, len(line))
					}
					p.wellAgain(kind)
				}
			}
		})
	}
}

func TestFault30Entities(t *testing.T) {
	asked := atomic.Int32{}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked.Add(1) }))
	defer elsewhere.Close()
	const end = `<rss version="2.0"><channel><title>坏报</title><item><guid>新</guid><link>https://huaibao.example/xin</link><title>农信&e;</title></item></channel></rss>`
	laughs := `<!ENTITY e0 "农">`
	for i := range 30 {
		laughs += fmt.Sprintf(`<!ENTITY e%d "&e%d;&e%[2]d;&e%[2]d;&e%[2]d;">`, i+1, i)
	}
	p := newPlight(t)
	for name, declared := range map[string]string{
		"billion laughs": "<!DOCTYPE rss [" + laughs + `<!ENTITY e "&e30;">]>`,
		"quadratic":      `<!DOCTYPE rss [<!ENTITY e "` + strings.Repeat("农", 100_000) + `">]>`,
		"file":           `<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/hostname">]>`,
		"address":        `<!DOCTYPE rss [<!ENTITY e SYSTEM "` + elsewhere.URL + `/e">]>`,
		"parameter":      `<!DOCTYPE rss [<!ENTITY % d SYSTEM "` + elsewhere.URL + `/d"> %d;]>`,
	} {
		p.answer = says("text/xml", declared+end)
		p.fails("parse", 200, "a DOCTYPE with declarations of its own")
		p.recovers()
		if t.Failed() {
			t.Fatal(name)
		}
	}
	// A DTD that is only named is not asked for, and an entity of it stays as it is written.
	p.answer = says("text/xml", `<!DOCTYPE rss SYSTEM "`+elsewhere.URL+`/rss.dtd">`+end)
	p.brings(1)
	if got := p.entries(ailing)[0].Title; got != "农信&e;" {
		t.Errorf("the entity reads %q", got)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("%d requests for what a document names", n)
	}
}

func TestFault31Depth(t *testing.T) {
	const deep = 2_000_000
	refuses(t, []refused{
		{"elements", feeds.KindFeed, "<rss><channel><item>" + strings.Repeat("<x>", deep), "nesting over 256 at byte"},
		{"Atom text", feeds.KindFeed, `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">` + strings.Repeat("<b>", deep), "nesting over 256 at byte"},
		{"arrays of a feed", feeds.KindFeed, `{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", deep), "nesting over 256 at byte"},
		{"arrays", feeds.KindJSON, `{"data":{"list":` + strings.Repeat("[", deep), "nesting over 256 at byte"},
		{"objects", feeds.KindJSON, strings.Repeat(`{"data":`, deep/2), "nesting over 256 at byte"},
		{"blocks", feeds.KindPage, "<body>" + strings.Repeat("<div>", deep), "the page would take too much to read"},
		{"formatting", feeds.KindPage, "<body>" + strings.Repeat("<b>", deep), "the page would take too much to read"},
	})
}

func TestFault32Bombs(t *testing.T) {
	const ten = 10 << 20
	var attributes strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&attributes, " a%d='农'", i)
	}
	refuses(t, []refused{
		{"8,000 xmlns", feeds.KindFeed, "<rss>" + strings.Repeat(`<a xmlns:a="b">`, 8_000), "more than 64 namespace declarations"},
		{"8,000 xmlns in one tag", feeds.KindFeed, "<rss" + strings.Repeat(` xmlns:a="b"`, 8_000) + ">", "a tag of more than"},
		{"100k attributes", feeds.KindFeed, "<rss" + strings.Repeat(" a='农'", 100_000) + ">", "a tag of more than"},
		{"name of 10 MB", feeds.KindFeed, "<rss><" + strings.Repeat("a", ten) + "/></rss>", "a tag of more than"},
		{"comment of 10 MB", feeds.KindFeed, "<rss><!--" + strings.Repeat("a", ten) + "--></rss>", "not a feed"},
		{"instruction of 10 MB", feeds.KindFeed, "<rss><?a " + strings.Repeat("a", ten) + "?></rss>", "a comment or an instruction of more than"},
		{"100k attributes of a page", feeds.KindPage, "<body" + attributes.String() + ">", "a tag has more than 500 attributes"},
		{"values", feeds.KindJSON, `{"data":{"list":[` + strings.Repeat("{},", 1_000_000), "more than 200000 values"},
	})
}

// many is a document with so many entries, the newest neither first nor last.
func (s serial) many(n int) string {
	entries := make([]string, n)
	for i := range entries {
		at := time.Date(2022, 5, 1, 0, (i+n/2)%n, 0, 0, time.UTC)
		entries[i] = fmt.Sprintf(s.entry, 1000+(i+n/2)%n, at.Format(time.RFC3339))
	}
	return s.start + strings.Join(entries, s.between) + s.end
}

func TestFault33ManyItems(t *testing.T) {
	for name, oldest := range map[string]string{"RSS": "第1100条", "Atom": "第1100条", "JSON Feed": "第1100条", "list API": "第1100条", "page": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serials[name]
			p := newPlightOf(t, s.kind)
			p.answer = says(s.contentType, s.many(600))
			faults := p.brings(500)
			if s.kind == feeds.KindPage { // a page is in the order that its site thinks right
				warned(t, faults, "600 items, of which the first 500 were read")
				return
			}
			warned(t, faults, "600 items, of which the newest 500 were read")
			entries := p.entries(ailing) // the two from before come last
			if first, last := entries[0].Title, entries[499].Title; !strings.HasPrefix(first, "第1599条") || !strings.HasPrefix(last, oldest) {
				t.Errorf("kept %q to %q", first, last)
			}
			if feed := string(p.published("huaibao.xml")); !strings.Contains(feed, "第1599条") || strings.Count(feed, "<item>") != 100 { // the newest 50, and the last 50 that came: the document begins with the oldest
				t.Errorf("%d items are published", strings.Count(feed, "<item>"))
			}
		})
	}
}

// TestFault33MillionItems: the bound of the body comes first, and the count of elements where they are small.
func TestFault33MillionItems(t *testing.T) {
	p := newPlight(t)
	const item = "<item><title>农商行支农再贷款</title><link>https://huaibao.example/</link><description>" + "正文正文正文正文正文正文正文正文正文正文" + "</description></item>"
	sent := 0
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, `<rss version="2.0"><channel><title>坏报</title>`)
		block := strings.Repeat(item, 1000)
		for range 1000 {
			n, err := io.WriteString(w, block)
			if sent += n; err != nil {
				return
			}
		}
	}
	p.fails("body", 200, "body over 8 MiB", "max_bytes")
	if sent > 32<<20 {
		t.Errorf("%d bytes were taken", sent)
	}
	p.recovers()
	p.answer = says("text/xml", `<rss version="2.0"><channel><title>坏报</title>`+strings.Repeat("<item><title>农</title></item>", 200_000)+"</channel></rss>")
	p.fails("parse", 200, "more than 200000 elements")
	p.recovers()
}

// TestFault34LargeEntry: an entry of 8 MB is kept as far as 256 KiB go, and what is published of it is whole markup.
func TestFault34LargeEntry(t *testing.T) {
	const limit = 256 << 10
	paragraph := "<p>" + strings.Repeat("支农再贷款惠及农户。", 50) + "</p>"
	body := strings.Repeat(paragraph, 7<<20/len(paragraph))
	long := strings.Repeat("农", 7<<20/3) // not a tag in it to cut at
	for name, c := range map[string]struct{ start, body, end string }{
		"RSS": {`<rss version="2.0"><channel><title>坏报</title><item><guid>新</guid><link>https://huaibao.example/xin</link><title>农商行长文</title>` +
			`<pubDate>Wed, 13 Apr 2022 10:46:17 +0800</pubDate><description><![CDATA[`, body, `]]></description></item></channel></rss>`},
		"JSON Feed": {`{"version":"https://jsonfeed.org/version/1.1","title":"坏报","items":[{"id":"新","url":"https://huaibao.example/xin","title":"农商行长文",` +
			`"date_published":"2022-04-13T10:46:17+08:00","content_html":"`, body, `"}]}`},
		"one word": {`<rss version="2.0"><channel><title>坏报</title><item><guid>新</guid><link>https://huaibao.example/xin</link><title>农商行长文</title>` +
			`<pubDate>Wed, 13 Apr 2022 10:46:17 +0800</pubDate><description>`, long, `</description></item></channel></rss>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlight(t)
			p.answer = says("", c.start+c.body+c.end)
			warned(t, p.brings(1), fmt.Sprintf("新: the body of %d bytes was cut to ", len(c.body)))
			kept := string(p.entries(ailing)[0].Body)
			if len(kept) > limit || len(kept) < limit-8192 || !utf8.ValidString(kept) || !strings.HasSuffix(kept, "</p>") ||
				strings.Count(kept, "<p>") != strings.Count(kept, "</p>") {
				t.Errorf("%d bytes are stored, ending %q", len(kept), kept[max(0, len(kept)-60):])
			}
			p.shows("农商行长文")
			page := string(p.published(p.entries(ailing)[0].Path))
			if !strings.Contains(page, kept) || !strings.Contains(page, "阅读原文") || len(page) > limit+16<<10 {
				t.Errorf("the page of %d bytes does not show what is stored, with a way to the rest", len(page))
			}
		})
	}
}
