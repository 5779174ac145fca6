package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// hostileTitles are titles as sources send them, as HTML, and what people must read then.
var hostileTitles = []struct{ dirty, shown string }{
	{"<b>春耕</b>贷款<i>发放</i>", "春耕贷款发放"},
	{"<script>alert(1)</script>春耕备耕", "春耕备耕"},
	{"<img src=x onerror=alert(1)>农信社改制", "农信社改制"},
	{"&lt;script&gt;alert(1)&lt;/script&gt;怎么防", "<script>alert(1)</script>怎么防"},
	{"&amp;lt;b&amp;gt;再转义一次", "&lt;b&gt;再转义一次"},
	{`"><svg onload=alert(1)>惠农贷`, `">惠农贷`},
	{`引号"与'撇号`, `引号"与'撇号`},
	{"农信&amp;农商 A&B", "农信&农商 A&B"},
	{"利率<LPR，息差>1.5%", "利率<LPR，息差>1.5%"},
	{"</title></h1></a><script>alert(2)</script>破出标题", "破出标题"},
	{"<style>body{display:none}</style>样式表之后", "样式表之后"},
	{"]]>&lt;item&gt;与{{.Title}}", "]]><item>与{{.Title}}"},
}

// TestFault44Titles: a title is text, whatever stands in it, and is the same text wherever it is read.
func TestFault44Titles(t *testing.T) {
	var items []hostileItem
	for n, title := range hostileTitles {
		body := fmt.Sprintf("第%d篇的正文。", n)
		items = append(items, hostileItem{title: title.dirty, body: "<p>" + body + "</p>", keeps: []string{body}})
	}
	for format, sent := range map[string]answer{"RSS": hostileRSS(items), "Atom": hostileAtom(items), "JSON Feed": hostileJSON(t, items)} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			p := newPlight(t)
			came := p.attacked(sent, items)
			for n, title := range hostileTitles {
				for output, v := range came.views[n] {
					if v.title != title.shown {
						t.Errorf("%s: title %d is %q, want %q", output, n, v.title, title.shown)
					}
				}
				for _, page := range []string{"index.html", "category/huaibao.html", "embed/huaibao.html"} {
					if !slices.Contains(linesOf(t, came.all[page]), title.shown) {
						t.Errorf("%s does not show %q", page, title.shown)
					}
				}
				if first := linesOf(t, came.all[p.pathOf(hostileLink(n))])[0]; first != title.shown+" · 农金消息" {
					t.Errorf("the page's title is %q, want %q", first, title.shown)
				}
			}
			if got := strings.Count(string(came.all["huaibao.atom"]), `<title type="text">`); got != len(hostileTitles)+3 {
				t.Errorf("%d titles say that they are text", got)
			}
		})
	}
}

func (p *plight) pathOf(link string) string {
	for _, e := range p.entries(ailing) {
		if e.Link == link {
			return e.Path
		}
	}
	return ""
}

// linesOf returns what stands alone in an element of a page, the title first.
func linesOf(t *testing.T, page []byte) (lines []string) {
	t.Helper()
	for n := range parsePage(t, string(page)).Descendants() {
		if n.Type == html.ElementNode && n.FirstChild != nil && n.FirstChild.Type == html.TextNode && n.FirstChild.NextSibling == nil {
			lines = append(lines, n.FirstChild.Data)
		}
	}
	return lines
}

// TestFault45Addresses: of link, permalink, enclosure, image, citation and base only what is http or https is followed, in
// each format, and what is not is told. The entries are found by their hostileTitles: most have no link left.
func TestFault45Addresses(t *testing.T) {
	for name, contentType := range map[string]string{"addresses.rss": "application/rss+xml", "addresses.atom": "application/atom+xml", "addresses.json": "application/feed+json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlight(t)
			document := readCase(t, name)
			p.answer = says(contentType, document)
			count := strings.Count(document, "条：")
			faults := p.brings(count)
			all := p.harmless()
			for file, text := range all {
				if word := evil(string(text)); word != "" {
					t.Errorf("%s still holds %q", file, word)
				}
			}
			for n := 1; n <= count; n++ {
				title := fmt.Sprintf("第%d条", n)
				for output, v := range p.views(all, func(e feeds.Entry) bool { return strings.HasPrefix(e.Title, title) }) {
					if v.misses([]string{title + "正文"}) != "" {
						t.Errorf("%s of %s has lost its text: %q", output, title, v.body)
					}
				}
				if !slices.ContainsFunc(faults, func(fault string) bool { return tellsOfAddress(fault, n) }) {
					t.Errorf("of item e%d it is not told that an address was dropped: %q", n, faults)
				}
			}
		})
	}
}

// tellsOfAddress reports whether a fault is that an address of the item en was dropped.
func tellsOfAddress(fault string, n int) bool {
	return strings.HasPrefix(fault, fmt.Sprintf("e%d: ", n)) &&
		(strings.Contains(fault, "is no web address, and was dropped") || strings.Contains(fault, "not public http or https ones were dropped"))
}

// TestFault45Permalink: an id that would run, were it taken for the address that it may be, is told and leads nowhere.
func TestFault45Permalink(t *testing.T) {
	t.Parallel()
	p := newPlight(t)
	p.answer = says("application/rss+xml", readCase(t, "permalink.rss"))
	faults := p.brings(2)
	for file, text := range p.harmless() {
		if word := evil(string(text)); word != "" {
			t.Errorf("%s still holds %q", file, word)
		}
	}
	for _, scheme := range []string{"javascript:", "data:"} {
		if fault := fmt.Sprintf("its permalink is no web address, and was dropped: an address that begins with %q", scheme); !strings.Contains(strings.Join(faults, "\n"), fault) {
			t.Errorf("it is not told that %s: %q", fault, faults)
		}
	}
}

