package sanitize

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// allowed are the elements that may be published, with their attributes.
var allowed = map[string][]string{
	"a": {"href", "rel", "title"}, "img": {"src", "alt", "width", "height", "loading", "referrerpolicy"},
	"p": {"align"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
	"br": {}, "hr": {}, "h1": {}, "h2": {}, "h3": {}, "h4": {}, "h5": {}, "h6": {}, "ul": {}, "ol": {"start", "type"}, "li": {"value"},
	"dl": {}, "dt": {}, "dd": {}, "blockquote": {}, "pre": {}, "code": {}, "em": {}, "strong": {}, "b": {},
	"i": {}, "u": {}, "s": {}, "sub": {}, "sup": {}, "small": {}, "ruby": {}, "rt": {}, "rp": {}, "figure": {},
	"mark": {}, "q": {}, "video": {"controls", "preload", "poster", "width", "height"}, "audio": {"controls", "preload"}, "source": {"src", "type"},
	"figcaption": {}, "table": {}, "caption": {}, "thead": {}, "tbody": {}, "tfoot": {}, "tr": {},
}

// parse returns the root of a page in which markup stands in a container, followed by a mark.
func parse(t testing.TB, markup string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(
		`<!doctype html><body><article><div id="ours">` + markup + `</div><i id="after"></i></article>`))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return root
}

// dangers returns what in markup may not be published, as a browser would read it in a page.
func dangers(t testing.TB, markup string) []string {
	t.Helper()
	var found []string
	root := parse(t, markup)
	var ours *html.Node
	for n := range root.Descendants() {
		if attr(n, "id") == "ours" {
			ours = n
		}
	}
	if after := ours.NextSibling; after == nil || attr(after, "id") != "after" {
		found = append(found, "the container does not end where it should")
	}
	for n := range ours.Descendants() {
		if attr(n, "id") != "after" {
			found = append(found, dangersOf(n)...)
		}
	}
	return found
}

func dangersOf(n *html.Node) []string {
	if n.Type == html.TextNode {
		return nil
	}
	names, ok := allowed[n.Data]
	if !ok || n.Type != html.ElementNode || n.Namespace != "" {
		return []string{fmt.Sprintf("a %q", n.Data)}
	}
	var found []string
	for _, a := range n.Attr {
		if !slices.Contains(names, a.Key) {
			found = append(found, n.Data+" with "+a.Key)
		}
		if a.Key == "src" || a.Key == "href" || a.Key == "poster" {
			if !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "mailto:") {
				found = append(found, n.Data+" leads to "+a.Val)
			}
		}
	}
	return found
}

// walked returns the walk through a body, before bluemonday.
func walked(dirty string) (page *walker, fault string) {
	body, fault := parseBody(dirty)
	if fault != "" {
		return nil, fault
	}
	return (&walker{w: &writer{limit: maxOutput}, dirty: dirty, base: base, size: -1}).through(body)
}

func TestNothingDangerousIsLeft(t *testing.T) {
	for _, v := range vectors(t) {
		for _, found := range dangers(t, string(Clean(v.markup, base).HTML)) {
			t.Errorf("%s %q: %s in %q", v.name, v.markup, found, Clean(v.markup, base).HTML)
		}
	}
}

// The walk and bluemonday are two locks: each holds alone.
func TestTheWalkHoldsAlone(t *testing.T) {
	for _, v := range vectors(t) {
		page, fault := walked(v.markup)
		if page == nil {
			t.Fatalf("%s: %s", v.name, fault)
		}
		page.w.close()
		for _, found := range dangers(t, page.w.out.String()) {
			t.Errorf("%s %q: %s in %q", v.name, v.markup, found, page.w.out.String())
		}
	}
}

func TestBluemondayHoldsAlone(t *testing.T) {
	for _, v := range vectors(t) {
		// What the walk might have written had it no rules at all; only the walk keeps tags balanced.
		page := &walker{w: &writer{}}
		page.w.out.WriteString(v.markup)
		for _, found := range dangers(t, string(page.result(nil).HTML)) {
			// An https: without a host stays on the site that it stands on.
			if !strings.Contains(found, "the container") && !strings.Contains(found, " leads to https:") {
				t.Errorf("%s %q: %s", v.name, v.markup, found)
			}
		}
	}
}

