package storage

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// A category that was published is known for ever, and comes back when it is published again.
func TestPublished(t *testing.T) {
	s := openNew(t)
	for _, c := range []struct{ now, left []string }{
		{[]string{"nongjinwang", "chunbo", "chunbo"}, nil},
		{[]string{"nongjinwang"}, []string{"chunbo"}},
		{[]string{"baoxian"}, []string{"chunbo", "nongjinwang"}},
		{nil, []string{"baoxian", "chunbo", "nongjinwang"}},
		{[]string{"chunbo", "nongjinwang"}, []string{"baoxian"}},
	} {
		left, err := s.Published(t.Context(), c.now)
		if diff := cmp.Diff(c.left, left); diff != "" || err != nil {
			t.Errorf("with %v published, %v (-want +got):\n%s", c.now, err, diff)
		}
	}
}

// The page of an entry that was pruned can be taken down by what people know of it; nothing else can.
func TestRemovePage(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, titled(1, "去年的旧闻", noon.Add(-300*day), "nongjinwang"), titled(2, "前年的旧闻", noon.Add(-600*day), "nongjinwang"), draft(3)))
	e, err := s.Find(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RemovePage(t.Context(), e.Path); !errors.Is(err, ErrNotFound) {
		t.Errorf("the page of an entry that is there: %v, want ErrNotFound", err)
	}
	prune(t, s, Limits{OlderThan: noon.Add(-100 * day)}, false)
	for _, word := range []string{"", "/", "1", "nongjinwang", "https://finews.example/", "nongjinwang/%"} {
		if path, err := s.RemovePage(t.Context(), word); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q is %q, %v; want ErrNotFound", word, path, err)
		}
	}
	for _, word := range []string{e.Path, "/" + e.Path, " https://finews.example/" + e.Path + "?from=qq#top "} {
		if path, err := s.RemovePage(t.Context(), word); path != e.Path || err != nil {
			t.Errorf("%q is %q, %v", word, path, err)
		}
	}
	if gone, err := s.Gone(t.Context(), 0); len(gone) != 1 || gone[0] != e.Path || err != nil {
		t.Errorf("gone: %v, %v; want only %s", gone, err, e.Path)
	}
}

// A list of all has as many entries as it may, whatever categories are published no longer, and no copy that is
// published nowhere gives a story its text.
func TestLatestOfAllIsOfWhatIsPublished(t *testing.T) {
	s := openNew(t)
	first, second := titled(1, "春耕备耕有序", noon.Add(-9*time.Hour), "nongjinwang"), titled(2, "春耕备耕有序", noon.Add(-8*time.Hour), "chunbo")
	first.Entry.Body, second.Entry.Body, second.Entry.Outlet = exampleText, exampleText+"<p>长一句的稿子。</p>", "央视网"
	drafts := []feeds.Draft{first, second}
	for n := range 10 { // a busy category
		drafts = append(drafts, titled(10+n, "快讯", noon.Add(time.Duration(n)*time.Minute), "chunbo"))
	}
	save(t, s, batch(noon, drafts...))
	if e, err := s.Find(t.Context(), "2"); err != nil || e.Story == 0 {
		t.Fatalf("the copies are no story: %+v, %v", e, err)
	}
	all, err := s.LatestOfAll(t.Context(), func(slug string) bool { return slug == "nongjinwang" }, 5)
	if err != nil || len(all.Entries) != 1 || len(all.Entries[0].Copies) != 0 || all.Entries[0].Body != exampleText {
		t.Errorf("of all: %v, %+v", err, all.Entries)
	}
}
