package storage

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

func waitingFor(n byte, title string, since time.Time) feeds.Waiting {
	return feeds.Waiting{
		Key: feeds.Key{n}, Digest: feeds.Digest{n}, Since: since.UTC(),
		Item: feeds.Item{Title: title, Link: "https://county.example/" + title, Published: noon.UTC()},
	}
}

// TestWaiting: items wait in the order of their lists, the newest list first; one that changes keeps its place in time; and
// what waits is known, under the digest under which it waits.
func TestWaiting(t *testing.T) {
	s := openNew(t)
	later := noon.Add(time.Hour)
	first, second, third := waitingFor(1, "甲", noon), waitingFor(2, "乙", noon), waitingFor(3, "丙", later)
	old := batch(noon)
	old.Waiting = []feeds.Waiting{second, first} // a list is stored from its end
	save(t, s, old)
	changed := first
	changed.Item.Title, changed.Digest, changed.Since = "甲（更正）", feeds.Digest{9}, later
	young := batch(later)
	young.Waiting = []feeds.Waiting{third, changed}
	save(t, s, young)
	changed.Since = first.Since
	expectWaiting(t, s, third, changed, second)

	digests, err := s.Digests(t.Context(), old.Source, []feeds.Key{{1}, {2}, {7}})
	if diff := cmp.Diff(map[feeds.Key]feeds.Digest{{1}: {9}, {2}: {2}}, digests); diff != "" || err != nil {
		t.Errorf("digests -want +got, %v:\n%s", err, diff)
	}
	if digests, err := s.Digests(t.Context(), "别报", []feeds.Key{{1}}); len(digests) != 0 || err != nil {
		t.Errorf("of another source: %v, %v", digests, err)
	}
	done := batch(later, draft(1))
	done.Answered = []feeds.Key{{1}, {2}, {7}}
	save(t, s, done)
	expectWaiting(t, s, third)
	sound(t, s)
}

func expectWaiting(t *testing.T, s *Store, want ...feeds.Waiting) {
	t.Helper()
	got, err := s.Waiting(t.Context(), batch(noon).Source)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("waiting -want +got, %v:\n%s", err, diff)
	}
}

// TestHostsLeftAlone: the longest word of a host counts, and none is remembered for ever.
func TestHostsLeftAlone(t *testing.T) {
	s := openNew(t)
	first := batch(noon)
	first.LeftAlone = map[string]time.Time{"a.example": noon.Add(2 * time.Hour), "b.example": noon.Add(time.Minute)}
	save(t, s, first)
	second := batch(noon.Add(time.Hour))
	second.LeftAlone = map[string]time.Time{"a.example": noon.Add(90 * time.Minute)}
	save(t, s, second)
	got, err := s.LeftAlone(t.Context())
	if diff := cmp.Diff(map[string]time.Time{"a.example": noon.Add(2 * time.Hour).UTC()}, got); diff != "" || err != nil {
		t.Errorf("-want +got, %v:\n%s", err, diff)
	}
}
