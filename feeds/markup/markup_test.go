package markup_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds/markup"
)

// enough is the number of clones at which the tests stop, as those who use the package do at some.
const enough = 20_000

// reckon feeds the tags of a text, and returns the nodes that the parser makes of it at most.
func reckon(text string, fragment bool) (nodes int, cost *markup.Cost) {
	cost = &markup.Cost{}
	nodes = 5 // the document, html, head, body
	for z := html.NewTokenizer(strings.NewReader(text)); cost.Clones <= enough; {
		kind := z.Next()
		nodes++
		switch kind {
		case html.ErrorToken:
			return nodes + cost.Clones, cost
		case html.TextToken:
			cost.Text()
			nodes++ // in the head and in a table it is divided
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			attrs := 0
			for ; more; attrs++ {
				_, _, more = z.TagAttr()
			}
			tag := atom.Lookup(name)
			if tag == atom.Noscript && fragment {
				z.NextIsNotRawText() // nor is it to the parser: scripting is off
			}
			cost.Start(tag, attrs)
			nodes += implied[tag]
		case html.EndTagToken:
			name, _ := z.TagName()
			cost.End(atom.Lookup(name))
		}
	}
	return nodes + cost.Clones, cost
}

// implied are the elements that the parser makes around others where they are missing.
var implied = map[atom.Atom]int{atom.Td: 2, atom.Th: 2, atom.Tr: 1, atom.Col: 1}

// parsed returns the nodes that the parser makes, or 0 where it gives up.
func parsed(text string, fragment bool) int {
	var roots []*html.Node
	var err error
	if fragment {
		body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
		roots, err = html.ParseFragmentWithOptions(strings.NewReader(text), body, html.ParseOptionEnableScripting(false))
	} else {
		var root *html.Node
		root, err = html.Parse(strings.NewReader(text))
		roots = append(roots, root)
	}
	if err != nil {
		return 0
	}
	nodes := 0
	for _, root := range roots {
		nodes++
		for range root.Descendants() {
			nodes++
		}
	}
	return nodes
}

// checkNeverBelow holds the reckoning against the parser.
func checkNeverBelow(t *testing.T, text string) {
	t.Helper()
	for _, fragment := range []bool{false, true} {
		most, cost := reckon(text, fragment)
		if cost.Clones > enough {
			continue
		}
		if got := parsed(text, fragment); got > most {
			t.Errorf("%d nodes, and %d were reckoned (fragment %v), of %.300q", got, most, fragment, text)
		}
	}
}

// hostile hide open formatting behind what the parser does not close: a setting, and what it is written in front of.
var hostile = map[string]struct{ setting, block string }{
	"a stray cell":       {"<p><b a=N><object></td></b></object></p>", "<p>农</p>"},
	"a table":            {"<p><b a=N><table></b></table></p>", "<p>农</p>"},
	"many blocks":        {"<b a=N>" + strings.Repeat("<div>", 9) + "</b>" + strings.Repeat("</div>", 9), "<p>农</p>"},
	"a lost marker":      {"<object><b a=N><b a=N><template><object></template></object></template></b></b></object>", "<p>农</p>"},
	"a lost cell":        {"<b a=N><table><td><object><td></td></object></td></table></b>", "<p>农</p>"},
	"a caption in a row": {"<table><tr><b a=N><caption></tr></b></caption></table>", "<p>农</p>"},
	"a forgotten form":   {"<b a=N>" + strings.Repeat("<form><object></form></object></form>", 9) + "</b>", "<p>农</p>"},
	"nobr":               {"<nobr a=N><table><nobr a=N></table>", "<nobr>农"},
	"text":               {"<div><b a=N>", "农</div>信"},
	"breaks":             {"<p><b a=N></p>", "</br></p>"},
}

func TestNeverBelowTheParser(t *testing.T) {
	for name, h := range hostile {
		t.Run(name, func(t *testing.T) {
			for _, times := range []int{1, 3, 20} {
				checkNeverBelow(t, soup(h.setting, h.block, times))
			}
			if _, cost := reckon(soup(h.setting, strings.Repeat(h.block, 100), 100), false); cost.Clones <= enough {
				t.Errorf("%d elements made again, of 100 times %q and 10,000 times %q", cost.Clones, h.setting, h.block)
			}
		})
	}
}

