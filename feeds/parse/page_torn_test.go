package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

func cutListSource() feeds.Source {
	s := source()
	s.Kind = feeds.KindPage
	s.Item = feeds.Fields{List: feeds.Selector{CSS: "li"}, Title: feeds.Selector{CSS: "a"}, Link: feeds.Selector{CSS: "a", Attr: "href"}}
	return s
}

// TestFault26CutPage cuts a list at every byte: an HTML parser reads half an item as gladly as a whole one.
func TestFault26CutPage(t *testing.T) {
	var b strings.Builder
	for i := range 10 {
		fmt.Fprintf(&b, `<li><a href="/%d.html">第%d条：农商行支农</a></li>`, i, i)
	}
	for _, start := range []string{"<!DOCTYPE html><html><head><title>县域</title></head><body>", "<BODY>"} {
		whole := start + "<ul>" + b.String() + "</ul><p>版权所有</p>"
		for size := len(start); size < len(whole); size++ {
			result, err := parse.Read(cutListSource(), parse.Document{Body: []byte(whole[:size]), URL: "https://county.example/"})
			came := strings.Count(whole[:size], "</li>")
			if err == nil && (!result.Torn || len(result.Items) < came-1 || len(result.Items) > came) || err != nil && came > 1 {
				t.Fatalf("cut after %q: torn %v, %d items, %v", whole[max(0, size-30):size], result.Torn, len(result.Items), err)
			}
			for i, item := range result.Items {
				if item.Title != fmt.Sprintf("第%d条：农商行支农", i) {
					t.Fatalf("cut after %q: %q", whole[max(0, size-30):size], item.Title)
				}
			}
		}
	}
}

func TestAWholePageIsNotTorn(t *testing.T) {
	const list = `<ul><li><a href="/1.html">农商行支农</a></li></ul>`
	for _, page := range []string{
		"<html><body>" + list + "</body></html>", "<HTML><BODY>" + list + "</BODY>", "<body>" + list + "</html>\n<!-- 3 < 4 --> <", list, list + " 1 < 2",
	} {
		result, err := parse.Read(cutListSource(), parse.Document{Body: []byte(page), URL: "https://county.example/"})
		if err != nil || result.Torn || len(result.Items) != 1 || len(result.Faults) != 0 {
			t.Errorf("%s: torn %v, %d items, faults %q, %v", page, result.Torn, len(result.Items), result.Faults, err)
		}
	}
}
