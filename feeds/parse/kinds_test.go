package parse_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/parse"
)

// asked is when the documents of these tests were asked for.
var asked = time.Date(2022, 4, 11, 12, 0, 0, 0, shanghai)

// configured reads a source as feeds.yaml has it: the keys of testdata/….yaml, under a name.
func configured(t testing.TB, file string) feeds.Source {
	t.Helper()
	text := "site: {title: 金融消息, url: \"https://finews.example.org\"}\nsources:\n  - name: 试验\n"
	for line := range strings.Lines(string(content(t, file))) {
		text += "    " + line
	}
	c, err := catalog.Parse(file, []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Sources[0]
}

func content(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// each runs a test for every document of a folder that has a .yaml beside it.
func each(t *testing.T, folder string, least int, test func(t *testing.T, source feeds.Source, file string)) {
	t.Helper()
	rules, _ := filepath.Glob("testdata/" + folder + "/*.yaml")
	if len(rules) < least {
		t.Fatalf("testdata/%s holds only %q", folder, rules)
	}
	for _, rule := range rules {
		name := strings.TrimSuffix(rule, ".yaml")
		documents, _ := filepath.Glob(name + ".*ml")
		more, _ := filepath.Glob(name + ".json")
		for _, file := range append(documents, more...) {
			if file != rule {
				t.Run(filepath.Base(file), func(t *testing.T) { test(t, configured(t, rule), file) })
			}
		}
	}
}

// TestLists reads each list of testdata/page and testdata/list by the rules beside it.
func TestLists(t *testing.T) {
	for _, folder := range []string{"page", "list"} {
		each(t, folder, 5, func(t *testing.T, source feeds.Source, file string) {
			result, err := parse.Read(source, parse.Document{Body: content(t, file), URL: source.URL, At: asked})
			if err != nil {
				t.Fatal(err)
			}
			got := describe(result)
			for _, item := range result.Items {
				for _, fault := range item.Faults {
					got += "fault of " + item.Title + ": " + fault + "\n"
				}
			}
			if result.Next != "" {
				got += "next: " + result.Next + "\n"
			}
			golden(t, file+".golden", got)
		})
	}
}

// listed is an item as a list gave it.
func listed() feeds.Item {
	return feeds.Item{GUID: "NW2022/04 11", Link: "https://county.example/news/1.html?id=1", Title: "农商行 &amp; 春耕", Summary: "农信社改革与春耕", Base: "https://county.example/news/"}
}

// TestBodies takes the body of an item from each answer of testdata/body by the rules beside it.
func TestBodies(t *testing.T) {
	each(t, "body", 4, func(t *testing.T, source feeds.Source, file string) {
		address, err := parse.BodyAddress(source, listed())
		if err != nil {
			t.Fatal(err)
		}
		item, err := parse.Body(source, listed(), parse.Document{Body: content(t, file), URL: address, At: asked})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, file+".golden", "asked: "+address+"\n"+describe(parse.Result{Items: []feeds.Item{item}, Faults: item.Faults}))
	})
}

// titleOf returns the title of a page of testdata: that of the item which leads there.
func titleOf(t testing.TB, file string) string {
	t.Helper()
	_, rest, _ := strings.Cut(string(content(t, file)), "<title>")
	title, _, found := strings.Cut(rest, "</title>")
	if !found {
		t.Fatalf("%s has no title", file)
	}
	return title
}

// furniture are words that stand around the articles of testdata/article, and in none of them.
var furniture = []string{
	"首页", "频道", "导航", "广告位", "相关阅读", "推荐阅读", "热门排行", "网友评论", "版权所有", "搜索本站", "打印本页", "上一篇", "客户端", "行情中心", "举报入口", "网站地图",
}

// TestArticles finds the article in each page of testdata/article, and nothing of what stands around it.
func TestArticles(t *testing.T) {
	source := configured(t, "testdata/article.yaml")
	files, _ := filepath.Glob("testdata/article/*.html")
	if len(files) < 6 {
		t.Fatalf("testdata/article holds only %q", files)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			item := listed()
			item.Title, item.Summary = titleOf(t, file), ""
			item, err := parse.Body(source, item, parse.Document{Body: content(t, file), URL: "https://county.example/news/1.html", At: asked})
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range furniture {
				if strings.Contains(item.Body, word) {
					t.Errorf("%s stands in the article", word)
				}
			}
			golden(t, file+".golden", describe(parse.Result{Items: []feeds.Item{item}, Faults: item.Faults}))
		})
	}
}
