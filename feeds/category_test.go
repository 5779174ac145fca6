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
	if (feeds.Term{}).Match("") {
		t.Error("the zero term matches")
	}
}

func TestSlugFault(t *testing.T) {
	for slug, good := range map[string]bool{
		"nongjinwang": true, "21shijijingjibaodao": true, "a-b": true,
		"": false, "-a": false, "农金网": false, "Nong": false, "a b": false, "../etc": false, "all": false, "search": false,
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