// awkward are bodies that are expensive, or that bounds cut.
func awkward() map[string]string {
	clones := strings.Builder{}
	for i := range 400 {
		fmt.Fprintf(&clones, "<b id=%d>", i)
	}
	return map[string]string{
		"formatting made again": clones.String() + strings.Repeat("x<p>", 10_000),
		"formatting in cells":   strings.Repeat("<td><b id=1></td><table><td></b></table>", 900) + strings.Repeat("农<p>", 3_000),
		"deep":                  strings.Repeat("<div>", 5_000) + "深处的话",
		"deep quotes":           strings.Repeat("<blockquote>", 100) + "引用里的话",
		"deep but dissolved":    strings.Repeat("<span>", 300) + "浅处的话",
		"many visits":           "农" + strings.Repeat("<br>", 21_000) + "商",
		"many nodes":            strings.Repeat("<p>一段</p>", 3_000),
		"open brackets":         strings.Repeat("<", 200_000) + "括号之后",
		"quotation marks":       "引号" + strings.Repeat(`"`, 100_000),
		"white space":           "空<pre>白" + strings.Repeat(" ", 200_000) + "</pre>",
		"one long paragraph":    strings.Repeat("长", 200_000),
		"long link":             `<a href="https://a.example/` + strings.Repeat("x", 2_000) + `">` + strings.Repeat("<p>链</p>", 1_000),
		"relative addresses":    strings.Repeat("<a href=/a>甲</a>", 300),
		"end tags":              strings.Repeat("</div></p></b>", 15_000) + "结尾之后",
		"attributes":            "<p " + strings.Repeat("农=商 ", 20_000) + ">属性之后",
		"open comment":          "<p>注释之前</p><!--" + strings.Repeat("-", 100_000),
		"nested tables":         strings.Repeat("<table><tr><td>格", 200),
		"pages":                 numbered("<html a%d>", 9_000) + "页中的话",
		"pages, few":            "<html " + numbered("a%d ", 20_000) + ">" + strings.Repeat("<BODY b>", 500) + "页中的话",
		"frames":                strings.Repeat("<iFrame ", 30_000) + ">框后的话",
		"closed formatting":     numbered("<b id='%d'/>", 400) + strings.Repeat("农<p/>", 9_000),
		"formatting unseen":     "<noscript>" + numbered("<b id=%d>", 400) + strings.Repeat("农<p>", 9_000),
		"formatting in svg":     "农<svg><style></svg><textarea><x a='</textarea>" + numbered("<b id=%d>", 400) + strings.Repeat("农<p>", 9_000) + "'>农",
		"formatting in cdata":   "农<svg><![CDATA[><x a='\"]]></svg>" + numbered("<b id=%d>", 400) + strings.Repeat("农<p>", 9_000) + "'>农",
		"large formatting":      "<font " + numbered("a%d ", 30_000) + ">" + strings.Repeat("<p>农", 290),
		"deep and searched":     strings.Repeat("<div>", 480) + strings.Repeat("</p>", 9_400) + "深处的话",
		"outlets":               strings.Repeat("<p>来源："+strings.Repeat("报", 30)+"</p>", 2_300) + "<p>正文</p>",
		"outlets in one":        strings.Repeat("<span class=em_media>", 480) + strings.Repeat("来源：长", 20_000),
		"pictures":              `<p>图</p><picture>` + strings.Repeat(`<source srcset="http://10.0.0.1/`+strings.Repeat("%2f", 600)+`" data-srcset="ftp:a, ftp:b">`, 39) + strings.Repeat("<img>", 15_000),
		"sets of sources":       "<p>图</p>" + strings.Repeat(`<img srcset="`+strings.Repeat("ftp:a, ", 39)+`ftp:a">`, 880),
		"short addresses":       "<p>链</p>" + strings.Repeat("<a href=?></a>", 18_000),
		"frozen and hidden":     strings.Repeat("<b hidden>藏", 3_000) + "<p>见</p>",
		"sheets":                "<p>见</p><style>" + strings.Repeat(".a,.b{display:none}", 10_000) + "</style>" + strings.Repeat("<p class='c d'>农</p>", 1_000),
		"styles":                "<p>见</p>" + strings.Repeat(`<p style="`+strings.Repeat("/*x*/a:b;", 100)+`">农</p>`, 200),
		"one style":             `<p>见</p><p style="` + strings.Repeat(`\61 /**/(;`, 20_000) + `">农</p>`,
		"blanks":                "<pre>" + strings.Repeat(strings.Repeat(" ", 1_024)+"农", 250) + "</pre>",
		"outlet, long":          "<p>" + strings.Repeat("（来源：", 20_000) + "县报）</p>",
	}
}

