package sanitize

import (
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// generatedBodies is how many bodies the check of the text reads, each of 5 to 40 pieces.
const generatedBodies = 5000

// Bounds of a generated body: beyond them it might rightly be kept as plain text.
const (
	maxGenerated  = 5 << 10 // bytes, about
	maxOpenPieces = 6       // pieces that are not closed, and so nest
)

// part is a text that stands in a body.
type part struct {
	text string
	fate fate
	kind string // of removed.txt, where the fate is taken
}

// fate is what becomes of a text on its way through a reader's browser, and through Clean.
type fate int

const (
	kept  fate = iota // a reader sees it, before and after
	taken             // a reader sees it, and Clean takes it out
	saved             // a browser loses it, and Clean does not
)

// piece is a piece of a body: its markup, and the texts in the order in which a reader meets them.
type piece struct {
	kind, markup string
	parts        []part
}

// body is a generated body.
type body struct {
	before, after string // what stands around all pieces
	pieces        []piece
}

func (b body) markup() string {
	var markup strings.Builder
	markup.WriteString(b.before)
	for _, p := range b.pieces {
		markup.WriteString(p.markup)
	}
	return markup.String() + b.after
}

func (b body) parts() []part {
	var parts []part
	for _, p := range b.pieces {
		parts = append(parts, p.parts...)
	}
	return parts
}

// kinds names the pieces of a body.
func (b body) kinds() string {
	var kinds []string
	for _, p := range b.pieces {
		kinds = append(kinds, p.kind)
	}
	return strings.Join(kinds, " + ")
}

// generator writes bodies out of the pieces of testdata/loss/pieces.txt: the same seed gives the same bodies.
type generator struct {
	random *rand.Rand
	pieces map[string][]template // by mark: "" for those that are sound, and open, last, torn, inline, around
	words  []word
	number int // of texts so far: every text bears its own, so that none passes for another
}

// template is a piece before it is filled in.
type template struct{ name, mark, markup string }

func newGenerator(t testing.TB, seed uint64) *generator {
	t.Helper()
	g := &generator{random: rand.New(rand.NewPCG(seed, 5)), pieces: map[string][]template{}, words: words()}
	for _, p := range templates(t) {
		g.pieces[p.mark] = append(g.pieces[p.mark], p)
	}
	return g
}

var templateHead = regexp.MustCompile(`^(.*?)(?: \((open|last|torn|inline|around)\))?$`)

// templates reads the pieces.
func templates(t testing.TB) []template {
	t.Helper()
	file, err := os.ReadFile("testdata/loss/pieces.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []template
	for _, text := range strings.Split("\n"+string(file), "\n== ")[1:] {
		head, markup, _ := strings.Cut(text, "\n")
		m := templateHead.FindStringSubmatch(head)
		all = append(all, template{name: m[1], mark: m[2], markup: strings.TrimSpace(markup)})
	}
	return all
}

// long is a paragraph of some length, as every body has one: where more text stands in frames than beside them, the
// body is kept as plain text.
func long() template {
	return template{name: "long", markup: "<p>{t}{=" + strings.Repeat("支持乡村振兴，", 30) + "}</p>"}
}

// body writes the next body.
func (g *generator) body() body {
	b := body{pieces: []piece{g.fill(long(), 0)}}
	sound := g.random.IntN(3) > 0 // else some pieces are not closed, which would close what stands around all
	open, size := 0, 0
	for range 5 + g.random.IntN(35) {
		if size > maxGenerated {
			break
		}
		mark := ""
		if !sound && open < maxOpenPieces && g.random.IntN(6) == 0 {
			mark = "open"
			open++
		}
		b.pieces = append(b.pieces, g.fill(g.pick(mark), 0))
		size += len(b.pieces[len(b.pieces)-1].markup)
	}
	switch g.random.IntN(4) {
	case 0:
		b.pieces = append(b.pieces, g.fill(g.pick("last"), 0))
	case 1:
		b.pieces = append(b.pieces, g.fill(g.pick("torn"), 0))
		return b
	}
	if sound && g.random.IntN(2) == 0 {
		b.before, b.after, _ = strings.Cut(g.pick("around").markup, "{*}")
	}
	return b
}

func (g *generator) pick(mark string) template {
	return g.pieces[mark][g.random.IntN(len(g.pieces[mark]))]
}

var blank = regexp.MustCompile(`\{(|[1-9]|[rtx!*+]|[-=][^{}]+)\}`)

// fill fills in the blanks of a template.
func (g *generator) fill(t template, depth int) piece {
	p := piece{kind: t.name}
	ordered := map[string][]part{}
	p.markup = blank.ReplaceAllStringFunc(t.markup, func(b string) string {
		name := b[1 : len(b)-1]
		markup, parts := g.blank(name, depth)
		if name != "" && name[0] >= '1' && name[0] <= '9' {
			ordered[name] = parts
		} else {
			p.parts = append(p.parts, parts...)
		}
		return markup
	}) + []string{"", "\n", "\n "}[g.random.IntN(3)]
	for i := range len(ordered) {
		p.parts = append(p.parts, ordered[strconv.Itoa(i+1)]...)
	}
	return p
}

// blank returns what fills a blank of that name.
func (g *generator) blank(name string, depth int) (markup string, parts []part) {
	switch {
	case name == "":
		return g.rich(depth)
	case name == "x":
		markup, _ = g.say("藏")
		return markup, nil
	case name == "!":
		markup, _ = g.some(depth)
		return markup, nil
	case name == "*":
		return g.some(depth)
	case name[0] == '=':
		return name[1:], []part{{text: name[1:]}}
	case name[0] == '-':
		return g.taken(name[1:])
	}
	markup, text := g.say("句")
	switch name {
	case "r":
		return text, []part{{text: text}}
	case "+":
		return markup, []part{{text: text, fate: saved}}
	}
	return markup, []part{{text: text}}
}

// rich returns text, now and then with inline elements in it.
func (g *generator) rich(depth int) (markup string, parts []part) {
	for range 1 + g.random.IntN(3) {
		p := template{markup: "{t}"}
		if g.random.IntN(3) == 0 {
			p = g.pick("inline")
		}
		filled := g.fill(p, depth)
		markup += strings.TrimSpace(filled.markup)
		parts = append(parts, filled.parts...)
	}
	return markup, parts
}

// some returns one or two whole pieces, which stand in another.
func (g *generator) some(depth int) (markup string, parts []part) {
	for range 1 + g.random.IntN(2) {
		p := g.pick("")
		for depth >= 2 && strings.ContainsAny(p.markup, "*!") {
			p = g.pick("")
		}
		filled := g.fill(p, depth+1)
		markup += filled.markup
		parts = append(parts, filled.parts...)
	}
	return markup, parts
}

// taken returns text that Clean takes out.
func (g *generator) taken(kind string) (markup string, parts []part) {
	kind, cut := strings.CutSuffix(kind, ", cut")
	markup, text := g.say("外")
	if strings.Contains(kind, "attribution") {
		g.number++
		name := "号报" + strconv.Itoa(g.number)
		text = "（文章来源：上海证券" + name + "）"
		if markup = text; cut {
			markup = `（文章来源：上海<span id="bk_90"><a href="http://quote.example/" class="keytip">证券</a></span>` + name + "）"
		}
	}
	return markup, []part{{text: text, fate: taken, kind: kind}}
}

// say returns a text with a number of its own, as it is written in markup and as it is read.
func (g *generator) say(mark string) (markup, text string) {
	g.number++
	markup = mark + strconv.Itoa(g.number) + "号"
	text = markup
	for range g.random.IntN(4) {
		w := g.words[g.random.IntN(len(g.words))]
		markup += w.markup
		text += w.text
	}
	return markup, text
}

type word struct{ markup, text string }

// words are what texts are made of: as written, and as read.
func words() []word {
	plain := func(s string) word { return word{s, s} }
	return []word{
		plain("春耕备耕贷款"), plain("农商银行支持乡村振兴"), plain("，"), plain("。"), plain("“惠农e贷”"), plain("《基加利修正案》"),
		plain(" GDP 同比增长 3.5% "), plain("1,234.56亿元"), plain("HFO-1234yf(四氟丙烯)"), plain("利率<3%"), plain("R&D"), plain("AT&T "),
		plain("👩\u200d🌾"), plain("👨\u200d👩\u200d👧"), plain("🇨🇳"), plain("龘𠮷"), plain("क\u200cष"), plain("　"), plain("张三　李四"), plain("\r\n　　"),
		plain("零\u200b宽"), plain("软\u00ad连"), plain("左\u202e右\u202c"), plain("\ufeff字"), plain("连\u2060词"), plain("向\u200e左\u200f"), plain("隔\u2066离\u2069"),
		plain("控\x01制"), plain("控\u0085制"), plain("坏\ufffd字"), plain("\u2003宽\u2009窄"), plain("1\u00a0000"), plain("嵌\u202a入"),
		{"&nbsp;&nbsp;", "\u00a0\u00a0"}, {"&amp;", "&"}, {"&lt;b&gt;", "<b>"}, {"&amp;lt;", "&lt;"}, {"&ldquo;乡&rdquo;", "“乡”"}, {"&#x4e2d;&#22269;", "中国"},
		{"&mdash;&middot;&hellip;", "—·…"}, {"&copy2022", "©2022"}, {"&ensp;&emsp;&thinsp;", " "}, {"&#8203;", "\u200b"}, {"甲&zwj;乙", "甲\u200d乙"},
		{"&shy;", "\u00ad"}, {"&#150;", "–"}, {"&quot;&apos;", `"'`}, {"&unknown;", "&unknown;"},
	}
}
