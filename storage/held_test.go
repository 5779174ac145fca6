package storage

import (
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

const why = "its text is garbled: 鍐滀笟"

// heldBack returns the draft as a source sends it garbled.
func heldBack(d feeds.Draft) feeds.Draft {
	d.Entry.Held, d.Entry.Body = why, "<p>鍐滀笟閾惰 锟斤拷锟斤拷</p>"
	d.Item.Body = "<p>鍐滀笟閾惰 锟斤拷锟斤拷</p>"
	d.Digest[0]++
	return d
}

// published returns how many entries are in the feed and among the pages, and how many pages have to go.
func published(t *testing.T, s *Store) (inFeed, pages, gone int) {
	t.Helper()
	all, err := s.LatestOfAll(t.Context(), func(string) bool { return true }, 100)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := s.Gone(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return len(latest(t, s, "nongjinwang").Entries) + len(all.Entries), len(filed(t, s)), len(paths)
}

// A held entry is stored, found and listed, and published nowhere, whatever categories it comes with.
func TestHeldIsPublishedNowhere(t *testing.T) {
	s := openNew(t)
	d := heldBack(draft(1))
	d.Made = feeds.Category{Slug: "nongjinwang", Title: "农金网新闻"}
	save(t, s, batch(noon, d))
	got := everything(t, s)[0]
	if got.Held != why || got.Categories != nil || got.Reasons != nil || got.Path != "" {
		t.Errorf("stored is %+v", got)
	}
	if inFeed, pages, gone := published(t, s); inFeed+pages+gone != 0 {
		t.Errorf("%d in feeds, %d pages, %d to go; want none", inFeed, pages, gone)
	}
	if made, err := s.Categories(t.Context()); err != nil || len(made) != 0 {
		t.Errorf("a category was made for it: %v, %v", made, err)
	}
	if found, err := s.Search(t.Context(), Query{Text: "农商行支农"}); err != nil || len(found.Hits) != 1 || found.Hits[0].Entry.Held != why {
		t.Errorf("found %+v, %v", found, err)
	}
	save(t, s, batch(noon, draft(2)))
	if only, err := s.Entries(t.Context(), Filter{Held: true}); err != nil || len(only) != 1 || only[0].ID != got.ID {
		t.Errorf("held are %+v, %v", only, err)
	}
	sound(t, s)
}

// When a later poll brings it good, it is filed, gets a path and is published; its id and date stay.
func TestHeldComesGood(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, heldBack(draft(1))))
	before := everything(t, s)[0]
	later := noon.Add(time.Hour)
	if saved := save(t, s, batch(later, draft(1))); saved != (Saved{Updated: 1}) {
		t.Errorf("saved %+v", saved)
	}
	want := draft(1).Entry
	want.Number, want.ID, want.Source, want.FirstSeen, want.Changed, want.Updated = 1, before.ID, source, noon, later, later
	want.Reasons, want.Path = []string{""}, "nongjinwang/2022/04/10/"+before.ID[len(before.ID)-16:]+".html"
	if diff := cmp.Diff(want, only(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if inFeed, pages, gone := published(t, s); inFeed != 2 || pages != 1 || gone != 0 {
		t.Errorf("%d in feeds, %d pages, %d to go", inFeed, pages, gone)
	}
	versions, err := s.Versions(t.Context(), 1)
	if err != nil || len(versions) != 1 || versions[0].Entry.Held != why {
		t.Errorf("the earlier version is %+v, %v", versions, err)
	}
	sound(t, s)
}

// What was good stays when its source sends it garbled, filed as it was, and so does what was sent of it: the next
// reprocessing makes of it what it made before.
func TestGoodStaysWhenItComesHeld(t *testing.T) {
	for name, change := range map[string]func(*feeds.Draft){
		"under its key":      func(*feeds.Draft) {},
		"under another GUID": func(d *feeds.Draft) { d.Item.GUID = "另一个"; d.Key, _ = feeds.NewKey(source, d.Item) },
	} {
		t.Run(name, func(t *testing.T) {
			s := openNew(t)
			save(t, s, batch(noon, draft(1)))
			before, _ := s.Stored(t.Context(), 1)
			garbled := heldBack(draft(1))
			change(&garbled)
			for n := range 2 { // the second time its digest is known
				if saved := save(t, s, batch(noon.Add(time.Hour), garbled)); saved != (Saved{Unchanged: 1}) {
					t.Errorf("poll %d saved %+v", n, saved)
				}
			}
			after, err := s.Stored(t.Context(), 1)
			if diff := cmp.Diff(before, after); diff != "" || err != nil {
				t.Errorf("%v (-before +after):\n%s", err, diff)
			}
			digests, err := s.Digests(t.Context(), source, []feeds.Key{garbled.Key})
			if err != nil || digests[garbled.Key] != garbled.Digest {
				t.Errorf("its digest is not remembered: %v", err)
			}
			other := from("县域金融", batch(noon.Add(90*time.Minute), draft(1)))
			other.Drafts[0].Entry.Categories = []string{"sannong"} // sums up what each source files it under
			save(t, s, other)
			if got := only(t, s); !cmp.Equal(got.Categories, []string{"nongjinwang", "sannong"}) {
				t.Errorf("another source sends it too, and it is filed under %v", got.Categories)
			}
			good := draft(1)
			good.Key, good.Item.GUID, good.Digest, good.Entry.Title = garbled.Key, garbled.Item.GUID, feeds.Digest{9}, good.Entry.Title+"（更正）"
			if saved := save(t, s, batch(noon.Add(2*time.Hour), good)); saved != (Saved{Updated: 1}) || only(t, s).Title != good.Entry.Title {
				t.Errorf("good again: saved %+v, %q", saved, only(t, s).Title)
			}
			sound(t, s)
		})
	}
}

// That it is held or not is stored also where nothing else changes.
func TestHeldAloneIsAChange(t *testing.T) {
	s := openNew(t)
	good := draft(1)
	good.Entry.Categories = nil
	held := good
	held.Entry.Held, held.Digest = why, feeds.Digest{1}
	save(t, s, batch(noon, held))
	if saved := save(t, s, batch(noon.Add(time.Hour), good)); saved != (Saved{Updated: 1}) || everything(t, s)[0].Held != "" {
		t.Errorf("saved %+v, %q", saved, everything(t, s)[0].Held)
	}
	r := Redrafted{Number: 1, Entry: held.Entry, Item: held.Item}
	if changed, err := s.Redraft(t.Context(), site, []Redrafted{r}, noon); err != nil || changed != 1 || everything(t, s)[0].Held != why {
		t.Errorf("held again: %d changed, %v", changed, err)
	}
}

// What one source sends unreadable is no entry of another that sends the same address: neither its date nor its path.
func TestGoodCopyOfHeldIsAnEntryOfItsOwn(t *testing.T) {
	s := openNew(t)
	held := heldBack(draft(1))
	held.Entry.Published = noon.AddDate(-31, 0, 0)
	save(t, s, batch(noon, held))
	save(t, s, from("县域金融", batch(noon.Add(time.Hour), draft(1))))
	all := everything(t, s)
	if len(all) != 2 || all[0].Held == "" || all[1].Held != "" || !all[1].Published.Equal(draft(1).Entry.Published) || all[1].Path == "" {
		t.Errorf("the entries are %+v", all)
	}
	sound(t, s)
}

// Garbled texts are alike: they are no copies of one story. Once its text is good, an entry joins the story that it tells.
func TestHeldTellsNoStory(t *testing.T) {
	s := openNew(t)
	held := told(1, "农金网", "nongjinwang")
	held.Entry.Held, held.Digest[0] = why, 1 // with the text of the others, so that only that it is held keeps it apart
	second := told(2, "央视网", "nongjinwang")
	save(t, s, batch(noon, held, second))
	third := told(3, "县域金融", "nongjinwang")
	third.Entry.Held = why
	save(t, s, batch(noon, third))
	for _, e := range everything(t, s) {
		if e.Story != 0 {
			t.Errorf("%s is of story %d", e.Outlet, e.Story)
		}
	}
	save(t, s, batch(noon.Add(time.Hour), told(1, "农金网", "nongjinwang")))
	if all := everything(t, s); all[0].Story == 0 || all[0].Story != all[1].Story || all[2].Story != 0 {
		t.Errorf("stories are %d, %d and %d, want one of the first two", all[0].Story, all[1].Story, all[2].Story)
	}
	sound(t, s)
}

// One that was held while its story was taken down is not shown when it comes good.
func TestHeldComesGoodInAStoryThatWasTakenDown(t *testing.T) {
	s := openNew(t)
	held := told(1, "农金网", "nongjinwang")
	held.Entry.Held, held.Digest[0] = why, 1
	save(t, s, batch(noon, held, told(2, "央视网", "nongjinwang")))
	if _, err := s.Hide(t.Context(), 2, false, noon); err != nil {
		t.Fatal(err)
	}
	save(t, s, batch(noon.Add(time.Hour), told(1, "农金网", "nongjinwang")))
	if e := everything(t, s)[0]; e.Hidden.IsZero() || e.Story == 0 {
		t.Errorf("it is shown: %+v", e)
	}
	sound(t, s)
}

// Better rules hold back what is published: it leaves the feeds, its page goes, and its story goes on without it. They
// let it out again as it was.
func TestRedraftHoldsAndLetsGo(t *testing.T) {
	s := openNew(t)
	first, second := told(1, "农金网", "nongjinwang"), told(2, "央视网", "nongjinwang")
	save(t, s, batch(noon, first, second))
	before := everything(t, s)
	redraft := func(now time.Time, held string) {
		t.Helper()
		e := first.Entry
		e.Held = held
		r := Redrafted{Number: 1, Entry: e, Item: first.Item, Filings: []Filing{{Source: source, Categories: []string{"nongjinwang"}, Reasons: []string{""}}}}
		for n, want := range []int{1, 0} {
			if changed, err := s.Redraft(t.Context(), site, []Redrafted{r}, now); err != nil || changed != want {
				t.Errorf("time %d: %d changed, %v", n, changed, err)
			}
		}
		sound(t, s)
	}
	redraft(noon.Add(time.Hour), why)
	all := everything(t, s)
	if e := all[0]; e.Held != why || e.Categories != nil || e.Story != 0 || e.Path != before[0].Path || all[1].Story != 0 {
		t.Errorf("held are %+v", all)
	}
	if inFeed, pages, gone := published(t, s); inFeed != 2 || pages != 1 || gone != 1 {
		t.Errorf("%d in feeds, %d pages, %d to go", inFeed, pages, gone)
	}
	redraft(noon.Add(2*time.Hour), "")
	want, got := before[0], everything(t, s)[0]
	want.Changed, want.Story = noon.Add(2*time.Hour), got.Story
	if diff := cmp.Diff(want, got); diff != "" || got.Story == 0 {
		t.Errorf("story %d (-want +got):\n%s", got.Story, diff)
	}
	if inFeed, pages, gone := published(t, s); inFeed != 2 || pages != 2 || gone != 0 {
		t.Errorf("let out, %d in feeds, %d pages, %d to go", inFeed, pages, gone)
	}
}
