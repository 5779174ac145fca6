package parse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

// pageRefusedSoon reads a page by the selectors of a source. What it would do otherwise takes minutes, or gigabytes.
func pageRefusedSoon(t *testing.T, s feeds.Source, body, want string) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := parse.Page(s, parse.Document{Body: []byte(body), URL: s.URL, At: asked})
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.200v, want an error that says %q", err, want)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("not refused in 5 seconds, want an error that says %q", want)
	}
}

// TestFormattingBehindAStrayCell reads 50 KB of which a parser makes a gigabyte: it does not find the <b> behind what the
// stray </td> does not close.
func TestFormattingBehindAStrayCell(t *testing.T) {
	var body strings.Builder
	for i := range 450 {
		fmt.Fprintf(&body, "<p><b a=%d><object></td></b></object></p>", i)
	}
	body.WriteString(strings.Repeat("<p>农</p>", 3_300))
	used := allocated(func() { pageRefusedSoon(t, pageSource(), body.String(), "much of its formatting is never closed") })
	if used > 20 {
		t.Errorf("%d MiB for a page of %d KiB", used, body.Len()>>10)
	}
}

// TestWorkOnPagesIsBounded reads pages that keep the reader or its selectors busy for long.
func TestWorkOnPagesIsBounded(t *testing.T) {
	nested := pageSource()
	nested.Item = feeds.Fields{List: feeds.Selector{CSS: "div.news li"}, Title: feeds.Selector{CSS: "h3.t a.x"},
		Link: feeds.Selector{CSS: "a", Attr: "href"}, Published: feeds.Selector{CSS: "div.meta span.date"}}
	last := pageSource()
	last.Item.List.CSS = "li:nth-last-of-type(3)"
	chain := pageSource()
	chain.Item.List.CSS = "div.a .b .c .d li"
	deep := strings.Repeat("<div class='b c d'>", 200)
	for name, c := range map[string]struct {
		source     feeds.Source
		body, want string
	}{
		"drawings that do not end": {pageSource(), strings.Repeat("</svg", 8<<20/5), "finds nothing"},
		"items in items":           {nested, "<div class=news>" + strings.Repeat("<ul><li>", 30) + strings.Repeat("<i>农</i>", 3_000), "lie inside one another"},
		"many siblings":            {last, strings.Repeat("<ul>"+strings.Repeat("<li>", 9_000)+"</ul>", 11), "hold as many others"},
		"deep chains":              {chain, strings.Repeat(deep+"<li>农"+strings.Repeat("</div>", 200), 200), "deep within each other"},
		"attributes":               {pageSource(), strings.Repeat("<p a b c d e f g h i j k l m n o p q r s t u v w x y z>", 80_000), "more than 300000 attributes"},
	} {
		t.Run(name, func(t *testing.T) { pageRefusedSoon(t, c.source, c.body, c.want) })
	}
}

// TestListsWithinListsAreRead holds that the bound of nested items is one of work: lists within lists are common.
func TestListsWithinListsAreRead(t *testing.T) {
	s := pageSource()
	s.MaxItems = 500
	body := "<ul>" + strings.Repeat(`<li><a href="/1">农信</a><ul>`+strings.Repeat(`<li><a href="/2">普惠</a></li>`, 9)+"</ul></li>", 40)
	result, err := parse.Page(s, parse.Document{Body: []byte(body), URL: s.URL, At: asked})
	if err != nil || len(result.Items) != 400 {
		t.Errorf("%d items, %v", len(result.Items), err)
	}
}

// TestLongNamesInFeeds reads end tags that each were held against a hundred names of 64 KB.
func TestLongNamesInFeeds(t *testing.T) {
	long := "<" + strings.Repeat("x", 60_000) + ">"
	refusedSoon(t, "names", "<rss>"+strings.Repeat(long, 112)+strings.Repeat("</>", 199_000), "the name of an element of more than 1024 bytes")
}

// TestBodyAddressKeepsItsFolder holds that no word of an item leads out of the folder that the operator wrote, with his
// credentials.
func TestBodyAddressKeepsItsFolder(t *testing.T) {
	const template = "https://county.example/api/{id}/text?title={title}"
	for id, ok := range map[string]bool{
		"2026-07": true, "农信.1": true, "...": true, "a..b": true, "七月/3": true,
		".": false, "..": false, "../admin": false, `..\admin`: false, "a/../..": false, "./": false,
	} {
		address, err := parse.BodyAddress(feeds.Source{Body: feeds.BodyRules{URL: template}}, feeds.Item{GUID: id, Title: ".."})
		if ok != (err == nil) {
			t.Errorf("id %q: %q, %v", id, address, err)
		}
		if err != nil && !strings.Contains(err.Error(), "lead to another folder") {
			t.Errorf("id %q: %v", id, err)
		}
	}
	for _, link := range []string{"https://county.example/1", "https://county.example/a/b/?x=1/2"} {
		rules := feeds.BodyRules{URL: "{link}/text/{id}?x=1"}
		if address, err := parse.BodyAddress(feeds.Source{Body: rules}, feeds.Item{Link: link, GUID: "7"}); err != nil {
			t.Errorf("%s: %q, %v", link, address, err)
		}
		if address, err := parse.BodyAddress(feeds.Source{Body: rules}, feeds.Item{Link: "https://county.example/1", GUID: ".."}); err == nil {
			t.Errorf("%s: %q", link, address)
		}
	}
}

// TestBodyAddressShowsNoKey holds that the message of an address that is none has no key of feeds.yaml in it.
func TestBodyAddressShowsNoKey(t *testing.T) {
	for template, id := range map[string]string{
		"https://{id}/text?key=geheim":               "evil.example/?",
		"https://county.example{id}/?key=geheim":     "@evil.example",
		"https://op:geheim@county.example/{id}":      "1",
		"https://county.example:{id}/?key=geheim#x":  "port",
		"weixin:geheim?id={id}":                      "1",
		"https://county.example%zz/{id}?key=geheim":  "1",
		"https://county.example:{id}x/a#key=geheim1": "1",
	} {
		address, err := parse.BodyAddress(feeds.Source{Body: feeds.BodyRules{URL: template}}, feeds.Item{GUID: id})
		if err == nil || strings.Contains(err.Error(), "geheim") || !strings.Contains(err.Error(), "no web address") {
			t.Errorf("%s: %q, %v", template, address, err)
		}
	}
}
