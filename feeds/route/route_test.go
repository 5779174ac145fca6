package route_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/route"
)

func TestSlug(t *testing.T) {
	for outlet, want := range map[string]string{
		"农金网":                   "nongjinwang",
		"21世纪经济报道":              "21shijijingjibaodao",
		"21世纪经济报道 21财经APP":      "21shijijingjibaodao-21caijingapp",
		"中国银行保险报":               "zhongguoyinhangbaoxianbao",
		"重庆日报":                  "chongqingribao",
		"长城网":                   "changchengwang",
		"上海证券报（数字版）":            "shanghaizhengquanbao-shuziban",
		"财联社·县域":                "cailianshe-xianyu",
		"《绿色金融》":                "lvsejinrong",
		"all":                   "all-",
		"！！":                    "outlet-",
		strings.Repeat("农", 40): "nongnong",
	} {
		got := route.Slug(outlet)
		if !strings.HasPrefix(got, want) || feeds.SlugFault(got) != "" {
			t.Errorf("Slug(%q) = %q, want %q… (%s)", outlet, got, want, feeds.SlugFault(got))
		}
		if !strings.HasSuffix(want, "-") && len([]rune(outlet)) < 40 && got != want {
			t.Errorf("Slug(%q) = %q, want %q", outlet, got, want)
		}
	}
}

func TestOutlet(t *testing.T) {
	source := feeds.Source{Name: "县域金融"}
	for _, c := range []struct {
		item        feeds.Item
		attribution string
		want        string
	}{
		{feeds.Item{Outlet: "新华网", Authors: []string{"人民网"}}, "农金网", "农金网"},
		{feeds.Item{Outlet: "新华网", Authors: []string{"人民网"}}, "", "新华网"},
		{feeds.Item{Authors: []string{"张三", "农村金融时报"}}, "", "农村金融时报"},
		{feeds.Item{Authors: []string{"张三"}}, " ", "县域金融"},
	} {
		if got := route.Outlet(c.item, c.attribution, source); got != c.want {
			t.Errorf("Outlet(%+v, %q) = %q, want %q", c.item, c.attribution, got, c.want)
		}
	}
}

func term(t *testing.T, words ...string) []feeds.Term {
	t.Helper()
	var terms []feeds.Term
	for _, w := range words {
		parsed, err := feeds.ParseTerm(w)
		if err != nil {
			t.Fatal(err)
		}
		terms = append(terms, parsed)
	}
	return terms
}

func TestFile(t *testing.T) {
	router := route.New([]feeds.Category{
		{Slug: "nongjinwang", Outlets: []string{"农金网"}, Any: term(t, "农商行", "/农(信|合)社/"), None: term(t, "招聘")},
		{Slug: "baoxian", All: term(t, "农业", "保险")},
		{Slug: "empty"},
	})
	rules := feeds.Source{Name: "源"}
	byOutlet := feeds.Source{Name: "源", ByOutlet: true}
	fixed := feeds.Source{Name: "源", Categories: []string{"empty", "baoxian"}}
	own := feeds.Category{Slug: "emnews", Title: "滚动新闻"}
	for _, c := range []struct {
		name   string
		source feeds.Source
		entry  feeds.Entry
		text   string
		own    feeds.Category
		slugs  []string
		made   feeds.Category
	}{
		{"outlet rule", rules, feeds.Entry{Outlet: "农金网", Title: "一则"}, "", feeds.Category{}, []string{"nongjinwang"}, feeds.Category{}},
		{"term in text", rules, feeds.Entry{Outlet: "甲", Title: "一则"}, "某农商行称", feeds.Category{}, []string{"nongjinwang"}, feeds.Category{}},
		{"expression in tags", rules, feeds.Entry{Outlet: "甲", Tags: []string{"农合社"}}, "", feeds.Category{}, []string{"nongjinwang"}, feeds.Category{}},
		{"none wins over outlet", rules, feeds.Entry{Outlet: "农金网", Title: "招聘启事"}, "", feeds.Category{}, nil, feeds.Category{}},
		{"all needs all", rules, feeds.Entry{Outlet: "甲", Title: "农业"}, "", feeds.Category{}, nil, feeds.Category{}},
		{"two categories", rules, feeds.Entry{Outlet: "农金网", Title: "农业保险"}, "", feeds.Category{}, []string{"nongjinwang", "baoxian"}, feeds.Category{}},
		{"no rule", rules, feeds.Entry{Outlet: "甲", Title: "足球"}, "", feeds.Category{}, nil, feeds.Category{}},
		{"fixed", fixed, feeds.Entry{Outlet: "农金网"}, "", feeds.Category{}, []string{"empty", "baoxian"}, feeds.Category{}},
		{"by outlet, declared", byOutlet, feeds.Entry{Outlet: "农金网"}, "", feeds.Category{}, []string{"nongjinwang"}, feeds.Category{}},
		{"by outlet, made", byOutlet, feeds.Entry{Outlet: "重庆日报"}, "农商行", feeds.Category{}, []string{"chongqingribao"},
			feeds.Category{Slug: "chongqingribao", Title: "重庆日报新闻"}},
		{"post's own", rules, feeds.Entry{Outlet: "甲", Title: "农商行"}, "", own, []string{"emnews", "nongjinwang"}, own},
		{"post's own, declared", rules, feeds.Entry{Outlet: "甲"}, "", feeds.Category{Slug: "nongjinwang", Title: "农金网新闻"}, []string{"nongjinwang"}, feeds.Category{}},
		{"post's own, unsafe", rules, feeds.Entry{Outlet: "甲"}, "", feeds.Category{Slug: "21shiji 21APP", Title: "二十一"}, []string{"21shiji-21app"},
			feeds.Category{Slug: "21shiji-21app", Title: "二十一"}},
	} {
		slugs, made := router.File(c.source, c.entry, c.text, c.own)
		if diff := cmp.Diff(c.slugs, slugs); diff != "" {
			t.Errorf("%s: slugs -want +got\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.made, made); diff != "" {
			t.Errorf("%s: made -want +got\n%s", c.name, diff)
		}
	}
}