// numbered returns n pieces of markup, no two of them alike.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// A body of 256 KB must not make work that grows with its square: what is allocated tells, on any machine.
func TestHostileBodiesAreCheap(t *testing.T) {
	for name, dirty := range awkward() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Clean(dirty, base)
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 64 {
			t.Errorf("%s: %d KB take %d MB", name, len(dirty)>>10, got)
		}
	}
}

func TestFramesAreFreedInOnePass(t *testing.T) {
	dirty := "<p>甲</p><iframe></iframe>" + strings.Repeat("<IFRAME src=/>", 10_000)
	got := freeFrames(dirty)
	if want := "<p>甲</p><iframe></iframe>" + strings.Repeat("<xFRAME src=/>", 10_000); got != want {
		t.Errorf("got %.100q, %d bytes of %d", got, len(got), len(want))
	}
	if n := testing.AllocsPerRun(1, func() { freeFrames(dirty) }); n > 4 {
		t.Errorf("it takes %v copies", n)
	}
}

func TestOutletIsFoundAtTheEndOfALongParagraph(t *testing.T) {
	long := strings.Repeat("春耕备耕，", 10_000)
	if got := Clean("<p>"+long+"（来源：农金网）</p>", "").Attribution; got != "农金网" {
		t.Errorf("outlet is %q", got)
	}
	// The element made for it may be around a whole article: that is not dropped.
	if got := Clean(`<div class="em_media"><p>`+long+`（来源：农金网）</p></div>`, "").Text; !strings.Contains(got, "春耕") {
		t.Errorf("text is %.100q", got)
	}
}

func TestBounds(t *testing.T) {
	for name, dirty := range awkward() {
		r := Clean(dirty, base)
		if limit := min(2*len(dirty)+slack+4096, maxInput); len(r.HTML) > limit {
			t.Errorf("%s: %d bytes became %d, more than %d", name, len(dirty), len(r.HTML), limit)
		}
		if r.Text == "" {
			t.Errorf("%s: all text is lost", name)
		}
		if found := dangers(t, string(r.HTML)); found != nil {
			t.Errorf("%s: %.200q", name, found)
		}
		if depth := depthOf(parse(t, string(r.HTML)), 0); depth > maxDepth+6 {
			t.Errorf("%s: nested %d deep", name, depth)
		}
	}
}

func depthOf(n *html.Node, depth int) int {
	deepest := depth
	for c := range n.ChildNodes() {
		deepest = max(deepest, depthOf(c, depth+1))
	}
	return deepest
}

func TestWhiteSpaceIsBounded(t *testing.T) {
	r := Clean("<pre>甲"+strings.Repeat(" ", 200_000)+"乙</pre>", "")
	if len(r.HTML) > maxSpace+50 || !strings.HasSuffix(string(r.HTML), " 乙</pre>") {
		t.Errorf("%d bytes are left", len(r.HTML))
	}
}

