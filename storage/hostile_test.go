package storage

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// edited returns the draft with another title and body, as its source sends it later.
func edited(d feeds.Draft, title string, body feeds.SafeHTML) feeds.Draft {
	d.Entry.Title, d.Entry.Body, d.Item.Title, d.Item.Body = title, body, title, string(body)
	d.Digest = d.Item.Digest()
	return d
}

// lottery is an advertisement, long enough to be recognised.
var lottery = feeds.SafeHTML("<p>" + strings.Repeat("彩票平台开户即送，稳赚不赔，导师带单，每日提现，名额有限。", 1) +
	"本平台由知名导师团队运营，覆盖全国三百多个城市，注册用户超过一千万，客服全天在线，扫码添加好友即可领取新人礼包，先到先得，送完为止，谢绝同行咨询。</p>")

// A source that gives one GUID to one item after another, and takes it away in between, gets an id for each.
func TestOneKeyManyEntries(t *testing.T) {
	s := openNew(t)
	for i := range 8 {
		now := noon.Add(time.Duration(i) * time.Hour)
		mine := titled(i, fmt.Sprintf("第%d条", i), noon.Add(time.Duration(i)*time.Minute), "nongjinwang")
		mine.Item.Title = mine.Entry.Title
		mine.Key, _ = feeds.NewKey(source, feeds.Item{GUID: "g"})
		mine.Digest = mine.Item.Digest()
		mine.Digest[1] = byte(i)
		b := batch(now, mine)
		b.Keys = []feeds.Key{mine.Key}
		save(t, s, b)
		again := mine
		again.Key, _ = feeds.NewKey(source, feeds.Item{GUID: fmt.Sprint("h", i)})
		b = batch(now.Add(time.Minute), again)
		b.Keys = []feeds.Key{again.Key}
		save(t, s, b)
	}
	ids := map[string]bool{}
	for _, e := range everything(t, s) {
		ids[e.ID] = true
	}
	if len(ids) != 8 {
		t.Errorf("%d ids of 8 entries", len(ids))
	}
}

// What was taken down is recognised by what it said then: its source cannot make it a weapon against other people's
// news, neither against those that come nor against those that are there.
func TestHiddenEntryIsNoWeapon(t *testing.T) {
	s := openNew(t)
	spam := edited(draft(1), "彩票", lottery)
	spam.Entry.Published = noon
	save(t, s, batch(noon, spam))
	if _, err := s.Hide(context.Background(), 1, false, noon); err != nil {
		t.Fatal(err)
	}
	save(t, s, batch(noon.Add(time.Hour), edited(spam, told(2, "农金网").Entry.Title, wire)))
	victim := from("甲报", batch(noon.Add(2*time.Hour), told(2, "农金网", "sannong")))
	if got := save(t, s, victim); got != (Saved{New: 1}) {
		t.Errorf("%+v", got)
	}
	if got := len(latest(t, s, "sannong").Entries); got != 1 {
		t.Errorf("%d entries are shown, want that of 甲报", got)
	}
	// Nor does what is shown vanish by an edit.
	save(t, s, from("甲报", batch(noon.Add(150*time.Minute), edited(victim.Drafts[0], "彩票", lottery))))
	if got := len(latest(t, s, "sannong").Entries); got != 1 {
		t.Errorf("%d entries are shown after an edit, want that of 甲报", got)
	}
	// A copy of what was taken down does go down, and that is said.
	copied := edited(draft(3), "彩票", lottery)
	copied.Entry.Published = noon
	if got := save(t, s, from("乙报", batch(noon.Add(3*time.Hour), copied))); got != (Saved{New: 1, Hidden: 1}) {
		t.Errorf("a copy: %+v", got)
	}
}

// An address that somebody claims for another text swallows nothing, whoever comes first, and takes nobody's place.
func TestClaimedAddress(t *testing.T) {
	article := edited(draft(1), "春耕贷款投放超三百亿元", wire)
	article.Entry.Link, article.Entry.Categories = article.Item.Link, []string{"jiabao"}
	claim := edited(draft(2), "点我中奖", lottery+lottery+lottery)
	claim.Item.GUID, claim.Entry.Own = article.Item.Link, true // its own link leads to its own site
	claim.Entry.Categories = []string{"xianyu"}
	for _, c := range []struct {
		name          string
		first, second feeds.Draft
	}{{"before", claim, article}, {"after", article, claim}} {
		t.Run(c.name, func(t *testing.T) {
			s := openNew(t)
			save(t, s, from("甲报", batch(noon, c.first)))
			save(t, s, from("恶", batch(noon.Add(time.Hour), c.second)))
			got := latest(t, s, "jiabao").Entries
			if len(got) != 1 || got[0].Title != article.Entry.Title || got[0].Body != wire {
				t.Errorf("jiabao shows %q", titles(got))
			}
			if len(everything(t, s)) != 2 {
				t.Errorf("%d entries, want 2", len(everything(t, s)))
			}
		})
	}
}