// soup repeats a setting, each time with other attributes, since the parser keeps three of a kind, and then a block.
func soup(setting, block string, times int) string {
	var b strings.Builder
	for range times {
		for part := range strings.SplitSeq(setting, "=N") {
			b.WriteString(part + fmt.Sprintf("=%d", b.Len()))
		}
	}
	return b.String() + strings.Repeat(block, 10*times)
}

// TestWhatIsClosedIsNotCounted reads the kind of markup that news has, in which little is made again.
func TestWhatIsClosedIsNotCounted(t *testing.T) {
	for name, text := range map[string]string{
		"links in cells":      "<table>" + strings.Repeat("<tr><td><a href=1>存款</a></td><td><b>1.5%</b></td></tr>", 2_000) + "</table>",
		"cells without end":   "<table>" + strings.Repeat("<tr><td><a href=1>存款</a><td><b>1.5%</b>", 2_000) + "</table>",
		"tables in one":       strings.Repeat("<table><tr><td><font>农<table><tbody><tr><td>信</tbody></table></font></table>", 500),
		"links around blocks": strings.Repeat("<li><a href=1><div><h3>题</h3><p>农<p>信</div></a></li>", 2_000),
		"a strange end":       strings.Repeat("<p><b>农</td></object></b></p>", 2_000),
		"a form":              strings.Repeat("<div><form><table></form><tr><td><a href=1>农</a></table></div><p><b>信</b></p>", 500),
	} {
		if _, cost := reckon(text, false); cost.Clones > 20_000 {
			t.Errorf("%s: %d elements made again, and %d formattings open", name, cost.Clones, cost.Open())
		}
	}
}

// FuzzCost holds that the parser never makes more nodes than are reckoned, of tags in any order, repeated. Each byte
// stands for a tag.
func FuzzCost(f *testing.F) {
	for _, h := range hostile {
		f.Add(written(h.setting), written(h.block))
	}
	f.Fuzz(func(t *testing.T, setting, block []byte) {
		if len(setting) > 60 || len(block) > 10 {
			return
		}
		for _, times := range []int{1, 12} {
			checkNeverBelow(t, soup(tags(setting), tags(block), times))
		}
	})
}

// words are the tags of the fuzz target.
var words = strings.Fields(`b i a nobr font p div object td th table tr tbody caption col select option button form template
	li h1 applet br dd noscript`)

func tags(of []byte) string {
	var b strings.Builder
	for _, c := range of {
		switch word := words[int(c/2)%len(words)]; {
		case c >= 250:
			b.WriteString("农")
		case c%2 == 1:
			b.WriteString("</" + word + ">")
		default:
			b.WriteString("<" + word + " a=N>")
		}
	}
	return b.String()
}

// written is the reverse of tags.
func written(text string) []byte {
	var of []byte
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		kind := z.Next()
		name, _ := z.TagName()
		for i, word := range words {
			switch {
			case word != string(name):
			case kind == html.EndTagToken:
				of = append(of, byte(2*i+1))
			default:
				of = append(of, byte(2*i))
			}
		}
		switch kind {
		case html.ErrorToken:
			return of
		case html.TextToken:
			of = append(of, 250)
		}
	}
}

// A drawing of shapes ends with its end tag: what is behind it costs what it costs without. One with HTML in it may not.
func TestDrawings(t *testing.T) {
	article := strings.Repeat("<p>农商银行<b>支持</b>乡村振兴</p>", 300)
	_, plain := reckon(article, true)
	for _, icon := range []string{"<svg><path/></svg>", "<svg><title>图标</title><g><path/></g></svg>", "<svg><svg></svg></svg>"} {
		if _, got := reckon(icon+article, true); got.Clones != plain.Clones || got.Foreign() {
			t.Errorf("%s: %d clones, %d without; foreign: %v", icon, got.Clones, plain.Clones, got.Foreign())
		}
	}
	for _, open := range []string{"<svg>", "<svg><desc></svg>", "<svg><foreignobject></svg>", "<svg><title><b></svg>", "<math></math>"} {
		if _, got := reckon(open+article, true); !got.Foreign() {
			t.Errorf("%s: taken for closed", open)
		}
	}
}
