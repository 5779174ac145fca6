package catalog

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// TestKinds reads the sources without a feed: what their short forms stand for.
func TestKinds(t *testing.T) {
	c, err := Load("testdata/good/kinds.yaml", environment)
	if err != nil {
		t.Fatal(err)
	}
	type rules struct {
		Item feeds.Fields
		Body feeds.BodyRules
		Next feeds.NextRules
	}
	path := func(s string) feeds.Selector { return feeds.Selector{Path: s} }
	template := func(s string) feeds.Selector { return feeds.Selector{Template: s} }
	css := func(s, attr string) feeds.Selector { return feeds.Selector{CSS: s, Attr: attr} }
	want := map[string]rules{
		"快讯": {
			Item: feeds.Fields{List: path("records"), ID: path("infoCode"), Title: path("title"), Link: path("url_w"), Published: path("showtime"), Outlet: path("medianame")},
			Body: feeds.BodyRules{URL: "https://news.example/text?id={id}", Path: "content"},
		},
		"县域金融网": {
			Item: feeds.Fields{List: css("ul.news li", ""), Title: css("a", ""), Link: css("a", "href"), Published: css("span.date", "")},
			Body: feeds.BodyRules{CSS: "div.article", Follow: true},
		},
		"公告": {
			Item: feeds.Fields{
				List: css(`a[title="公告（农信）"], table tr`, ""), ID: css("", "data-id"), Title: css("a", "title"), Link: css("a", "href"),
				Published: feeds.Selector{Pattern: `(\d{4}-\d\d-\d\d)`}, Image: css("img", "src"),
			},
			Body: feeds.BodyRules{Follow: true, FullText: true},
			Next: feeds.NextRules{CSS: "a.next", Attr: "href", Pages: 3},
		},
		"接口": {
			Item: feeds.Fields{
				List: path(`data.#(type=="要闻")#`), Title: template("{name}：{price}"), Link: template("https://api.example/{date}/{id}.html"),
				Outlet: feeds.Selector{Path: "source", Pattern: "来源：(.*)"}, Image: path("images.@reverse.0"),
			},
			Body: feeds.BodyRules{CSS: "div.text", Follow: true},
		},
		"按链接": {
			Item: feeds.Fields{List: path("@this"), Title: path("title"), Link: path("url")},
			Body: feeds.BodyRules{URL: "{link}?print=1", CSS: "div.text"},
		},
		"正文在列表": {
			Item: feeds.Fields{List: path("data"), ID: path("id"), Title: path("title")},
			Body: feeds.BodyRules{Path: "content.text"},
		},
		"订阅": {Body: feeds.BodyRules{Follow: true, FullText: true}},
		"摘要": {Body: feeds.BodyRules{CSS: "div.article", Follow: true}},
	}
	got := map[string]rules{}
	for _, s := range c.Sources {
		got[s.Name] = rules{s.Item, s.Body, s.Next}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the sources ask for differs (-want +got):\n%s", diff)
	}
}
