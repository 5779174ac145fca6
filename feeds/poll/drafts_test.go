package poll

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/route"
)

// TestDraftSaysWhyAndWhose: a draft carries what filed it, and whether its outlet tells it itself.
func TestDraftSaysWhyAndWhose(t *testing.T) {
	c := cycle{started: time.Date(2022, 4, 12, 8, 0, 0, 0, time.UTC), router: route.New([]feeds.Category{
		{Slug: "nongjinwang", Outlets: []string{"农金网"}},
	})}
	source := feeds.Source{Name: "农金网要闻", URL: "https://www.county.example/rss.xml"}
	for _, test := range []struct {
		name    string
		item    feeds.Item
		outlet  string
		own     bool
		reasons []string
	}{
		{"itself", feeds.Item{Link: "https://news.county.example/1", Outlet: "<b>农金网</b>&nbsp;记者&nbsp;张三"}, "农金网", true, []string{"outlet 农金网 (its list of outlets)"}},
		{"passed on", feeds.Item{Link: "https://news.county.example/2", Body: "<p>正文</p><p>（来源：农民日报 记者 李四）</p>"}, "农民日报", false, nil},
		{"linked elsewhere", feeds.Item{Link: "https://copy.example/3", Outlet: "农金网"}, "农金网", false, []string{"outlet 农金网 (its list of outlets)"}},
		{"no outlet in its markup", feeds.Item{Link: "https://county.example/4", Outlet: "<i></i>", Authors: []string{"<b>农民日报</b>"}}, "农民日报", false, nil},
	} {
		test.item.Title = "一则消息"
		draft, ok := c.draft(source, test.item, false, &faults{})
		if e := draft.Entry; !ok || e.Outlet != test.outlet || e.Own != test.own {
			t.Errorf("%s: outlet %q, own %t; want %q, %t", test.name, e.Outlet, e.Own, test.outlet, test.own)
		}
		if diff := cmp.Diff(test.reasons, draft.Entry.Reasons); diff != "" {
			t.Errorf("%s: reasons -want +got\n%s", test.name, diff)
		}
	}
}

// TestDraftsAreCleanedByTheirSourcesRules: body and summary of each source lose what its own remove names, and links are
// published without trackers.
func TestDraftsAreCleanedByTheirSourcesRules(t *testing.T) {
	county := feeds.Source{Name: "县域金融", Remove: []string{".share"}}
	daily := feeds.Source{Name: "农民日报", Remove: []string{"div.ad"}}
	plain := feeds.Source{Name: "中新网财经"}
	rules, err := rulesOf(feeds.Catalogue{Sources: []feeds.Source{county, daily, plain}})
	if err != nil {
		t.Fatal(err)
	}
	c := cycle{started: time.Date(2022, 4, 12, 8, 0, 0, 0, time.UTC), router: route.New(nil), rules: rules}
	item := feeds.Item{
		Title: "农商行支农", Link: "https://county.example/1?id=1&from=timeline&utm_source=weixin",
		Body:    `<p>春播贷款一亿元。</p><p class="share">分享到微信</p><div class="ad">手机贷款</div>`,
		Summary: `<div class="ad">手机贷款</div><b class="share">分享</b>春播贷款。`,
	}
	for _, test := range []struct {
		source        feeds.Source
		body, summary string
	}{
		{county, "<p>春播贷款一亿元。</p>\n<p>手机贷款</p>", "手机贷款 春播贷款。"},
		{daily, "<p>春播贷款一亿元。</p>\n<p>分享到微信</p>", "分享春播贷款。"},
		{plain, "<p>春播贷款一亿元。</p>\n<p>分享到微信</p>\n<p>手机贷款</p>", "手机贷款 分享春播贷款。"},
	} {
		draft, _ := c.draft(test.source, item, false, &faults{})
		if e := draft.Entry; string(e.Body) != test.body || e.Summary != test.summary || e.Link != "https://county.example/1?id=1" {
			t.Errorf("%s: %s\n%s\n%s", test.source.Name, e.Body, e.Summary, e.Link)
		}
		if draft.Item.Link != item.Link {
			t.Errorf("keys are made of %s, and the source said %s", draft.Item.Link, item.Link)
		}
	}
	if _, err := rulesOf(feeds.Catalogue{Sources: []feeds.Source{{Name: "县域金融", Remove: []string{"div["}}}}); err == nil {
		t.Error("a selector that is none was no error")
	}
}
