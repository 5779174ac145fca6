package storage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// fifty returns drafts with bodies of 3 KB, no two the same.
func fifty(first int) []feeds.Draft {
	drafts := make([]feeds.Draft, 50)
	for i := range drafts {
		d := draft(first + i)
		d.Entry.Body = feeds.SafeHTML(strings.Repeat(fmt.Sprintf("<p>第%d号信用社支农。</p>", first+i), 80))
		d.Item.Body = string(d.Entry.Body)
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

// longDrafts returns 500 drafts of 1,000 characters, in words that spread as those of a language do.
func longDrafts(writer benchWriter, first int) []feeds.Draft {
	drafts := make([]feeds.Draft, 500)
	for i := range drafts {
		d := titled(first+i, writer.sentence(10), noon.Add(time.Duration(first+i)*time.Minute), "nongjinwang")
		d.Entry.Body = feeds.SafeHTML("<p>" + writer.sentence(240) + "</p><p>" + writer.sentence(240) + "</p>")
		d.Item.Title, d.Item.Body = d.Entry.Title, string(d.Entry.Body)
		drafts[i] = d
	}
	return drafts
}

// BenchmarkSaveLong reports beside the time of saving 500 long entries how much of it goes into their index: as long as
// it takes in a store beside it that has the same entries.
func BenchmarkSaveLong(b *testing.B) {
	s, twin, writer := openNew(b), openNew(b), newBenchWriter()
	n := 0
	var saving, indexing time.Duration
	for b.Loop() {
		drafts := longDrafts(writer, n)
		began := time.Now()
		save(b, s, batch(noon, drafts...))
		saving += time.Since(began)
		n += len(drafts)
		indexing += timeToIndex(b, twin, drafts)
	}
	b.ReportMetric(float64(n)/saving.Seconds(), "entries/s")
	b.ReportMetric(100*indexing.Seconds()/saving.Seconds(), "%-indexing")
}

// timeToIndex stores the entries of the drafts without anything else, and returns how long their index took.
func timeToIndex(b *testing.B, s *Store, drafts []feeds.Draft) time.Duration {
	var entries []feeds.Entry
	inTransaction(b, s, func(w *writing) error {
		for _, d := range drafts {
			e := d.Entry
			e.ID, e.Source = "tag:finews.example.org,2022:"+e.Title, source
			number, err := w.insertRow(b.Context(), e)
			if err != nil {
				return err
			}
			e.Number = number
			entries = append(entries, e)
		}
		return nil
	})
	began := time.Now()
	inTransaction(b, s, func(w *writing) error { return w.addToSearch(b.Context(), entries) })
	return time.Since(began)
}

func BenchmarkTokens(b *testing.B) {
	writer := newBenchWriter()
	text := writer.sentence(480) + "，A股，２０２２年"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		tokens := tokenize(text)
		_, _ = texts(tokens), characters(tokens)
	}
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
		if _, err := s.Latest(b.Context(), feeds.Category{Slug: "nongjinwang"}, 50); err != nil {
			b.Fatal(err)
		}
	}
}
