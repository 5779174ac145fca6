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

const day = 24 * time.Hour

// left returns the titles of all entries, in order of first sight.
func left(t *testing.T, s *Store) []string {
	t.Helper()
	all, err := collect(queryEntries(t.Context(), s.reader, `SELECT `+entryColumns+` FROM entries e ORDER BY number`))
	if err != nil {
		t.Fatal(err)
	}
	return titles(all)
}

func prune(t *testing.T, s *Store, limits Limits, archives bool) Pruned {
	t.Helper()
	pruned, err := s.Prune(t.Context(), limits, archives, false, noon)
	if err != nil {
		t.Fatal(err)
	}
	return pruned
}

// hide takes the entry of the draft down.
func hide(t *testing.T, s *Store, d feeds.Draft) {
	t.Helper()
	e, err := s.Find(t.Context(), d.Entry.Link)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Hide(t.Context(), e.Number, true, noon); err != nil {
		t.Fatal(err)
	}
}

// seven are entries of one to seven days, in several categories and in none.
func seven(t *testing.T) *Store {
	s := openNew(t)
	edited := titled(3, "丙", noon.Add(-3*day), "nongjinwang")
	save(t, s, batch(noon,
		titled(1, "甲", noon.Add(-1*day), "nongjinwang"),
		titled(2, "乙", noon.Add(-2*day), "nongjinwang", "xiangcun"),
		edited,
		titled(4, "丁", noon.Add(-4*day), "xiangcun"),
		titled(5, "戊", noon.Add(-5*day), "xiangcun", "nongjinwang"),
		titled(6, "无处", noon.Add(-6*day)),
		titled(7, "隐去", noon.Add(-7*day), "nongjinwang"),
	))
	edited.Entry.Body, edited.Digest = "<p>更正</p>", feeds.Digest{1}
	save(t, s, batch(noon, edited))
	hide(t, s, draft(7))
	return s
}

func TestPrune(t *testing.T) {
	cases := []struct {
		name   string
		limits Limits
		left   string
		want   Pruned // but Bytes
	}{
		{"no limit", Limits{}, "甲 乙 丙 丁 戊 无处 隐去", Pruned{}},
		{"two of each", Limits{PerCategory: 2}, "甲 乙 丁 无处 隐去", Pruned{Entries: 2, Versions: 1,
			PerCategory: map[string]int{"nongjinwang": 2, "xiangcun": 1}, Newest: noon.Add(-3 * day), Oldest: noon.Add(-5 * day)}},
		{"one of each", Limits{PerCategory: 1}, "甲 乙 无处 隐去", Pruned{Entries: 3, Versions: 1,
			PerCategory: map[string]int{"nongjinwang": 2, "xiangcun": 2}, Newest: noon.Add(-3 * day), Oldest: noon.Add(-5 * day)}},
		{"younger than five days", Limits{OlderThan: noon.Add(-5 * day)}, "甲 乙 丙 丁 戊 隐去", Pruned{Entries: 2,
			Newest: noon.Add(-6 * day), Oldest: noon.Add(-7 * day)}},
		{"both limits", Limits{PerCategory: 2, OlderThan: noon.Add(-3 * day)}, "甲 乙 隐去", Pruned{Entries: 5, Versions: 1,
			PerCategory: map[string]int{"nongjinwang": 2, "xiangcun": 2}, Newest: noon.Add(-3 * day), Oldest: noon.Add(-7 * day)}},
		{"all", Limits{OlderThan: noon}, "隐去", Pruned{Entries: 7, Versions: 1,
			PerCategory: map[string]int{"nongjinwang": 4, "xiangcun": 3}, Newest: noon.Add(-1 * day), Oldest: noon.Add(-7 * day)}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := seven(t)
			before := dump(t, s.path)
			dry, err := s.Prune(t.Context(), c.limits, false, true, noon)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, dump(t, s.path)); diff != "" {
				t.Errorf("a dry run changed the store (-before +after):\n%s", diff)
			}
			got := prune(t, s, c.limits, false)
			if diff := cmp.Diff(dry, got); diff != "" {
				t.Errorf("(-dry +done):\n%s", diff)
			}
			if (got.Bytes > 0) != (got.Entries > 0) {
				t.Errorf("%d bytes of %d entries", got.Bytes, got.Entries)
			}
			got.Bytes = 0
			if c.want.PerCategory == nil {
				c.want.PerCategory = map[string]int{}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("pruned (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(strings.Fields(c.left), left(t, s)); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
			sound(t, s)
			if again := prune(t, s, c.limits, false); again.Entries != 0 {
				t.Errorf("a second time: %+v", again)
			}
		})
	}
}

// The index of the categories may be damaged: nothing is pruned for it.
func TestPruneGoesByTheEntries(t *testing.T) {
	s := seven(t)
	if _, err := s.writer.Exec(`DELETE FROM entry_categories`); err != nil {
		t.Fatal(err)
	}
	if got := prune(t, s, Limits{PerCategory: 10}, false); got.Entries != 0 {
		t.Errorf("pruned %+v", got)
	}
}

