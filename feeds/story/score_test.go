package story

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// score counts how pairs were judged.
type score struct{ pairs, copies, found, falseJoins int }

func (s *score) add(isCopy, joined bool) {
	s.pairs++
	switch {
	case isCopy && joined:
		s.copies++
		s.found++
	case isCopy:
		s.copies++
	case joined:
		s.falseJoins++
	}
}

// precision is how many of the pairs that were joined are copies.
func (s score) precision() float64 { return float64(s.found) / float64(max(s.found+s.falseJoins, 1)) }

// recall is how many of the copies were joined.
func (s score) recall() float64 { return float64(s.found) / float64(max(s.copies, 1)) }

// joined reports whether the store would join the two: the index finds one for the other, and Same agrees.
func joined(t *testing.T, p pair) bool {
	t.Helper()
	a, b := New(p.a), New(p.b)
	same := Same(a, b)
	if same != Same(b, a) {
		t.Errorf("a pair of class %s: Same is not symmetric", p.class)
	}
	return same && shareMarks(a.Marks(), b.Marks())
}

func shareMarks(a, b []int64) bool {
	shared := 0
	for _, mark := range a {
		if slices.Contains(b, mark) {
			shared++
		}
	}
	return shared > 0 && shared >= min(LeastShared, len(a), len(b))
}

// TestPairs judges the labelled pairs. The thresholds were chosen on testdata/pairs/chosen; testdata/pairs/unseen gives
// the figures, and of its pairs only counts are printed, so that they stay unseen.
func TestPairs(t *testing.T) {
	labelled := 0
	for _, half := range []string{"chosen", "unseen"} {
		t.Run(half, func(t *testing.T) {
			scores := judge(t, readPairs(t, filepath.Join("testdata/pairs", half)), half == "chosen")
			all := scores[""]
			labelled += all.pairs - scores[originals].pairs
			if all.precision() < 0.99 || all.recall() < 0.9 {
				t.Errorf("precision %.4f and recall %.4f, and not 0.99 and 0.9", all.precision(), all.recall())
			}
		})
	}
	t.Run("amount", func(t *testing.T) {
		if labelled < 400 {
			t.Errorf("%d labelled pairs in both halves, and not 400", labelled)
		}
	})
}

// judge prints the scores of a half by class, and returns them; the score of all has no name.
func judge(t *testing.T, pairs []pair, tell bool) map[string]*score {
	t.Helper()
	scores := map[string]*score{"": {}}
	for _, p := range pairs {
		if scores[p.class] == nil {
			scores[p.class] = &score{}
		}
		joined := joined(t, p)
		scores[p.class].add(p.isCopy(), joined)
		scores[""].add(p.isCopy(), joined)
		if tell && joined != p.isCopy() {
			t.Logf("wrong: %s (%s)", p.name, p.class)
		}
	}
	var table strings.Builder
	for _, class := range slices.Concat(copyClasses, otherClasses, []string{originals, ""}) {
		if s := scores[class]; s != nil {
			fmt.Fprintf(&table, "%-12s %5d pairs, copies found %3d/%-3d false joins %d\n", class, s.pairs, s.found, s.copies, s.falseJoins)
		}
	}
	t.Logf("\n%sprecision %.4f, recall %.4f", &table, scores[""].precision(), scores[""].recall())
	return scores
}
