package sanitize

import (
	"fmt"
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// bodies generates articles of 2–8 KB with the habits of the real ones; no two share a paragraph.
func bodies() []string {
	var all []string
	for article := range 40 {
		var b strings.Builder
		fmt.Fprintf(&b, `<p style="display:none;height:1px;overflow:hidden;">%d</p><!-- Start --><p style="text-align:center;"><img src="https://c.example/p?nid=%d&token=abc" width="578" /></p>`, article, article)
		for p := range 6 + article%12 {
			fmt.Fprintf(&b, `<p>　　第%d篇第%d段，<span id="s%d"><a href="https://q.example/%d" class="keytip">江畔农商行</a></span><span></span>%s</p>`,
				article, p, p, p, strings.Repeat(fmt.Sprintf("向%d户春耕农户发放“惠农贷”，", p+article), 8))
		}
		b.WriteString(`<p class="em_media">（文章来源：县域金融网）</p>`)
		all = append(all, b.String())
	}
	return all
}

func benchmarkBodies(b *testing.B, clean func(string)) {
	all := bodies()
	size := 0
	for _, body := range all {
		size += len(body)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range all {
			clean(body)
		}
	}
}

func BenchmarkClean(b *testing.B) {
	benchmarkBodies(b, func(body string) { Clean(body, base) })
}

// parseable is what a body context looks like, for the parts of the chain that are measured alone.
func parseable() *html.Node {
	return &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
}

// BenchmarkParse is the part of Clean that is x/net/html's.
func BenchmarkParse(b *testing.B) {
	benchmarkBodies(b, func(body string) {
		if _, err := html.ParseFragment(strings.NewReader(body), parseable()); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkUGCPolicy is the yardstick: what anyone would write.
func BenchmarkUGCPolicy(b *testing.B) {
	ugc := bluemonday.UGCPolicy()
	benchmarkBodies(b, func(body string) { ugc.Sanitize(body) })
}
