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
