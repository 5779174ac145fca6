package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// wire is a text that is long enough to be recognised.
const wire = `<p>农金网4月11日电（记者 王芳）记者从省农村信用联社获悉，一季度全省农商行累计投放春耕备耕贷款312.6亿元，同比多投41.8亿元，惠及农户47万户。</p>
<p>省联社有关负责人介绍，今年以来各农商行把备春耕作为头等大事，组织三千多名客户经理进村入户，逐户摸清种子、化肥、农膜的资金缺口，做到应贷尽贷、随到随贷。</p>
<p>在青川县，种粮大户李国强用一张信用户证当天拿到三十万元。他说，往年要跑三趟县城，如今在村里的金融服务站按个手印就成，利率还降了六十个基点。</p>
<p>下一步，省联社将把贷款投放与农业保险、订单收购结合起来，引导更多资金流向粮食主产县。</p>`

// told returns a draft of the wire text by an outlet.
func told(n int, outlet string, slugs ...string) feeds.Draft {
	d := draft(n)
	d.Item.Link += "?" + outlet
	d.Key, _ = feeds.NewKey(source, d.Item)
	d.Entry.Link, d.Entry.Outlet, d.Entry.Body, d.Entry.Categories = d.Item.Link, outlet, wire, slugs
	d.Entry.Title = "一季度全省农商行投放春耕备耕贷款超三百亿元"
	d.Entry.Published = noon.Add(time.Duration(n) * time.Minute)
	return d
}

// from returns the batch as another source sends it.
func from(name string, b feeds.Batch) feeds.Batch {
	b.Source = name
	for i, d := range b.Drafts {
		b.Drafts[i].Key, _ = feeds.NewKey(name, d.Item)
	}
	return b
}

func everything(t *testing.T, s *Store) []feeds.Entry {
	t.Helper()
	all, err := s.Entries(context.Background(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b feeds.Entry) int { return int(a.Number - b.Number) })
	return all
}

func TestStoryIsToldOnce(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "nongjinwang", "sannong")))
	first := everything(t, s)[0]
	if first.Story != 0 {
		t.Errorf("one telling is story %d", first.Story)
	}
	save(t, s, from("甲源", batch(noon.Add(time.Hour), told(2, "金融时报", "jinrongshibao", "sannong"))))
	save(t, s, from("乙源", batch(noon.Add(2*time.Hour), told(3, "中国网", "sannong"))))
	for _, e := range everything(t, s) {
		if e.Story != first.Number {
			t.Errorf("%s is of story %d, want %d", e.Outlet, e.Story, first.Number)
		}
	}
	for slug, want := range map[string][]string{"nongjinwang": nil, "jinrongshibao": nil, "sannong": {"金融时报", "中国网"}} {
		entries := latest(t, s, slug).Entries
		if len(entries) != 1 {
			t.Fatalf("%s has %d entries, want 1", slug, len(entries))
		}
		if diff := cmp.Diff(want, outletsOf(entries[0].Copies)); diff != "" {
			t.Errorf("copies in %s (-want +got):\n%s", slug, diff)
		}
	}
	if got := latest(t, s, "sannong").Entries[0].ID; got != first.ID {
		t.Errorf("the story is %s, want %s, the first that was published", got, first.ID)
	}
	all, err := s.LatestOfAll(context.Background(), anyCategory, 50)
	if err != nil || len(all.Entries) != 1 {
		t.Errorf("%d entries of all, %v; want 1", len(all.Entries), err)
	}
	each, err := s.Latest(context.Background(), feeds.Category{Slug: "sannong", EveryCopy: true}, 50)
	if err != nil || len(each.Entries) != 3 {
		t.Errorf("%d entries with every copy, %v; want 3", len(each.Entries), err)
	}
	own, err := s.Latest(context.Background(), feeds.Category{Slug: "sannong", Outlets: []string{"中国网"}}, 50)
	if err != nil || own.Entries[0].Outlet != "中国网" || own.Entries[0].ID != first.ID {
		t.Errorf("an outlet's own category shows %s by %s, %v", own.Entries[0].ID, own.Entries[0].Outlet, err)
	}
}

func outletsOf(copies []feeds.Copy) []string {
	var outlets []string
	for _, c := range copies {
		outlets = append(outlets, c.Outlet)
	}
	return outlets
}

