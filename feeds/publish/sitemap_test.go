package publish_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/publish"
)

var indexed = feeds.Site{Title: "农金消息", URL: "https://finews.example", Language: "zh-CN", Location: time.FixedZone("CST", 8*3600)}

func rendered(t *testing.T, outputs ...feeds.Output) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, o := range outputs {
		var b bytes.Buffer
		if err := o.Render(&b); err != nil {
			t.Fatal(err)
		}
		all[o.Name] = b.String()
	}
	return all
}

// addresses returns the addresses and dates that a sitemap or an index of them holds.
func addresses(t *testing.T, text string) (root string, locations []string, dates []string) {
	t.Helper()
	var document struct {
		XMLName xml.Name
		Places  []struct {
			Location string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
			Changed  string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 lastmod"`
		} `xml:",any"`
	}
	if err := xml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	for _, place := range document.Places {
		locations, dates = append(locations, place.Location), append(dates, place.Changed)
	}
	return document.XMLName.Local, locations, dates
}

// A sitemap holds 50,000 addresses, and the index names each with its newest change.
func TestSitemaps(t *testing.T) {
	day := time.Date(2022, 4, 11, 2, 46, 17, 0, time.UTC)
	var articles []publish.Place
	for n := range publish.MaxPlaces {
		articles = append(articles, publish.Place{Name: fmt.Sprintf("nongjinwang/2022/04/11/%05d.html", n), Changed: day.Add(time.Duration(n) * time.Second)})
	}
	pages := []publish.Place{{}, {Name: "category/"}, {Name: "category/nongjinwang.html", Changed: day}}
	index := []string{publish.PagesSitemap, publish.SitemapName(1)}
	got := rendered(t, publish.Sitemap(indexed, publish.PagesSitemap, pages), publish.Sitemap(indexed, publish.SitemapName(1), articles),
		publish.SitemapIndex(indexed, index))
	root, locations, dates := addresses(t, got["sitemap.xml"])
	want := "https://finews.example/sitemap-pages.xml https://finews.example/sitemap-000001.xml"
	if root != "sitemapindex" || strings.Join(locations, " ") != want || strings.Join(dates, "") != "" {
		t.Errorf("%s %q %q", root, locations, dates)
	}
	root, locations, dates = addresses(t, got["sitemap-pages.xml"])
	want = "https://finews.example/ https://finews.example/category/ https://finews.example/category/nongjinwang.html"
	if root != "urlset" || strings.Join(locations, " ") != want || strings.Join(dates, " ") != "  2022-04-11T10:46:17+08:00" {
		t.Errorf("%s %q %q", root, locations, dates)
	}
	if _, locations, _ = addresses(t, got["sitemap-000001.xml"]); len(locations) != 50_000 {
		t.Errorf("%d addresses in the first", len(locations))
	}
}

func TestRobots(t *testing.T) {
	want := "User-agent: *\nAllow: /\n\nSitemap: https://finews.example/sitemap.xml\n"
	if got := rendered(t, publish.Robots(indexed))["robots.txt"]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is written is what our own import reads, whatever stands in titles.
func TestOPML(t *testing.T) {
	channels := []feeds.Channel{
		{Category: feeds.Category{Slug: publish.Union, Title: "农金消息"}},
		{Category: feeds.Category{Slug: "nongjinwang", Title: `农金网"<新闻>&`, Description: "甲\x01乙"}, Changed: 1649645177},
	}
	text := rendered(t, publish.OPML(indexed, channels))["feeds.opml"]
	outlines, err := catalog.ReadOPML(strings.NewReader(text))
	if err != nil || len(outlines) != 2 {
		t.Fatalf("%d feeds, %v in %s", len(outlines), err, text)
	}
	if got := outlines[1]; got.Title != `农金网"<新闻>&` || got.URL != "https://finews.example/nongjinwang.xml" {
		t.Errorf("got %+v", got)
	}
	for _, part := range []string{
		`<opml version="2.0">`, `<title>农金消息</title>`, `<dateModified>Mon, 11 Apr 2022 10:46:17 +0800</dateModified>`,
		`description="甲乙" type="rss" version="RSS2" language="zh-CN" htmlUrl="https://finews.example/category/nongjinwang.html"`,
		`htmlUrl="https://finews.example/" xmlUrl="https://finews.example/all.xml"`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is not in %s", part, text)
		}
	}
}
