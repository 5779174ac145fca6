package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/storage"
)

// filesOf are the files of a category, with those beside them.
func filesOf(slug string) []string {
	return []string{slug + ".xml", slug + ".xml.gz", slug + ".atom", slug + ".atom.gz", slug + ".json", slug + ".json.gz",
		"category/" + slug + ".html", "embed/" + slug + ".html", "embed/" + slug + ".html.gz"}
}

// TestCategoryThatIsGivenUpLeavesNothing: the files of a category go with its name, and come back with it. The pages of
// its entries stay.
func TestCategoryThatIsGivenUpLeavesNothing(t *testing.T) {
	const nongjinwang, chunbo = "{slug: nongjinwang, title: 农金网新闻}", "{slug: chunbo, title: 春播}"
	h := newTestHouse(t, nongjinwang+", "+chunbo)
	entries := keep(t, h, telling("春耕", "农金网", "一条短消息。", 1, "chunbo"), telling("支农", "农金网", "另一条短消息。", 2, "nongjinwang"))
	_, before := put(t, h)
	h.catalogue = testCatalogue(t, nongjinwang+", {slug: chungeng, title: 春耕}") // renamed
	for range 2 {
		_, after := put(t, h)
		for _, name := range filesOf("chunbo") {
			if _, there := before[name]; !there {
				t.Errorf("%s was not there: the test would show nothing", name)
			}
			if _, there := after[name]; there {
				t.Errorf("%s is still there", name)
			}
		}
		for _, name := range append(filesOf("chungeng"), entries[0].Path, entries[1].Path, "nongjinwang.xml") {
			if _, there := after[name]; !there {
				t.Errorf("%s is not there", name)
			}
		}
	}
	h.catalogue = testCatalogue(t, nongjinwang+", "+chunbo)
	if _, again := put(t, h); !maps.Equal(before, again) {
		t.Errorf("named again: %q are there, and %q were", slices.Sorted(maps.Keys(again)), slices.Sorted(maps.Keys(before)))
	}
}

// TestPagesFollowWhatIsPublished: the page of an entry that no rule files any more goes; where its categories were given
// up it stays and is written with the rights of today.
func TestPagesFollowWhatIsPublished(t *testing.T) {
	h := newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}, {slug: chunbo, title: 春播}")
	entries := keep(t, h, telling("春耕", "农金网", "短消息正文。", 1, "chunbo"), telling("支农", "农金网", "另一条短消息。", 2, "nongjinwang"))
	_, before := put(t, h)
	if kept, gone := before[entries[0].Path], before[entries[1].Path]; !strings.Contains(kept, "短消息正文") || !strings.Contains(kept, "返回春播") || gone == "" {
		t.Fatalf("the pages were not there: %s\n%s", kept, gone)
	}
	unfiled := storage.Redrafted{Number: entries[1].Number, Entry: entries[1], Filings: []storage.Filing{{Source: "快讯"}}}
	if _, err := h.store.Redraft(t.Context(), h.catalogue.Site, []storage.Redrafted{unfiled}, published.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	h.catalogue = testCatalogue(t, "{slug: nongjinwang, title: 农金网新闻}")
	h.catalogue.Sources[0].Rights = feeds.RightsTitle
	_, after := put(t, h)
	if page, there := after[entries[1].Path]; there {
		t.Errorf("the page of what no rule files is there: %s", page)
	}
	page := after[entries[0].Path]
	if !strings.Contains(page, "春耕惠农贷款") || strings.Contains(page, "短消息正文") || strings.Contains(page, "返回春播") {
		t.Errorf("the page of an entry whose category was given up is %q", page)
	}
	if left := holding(after, "短消息正文"); len(left) > 0 {
		t.Errorf("what the rights no longer grant is in %q", left)
	}
}

// TestAllIsOfWhatIsPublished: a busy category that was given up takes no place in all.*.
func TestAllIsOfWhatIsPublished(t *testing.T) {
	h := newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}, {slug: chunbo, title: 春播}")
	drafts := []feeds.Draft{telling("支农", "农金网", "一条短消息。", 0, "nongjinwang")}
	for n := range unionLimit + 1 {
		drafts = append(drafts, telling(fmt.Sprint("春耕", n), "农金网", fmt.Sprint("第", n, "条短消息。"), n+1, "chunbo"))
	}
	keep(t, h, drafts...)
	h.catalogue = testCatalogue(t, "{slug: nongjinwang, title: 农金网新闻}")
	_, there := put(t, h)
	for _, name := range []string{"all.xml", "all.atom", "all.json", "feed.xml", "index.html"} {
		if !strings.Contains(there[name], "支农惠农贷款") || strings.Contains(there[name], "春耕") {
			t.Errorf("%s is\n%s", name, there[name])
		}
	}
}