// The pages of the copies name each other, and the first shows what the feed shows.
func TestPagesOfAStory(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong"), told(2, "金融时报", "sannong"), told(3, "中国网", "sannong")))
	var got []string
	for _, e := range filed(t, s) {
		got = append(got, e.Outlet+" 另见 "+strings.Join(outletsOf(e.Copies), "、"))
	}
	want := []string{"农金网 另见 金融时报、中国网", "金融时报 另见 农金网、中国网", "中国网 另见 农金网、金融时报"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A copy that comes weeks later is another story's: nobody repeats a wire text so late.
func TestStoryHasAWindow(t *testing.T) {
	s := openNew(t)
	late := told(2, "金融时报", "sannong")
	late.Entry.Published = noon.Add(5 * 24 * time.Hour)
	save(t, s, batch(noon, told(1, "农金网", "sannong"), late))
	if got := len(latest(t, s, "sannong").Entries); got != 2 {
		t.Errorf("%d entries, want 2", got)
	}
}

// What entries are recognised by is forgotten when its time is over, so that the index keeps its size.
func TestPrintsAreForgotten(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong")))
	prints := func() (n, marks int) {
		if err := s.reader.QueryRow(`SELECT (SELECT count(*) FROM story_prints), (SELECT count(*) FROM story_marks)`).Scan(&n, &marks); err != nil {
			t.Fatal(err)
		}
		return n, marks
	}
	if n, marks := prints(); n != 1 || marks == 0 {
		t.Fatalf("%d prints with %d marks, want 1", n, marks)
	}
	save(t, s, batch(noon.Add(11*24*time.Hour)))
	if n, marks := prints(); n != 0 || marks != 0 {
		t.Errorf("%d prints with %d marks after eleven days", n, marks)
	}
}

func TestHide(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong"), told(2, "金融时报", "sannong"), draft(9)))
	later := noon.Add(time.Hour)
	hidden, err := s.Hide(context.Background(), 2, false, later)
	if err != nil || len(hidden) != 2 {
		t.Fatalf("%d hidden, %v; want the whole story", len(hidden), err)
	}
	if again, err := s.Hide(context.Background(), 1, false, later); err != nil || len(again) != 0 {
		t.Errorf("hidden twice: %d, %v", len(again), err)
	}
	gone, err := s.Gone(context.Background(), 0)
	if err != nil || len(gone) != 2 {
		t.Errorf("%q are gone, %v; want two pages", gone, err)
	}
	// Its source sends it again, and edits it; another source sends it under the same address; a further copy comes.
	edited := told(1, "农金网", "sannong")
	edited.Entry.Title, edited.Digest[0] = "（更正）"+edited.Entry.Title, 1
	save(t, s, batch(later, edited, told(2, "金融时报", "sannong")))
	save(t, s, from("甲源", batch(later, told(1, "农金网", "sannong"))))
	save(t, s, from("乙源", batch(later, told(3, "中国网", "sannong"))))
	if got := titles(latest(t, s, "sannong").Entries); len(got) != 0 {
		t.Errorf("shown again: %q", got)
	}
	if got := titles(filed(t, s)); len(got) != 1 {
		t.Errorf("pages: %q, want that of the other entry alone", got)
	}
	shown, err := s.Unhide(context.Background(), 1, false, later)
	if err != nil || len(shown) != 3 {
		t.Errorf("%d shown, %v; want 3", len(shown), err)
	}
	if got := titles(latest(t, s, "sannong").Entries); len(got) != 1 {
		t.Errorf("shown: %q, want the story once", got)
	}
	if _, err := s.Hide(context.Background(), 99, false, later); !errors.Is(err, ErrNotFound) {
		t.Errorf("hide what is not there: %v", err)
	}
}

func TestHideAlone(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong"), told(2, "金融时报", "sannong")))
	if hidden, err := s.Hide(context.Background(), 1, true, noon); err != nil || len(hidden) != 1 {
		t.Fatalf("%d hidden, %v; want 1", len(hidden), err)
	}
	got := latest(t, s, "sannong").Entries
	if len(got) != 1 || got[0].Outlet != "金融时报" || got[0].Copies != nil {
		t.Errorf("shown: %+v", got)
	}
}

func TestSplit(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong"), told(2, "金融时报", "sannong"), told(3, "中国网", "sannong")))
	rest, err := s.Split(context.Background(), 1, noon)
	if err != nil || len(rest) != 2 {
		t.Fatalf("%d stay together, %v; want 2", len(rest), err)
	}
	if got := len(latest(t, s, "sannong").Entries); got != 2 {
		t.Errorf("%d entries, want 2", got)
	}
	// Neither an edit nor a copy that comes later takes it back.
	edited := told(1, "农金网", "sannong")
	edited.Entry.Summary, edited.Digest[0] = "改过", 1
	save(t, s, batch(noon.Add(time.Hour), edited))
	save(t, s, from("甲源", batch(noon.Add(time.Hour), told(4, "新华社", "sannong"))))
	stories := map[string]int64{}
	for _, e := range everything(t, s) {
		stories[e.Outlet] = e.Story
	}
	if diff := cmp.Diff(map[string]int64{"农金网": 0, "金融时报": 2, "中国网": 2, "新华社": 2}, stories); diff != "" {
		t.Errorf("stories (-want +got):\n%s", diff)
	}
	if rest, err = s.Split(context.Background(), 2, noon); err != nil || len(rest) != 2 {
		t.Errorf("%d stay together, %v; want 2", len(rest), err)
	}
	if rest, err = s.Split(context.Background(), 3, noon); err != nil || len(rest) != 1 {
		t.Errorf("%d is left, %v; want 1", len(rest), err)
	}
	for _, e := range everything(t, s) {
		if e.Story != 0 {
			t.Errorf("%s is still of story %d", e.Outlet, e.Story)
		}
	}
}

// Every edit keeps what was there before, the first text for good and the newest of the rest.
func TestVersions(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1)))
	const edits = maxVersions + 10
	for i := 1; i <= edits; i++ {
		d := draft(1)
		d.Entry.Title, d.Digest[0] = fmt.Sprintf("第%d版", i), byte(i)
		save(t, s, batch(noon.Add(time.Duration(i)*time.Hour), d))
	}
	versions, err := s.Versions(context.Background(), 1)
	if err != nil || len(versions) != maxVersions {
		t.Fatalf("%d versions, %v; want %d", len(versions), err, maxVersions)
	}
	first, second, last := versions[0], versions[1], versions[maxVersions-1]
	if first.Entry.Title != draft(1).Entry.Title || !first.Replaced.Equal(noon.Add(time.Hour)) {
		t.Errorf("the first is %q, replaced %s", first.Entry.Title, first.Replaced)
	}
	if second.Entry.Title != "第11版" || last.Entry.Title != fmt.Sprintf("第%d版", edits-1) {
		t.Errorf("the second is %q, the last %q", second.Entry.Title, last.Entry.Title)
	}
	if first.Entry.Body != draft(1).Entry.Body || first.Entry.ID != only(t, s).ID {
		t.Errorf("the first says %q as %s", first.Entry.Body, first.Entry.ID)
	}
}

