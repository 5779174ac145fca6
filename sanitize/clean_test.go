package sanitize

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// base is what relative addresses in the test bodies are relative to.
const base = "https://nong.example/2022/04/a.html"

// golden is a result as testdata/clean/*.out.html writes it: the HTML, and a comment for each other finding.
func golden(r Result) string {
	out := string(r.HTML) + "\n"
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

func TestClean(t *testing.T) {
	for name, dirty := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join("testdata", "clean", name+".out.html"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), golden(Clean(dirty, base))); diff != "" {
				t.Errorf("wanted -, got +:\n%s", diff)
			}
		})
	}
}

func TestCleanTwiceChangesNothing(t *testing.T) {
	bodies := inputs(t)
	for i, vector := range vectors {
		bodies[fmt.Sprint("vector ", i)] = vector
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
	for i, vector := range vectors {
		bodies[fmt.Sprint("vector ", i)] = vector
	}
	for name, dirty := range bodies {
		page, fault := fromTree(dirty, base, maxOutput)
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