// With the same title at the same address it is one entry; its text is replaced only by one that tells all of it, at
// the same address.
func TestTakingOver(t *testing.T) {
	short := feeds.SafeHTML("<p>省农村信用联社获悉，一季度全省农商行累计投放春耕备耕贷款三百一十二亿元，同比多投四十一亿元，惠及农户四十七万户。</p>")
	for _, c := range []struct {
		name  string
		fresh feeds.SafeHTML
		link  string // of the copy; empty: the same
		taken bool
	}{
		{"the whole of what was a beginning", short + "<p>" + feeds.SafeHTML(strings.Repeat("各农商行组织客户经理进村入户。", 5)) + "</p>", "", true},
		{"another text", lottery + lottery, "", false},
		{"the whole, at another address", short + lottery, "https://evil.example/phish", false},
		{"less", "<p>省农村信用联社获悉。</p>", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openNew(t)
			first := edited(draft(1), "春耕贷款", short)
			save(t, s, from("甲报", batch(noon, first)))
			second := edited(draft(1), "春耕贷款", c.fresh)
			if c.link != "" {
				second.Item.GUID, second.Item.Link, second.Entry.Link = first.Item.Link, c.link, c.link
			}
			save(t, s, from("乙报", batch(noon.Add(time.Hour), second)))
			all := everything(t, s)
			if len(all) != 1 {
				t.Fatalf("%d entries, want one that both send", len(all))
			}
			want := "甲报"
			if c.taken {
				want = "乙报"
			}
			if all[0].Source != want {
				t.Errorf("the text is that of %s, want %s", all[0].Source, want)
			}
			stored, err := s.Stored(context.Background(), 1)
			if err != nil || len(stored.Others) != 1 {
				t.Errorf("%d others are kept, %v", len(stored.Others), err)
			}
		})
	}
}

// A source cannot turn an entry that another one sends too into something else: that one would be gone. By itself it
// can do what it likes.
func TestEditOfASharedEntry(t *testing.T) {
	s := openNew(t)
	shared, own := edited(draft(1), "春耕贷款", wire), edited(draft(2), "秋收贷款", "<p>秋收</p>")
	save(t, s, from("甲报", batch(noon, shared, own)))
	save(t, s, from("乙报", batch(noon, shared)))
	save(t, s, from("甲报", batch(noon.Add(time.Hour), edited(shared, "彩票", lottery), edited(own, "彩票", lottery))))
	got := everything(t, s)
	if len(got) != 2 || got[0].Title != "春耕贷款" || got[1].Title != "彩票" {
		t.Errorf("%q", titles(got))
	}
	save(t, s, from("甲报", batch(noon.Add(2*time.Hour), edited(shared, "春耕贷款（更正）", wire+"<p>更正一处。</p>"))))
	if got := everything(t, s)[0].Title; got != "春耕贷款（更正）" {
		t.Errorf("after a correction it is %q", got)
	}
}

