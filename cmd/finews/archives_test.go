package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

const (
	archivedSlug  = "nongjinwang"
	archivedLimit = 20 // entries of its feed
)

// archivedDraft is the nth entry of the category, from 0 on. Those of its second archive document are the oldest by date; the dates
// of the 257 others are mixed.
func archivedDraft(n int) feeds.Draft {
	const hour = 60 // in minutes
	age := n - feeds.ArchiveSize
	switch {
	case n < feeds.ArchiveSize:
		age = feeds.ArchiveSize + n*37%257
	case n >= 2*feeds.ArchiveSize:
		age = feeds.ArchiveSize + (n-feeds.ArchiveSize)*37%257
	}
	return telling(fmt.Sprintf("第%d条", n), "农金网", fmt.Sprintf("第%d条短消息，各说各的。", n), (age-1000)*hour, archivedSlug)
}

// newArchived is a finews with one category, whose feed is short. stories: a story is one entry in it.
func newArchived(t *testing.T, stories bool) *subscribable {
	t.Helper()
	s := newSubscribable(t)
	config := fmt.Sprintf(`
site: {title: 金融消息, url: %q}
categories: [{slug: %s, title: 农金网新闻, limit: %d, stories: %t}]
sources: [{name: 快讯, url: "https://news.example/rss.xml"}]
`, s.site.URL, archivedSlug, archivedLimit, stories)
	if err := os.WriteFile(s.path("feeds.yaml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	return s
}

// texts returns the bytes of archive documents, by name.
func (s *subscribable) texts(names []string) map[string]string {
	texts := map[string]string{}
	for _, name := range names {
		texts[name] = read(s.t, s.path("public/"+name))
	}
	return texts
}

// TestArchivesHoldEveryEntryOnce has 357 entries come in polls of all sizes, old and new dates mixed. After each one a walk
// collects every entry, once; a subscriber who was there each time misses nothing; and the documents that were full before stay
// as they were. Then entries are taken down and pruned.
func TestArchivesHoldEveryEntryOnce(t *testing.T) {
	s := newArchived(t, false)
	readers := []*subscriber{
		{s.site.URL + "/" + archivedSlug + ".xml", map[string]bool{}, map[string]string{}},
		{s.site.URL + "/" + archivedSlug + ".atom", map[string]bool{}, map[string]string{}},
	}
	before, came := map[string]string{}, 0
	for turn, polled := range []int{60, 40, 17, 103, 1, 79, 57} {
		var drafts []feeds.Draft
		for range polled {
			drafts = append(drafts, archivedDraft(came))
			came++
		}
		s.arrive("快讯", published.Add(time.Duration(turn)*time.Hour), drafts...)
		archive := s.walkAll()
		if want := came / feeds.ArchiveSize; len(archive) != want {
			t.Errorf("after %d entries: %d archive documents, want %d", came, len(archive), want)
		}
		after := s.texts(archive)
		for name, text := range before {
			if after[name] != text {
				t.Errorf("%s changed, though nothing in it did", name)
			}
		}
		before = after
		for _, r := range readers {
			if fresh := r.polls(s); fresh != polled {
				t.Errorf("%s: %d were new to the subscriber, want %d", r.address, fresh, polled)
			}
			s.same("the subscriber of "+r.address, s.stored(), r.titles)
		}
	}
	s.takeDown(before)
}

// takeDown hides entries of the first document and of the feed, prunes some of the second document, and then all of it.
func (s *subscribable) takeDown(before map[string]string) {
	s.t.Helper()
	s.store(func(store *storage.Store) error {
		var errs []error
		for _, n := range []int64{7, 42, 350} {
			_, err := store.Hide(s.t.Context(), n, true, published.AddDate(0, 0, 1))
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
	s.republish()
	after := s.texts(s.walkAll())
	var changed []string
	for name := range before {
		if after[name] != before[name] {
			changed = append(changed, name)
		}
	}
	if !slices.Equal(changed, []string{publish.ArchiveName(archivedSlug, 1)}) {
		s.t.Errorf("what was taken down changed %q", changed)
	}
	for _, stay := range []int{300, 240} {
		s.store(func(store *storage.Store) error {
			_, err := store.Prune(s.t.Context(), storage.Limits{PerCategory: stay}, false, false, published.AddDate(0, 0, 2))
			return err
		})
		s.republish()
		s.walkAll()
		if left := len(s.stored()); left != stay {
			s.t.Errorf("%d entries are left, want %d", left, stay)
		}
	}
	left := slices.Sorted(maps.Keys(s.texts(s.walkAll())))
	if want := []string{publish.ArchiveName(archivedSlug, 1), publish.ArchiveName(archivedSlug, 3)}; !slices.Equal(left, want) {
		s.t.Errorf("archive documents are %q, want %q", left, want)
	}
	if _, err := os.Stat(s.path("public/" + publish.ArchiveName(archivedSlug, 2))); !errors.Is(err, fs.ErrNotExist) {
		s.t.Errorf("the document that holds nothing is still there: %v", err)
	}
}

// TestArchivesTellEachStoryOnce: copies of a story come when its first one is in a full archive document already. It stays there,
// and is told once; when its first copy is taken down, the next one tells it, from where that is.
func TestArchivesTellEachStoryOnce(t *testing.T) {
	s := newArchived(t, true)
	copies := map[int]feeds.Draft{
		5:   telling("一稿", "农金网", wire, 1, archivedSlug),
		120: telling("二稿", "金融时报", wire, 2, archivedSlug),
		210: telling("三稿", "中国网", wire, 3, archivedSlug),
	}
	came := 0
	for turn, polled := range []int{110, 80, 30} {
		var drafts []feeds.Draft
		for range polled {
			draft, isCopy := copies[came]
			if !isCopy {
				draft = archivedDraft(came)
			}
			drafts = append(drafts, draft)
			came++
		}
		s.arrive("快讯", published.Add(time.Duration(turn)*time.Hour), drafts...)
		s.walkAll()
	}
	if got, want := len(s.stored()), came-2; got != want {
		t.Fatalf("%d entries are shown, want %d: the story was not recognised", got, want)
	}
	first := read(t, s.path("public/"+publish.ArchiveName(archivedSlug, 1)))
	if strings.Count(first, "一稿惠农贷款") != 1 || !strings.Contains(first, "中国网") {
		t.Error("the document of the first copy does not tell the story, or does not name the last copy")
	}
	s.store(func(store *storage.Store) error {
		_, err := store.Hide(t.Context(), 6, true, published.AddDate(0, 0, 1))
		return err
	})
	s.republish()
	s.walkAll()
	if second := read(t, s.path("public/"+publish.ArchiveName(archivedSlug, 2))); !strings.Contains(second, "二稿惠农贷款") {
		t.Error("the next copy does not tell the story")
	}
}
