package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

// published is when the sources of these tests are polled.
var published = time.Date(2022, 4, 11, 2, 46, 17, 0, time.UTC)

// newTestHouse is finews with an empty store and a catalogue of these categories.
func newTestHouse(t *testing.T, categories string) *house {
	t.Helper()
	h := &house{places: places{out: filepath.Join(t.TempDir(), "public"), database: filepath.Join(t.TempDir(), "finews.db")}}
	h.catalogue = testCatalogue(t, categories)
	if err := h.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(nil); err != nil {
			t.Error(err)
		}
	})
	return h
}

// testCatalogue is a catalogue with the categories, which are written as feeds.yaml has them.
func testCatalogue(t *testing.T, categories string) feeds.Catalogue {
	t.Helper()
	c, err := catalog.Parse("feeds.yaml", []byte(`
site: {title: 金融消息, url: "https://finews.example.org"}
categories: [`+categories+`]
sources: [{name: 快讯, url: "https://news.example/rss.xml"}]
`), os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// telling is what an outlet publishes of a text, filed under the categories. All that is its own has the word in it.
func telling(word, outlet, text string, minute int, categories ...string) feeds.Draft {
	link := "https://" + outlet + ".example/2022/" + word + ".html"
	item := feeds.Item{Link: link, Title: word, Body: text}
	key, _ := feeds.NewKey("快讯", item)
	e := feeds.Entry{
		Link: link, Title: word + "惠农贷款", Outlet: outlet, Authors: []string{word + "记者"}, Tags: []string{word}, Summary: word + "摘要",
		Image: "https://img.example/" + word + ".png", Published: published.Add(time.Duration(minute) * time.Minute), Categories: categories,
	}
	e.Body += feeds.SafeHTML("<p>" + text + "</p>")
	return feeds.Draft{Entry: e, Key: key, Digest: item.Digest(), Item: item}
}

func keep(t *testing.T, h *house, drafts ...feeds.Draft) []feeds.Entry {
	t.Helper()
	batch := feeds.Batch{Source: "快讯", Now: published.Add(time.Hour), Drafts: drafts}
	if _, err := h.store.Save(t.Context(), batch, h.catalogue.Site); err != nil {
		t.Fatal(err)
	}
	entries, err := h.store.Entries(t.Context(), storage.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(entries, func(a, b feeds.Entry) int { return int(a.Number - b.Number) })
	return entries
}

// put publishes and returns what is published then, by name, without the mark; of compressed files, what is in them.
func put(t *testing.T, h *house) (publish.Report, map[string]string) {
	t.Helper()
	report, err := h.publish(t.Context(), extent{})
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]string{}
	err = filepath.WalkDir(h.places.out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".finews" {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && filepath.Ext(path) == ".gz" {
			text, err = unzip(text)
		}
		name, _ := filepath.Rel(h.places.out, path)
		there[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return report, there
}

func unzip(zipped []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// holding returns the files in which one of the words is found, in their names too.
func holding(there map[string]string, words ...string) []string {
	var found []string
	for name, text := range there {
		for _, word := range words {
			if strings.Contains(name+"\n"+text, word) {
				found = append(found, name)
				break
			}
		}
	}
	return slices.Sorted(slices.Values(found))
}

// wire is a text of an agency, as several outlets print it.
var wire = "青禾县农村信用合作联社把办公桌搬进了村委会。" + strings.Join([]string{
	"信贷员沈麦穗带着平板电脑走访了十七个村民小组，", "为三百二十六户种粮大户办妥了循环授信，", "最低年利率为百分之三点八五，",
	"比去年同期下降了零点四个百分点。", "种粮大户秦大田说，往年要跑三趟县城，", "今年签字就在家门口，农机具也能做抵押。",
	"当地农业农村局的负责人介绍，", "风险补偿资金池已经扩大到两千万元，", "遇到旱涝灾害可以先行垫付利息，", "让资金赶在播种之前到田头。",
}, "")

// TestHiddenIsNowhere publishes a story of three outlets and a lone entry, takes both down, and reads every file of
// every kind for what is left of them.
func TestHiddenIsNowhere(t *testing.T) {
	const nongjinwang, county = "{slug: nongjinwang, title: 农金网新闻}", "{slug: xianyu, title: 县域}"
	h := newTestHouse(t, nongjinwang+", "+county)
	made := telling("独角兽", "麒麟报", wire+"独角兽", 3, "qilinbao")
	made.Made = feeds.Category{Slug: "qilinbao", Title: "麒麟栏目", Outlets: []string{"麒麟报"}}
	entries := keep(t, h,
		telling("凤凰木", "农金网", wire+"凤凰木", 1, "nongjinwang"), telling("白玉兰", "金融时报", wire+"白玉兰", 2, "nongjinwang", "xianyu"), made,
		telling("山茶花", "商秋报", "山茶花开了，合作社的油茶籽卖了个好价钱。", 4, "nongjinwang"),
		telling("留下的", "农金网", "留下的消息，讲的是另一件事。", 5, "nongjinwang"))
	_, before := put(t, h)
	secret := []string{"凤凰木", "白玉兰", "独角兽", "山茶花", "麒麟报"}
	for _, name := range []string{"nongjinwang.xml", "nongjinwang.xml.gz", "nongjinwang.atom", "nongjinwang.json", "xianyu.json.gz", "all.xml",
		"feed.xml", "feed.xml.gz", "category/nongjinwang.html", "embed/nongjinwang.html", "embed/qilinbao.html.gz", "index.html", entries[0].Path, entries[2].Path} {
		if !slices.Contains(holding(before, secret...), name) {
			t.Errorf("%s does not hold what is to be hidden: the test would show nothing", name)
		}
	}
	for _, n := range []int{0, 1, 2, 3} {
		if _, err := h.store.Hide(t.Context(), entries[n].Number, true, published.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	h.catalogue = testCatalogue(t, nongjinwang) // and one category is given up at the same time
	report, after := put(t, h)
	if left := holding(after, secret...); len(left) > 0 {
		t.Errorf("what was taken down is still in %q", left)
	}
	for _, e := range entries[:4] {
		if left := holding(after, e.ID, e.Path); len(left) > 0 {
			t.Errorf("the address or the id of %s is still in %q", e.Title, left)
		}
	}
	if report.Removed != 4+5 { // the pages, and the feeds, page and embed of the category that was given up
		t.Errorf("%d removed, want 9", report.Removed)
	}
	if got := holding(after, "留下的"); !slices.Contains(got, entries[4].Path) || !slices.Contains(got, "nongjinwang.xml") {
		t.Errorf("what stays is in %q alone", got)
	}
	report, again := put(t, h)
	if report.Written != 0 || report.Removed != 0 || !maps.Equal(after, again) {
		t.Errorf("the same store gave other files: %+v", report)
	}
}

// TestStoryIsOneEntry: one of three tellings is shown and names the others; split off, it stands alone. The feed
// changes each time, though no clock is read.
func TestStoryIsOneEntry(t *testing.T) {
	h := newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}, {slug: meifen, title: 每份, stories: false}")
	both := []string{"nongjinwang", "meifen"}
	entries := keep(t, h, telling("一稿", "农金网", wire, 1, both...), telling("二稿", "金融时报", wire, 2, both...), telling("三稿", "中国网", wire, 3, both...))
	_, told := put(t, h)
	for feed, items := range map[string]int{"nongjinwang.xml": 1, "meifen.xml": 3, "all.xml": 1} {
		if got := strings.Count(told[feed], "<item>"); got != items {
			t.Errorf("%s has %d items, want %d", feed, got, items)
		}
	}
	for _, name := range []string{"nongjinwang.xml", "nongjinwang.atom", "nongjinwang.json", "category/nongjinwang.html",
		"embed/nongjinwang.html", entries[0].Path, entries[1].Path, entries[2].Path} {
		for _, word := range []string{"另见", "金融时报", "中国网"} {
			if !strings.Contains(told[name], word) {
				t.Errorf("%s does not say %s:\n%s", name, word, told[name])
			}
		}
	}
	if strings.Contains(told["meifen.xml"], "另见") {
		t.Error("a category that shows each copy names copies")
	}
	if _, err := h.store.Hide(t.Context(), entries[2].Number, true, published.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	_, hidden := put(t, h)
	if left := holding(hidden, "中国网", "三稿"); len(left) > 0 {
		t.Errorf("the hidden copy is still named in %q", left)
	}
	if _, err := h.store.Split(t.Context(), entries[1].Number, published.Add(3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	_, split := put(t, h)
	if got := strings.Count(split["nongjinwang.xml"], "<item>"); got != 2 || len(holding(split, "另见")) > 0 {
		t.Errorf("after the split: %d items, 另见 in %q", got, holding(split, "另见"))
	}
	for _, name := range []string{"nongjinwang.xml", "nongjinwang.atom", "nongjinwang.json", "all.xml", "feed.xml"} {
		if told[name] == hidden[name] || hidden[name] == split[name] {
			t.Errorf("%s did not change", name)
		}
	}
}

// TestGoneComesLast: publish.Write spares what it wrote before.
func TestGoneComesLast(t *testing.T) {
	h := newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}")
	entries := keep(t, h, telling("一稿", "农金网", "一条短消息。", 1, "nongjinwang"), telling("二稿", "农金网", "另一条短消息。", 2, "nongjinwang"))
	put(t, h)
	if _, err := h.store.Hide(t.Context(), entries[0].Number, false, published); err != nil {
		t.Fatal(err)
	}
	p, due, err := h.newPublication(t.Context(), extent{})
	if err != nil || !due {
		t.Fatalf("due: %v, %v", due, err)
	}
	var order []bool
	for o, err := range p.outputs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, o.Gone)
	}
	if first := slices.Index(order, true); first < 0 || slices.Contains(order[first:], false) {
		t.Errorf("gone outputs are not the last: %v", order)
	}
}
