package sanitize

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/story"
	"github.com/google/go-cmp/cmp"
)

// base is what relative addresses in the test bodies are relative to.
const base = "https://nong.example/2022/04/a.html"

// golden is a result as testdata/clean/*.out.html writes it: the HTML, its words and summary, and a comment for each other
// finding.
func golden(r Result) string {
	out := fmt.Sprintf("%s\n<!-- %d words: %s -->\n", r.HTML, r.Words(), r.Summary)
	for _, finding := range []struct{ name, value string }{
		{"outlet", r.Attribution}, {"image", r.Image}, {"removed", strings.Join(r.Removed, "; ")}, {"fault", strings.Join(r.Faults, "; ")},
	} {
		if finding.value != "" {
			out += fmt.Sprintf("<!-- %s: %s -->\n", finding.name, finding.value)
		}
	}
	return out
}

// inputs returns the dirty bodies of testdata/clean by name.
func inputs(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/clean/*.in.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bodies in testdata/clean: %v", err)
	}
	bodies := make(map[string]string)
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bodies[strings.TrimSuffix(filepath.Base(file), ".in.html")] = string(body)
	}
	return bodies
}

// cleanByRules cleans a body, by the selectors that its first line may name: <!-- remove: .share, .ad -->.
func cleanByRules(t *testing.T, dirty string) Result {
	t.Helper()
	line, _, _ := strings.Cut(dirty, "\n")
	line, found := strings.CutPrefix(line, "<!-- remove: ")
	if !found {
		return Clean(dirty, base)
	}
	rules, err := NewRules(strings.Split(strings.TrimSuffix(line, " -->"), ", "))
	if err != nil {
		t.Fatal(err)
	}
	return rules.Clean(dirty, base)
}

// update writes what comes out of testdata/clean anew: read it before you keep it.
var update = flag.Bool("update", false, "write testdata/clean/*.out.html anew")

func TestClean(t *testing.T) {
	for name, dirty := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", "clean", name+".out.html")
			got := golden(cleanByRules(t, dirty))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("wanted -, got +:\n%s", diff)
			}
		})
	}
}

func TestCleanTwiceChangesNothing(t *testing.T) {
	bodies := inputs(t)
	for _, v := range vectors(t) {
		bodies[v.name] = v.markup
	}
	for name, markup := range awkward() {
		bodies[name] = markup
	}
	for name, dirty := range bodies {
		once := Clean(dirty, base)
		twice := Clean(string(once.HTML), "")
		if diff := cmp.Diff(string(once.HTML), string(twice.HTML)); diff != "" {
			t.Errorf("%s: once -, twice +:\n%.2000s", name, diff)
		}
		if twice.Removed != nil && twice.Faults == nil { // plain text of thousands of paragraphs is taken for plain text again
			t.Errorf("%s: the second pass removes %q", name, twice.Removed)
		}
		if once.Attribution == "" && once.Text != twice.Text {
			t.Errorf("%s: the text of the second pass differs", name)
		}
	}
}

// The walk decides; bluemonday only removes what is dangerous, which is nothing that the walk writes.
func TestBluemondayAltersNothing(t *testing.T) {
	bodies := inputs(t)
	for _, v := range vectors(t) {
		bodies[v.name] = v.markup
	}
	for name, dirty := range bodies {
		page, fault := walked(dirty)
		if page == nil {
			t.Fatalf("%s: %s", name, fault)
		}
		page.w.close()
		written := page.w.out.String()
		if diff := cmp.Diff(written, policy().Sanitize(written)); diff != "" {
			t.Errorf("%s: written -, after bluemonday +:\n%s", name, diff)
		}
	}
}

func TestText(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"上海银行升级“96敬老专线”", "上海银行升级“96敬老专线”"},
		{"<b>粗</b>体", "粗体"},
		{"a < b", "a < b"},
		{"利率<LPR", "利率<LPR"},
		{"甲<乙公司>丙", "甲<乙公司>丙"},
		{"存款利率<b", "存款利率<b"},
		{"农信&amp;农商", "农信&农商"},
		{"&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"},
		{"&amp;lt;b&amp;gt;", "&lt;b&gt;"},
		{"<script>alert(1)</script>春耕", "春耕"},
		{"<![CDATA[惠农贷]]>", "惠农贷"},
		{"<title>标题<b>里</title>", "标题里"},
		{"第一行<br>第二行", "第一行 第二行"},
		{"\u3000\u3000春耕\n\t备耕\u00a0", "春耕 备耕"},
		{"甲\u202e乙\u2066丙\u200b丁\ufeff戊\u2060己\u061c", "甲乙丙丁戊己"},
		{"坏\x00字\x01节\xff\u0085。\ufffe", "坏字节。"},
		{"农\u200d商\u200c行", "农商行"},
		{"全家👩\u200d👩\u200d👧去赶集❤\ufe0f", "全家👩\u200d👩\u200d👧去赶集❤\ufe0f"},
		{"👩\u200d农", "👩农"},
		{"农\u200d\u200d", "农"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"葛\U000E0100城，农\ufe0f商\U000E0101\U000E0102。\ufe00", "葛城，农商。"},
		{"ก\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49", "ก\u0e49\u0e49\u0e49"},
		{"か\u3099\u3099\u3099\u3099\u3099", "か\u3099\u3099\u3099"},
		{"\u2800\u2800\U0001D159", ""},
		{"丰\u034f谷\u3164\uffa0科\U000E0041技\U0001D173", "丰谷科技"},
		{"贷a\u0300\u0301\u0302\u0303\u0304款", "贷a\u0300\u0301\u0302款"},
		{"\u0301标题", "标题"},
		{`看得见<span style="display:none">看不见</span>`, "看得见"},
		{strings.Repeat("长", 600), strings.Repeat("长", 499) + "…"},
	} {
		if got := Text(test.in); got != test.want {
			t.Errorf("Text(%.60q) = %.60q, want %.60q", test.in, got, test.want)
		}
	}
}

func TestSummary(t *testing.T) {
	sentence := strings.Repeat("农", 99) + "。"
	for _, test := range []struct{ name, text, want string }{
		{"short", "一句话。\n第二段。", "一句话。 第二段。"},
		{"after a sentence", sentence + strings.Repeat("商", 150), sentence + "…"},
		{"in a sentence", strings.Repeat("农", 300), strings.Repeat("农", 199) + "…"},
	} {
		if got := Clean("<p>"+strings.ReplaceAll(test.text, "\n", "</p><p>")+"</p>", "").Summary; got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// The real posts of the predecessor, which the habits in testdata imitate.
func TestRealPosts(t *testing.T) {
	for _, test := range []struct{ file, outlet, first string }{
		{"-202205262391921712.md", "上海证券报", "国内首款使用超低GWP(全球变暖潜值)制冷剂的新能源汽车来了！"},
		{"2022-04-11-NW202204112338110788.md", "农金网", "农村金融时报-农金网北京讯(记者郝飞)“欢迎致电上海银行，敬老专线请按96……”"},
	} {
		post, err := os.ReadFile(filepath.Join("..", "..", "shared", "corpus", "posts", test.file))
		if os.IsNotExist(err) {
			t.Skip("the corpus of real posts is not beside this checkout")
		}
		if err != nil {
			t.Fatal(err)
		}
		_, body, found := strings.Cut(string(post), `<p style="display:none`)
		if !found {
			t.Fatalf("%s: no hidden paragraph", test.file)
		}
		r := Clean(`<p style="display:none`+body, "https://finews.example.org/")
		if r.Attribution != test.outlet {
			t.Errorf("%s: outlet %q, want %q", test.file, r.Attribution, test.outlet)
		}
		if !strings.HasPrefix(r.Text, test.first) || !strings.HasPrefix(string(r.HTML), "<p>"+test.first) {
			t.Errorf("%s: starts with %.200q", test.file, r.HTML)
		}
		for _, gone := range []string{"display", "StockImg", "token=", "keytip", "quote.", "文章来源", "<span"} {
			if strings.Contains(string(r.HTML), gone) {
				t.Errorf("%s: %s is still there", test.file, gone)
			}
		}
	}
}

// What is read off the walk says the same as what is published.
func TestTextIsThatOfTheHTML(t *testing.T) {
	bodies := inputs(t)
	for _, v := range vectors(t) {
		bodies[v.name] = v.markup
	}
	for name, dirty := range bodies {
		r := Clean(dirty, base)
		entry := feeds.Entry{Title: "标题", Outlet: "农金网", Body: r.HTML}
		if got, want := r.Fingerprint().Print("标题", "农金网"), story.New(entry); got != want {
			t.Errorf("%s: the print of the walk is %q, that of the HTML %q", name, got.Encode(), want.Encode())
		}
		if got, want := r.Words(), feeds.Words(r.HTML.Text()); got != want {
			t.Errorf("%s: %d words in the walk, %d in the HTML", name, got, want)
		}
	}
}
