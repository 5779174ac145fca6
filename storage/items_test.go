package storage

import (
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// What a source sent last comes back under its keys: not what another source sent of the same entry, and nothing under a
// key that is not known, not asked for, or of an entry that was pruned.
func TestItems(t *testing.T) {
	s := openNew(t)
	pruned := titled(4, "去年的旧闻", noon.Add(-300*day), "nongjinwang")
	save(t, s, batch(noon, draft(1), draft(2), draft(3), pruned))
	edited := draft(2)
	edited.Item.Body, edited.Digest[0] = "<p>农商行支农贷款（更正）</p>", 1
	save(t, s, batch(noon.Add(time.Hour), edited))
	other := from("县域金融", batch(noon.Add(time.Hour), draft(1)))
	other.Drafts[0].Item.Body = "<p>转载</p>"
	save(t, s, other)
	prune(t, s, Limits{OlderThan: noon.Add(-100 * day)}, false)
	if got := everything(t, s); len(got) != 3 {
		t.Fatalf("%d entries, want 3", len(got))
	}

	keys := []feeds.Key{draft(1).Key, draft(2).Key, pruned.Key, draft(9).Key}
	got, err := s.Items(t.Context(), source, keys)
	want := map[feeds.Key]feeds.Item{draft(1).Key: draft(1).Item, draft(2).Key: edited.Item}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	got, err = s.Items(t.Context(), "县域金融", []feeds.Key{other.Drafts[0].Key, draft(1).Key})
	if diff := cmp.Diff(map[feeds.Key]feeds.Item{other.Drafts[0].Key: other.Drafts[0].Item}, got); diff != "" || err != nil {
		t.Errorf("of the other source, %v (-want +got):\n%s", err, diff)
	}
	if got, err = s.Items(t.Context(), source, nil); err != nil || len(got) != 0 {
		t.Errorf("without keys: %v, %v", got, err)
	}
}

// What cannot be unpacked is an error: asked for again, all bodies of a source would be fetched anew.
func TestItemsSayWhatIsDamaged(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1)))
	if _, err := s.writer.Exec(`UPDATE entry_raw SET item = x'00'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Items(t.Context(), source, []feeds.Key{draft(1).Key}); err == nil || !strings.Contains(err.Error(), "read what "+source+" sent") {
		t.Errorf("the error is %v", err)
	}
}

// An item whose date is reckoned from 10分钟前 comes with another one each time: the entry keeps the first, also under
// another GUID, and is not new.
func TestApproximateDateStays(t *testing.T) {
	s := openNew(t)
	for n, digest := range []byte{1, 1, 2, 3} { // as it was, edited, and under another GUID
		now := noon.Add(time.Duration(n) * time.Hour)
		d := draft(1)
		d.Item.Approximate, d.Item.Published, d.Entry.Published = true, now.Add(-10*time.Minute), now.Add(-10*time.Minute)
		d.Item.Title = "农商行支农贷款"
		d.Digest = feeds.Digest{digest}
		if digest > 1 {
			d.Entry.Title = "农商行支农贷款（更正）"
		}
		if digest > 2 {
			d.Item.GUID = "另一个"
			d.Key, _ = feeds.NewKey(source, d.Item)
		}
		save(t, s, batch(now, d))
		if all := everything(t, s); len(all) != 1 {
			t.Fatalf("poll %d: %d entries, want one", n, len(all))
		}
		if got := only(t, s); !got.Published.Equal(noon.Add(-10 * time.Minute)) {
			t.Errorf("poll %d: published %s, want that of the first", n, got.Published)
		}
	}
	if got := only(t, s); got.Title != "农商行支农贷款（更正）" || !got.Updated.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("the edit is %q, updated %s", got.Title, got.Updated)
	}
}
