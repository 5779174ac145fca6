package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds/parse"
)

func TestFeedAnchors(t *testing.T) {
	page := `<!DOCTYPE html><html><head><title> 县域
		金融网 </title><base href="https://county.example/news/"></head><body>
		<a href="/about.html">订阅</a> <a href="list.html">关于 RSS 的一篇很长的报道，说的是农商行怎样用它发布消息，还有许多人至今怎样用它来读新闻的故事</a>
		<a href="#rss">到 RSS</a> <a href="/feedback.html">意见</a> <a href="/anatomy">解剖</a> <a href="javascript:rss()">RSS</a>
		<a href="finance_rss2.xml">财经</a> <a href="finance_rss2.xml">再来</a> <a href="?feed=1">要闻</a>
		<a href="/img"><img src="i.png" alt="RSS 图标"></a> <a href="/t" title="Atom"></a> <a href="https://user:geheim@county.example/rss">密</a>
		</body></html>`
	doc := parse.Document{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://county.example/"}
	want := []parse.Alternate{
		{URL: "https://county.example/news/finance_rss2.xml", Title: "财经"},
		{URL: "https://county.example/news/?feed=1", Title: "要闻"},
		{URL: "https://county.example/about.html", Title: "订阅"},
		{URL: "https://county.example/img", Title: "RSS 图标"},
		{URL: "https://county.example/t", Title: "Atom"},
	}
	if diff := cmp.Diff(want, parse.FeedAnchors(doc)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := parse.PageTitle(doc); got != "县域 金融网" {
		t.Errorf("title %q", got)
	}
}

// TestFeedAnchorsAreFew gives a page of many links, and what is no page.
func TestFeedAnchorsAreFew(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `<a href="/rss/%d">%s</a>`, i, strings.Repeat("农", 1000))
	}
	got := parse.FeedAnchors(parse.Document{Body: []byte(b.String()), URL: "https://county.example/"})
	if len(got) != 20 || len([]rune(got[0].Title)) > 200 {
		t.Errorf("%d links, the first titled %q", len(got), got[0].Title)
	}
	for _, body := range []string{"", "%PDF-1.4 /rss", strings.Repeat("<b>", 100_000) + `<a href="/rss">`} {
		doc := parse.Document{Body: []byte(body), URL: "https://county.example/"}
		if got, title := parse.FeedAnchors(doc), parse.PageTitle(doc); len(got) != 0 || title != "" {
			t.Errorf("%.20q: %v, %q", body, got, title)
		}
	}
}
