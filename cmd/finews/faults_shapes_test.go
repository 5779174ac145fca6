package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// shaped is a body of hostile shape, and what of its text must be shown.
type shaped struct {
	body  string
	keeps []string
}

// hostileShapes are bodies that make a parser work without end, or grow.
func hostileShapes() map[string]shaped {
	var bold strings.Builder
	for n := range 400 {
		fmt.Fprintf(&bold, "<b id=%d>", n)
	}
	return map[string]shaped{
		"stray ends":          {strings.Repeat("</div></p></b></td></article>", 8_000) + "游离之后。", []string{"游离之后。"}},
		"never closed":        {strings.Repeat("<p><b><ul><li><table><td>未闭合", 2_000), []string{"未闭合", "未闭合"}},
		"100,000 deep":        {"最外层。" + strings.Repeat("<p>", 10) + strings.Repeat("<q>", 70_000) + "最里层。" + strings.Repeat("<i>", 30_000), []string{"最外层。"}},
		"300 deep":            {strings.Repeat("<blockquote>", 300) + "深处的话。", []string{"深处的话。"}},
		"400 bold":            {"<p>" + bold.String() + strings.Repeat("农<p>", 10_000), []string{"农"}},
		"400 bold, few":       {"<p>" + bold.String() + strings.Repeat("商<p>", 900), []string{"商"}},
		"inline in each":      {"<b><i><u><s><em><strong><small><code><sub><sup>" + strings.Repeat("<p>"+strings.Repeat("信贷员下乡。", 8), 480), []string{"信贷员下乡。"}},
		"many paragraphs":     {strings.Repeat("<p>社</p>", 12_000), []string{"社", "社"}},
		"many line breaks":    {strings.Repeat("联<br>", 12_000), []string{"联"}},
		"a link around all":   {`<a href="https://huaibao.example/` + strings.Repeat("x", 1_900) + `">` + strings.Repeat("<p>款</p>", 100), []string{"款", "款"}},
		"many relative links": {strings.Repeat(`<a href="1">贷</a> `, 900), []string{"贷"}},
	}
}

// Bounds of a published body, as its readers bear it.
const (
	mostNodes   = 5_000     // elements and texts
	mostDeep    = 64        // elements inside one another
	mostGrown   = 16 << 10  // bytes beyond twice what came: relative links become long
	mostCleaned = 128 << 20 // bytes that a poll allocates for one body of 256 KiB, with all that is published
)

// TestFault48Shapes: whatever shape markup has, what is made of it is balanced, flat and small, and cheap to make.
func TestFault48Shapes(t *testing.T) {
	for name, shape := range hostileShapes() {
		t.Run(name, func(t *testing.T) {
			p := newPlight(t)
			items := []hostileItem{{title: "形状古怪的消息", body: shape.body, keeps: shape.keeps}}
			p.answer = says("text/xml", hostileRSS(items).document)
			allocated := allocatedBy(func() { p.brings(2) })
			t.Logf("%s: %d KiB take %d MiB", name, len(shape.body)>>10, allocated>>20)
			if allocated > mostCleaned {
				t.Errorf("%d KiB of markup take %d MiB", len(shape.body)>>10, allocated>>20)
			}
			all := p.harmless()
			views := p.views(all, func(e feeds.Entry) bool { return e.Link == hostileLink(0) })
			for output, v := range views {
				if piece := v.misses(shape.keeps); piece != "" {
					t.Errorf("%s lacks %q:\n%.300s", output, piece, v.body)
				}
			}
			body := views["show"].body
			if len(body) > 2*len(shape.body)+mostGrown {
				t.Errorf("%d bytes became %d", len(shape.body), len(body))
			}
			deepest, err := balanced(body)
			if err != nil || deepest > mostDeep {
				t.Errorf("the body is %d deep: %v", deepest, err)
			}
			if nodes := countNodes(parsePage(t, body)); nodes > mostNodes {
				t.Errorf("the body has %d nodes", nodes)
			}
		})
	}
}

func allocatedBy(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// balanced returns how deep the elements of a body stand inside one another, and an error where one is not closed, or a tag
// closes another than the last that was opened.
func balanced(body string) (deepest int, err error) {
	var open []string
	for z := html.NewTokenizer(strings.NewReader(body)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				err = fmt.Errorf("%q are never closed", open)
			}
			return deepest, err
		case html.StartTagToken:
			name, _ := z.TagName()
			if s := string(name); s != "br" && s != "hr" && s != "img" {
				open = append(open, s)
			}
			deepest = max(deepest, len(open))
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return deepest, fmt.Errorf("</%s> in %q", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// countNodes counts the elements and the texts that a browser makes of a body.
func countNodes(root *html.Node) (count int) {
	for n := range elementNamed(root, "body").Descendants() {
		if n.Type == html.ElementNode || n.Type == html.TextNode {
			count++
		}
	}
	return count
}

// TestFault51Images: no image is loaded from a reader's own network or is there to count, and those that stay are loaded
// late and without saying where they stand. Each line of the file names what is left after =>.
func TestFault51Images(t *testing.T) {
	t.Parallel()
	var items []hostileItem
	var left [][]string
	for line := range strings.Lines(readCase(t, "images.txt")) {
		if strings.HasPrefix(line, "# ") || strings.TrimSpace(line) == "" {
			continue
		}
		dirty, addresses, _ := strings.Cut(strings.TrimSpace(line), " =>")
		text := fmt.Sprintf("第%d张图的说明。", len(items))
		items = append(items, hostileItem{title: fmt.Sprintf("第%d张图", len(items)), body: dirty + "<p>" + text + "</p>", keeps: []string{text}})
		left = append(left, strings.Fields(addresses))
	}
	came := newPlight(t).attacked(hostileRSS(items), items)
	for n := range items {
		for output, v := range came.views[n] {
			if got := imagesOf(parsePage(t, v.body)); !slices.Equal(got, left[n]) {
				t.Errorf("%s of %s: images %q, want %q", output, items[n].body, got, left[n])
			}
			if strings.Contains(v.body, "evil.example") {
				t.Errorf("%s of item %d still holds evil.example:\n%s", output, n, v.body)
			}
		}
	}
	warned(t, came.faults, "e0: 1 addresses that are not public")
}

func imagesOf(root *html.Node) (addresses []string) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "img" {
			addresses = append(addresses, attributeOf(n, "src"))
		}
	}
	return addresses
}
