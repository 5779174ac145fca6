package sanitize

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// chain is all that finews does with a body.
func chain(body string) {
	r := Clean(body, base)
	r.Words()
	r.Fingerprint()
}

func BenchmarkClean(b *testing.B) {
	benchmarkBodies(b, chain)
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

// flashes are short news of one sentence, as wires send them.
func flashes() []string {
	var all []string
	for n := range 400 {
		all = append(all, fmt.Sprintf("<p>　　县联社%d月%d日公告，上半年向%d户农户发放贷款%d.%d亿元，同比增长%d%%。（来源：县域金融网）</p>", n%12+1, n%28+1, 100+n, n%9, n%10, n%30))
	}
	return all
}

// mixed are bodies of the text-loss check: every habit and every fault of markup that it knows, in a row.
func mixed(b *testing.B) []string {
	g := newGenerator(b, 2022)
	var all []string
	for range 100 {
		all = append(all, g.body().markup())
	}
	return all
}

// BenchmarkCleanToUGCPolicy cleans the same bodies by both in turn. It gives how many times as long the whole chain takes
// as UGCPolicy alone: the median, the first and the ninth decile of the rounds. The yardstick reads no text, summary,
// image, outlet, words and fingerprint, and leaves in what is hidden.
func BenchmarkCleanToUGCPolicy(b *testing.B) {
	ugc := bluemonday.UGCPolicy()
	for _, set := range []struct {
		name   string
		bodies []string
	}{{"articles", bodies()}, {"flashes", flashes()}, {"mixed", mixed(b)}} {
		b.Run(set.name, func(b *testing.B) {
			var ratios []float64
			for b.Loop() {
				start := time.Now()
				for _, body := range set.bodies {
					chain(body)
				}
				between := time.Now()
				for _, body := range set.bodies {
					ugc.Sanitize(body)
				}
				ratios = append(ratios, float64(between.Sub(start))/float64(time.Since(between)))
			}
			slices.Sort(ratios)
			for name, part := range map[string]int{"median-x": 5, "decile1-x": 1, "decile9-x": 9} {
				b.ReportMetric(ratios[(len(ratios)-1)*part/10], name)
			}
		})
	}
}