func TestFaultsSayWhatFellBack(t *testing.T) {
	all := awkward()
	for name, want := range map[string]string{
		"formatting made again": "too long to parse",
		"deep":                  "cannot be parsed",
		"deep quotes":           "nested more than 64 deep",
		"many visits":           "more than 20,000 nodes",
		"many nodes":            "more than 5,000 nodes",
		"one long paragraph":    "cut at 256 KiB",
		"long link":             "more than twice its size",
		"quotation marks":       "too long to publish whole",
		"pages":                 "too long to parse",
		"pages, few":            "too long to parse",
		"closed formatting":     "too long to parse",
		"formatting unseen":     "too long to parse",
		"formatting in svg":     "too long to parse",
		"formatting in cdata":   "too long to parse",
		"large formatting":      "too long to parse",
		"deep and searched":     "too long to parse",
	} {
		if got := strings.Join(Clean(all[name], base).Faults, "; "); !strings.Contains(got, want) {
			t.Errorf("%s: faults are %q, want %q among them", name, got, want)
		}
	}
}

func TestClonesAreRefusedBeforeTheParse(t *testing.T) {
	all := awkward()
	for _, name := range []string{"formatting made again", "formatting in cells"} {
		if !tooCostly(all[name]) {
			t.Errorf("%s: would be parsed", name)
		}
	}
	for name, good := range map[string]string{
		"a long table":         "<table>" + strings.Repeat("<tr><td><b>存款</b></td><td><strong>1.5%</strong></td></tr>", 300) + "</table>",
		"a long list of links": strings.Repeat(`<li><a href="/1" title="题" target="_blank" rel="nofollow">题</a><br>`, 1_000),
		"an icon, and a sign":  `<svg><path/></svg><script>if(1<n)</script><p>利率<3%</p>` + strings.Repeat(`<p>农商银行<b>支持</b>乡村振兴，春耕备耕贷款。</p>`, 400),
		"a page with drawings": `<html lang="zh"><body class="a">` + strings.Repeat(`<p>图<svg width="9"><title>图标</title><path d="M0"/></svg></p>`, 400),
	} {
		if tooCostly(good) {
			t.Errorf("%s is refused", name)
		}
	}
}

// TestFormattingBehindAStrayCell cleans bodies of which a parser makes hundreds of megabytes: it does not find the <b>
// behind what a stray end tag does not close.
func TestFormattingBehindAStrayCell(t *testing.T) {
	for _, hidden := range []string{"<object></td></b></object>", "<table></b></table>", "<object><svg><desc></object></b></desc></svg></object>"} {
		var body strings.Builder
		for i := range 450 {
			fmt.Fprintf(&body, "<p><b a=%d>%s</p>", i, hidden)
		}
		body.WriteString(strings.Repeat("<p>农</p>", 2_000))
		if !tooCostly(body.String()) {
			t.Errorf("%s: would be parsed", hidden)
		}
	}
}

func TestTextIsNotLost(t *testing.T) {
	for _, dirty := range []string{
		`<p>甲</p><iframe src="https://v.example/"><p>乙丙丁</p>`,
		`<p>甲</p><IFRAME></IFRAME><iFrame><p>乙丙丁</p>`,
		`<p>甲</p><object><p>乙丙丁</p>`,
		`<p>甲</p></object><p>乙丙丁</p>`,
		`<p>甲</p><svg><text>乙丙丁</text>`,
		`<p>甲</p><select><option>乙丙丁`,
		`<p>甲</p><noembed><p>乙丙丁</p>`,
		`<p>甲</p><noscript><p>乙丙丁</p>`,
		`<p>甲</p><canvas><p>乙丙丁</p>`,
		`<p>甲</p><video><p>乙丙丁</p>`,
	} {
		if got := Clean(dirty, "").Text; got != "甲\n乙丙丁" && got != "甲 乙丙丁" && got != "甲\n乙丙丁</p>" {
			t.Errorf("%s: text is %q", dirty, got)
		}
	}
}

