package storage

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCategoryCounts(t *testing.T) {
	s := openNew(t)
	first, second, third := draft(1), draft(2), draft(3)
	first.Entry.Categories = []string{"nongjinwang", "sannong"}
	second.Entry.Categories = []string{"sannong"}
	third.Entry.Categories = nil
	save(t, s, batch(noon, first, second, third))
	counted := func(want map[string]int) {
		t.Helper()
		got, err := s.CategoryCounts(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
	counted(map[string]int{"nongjinwang": 1, "sannong": 2})
	if _, err := s.Hide(context.Background(), 1, true, noon); err != nil {
		t.Fatal(err)
	}
	counted(map[string]int{"sannong": 1})
}