// evil returns the first trace of an address that must not be followed.
func evil(text string) string {
	for _, word := range []string{"javascript:", "vbscript:", "data:text", "data:image/png", "坏了"} {
		if strings.Contains(strings.ToLower(text), word) {
			return word
		}
	}
	return ""
}

func readCase(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "clean", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readVectors returns the lines of a file of testdata/clean, each as a body between two paragraphs; those that begin with #
// are for people. What stands after a vector is kept only where it does not itself eat it, as a browser would: such a line
// begins with ~. opening makes the first paragraph longer.
func readVectors(t *testing.T, name, opening string) (items []hostileItem) {
	t.Helper()
	for line := range strings.Lines(readCase(t, name)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		n := len(items)
		before, after := fmt.Sprintf("第%d条的开头。", n)+opening, fmt.Sprintf("第%d条的结尾。", n)
		it := hostileItem{title: fmt.Sprintf("第%d条消息", n), keeps: []string{before, after}}
		vector, eats := strings.CutPrefix(line, "~")
		if eats {
			it.keeps = it.keeps[:1]
		}
		it.body = "<p>" + before + "</p>" + vector + "<p>" + after + "</p>"
		items = append(items, it)
	}
	return items
}

// TestFault46Elements: what runs, loads, submits or draws is gone, with all that belongs to it.
func TestFault46Elements(t *testing.T) {
	t.Parallel()
	items := readVectors(t, "elements.txt", "")
	for file, text := range newPlight(t).attacked(hostileRSS(items), items).all {
		for _, word := range []string{"坏", "evil.example"} {
			if rest := strings.ReplaceAll(string(text), ailing, ""); strings.Contains(rest, word) {
				t.Errorf("%s still holds %q:\n%.3000s", file, word, rest)
			}
		}
	}
}

// TestFault47Mutations: markup that is harmless to one parser and runs in the next is harmless to both.
func TestFault47Mutations(t *testing.T) {
	t.Parallel()
	items := readVectors(t, "mutations.txt", "")
	if len(items) < 40 {
		t.Fatalf("%d vectors", len(items))
	}
	for some := range slices.Chunk(items, 30) { // a feed shows fifty
		newPlight(t).attacked(hostileRSS(some), some)
	}
}

// TestFault49TextIsNotLost: an element that is never closed, or that closes what was never open, takes no text with it.
func TestFault49TextIsNotLost(t *testing.T) {
	t.Run("little of it", func(t *testing.T) {
		t.Parallel()
		items := readVectors(t, "unclosed.txt", "")
		newPlight(t).attacked(hostileRSS(items), items)
	})
	t.Run("behind a frame", func(t *testing.T) {
		t.Parallel()
		items := readVectors(t, "frames.txt", strings.Repeat("信贷员走村入户，把春耕贷款送到田头。", 10))
		came := newPlight(t).attacked(hostileRSS(items), items)
		for n := range items {
			for output, v := range came.views[n] {
				if end := fmt.Sprintf("<p>第%d条的结尾。</p>", n); !strings.Contains(v.body, end) {
					t.Errorf("%s of item %d lacks %s:\n%s", output, n, end, v.body)
				}
			}
		}
	})
}

// TestFault50Names: no name, class or style of theirs stands in a page of ours, where scripts and style sheets go by them.
func TestFault50Names(t *testing.T) {
	t.Parallel()
	items := readVectors(t, "names.txt", "")
	came := newPlight(t).attacked(hostileRSS(items), items)
	for n := range items {
		for output, v := range came.views[n] {
			for _, word := range []string{" id=", " name=", " class=", " style=", " for=", " is=", " slot=", " data-", " aria-", " role=", " part="} {
				if strings.Contains(v.body, word) {
					t.Errorf("%s of item %d still holds%s:\n%s", output, n, word, v.body)
				}
			}
		}
	}
}

// TestFault53Tricks: nothing turns the direction of writing round, or hides in a name.
func TestFault53Tricks(t *testing.T) {
	t.Parallel()
	p := newPlight(t)
	p.answer = says("application/rss+xml", readCase(t, "tricks.rss"))
	p.brings(2)
	all := p.harmless()
	for file, text := range all {
		for _, reference := range []string{"&#x202", "&#x206", "&#x200b", "&#8238", `\u202`, `\u206`} {
			if strings.Contains(strings.ToLower(string(text)), strings.ToLower(reference)) {
				t.Errorf("%s holds %s", file, reference)
			}
		}
	}
	e := p.entries(ailing)
	i := slices.IndexFunc(e, func(e feeds.Entry) bool { return e.Link == "https://huaibao.example/e/1" })
	if i < 0 {
		t.Fatal("the entry is not stored")
	}
	got := []string{e[i].Title, e[i].Outlet, strings.Join(e[i].Authors, "、"), strings.Join(e[i].Tags, "、"), e[i].Body.Text()}
	if want := []string{"农商行年报gnp.exe", "县域金融网", "王小农", "惠农贷款", "正文也不玩花样。"}; !slices.Equal(got, want) {
		t.Errorf("stored is %q, want %q", got, want)
	}
	for output, v := range p.views(all, func(e feeds.Entry) bool { return e.Link == hostileLink(1) }) {
		if v.title != "农商行年报gnp.exe" {
			t.Errorf("%s: the title is %q", output, v.title)
		}
	}
}