func TestForbiddenCharactersNeverLeave(t *testing.T) {
	for _, r := range []rune{0, 1, 0x0b, 0x1b, 0x7f, 0x85, 0x9f, 0x202e, 0x2066, 0x200b, 0xfeff, 0xfdd0, 0xfffd, 0xfffe, 0xffff, 0x1ffff} {
		for _, dirty := range []string{
			"<p>农" + string(r) + "商</p>",
			fmt.Sprintf("<p>农&#%d;商</p>", r),
			fmt.Sprintf(`<p>农商<img src="https://a.example/x?q=农&#%d;" alt="图&#%d;"></p>`, r, r),
			fmt.Sprintf(`<p><a href="https://a.example/" title="图&#%d;">农商</a></p>`, r),
			fmt.Sprintf(`<p><a href="mailto:a&#%d;b@a.example">农商</a></p>`, r),
		} {
			got := Clean(dirty, "").HTML
			if i := strings.IndexFunc(string(got), forbidden); i >= 0 || !utf8.ValidString(string(got)) {
				t.Errorf("%U of %q left in %q", r, dirty, got)
			}
		}
	}
}

func TestBytesThatAreNotUTF8NeverLeave(t *testing.T) {
	dirty := "<p>农\xff商<a href='https://a.example/\xff' title='\xff'>行</a><img src='https://a.example/1.png' alt='图\xff'></p>"
	r := Clean(dirty, "")
	if !utf8.ValidString(string(r.HTML)) || !utf8.ValidString(r.Text) || r.Text != "农商行" {
		t.Errorf("got %q, text %q", r.HTML, r.Text)
	}
}

func TestLongAddressesAreDropped(t *testing.T) {
	r := Clean(`<p><a href="/`+strings.Repeat("x", 3_000)+`">链接</a></p>`, base)
	if r.HTML != "<p>链接</p>" || len(r.Faults) != 1 {
		t.Errorf("got %.100q, faults %q", r.HTML, r.Faults)
	}
}

func TestPublicHost(t *testing.T) {
	for _, host := range []string{"img.example", "8.8.8.8", "2001:4860::8888", "163.com", "0x.example", "a.b.1c"} {
		if !publicHost(host) {
			t.Errorf("%s is refused", host)
		}
	}
	for _, host := range []string{
		"localhost", "LOCALHOST.", "a.localhost", "printer.local", "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254",
		"100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "::", "fd00::1", "fe80::1", "::ffff:127.0.0.1", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "1.2.3.08",
		"127。0。0。1", "ｌｏｃａｌｈｏｓｔ", "0x", "127.1.0x", "router", "nas.lan", "a.internal", "x.home.arpa", "64:ff9b::7f00:1", "::127.0.0.1",
	} {
		if publicHost(host) {
			t.Errorf("%s is let through", host)
		}
	}
}

// soup returns markup of random tags, from pieces that parsers treat each in their own way.
func soup(random *rand.Rand) string {
	names := strings.Fields("p div span a b i u font ruby rt rp table caption tbody tr td th ul ol li dl dt dd h1 h2 pre " +
		"blockquote center figure figcaption object iframe svg math select option textarea noscript button form template nobr")
	var b strings.Builder
	for range 5 + random.IntN(40) {
		name := names[random.IntN(len(names))]
		switch random.IntN(8) {
		case 0, 1, 2:
			fmt.Fprintf(&b, "<%s>", name)
		case 3:
			fmt.Fprintf(&b, `<%s href="/%d" align="center" style="text-align:left">`, name, random.IntN(9))
		case 4, 5:
			fmt.Fprintf(&b, "</%s>", name)
		case 6:
			b.WriteString([]string{"农", " 商 ", "\n", "来源：县报", "　", "<br>", "<hr>", `<img src="/1.png">`}[random.IntN(8)])
		default:
			b.WriteString("字")
		}
	}
	return b.String()
}

func TestTagSoup(t *testing.T) {
	random := rand.New(rand.NewPCG(2022, 411))
	for range 5_000 {
		dirty := soup(random)
		once := Clean(dirty, base).HTML
		if found := dangers(t, string(once)); found != nil {
			t.Fatalf("%q: %q in %q", dirty, found, once)
		}
		if twice := Clean(string(once), "").HTML; twice != once {
			t.Fatalf("%q: once %q, twice %q", dirty, once, twice)
		}
	}
}