// What a source still sends is not taken for new after it was pruned: not under its key, not when it was edited, and not
// under a GUID that is another with each poll. But another day's entry with its link and title is new.
func TestPrunedStaysAway(t *testing.T) {
	s := openNew(t)
	withGUID := func(guid string) feeds.Draft {
		d := titled(2, "今日粮价", noon.Add(-3*day), "nongjinwang")
		d.Item = feeds.Item{GUID: guid, Link: "https://news.example/liangjia.html", Title: "今日粮价", Body: "<p>稻谷</p>"}
		d.Key, _ = feeds.NewKey(source, d.Item)
		d.Digest, d.Entry.Link = d.Item.Digest(), d.Item.Link
		return d
	}
	save(t, s, batch(noon, titled(1, "甲", noon.Add(-2*day), "nongjinwang"), withGUID("guid-0")))
	if got := prune(t, s, Limits{OlderThan: noon}, false); got.Entries != 2 {
		t.Fatalf("pruned %+v", got)
	}
	edited := titled(1, "甲（更正）", noon.Add(-2*day), "nongjinwang")
	edited.Digest[0]++
	for poll := 1; poll <= 10; poll++ {
		now := noon.Add(time.Duration(poll) * 5 * day)
		again := withGUID(fmt.Sprintf("guid-%d", poll))
		if got := save(t, s, batch(now, edited, again)); got != (Saved{Unchanged: 2}) {
			t.Errorf("poll %d: %+v", poll, got)
		}
		digests, err := s.Digests(t.Context(), source, []feeds.Key{edited.Key, again.Key})
		if diff := cmp.Diff(map[feeds.Key]feeds.Digest{edited.Key: edited.Digest, again.Key: again.Digest}, digests); diff != "" || err != nil {
			t.Errorf("poll %d: it would be read again: %v %s", poll, err, diff)
		}
	}
	if n := query(t, s, `SELECT count(*) FROM entry_keys`); n != 2 {
		t.Errorf("%d keys are remembered, want 2", n)
	}
	tomorrow := withGUID("guid-morgen")
	tomorrow.Entry.Published = noon
	if got := save(t, s, batch(noon.Add(51*day), tomorrow)); got != (Saved{New: 1}) {
		t.Errorf("the entry of another day: %+v", got)
	}
}

// A hidden entry loses its text and stays down: it is known by its key, and by its address at other sources.
func TestPruneHidden(t *testing.T) {
	s := openNew(t)
	d := titled(1, "撤下的报道", noon.Add(-9*day), "nongjinwang")
	save(t, s, batch(noon, d))
	hide(t, s, d)
	gone, err := s.Gone(t.Context(), 0)
	if err != nil || len(gone) != 1 {
		t.Fatalf("gone %v, %v", gone, err)
	}
	if got := prune(t, s, Limits{OlderThan: noon.Add(-day)}, false); got.Entries != 1 {
		t.Errorf("pruned %+v", got)
	}
	if n := query(t, s, `SELECT (SELECT count(*) FROM entries WHERE body <> '') + (SELECT count(*) FROM entry_raw)`); n != 0 {
		t.Errorf("its text stands in %d places", n)
	}
	edited := d
	edited.Digest[0]++
	other := feeds.Batch{Source: "金融时报", Now: noon, Drafts: []feeds.Draft{d}}
	other.Drafts[0].Key, _ = feeds.NewKey(other.Source, d.Item)
	other.Drafts[0].Entry.Body = feeds.SafeHTML(strings.Repeat("<p>更长的正文。</p>", 20))
	save(t, s, batch(noon, edited))
	save(t, s, other)
	if n := len(latest(t, s, "nongjinwang").Entries); n != 0 || len(left(t, s)) != 1 {
		t.Errorf("%d entries are shown of %v", n, left(t, s))
	}
	if now, err := s.Gone(t.Context(), 0); err != nil || !cmp.Equal(now, gone) {
		t.Errorf("gone %v, %v; want %v", now, err, gone)
	}
	sound(t, s)
}

// The path of a pruned entry is nobody else's. Its page goes with the archives: also that of one that was pruned
// without them.
func TestPrunedPages(t *testing.T) {
	s := openNew(t)
	post := func(n int, published time.Time) feeds.Draft {
		d := titled(n, fmt.Sprintf("公告%d", n), published, "nongjinwang")
		d.Item.Name = "Gonggao"
		return d
	}
	save(t, s, batch(noon, post(1, noon.Add(-3*day)), post(2, noon.Add(-2*day)), titled(3, "无处", noon.Add(-3*day))))
	paths := map[string]bool{}
	for _, e := range filed(t, s) {
		paths[e.Path] = true
	}
	gone := func(want int) {
		t.Helper()
		got, err := s.Gone(t.Context(), 0)
		if err != nil || len(got) != want {
			t.Errorf("gone %v, %v; want %d", got, err, want)
		}
		for _, path := range got {
			if !paths[path] {
				t.Errorf("%s is none of the pruned", path)
			}
		}
	}
	if got := prune(t, s, Limits{OlderThan: noon.Add(-2 * day)}, false); got.Entries != 2 || got.Pages != 0 {
		t.Errorf("without archives: %+v", got)
	}
	gone(0)
	again := post(4, noon.Add(-3*day))
	again.Item.Name = "gonggao" // which some file systems take for the same
	save(t, s, batch(noon, again))
	for _, e := range filed(t, s) {
		if e.Title == "公告4" && paths[strings.Replace(e.Path, "gonggao", "Gonggao", 1)] {
			t.Errorf("%s got the path of another: %s", e.Title, e.Path)
		}
		paths[e.Path] = true
	}
	dry, err := s.Prune(t.Context(), Limits{OlderThan: noon}, true, true, noon)
	if got := prune(t, s, Limits{OlderThan: noon}, true); got.Entries != 2 || got.Pages != 3 || dry.Pages != 3 || err != nil {
		t.Errorf("with archives: %+v, dry %+v, %v", got, dry, err)
	}
	gone(3)
}