// An entry that is edited into something else leaves its story, so that neither stands in the other's place.
func TestEditLeavesTheStory(t *testing.T) {
	s := openNew(t)
	a, b, c := told(1, "农金网", "sannong"), told(2, "金融时报", "sannong"), told(3, "中国网", "sannong")
	save(t, s, batch(noon, a))
	save(t, s, from("甲报", batch(noon, b)))
	save(t, s, from("乙报", batch(noon, c)))
	corrected := edited(a, a.Entry.Title, wire+"<p>（更正：惠及农户四十七万户。）</p>")
	save(t, s, batch(noon.Add(time.Hour), corrected))
	if got := len(latest(t, s, "sannong").Entries); got != 1 {
		t.Errorf("after a correction %d entries, want 1", got)
	}
	save(t, s, batch(noon.Add(2*time.Hour), edited(a, "彩票", lottery)))
	got := latest(t, s, "sannong").Entries
	if diff := cmp.Diff([]string{b.Entry.Title, "彩票"}, titles(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var stories []int64
	for _, e := range everything(t, s) {
		stories = append(stories, e.Story)
	}
	if diff := cmp.Diff([]int64{0, 2, 2}, stories); diff != "" {
		t.Errorf("stories (-want +got):\n%s", diff)
	}
}

// A hidden entry stays hidden under a new GUID, title and date, if it comes from where it came from.
func TestHiddenStaysUnderAnotherName(t *testing.T) {
	s := openNew(t)
	first := draft(1)
	save(t, s, batch(noon, first))
	if _, err := s.Hide(context.Background(), 1, false, noon); err != nil {
		t.Fatal(err)
	}
	again := edited(first, "农商行支农（更新）", "<p>改过的正文</p>")
	again.Key, _ = feeds.NewKey(source, feeds.Item{GUID: "新"})
	again.Entry.Published = noon.Add(100 * time.Hour)
	b := batch(noon.Add(100*time.Hour), again)
	b.Keys = []feeds.Key{again.Key}
	save(t, s, b)
	if all := everything(t, s); len(all) != 1 || all[0].Hidden.IsZero() {
		t.Errorf("%d entries, %q", len(all), titles(latest(t, s, "nongjinwang").Entries))
	}
}

// Somebody who sends a hundred copies of a story neither keeps the outlet itself out of its own list, nor is named a
// hundred times.
func TestManyCopies(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	save(t, s, from("甲报", batch(noon, told(0, "甲报", "sannong"))))
	var drafts []feeds.Draft
	for i := range 120 {
		drafts = append(drafts, told(1, fmt.Sprintf("赌场%d网", i), "sannong"))
	}
	save(t, s, from("恶", batch(noon, drafts...)))
	save(t, s, from("乙报", batch(noon, told(2, "乙报", "sannong", "yibao"))))
	own, err := s.Latest(context.Background(), feeds.Category{Slug: "sannong", Outlets: []string{"乙报"}}, 50)
	if err != nil || len(own.Entries) != 1 || own.Entries[0].Outlet != "乙报" {
		t.Fatalf("an outlet's own list: %q, %v", titles(own.Entries), err)
	}
	if n := len(own.Entries[0].Copies); n > 4 {
		t.Errorf("it names %d copies", n)
	}
	if got := len(latest(t, s, "yibao").Entries); got != 1 {
		t.Errorf("%d entries in the list that has one copy", got)
	}
}

// Lists with stories can be read by more callers at once than there are connections.
func TestManyReaders(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong"), told(2, "金融时报", "sannong"), told(3, "中国网", "sannong")))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var group sync.WaitGroup
	for range 4 * readConnections {
		group.Go(func() {
			for range 20 {
				if _, err := s.Latest(ctx, feeds.Category{Slug: "sannong"}, 50); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}

// The story stands in a list under the id of the copy that came into the list first, also where an older entry comes
// into it later: readers have seen that one.
func TestStoryKeepsItsIDInAList(t *testing.T) {
	s := openNew(t)
	between := titled(9, "其间", told(1, "").Entry.Published.Add(30*time.Second), "sannong")
	save(t, s, batch(noon, told(1, "农金网"), between)) // the first is filed nowhere
	save(t, s, from("甲报", batch(noon.Add(time.Hour), told(2, "金融时报", "sannong"))))
	before := latest(t, s, "sannong").Entries[0].ID
	refiled := told(1, "农金网", "sannong")
	refiled.Digest[0]++
	save(t, s, batch(noon.Add(2*time.Hour), refiled))
	got := latest(t, s, "sannong").Entries
	if len(got) != 2 || got[0].ID != before || len(got[0].Copies) != 1 || got[1].Title != "其间" {
		t.Errorf("%d entries, the first %s, want %s and one more, %q", len(got), got[0].ID, before, titles(got))
	}
}

// GUIDs that all change with each poll make no entries, however many items are alike.
func TestManyAlike(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	for poll := range 3 {
		now := noon.Add(time.Duration(poll) * time.Hour)
		var drafts []feeds.Draft
		b := batch(now)
		for i := range 300 {
			d := draft(1)
			d.Item.Title = "每日行情"
			d.Entry.Body = feeds.SafeHTML(fmt.Sprintf("<p>第%d行</p>", i))
			d.Key, _ = feeds.NewKey(source, feeds.Item{GUID: fmt.Sprint(poll, "-", i)})
			drafts, b.Keys = append(drafts, d), append(b.Keys, d.Key)
		}
		b.Drafts = drafts
		save(t, s, b)
	}
	if n := len(everything(t, s)); n != 300 {
		t.Errorf("%d entries, want 300", n)
	}
}

// A transaction compares only so much: others wait for it.
func TestComparingIsBounded(t *testing.T) {
	w := writing{}
	d := told(1, "农金网")
	print := w.print(d.Entry)
	if !w.same(print, print) {
		t.Fatal("a text is not the same as itself")
	}
	w.weighed = maxWeighed
	if w.same(print, print) {
		t.Error("compared on and on")
	}
}

// Prints that another version of finews took are passed over, and replaced with time.
func TestForeignPrint(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, told(1, "农金网", "sannong")))
	if _, err := s.writer.Exec(`UPDATE story_prints SET print = ?`, s.encoder.EncodeAll([]byte("另一版"), nil)); err != nil {
		t.Fatal(err)
	}
	save(t, s, from("甲报", batch(noon, told(2, "金融时报", "sannong"))))
	if n := len(latest(t, s, "sannong").Entries); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// The page of a copy names the outlets with their own pages.
func TestPagesLeadToTheirOwn(t *testing.T) {
	s := openNew(t)
	better := told(2, "金融时报", "sannong")
	better.Entry.Own = true
	save(t, s, batch(noon, told(1, "农金网", "sannong"), better, told(3, "中国网", "sannong")))
	all := filed(t, s)
	for _, copied := range all[2].Copies {
		own := map[string]string{"农金网": all[0].Path, "金融时报": everything(t, s)[1].Path}[copied.Outlet]
		if copied.Path != own {
			t.Errorf("%s is at %s, want %s", copied.Outlet, copied.Path, own)
		}
	}
}

// Posts are told apart by their files, whatever else they share: each had an address of its own.
func TestPostsThatAreAlike(t *testing.T) {
	s := openNew(t)
	for batches, name := range []string{"2022-04-11-a", "2022-04-11-b"} {
		post := draft(1)
		post.Item.Name, post.Item.Title, post.ByPost = name, post.Entry.Title, true
		post.Key, _ = feeds.NewKey(source, feeds.Item{GUID: name})
		b := batch(noon.Add(time.Duration(batches)*time.Minute), post)
		b.Keys = []feeds.Key{post.Key}
		save(t, s, b)
	}
	if got := filed(t, s); len(got) != 2 || got[0].Path == got[1].Path {
		t.Errorf("%d posts of 2", len(got))
	}
}

// An undated item that comes daily under one link and title, with a new GUID and text, is a new entry each day.
func TestUndatedDailyItem(t *testing.T) {
	s := openNew(t)
	for day := range 3 {
		d := draft(1)
		d.Entry.Published = time.Time{}
		d = edited(d, "今日粮价", feeds.SafeHTML(fmt.Sprintf("<p>玉米每吨%d元</p>", 2300+day)))
		d.Key, _ = feeds.NewKey(source, feeds.Item{GUID: fmt.Sprint("d", day)})
		b := batch(noon.Add(time.Duration(day)*24*time.Hour), d)
		b.Keys = []feeds.Key{d.Key}
		save(t, s, b)
	}
	if n := len(everything(t, s)); n != 3 {
		t.Errorf("%d entries of 3 days", n)
	}
}

// A source that may be published in full takes over the same text from one of which only the title may be: rights hang
// on the source.
func TestBetterRightsTakeOver(t *testing.T) {
	s := openNew(t)
	first := batch(noon, edited(draft(1), "春耕贷款", wire))
	first.State.Rights = feeds.RightsTitle
	save(t, s, from("甲报", first))
	second := batch(noon.Add(time.Hour), edited(draft(1), "春耕贷款", wire))
	second.State.Rights = feeds.RightsFull
	if got := save(t, s, from("乙报", second)); got != (Saved{Updated: 1}) {
		t.Errorf("%+v", got)
	}
	if e := everything(t, s)[0]; e.Source != "乙报" || !e.Changed.Equal(noon.Add(time.Hour)) {
		t.Errorf("the text is that of %s, changed %s", e.Source, e.Changed)
	}
}

// What is like a pruned entry that still comes is another one, and is stored.
func TestNewBesideThePruned(t *testing.T) {
	s := openNew(t)
	day := noon.Add(-48 * time.Hour)
	flash := func(n int) feeds.Draft {
		d := titled(1, "快讯", day, "nongjinwang")
		d.Item.Title = "快讯"
		d.Entry.Body = feeds.SafeHTML(fmt.Sprintf("<p>第%d条</p>", n))
		d.Key, _ = feeds.NewKey(source, feeds.Item{GUID: fmt.Sprint(n)})
		return d
	}
	b := batch(noon, flash(1), flash(2))
	b.Keys = []feeds.Key{b.Drafts[0].Key, b.Drafts[1].Key}
	save(t, s, b)
	if _, err := s.Prune(context.Background(), Limits{OlderThan: noon.Add(-time.Hour)}, false, false, noon); err != nil {
		t.Fatal(err)
	}
	b = batch(noon.Add(time.Hour), flash(1), flash(2), flash(3))
	b.Keys = []feeds.Key{b.Drafts[0].Key, b.Drafts[1].Key, b.Drafts[2].Key}
	if got := save(t, s, b); got != (Saved{New: 1, Unchanged: 2}) {
		t.Errorf("%+v, want the third stored", got)
	}
}
