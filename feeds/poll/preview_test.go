package poll_test

import (
	"slices"
	"testing"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// TestPreviewIsWhatReprocessDoes compares what is promised of each entry with what becomes of it, and sees that the
// promise changes nothing.
func TestPreviewIsWhatReprocessDoes(t *testing.T) {
	w := newTown(t)
	w.older(subject, []string{"jiule"},
		feeds.Item{GUID: "1", Link: "https://county.example/1", Title: "甲县<b>农商行</b>支农", Body: attributed},
		feeds.Item{GUID: "2", Link: "https://county.example/2", Title: "足球赛", Body: "<p>体育</p>"},
		feeds.Item{GUID: "3", Link: "https://county.example/3"}) // today it would be dropped
	everything, err := w.store.Everything(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	promised := map[int64]feeds.Entry{}
	for _, one := range everything {
		redrafted, ok, err := poll.Preview(w.poller.Catalogue, w.now, one)
		if err != nil {
			t.Fatal(err)
		}
		promised[one.Entry.Number] = one.Entry
		if ok {
			redrafted.Entry.Categories = redrafted.Filings[0].Categories
			promised[one.Entry.Number] = redrafted.Entry
		}
	}
	if after, err := w.store.Everything(t.Context(), 0, 10); err != nil || after[0].Entry.Title != "旧标题" {
		t.Fatalf("a preview changed the store: %v", err)
	}
	w.reprocess()
	everything, err = w.store.Everything(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range everything {
		got, want := one.Entry, promised[one.Entry.Number]
		if got.Title != want.Title || got.Body != want.Body || got.Outlet != want.Outlet || !slices.Equal(got.Categories, want.Categories) {
			t.Errorf("%+v\nwas promised as %+v", got, want)
		}
	}
}