func TestFind(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1), draft(2)))
	want := everything(t, s)[1]
	digits := want.ID[strings.LastIndexByte(want.ID, ':')+1:]
	for _, word := range []string{
		want.ID, digits, digits[:8], strings.ToUpper(digits), "2", " 2 ", want.Path, "/" + want.Path,
		site.URL + "/" + want.Path, want.Link, "http://www." + strings.TrimPrefix(want.Link, "https://") + "#top",
	} {
		got, err := s.Find(context.Background(), word)
		if err != nil || got.ID != want.ID {
			t.Errorf("%q: %s, %v", word, got.ID, err)
		}
	}
	for _, word := range []string{"", "0", "-1", "99", "tag:", "deadbeefdeadbeef", "*", "%", "'", "农商行", "https://", digits[:7] + "*"} {
		if got, err := s.Find(context.Background(), word); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %s, %v; want that there is none", word, got.ID, err)
		}
	}
}

// An entry is found by its address as it came, as it is published, and as others have shared it.
func TestFindByASharedAddress(t *testing.T) {
	s := openNew(t)
	d := draft(1)
	published := d.Entry.Link
	d.Item.Link += "?from=timeline&share_uid=7"
	save(t, s, batch(noon, d))
	for _, word := range []string{published, d.Item.Link, published + "?utm_source=weibo"} {
		if got, err := s.Find(context.Background(), word); err != nil || got.Link != published {
			t.Errorf("%q: %s, %v", word, got.Link, err)
		}
	}
}

// Today's rules change text and categories, and neither id nor dates; the earlier text is no version of its source's.
func TestRedraft(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong"), draft(2)))
	before := everything(t, s)[0]
	again := told(1, "农金网", "xiangcun")
	again.Entry.Body += "<p>从前删去的一段。</p>"
	redrafted := []Redrafted{{Number: 1, Entry: again.Entry, Item: again.Item,
		Filings: []Filing{{Source: source, Categories: []string{"xiangcun"}, Reasons: []string{"今天的规则"}}}}, {Number: 99}}
	changed, err := s.Redraft(context.Background(), site, redrafted, noon.Add(time.Hour))
	if err != nil || changed != 1 {
		t.Fatalf("%d changed, %v; want 1", changed, err)
	}
	want := before
	want.Body, want.Categories, want.Reasons, want.Changed = again.Entry.Body, []string{"xiangcun"}, []string{"今天的规则"}, noon.Add(time.Hour)
	if diff := cmp.Diff(want, everything(t, s)[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(latest(t, s, "sannong").Entries) != 0 || len(latest(t, s, "xiangcun").Entries) != 1 {
		t.Errorf("the index of categories is not what the entry says")
	}
	if versions, err := s.Versions(context.Background(), 1); len(versions) != 0 || err != nil {
		t.Errorf("%d versions, %v; want none", len(versions), err)
	}
	if changed, err := s.Redraft(context.Background(), site, redrafted, noon.Add(2*time.Hour)); changed != 0 || err != nil {
		t.Errorf("a second time %d changed, %v", changed, err)
	}
	if diff := cmp.Diff(want, everything(t, s)[0]); diff != "" {
		t.Errorf("after the second time (-want +got):\n%s", diff)
	}
}
