package storage

import (
	"strings"
	"testing"
	"time"
)

// An entry whose item cannot be found on its page any more is an error, and one of which nothing is kept is left out.
func TestEverythingSaysWhatIsDamaged(t *testing.T) {
	s := openNew(t)
	emptied := titled(3, "撤下的旧闻", noon.Add(-300*day), "nongjinwang")
	save(t, s, batch(noon, draft(1), draft(2), emptied))
	hide(t, s, emptied)
	prune(t, s, Limits{OlderThan: noon.Add(-100 * day)}, false)
	if _, err := s.Unhide(t.Context(), 3, true, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Everything(t.Context(), 0, 10); err != nil || len(all) != 2 {
		t.Errorf("%d entries, %v; want the 2 that were not emptied", len(all), err)
	}
	other(`UPDATE entry_raw SET entry = 120 WHERE entry = 2`)(t, s.path) // as one flipped byte of the page does
	all, err := s.Everything(t.Context(), 0, 10)
	if err == nil || !Damaged(err) || !strings.Contains(err.Error(), "what its source sent of entry") || !strings.Contains(err.Error(), "put a backup in its place") {
		t.Errorf("%d entries, %v; want an error that names the entry and what to do", len(all), err)
	}
}