// A story that loses its first entry goes on with the next one; the last one is no story.
func TestPruneStories(t *testing.T) {
	s := openNew(t)
	text := feeds.SafeHTML("<p>" + strings.Repeat("农业农村部今天发布消息，全国春耕备耕进展顺利，各地信用社加大支农贷款投放力度。", 6) + "</p>")
	for n, outlet := range []string{"农金网", "金融时报", "中国网"} {
		d := titled(n, "春耕备耕进展顺利", noon.Add(time.Duration(n-30)*time.Hour), "nongjinwang")
		d.Entry.Outlet, d.Entry.Body = outlet, text
		save(t, s, batch(noon, d))
	}
	stories := func() (all []int64) {
		t.Helper()
		for e, err := range queryEntries(t.Context(), s.reader, `SELECT `+entryColumns+` FROM entries e ORDER BY number`) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, e.Story)
		}
		return all
	}
	for i, want := range [][]int64{{1, 1, 1}, {2, 2}, {0}} {
		if diff := cmp.Diff(want, stories()); diff != "" {
			t.Errorf("after %d were pruned, stories (-want +got):\n%s", i, diff)
		}
		sound(t, s)
		prune(t, s, Limits{OlderThan: noon.Add(time.Duration(i-29) * time.Hour)}, false)
	}
}

func TestPruneRefuses(t *testing.T) {
	s := seven(t)
	cases := []struct {
		name   string
		limits Limits
		now    time.Time
		want   string
	}{
		{"years later", Limits{PerCategory: 1}, noon.AddDate(1, 0, 1), "set the clock"},
		{"days before", Limits{PerCategory: 1}, noon.Add(-25 * time.Hour), "set the clock"},
		{"future", Limits{OlderThan: noon.Add(time.Second)}, noon, "give a date that is past"},
		{"fewer than none", Limits{PerCategory: -1}, noon, "keep at least one"},
	}
	for _, c := range cases {
		for _, dry := range []bool{true, false} {
			_, err := s.Prune(t.Context(), c.limits, false, dry, c.now)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), s.path) {
				t.Errorf("%s: error is %v, want %q and %s in it", c.name, err, c.want, s.path)
			}
		}
	}
	if n := len(left(t, s)); n != 7 {
		t.Errorf("%d entries are left", n)
	}
	if _, err := openNew(t).Prune(t.Context(), Limits{OlderThan: noon}, true, false, noon); err != nil {
		t.Errorf("of an empty store: %v", err)
	}
}

// Pruning many entries takes steps, and a poll beside it goes on. An end midway leaves what was done, whole.
func TestPruneBesideAPoll(t *testing.T) {
	t.Parallel()
	const many = 4 * pruneStep
	s := openNew(t)
	drafts := make([]feeds.Draft, many)
	for i := range drafts {
		drafts[i] = draft(i)
		drafts[i].Entry.Published = noon.Add(time.Duration(i-many) * time.Hour)
	}
	save(t, s, batch(noon, drafts...))
	other := open(t, s.path)
	done := make(chan struct{})
	var group sync.WaitGroup
	saves := 0
	group.Go(func() {
		for ; ; saves++ {
			select {
			case <-done:
				return
			default:
			}
			d := titled(many+saves, "新到", noon, "xiangcun")
			if _, err := other.Save(context.Background(), batch(noon, d), site); err != nil {
				t.Error(err)
				return
			}
		}
	})
	ctx := &fading{Context: context.Background(), done: make(chan struct{})}
	ctx.left.Store(10000)
	first, err := s.Prune(ctx, Limits{OlderThan: noon}, false, false, noon)
	if err == nil || first.Entries == 0 || first.Entries%pruneStep != 0 {
		t.Errorf("ended midway: %d entries, %v", first.Entries, err)
	}
	rest := prune(t, s, Limits{OlderThan: noon}, false)
	close(done)
	group.Wait()
	if first.Entries+rest.Entries != many {
		t.Errorf("pruned %d and then %d, want %d", first.Entries, rest.Entries, many)
	}
	if n := len(left(t, s)); n != saves || saves == 0 {
		t.Errorf("%d entries are left, want the %d that came meanwhile", n, saves)
	}
	sound(t, s)
}
