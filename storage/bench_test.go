package storage

import (
	"fmt"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

// fifty returns drafts with bodies of 3 KB, no two the same.
func fifty(first int) []feeds.Draft {
	drafts := make([]feeds.Draft, 50)
	for i := range drafts {
		d := draft(first + i)
		d.Entry.Body = feeds.SafeHTML(strings.Repeat(fmt.Sprintf("<p>第%d号信用社支农。</p>", first+i), 80))
		d.Raw = string(d.Entry.Body)
		drafts[i] = d
	}
	return drafts
}

func BenchmarkSaveNew(b *testing.B) {
	s := openNew(b)
	n := 0
	for b.Loop() {
		save(b, s, batch(noon, fifty(n)...))
		n += 50
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkSaveUnchanged(b *testing.B) {
	s := openNew(b)
	drafts := fifty(0)
	save(b, s, batch(noon, drafts...))
	for b.Loop() {
		save(b, s, batch(noon, drafts...))
	}
}

func BenchmarkLatest(b *testing.B) {
	s := openNew(b)
	for n := range 100 {
		save(b, s, batch(noon, fifty(50*n)...))
	}
	for b.Loop() {
		if _, err := s.Latest(b.Context(), "nongjinwang", 50); err != nil {
			b.Fatal(err)
		}
	}
}
