package route_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/route"
)

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

// categories are the declared ones of the tests.
func categories(t *testing.T) []feeds.Category {
	return []feeds.Category{
		{Slug: "nongjinwang", Title: "农金网新闻", Outlets: []string{"农金网", "21财经APP"}, Any: term(t, "农商行", "/农(信|合)社/"), None: term(t, "招聘", "/^足球/")},
		{Slug: "baoxian", All: term(t, "农业", "/保(险|单)/")},
		{Slug: "lilv", Any: term(t, "LPR", "利率"), All: term(t, "央行")},
		{Slug: "shendu", Outlets: []string{"农金网"}, All: term(t, "深度", "县域")},
		{Slug: "empty"},
		{Slug: "kua", Any: term(t, "/起点(?s:.*)终点/", "/县域末$/")},
		{Slug: "chongqingribao", Title: "重庆日报"},
	}
}

// TestRules looks in every field for every kind of rule. What files nothing has no reason.
func TestRules(t *testing.T) {
	router := route.New(categories(t))
	outlet := "outlet 农金网 (its list of outlets)"
	for name, c := range map[string]struct {
		title, text string
		tags        []string
		outlet      string
		want        map[string]string // reasons by slug
	}{
		"outlet":                 {outlet: "农金网", want: map[string]string{"nongjinwang": outlet}},
		"outlet, case and width": {outlet: "２１财经app", want: map[string]string{"nongjinwang": "outlet ２１财经app (its list of outlets)"}},
		"outlet is the whole":    {outlet: "农金网客户端"},

		"any in the title":    {title: "某农商行年会", outlet: "甲", want: map[string]string{"nongjinwang": "term 农商行 in the title"}},
		"any in the text":     {title: "年会", text: "某农商行称", outlet: "甲", want: map[string]string{"nongjinwang": "term 农商行 in the text"}},
		"any in a tag":        {title: "年会", text: "文", tags: []string{"一", "农商行"}, want: map[string]string{"nongjinwang": "term 农商行 in a tag"}},
		"any in the outlet":   {title: "年会", text: "文", tags: []string{"一"}, outlet: "农商行观察", want: map[string]string{"nongjinwang": "term 农商行 in the outlet"}},
		"the first field":     {title: "农商行", text: "农商行", tags: []string{"农商行"}, outlet: "农商行", want: map[string]string{"nongjinwang": "term 农商行 in the title"}},
		"the first term":      {text: "农合社与农商行", want: map[string]string{"nongjinwang": "term 农商行 in the text"}},
		"outlet before terms": {title: "农商行", outlet: "农金网", want: map[string]string{"nongjinwang": outlet}},

		"expression in the title":  {title: "农合社", want: map[string]string{"nongjinwang": "term /农(信|合)社/ in the title"}},
		"expression in the text":   {text: "农合社", want: map[string]string{"nongjinwang": "term /农(信|合)社/ in the text"}},
		"expression in a tag":      {tags: []string{"农合社"}, want: map[string]string{"nongjinwang": "term /农(信|合)社/ in a tag"}},
		"expression in the outlet": {outlet: "农合社报", want: map[string]string{"nongjinwang": "term /农(信|合)社/ in the outlet"}},

		"none in the title":               {title: "招聘启事", outlet: "农金网"},
		"none in the text":                {text: "招聘", outlet: "农金网"},
		"none in a tag":                   {tags: []string{"招聘"}, outlet: "农金网"},
		"none in the outlet":              {title: "农商行", outlet: "招聘网"},
		"none, expression":                {title: "足球", outlet: "农金网"},
		"none, expression bound to title": {title: "赛", text: "足球", outlet: "农金网", want: map[string]string{"nongjinwang": outlet}},

		"all, one missing":         {title: "农业"},
		"all in one field":         {title: "农业保险", want: map[string]string{"baoxian": "terms 农业 in the title and /保(险|单)/ in the title (all)"}},
		"all in text and tag":      {text: "农业", tags: []string{"保单"}, want: map[string]string{"baoxian": "terms 农业 in the text and /保(险|单)/ in a tag (all)"}},
		"all in title and outlet":  {title: "保险", outlet: "农业网", want: map[string]string{"baoxian": "terms 农业 in the outlet and /保(险|单)/ in the title (all)"}},
		"any without all":          {title: "LPR下调"},
		"all without any":          {title: "央行"},
		"any and all":              {title: "ＬＰＲ下调", text: "央行称", want: map[string]string{"lilv": "term LPR in the title, and term 央行 in the text (all)"}},
		"any and all, lower case":  {tags: []string{"央行", "lpr"}, want: map[string]string{"lilv": "term LPR in a tag, and term 央行 in a tag (all)"}},
		"outlets and all":          {title: "深度", text: "县域", outlet: "农金网", want: map[string]string{"nongjinwang": outlet, "shendu": outlet + ", and terms 深度 in the title and 县域 in the text (all)"}},
		"all without the outlet":   {title: "深度", text: "县域", outlet: "甲"},
		"nothing":                  {title: "篮球", text: "文", outlet: "甲"},
		"nothing at all":           {},
		"a word is not two fields": {title: "农商", text: "行"},

		"an expression over two fields is found where it begins": {
			text: "起点", tags: []string{"中间", "终点"}, want: map[string]string{"kua": "term /起点(?s:.*)终点/ in the text"},
		},
		"an end is that of the outlet": {title: "县域末", text: "县域末", outlet: "县域末", want: map[string]string{"kua": "term /县域末$/ in the outlet"}},
	} {
		entry := feeds.Entry{Title: c.title, Tags: c.tags, Outlet: c.outlet}
		got := router.File(feeds.Source{Name: "源"}, entry, c.text, feeds.Category{})
		reasons := make(map[string]string)
		for i, slug := range got.Slugs {
			reasons[slug] = got.Reasons[i]
		}
		if c.want == nil {
			c.want = make(map[string]string)
		}
		if diff := cmp.Diff(c.want, reasons); diff != "" || len(got.Slugs) != len(got.Reasons) || got.Made.Slug != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestFile(t *testing.T) {
	router := route.New(categories(t))
	rules := feeds.Source{Name: "源"}
	byOutlet := feeds.Source{Name: "快讯", ByOutlet: true}
	fixed := feeds.Source{Name: "快讯", Categories: []string{"empty", "baoxian", "empty"}}
	own := feeds.Category{Slug: "emnews", Title: "滚动新闻"}
	for _, c := range []struct {
		name   string
		source feeds.Source
		entry  feeds.Entry
		own    feeds.Category
		want   route.Filing
	}{
		{"in the order of the catalogue", rules, feeds.Entry{Outlet: "农金网", Title: "央行：利率与农业保险"}, feeds.Category{}, route.Filing{
			Slugs: []string{"nongjinwang", "baoxian", "lilv"},
			Reasons: []string{"outlet 农金网 (its list of outlets)", "terms 农业 in the title and /保(险|单)/ in the title (all)",
				"term 利率 in the title, and term 央行 in the title (all)"},
		}},
		{"fixed", fixed, feeds.Entry{Outlet: "农金网", Title: "农商行"}, own, route.Filing{
			Slugs:   []string{"empty", "baoxian"},
			Reasons: []string{"source 快讯 files everything here", "source 快讯 files everything here"},
		}},
		{"by outlet, listed", byOutlet, feeds.Entry{Outlet: "农金网", Title: "农业保险"}, feeds.Category{}, route.Filing{
			Slugs: []string{"nongjinwang"}, Reasons: []string{"outlet 农金网 (its list of outlets)"},
		}},
		{"by outlet, made", byOutlet, feeds.Entry{Outlet: "长江日报", Title: "农商行"}, own, route.Filing{
			Slugs: []string{"changjiangribao"}, Reasons: []string{"made for outlet 长江日报"},
			Made: feeds.Category{Slug: "changjiangribao", Title: "长江日报新闻"},
		}},
		{"by outlet, declared by its slug", byOutlet, feeds.Entry{Outlet: "重庆日报"}, feeds.Category{}, route.Filing{
			Slugs: []string{"chongqingribao"}, Reasons: []string{"outlet 重庆日报 (the slug is its name)"},
		}},
		{"by outlet, spelled like one that lists others", byOutlet, feeds.Entry{Outlet: "农津网"}, feeds.Category{}, route.Filing{
			Slugs: []string{"nongjinwang-e5d2bbd8"}, Reasons: []string{"made for outlet 农津网"},
			Made: feeds.Category{Slug: "nongjinwang-e5d2bbd8", Title: "农津网新闻"},
		}},
		{"post's own, and rules", rules, feeds.Entry{Outlet: "甲", Title: "农商行"}, own, route.Filing{
			Slugs: []string{"emnews", "nongjinwang"}, Reasons: []string{"the post says so", "term 农商行 in the title"}, Made: own,
		}},
		{"post's own, declared", rules, feeds.Entry{Outlet: "农金网"}, feeds.Category{Slug: "nongjinwang", Title: "农金网新闻"}, route.Filing{
			Slugs: []string{"nongjinwang"}, Reasons: []string{"the post says so"},
		}},
		{"post's own, unsafe", rules, feeds.Entry{Outlet: "甲"}, feeds.Category{Slug: "21shiji 21APP", Title: "二十一"}, route.Filing{
			Slugs: []string{"21shiji-21app"}, Reasons: []string{"the post says so"}, Made: feeds.Category{Slug: "21shiji-21app", Title: "二十一"},
		}},
	} {
		got := router.File(c.source, c.entry, "", c.own)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}
