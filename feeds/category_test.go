package feeds_test

import (
	"testing"

	"finews.withounder.com/feeds"
)

func TestTerm(t *testing.T) {
	for _, c := range []struct {
		term, text string
		want       bool
	}{
		{"农商行", "某农商行召开年会", true},
		{"农商行", "某银行召开年会", false},
		{"a.b", "aXb", false}, // a plain term is no expression
		{"ABS", "发行abs产品", true},
		{`/农(信|商)/`, "全省农信系统", true},
		{`/^农商/`, "某农商行", false},
		{"LPR", "一年期ＬＰＲ下调", true},
		{"ＬＰＲ", "一年期LPR下调", true},
		{"ｌｐｒ", "一年期LPR下调", true},
		{"LPR", "一年期ｌｐｒ下调", true},
		{"96敬老", "拨打９６敬老专线", true},
		{"９６敬老", "拨打96敬老专线", true},
		{"保险+期货", "“保险＋期货”试点", true},
		{"农险 降费", "农险　降费", true},
		{"a-z", "ａ－ｚ", true},
		{`a]b\c^d`, `ａ］ｂ＼ｃ＾ｄ`, true},
		{"a-z", "m", false},
		{"/LPR/", "一年期ＬＰＲ下调", false}, // an expression means what it says
		{"/[LＬ]PR/", "一年期ＬPR下调", true},
		{"/", "年化3/5", true}, // too short for an expression
		{"//", "https://nong.example", true},
		{"農商行", "某农商行", false}, // traditional characters are other words
	} {
		term, err := feeds.ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		if got := term.Match(c.text); got != c.want {
			t.Errorf("%s in %q: %v, want %v", c.term, c.text, got, c.want)
		}
	}
	for _, bad := range []string{"", "  ", "/(/", "/" + string(make([]byte, 2000)) + "/"} {
		if _, err := feeds.ParseTerm(bad); err == nil {
			t.Errorf("ParseTerm(%.10q) gave no error", bad)
		}
	}
	if (feeds.Term{}).Match("") || (feeds.Term{}).Index("") != -1 {
		t.Error("the zero term matches")
	}
}

func TestTermIndex(t *testing.T) {
	for _, c := range []struct {
		term, text string
		want       int
	}{
		{"农商行", "某农商行与农商行", len("某")},
		{"农商行", "某银行", -1},
		{"/行$/", "农商行\n某行", len("农商行\n某")},
		{"LPR", "ＬＰＲ", 0},
	} {
		term, err := feeds.ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		if got := term.Index(c.text); got != c.want {
			t.Errorf("%s in %q: at %d, want %d", c.term, c.text, got, c.want)
		}
	}
}

func TestHalfWidth(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "ＬＰＲ１２％　下调": "LPR12% 下调", "！～": "!~", "农金网。、《》": "农金网。、《》", "ｶﾀ￥": "ｶﾀ￥", "LPR": "LPR",
	} {
		if got := feeds.HalfWidth(s); got != want {
			t.Errorf("HalfWidth(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestSlugFault(t *testing.T) {
	for slug, good := range map[string]bool{
		"nongjinwang": true, "21shijijingjibaodao": true, "a-b": true,
		"": false, "-a": false, "农金网": false, "Nong": false, "a b": false, "../etc": false, "all": false, "search": false, "con": false, "lpt1": false, "con-1": true,
	} {
		if fault := feeds.SlugFault(slug); (fault == "") != good {
			t.Errorf("SlugFault(%q) = %q", slug, fault)
		}
	}
}

func TestRightsLimit(t *testing.T) {
	whole := feeds.Entry{Title: "标题", Summary: "摘要", Body: "<p>正文</p>", Image: "https://example.org/a.png"}
	if got := feeds.RightsFull.Limit(whole); got.Body == "" {
		t.Error("full rights lost the body")
	}
	if got := feeds.RightsExcerpt.Limit(whole); got.Body != "" || got.Summary == "" {
		t.Errorf("excerpt gives %+v", got)
	}
	if got := feeds.RightsTitle.Limit(whole); got.Body != "" || got.Summary != "" || got.Image != "" || got.Title == "" {
		t.Errorf("title gives %+v", got)
	}
}

func TestSiteAddress(t *testing.T) {
	site := feeds.Site{URL: "https://finews.example.org:8443/news"}
	if got, want := site.Address("category/a b.html"), "https://finews.example.org:8443/news/category/a%20b.html"; got != want {
		t.Errorf("Address = %q, want %q", got, want)
	}
	if got := site.Host(); got != "finews.example.org" {
		t.Errorf("Host = %q", got)
	}
}
