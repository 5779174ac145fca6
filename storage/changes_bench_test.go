package storage

import (
	"fmt"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// hundredThousand is a store of 100,000 entries in 2,000 categories. The first 20 have half of all.
func hundredThousand(b *testing.B) *Store {
	b.Helper()
	s := openNew(b)
	const entries = `
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
		INSERT INTO entries (row, id, source, link, title, outlet, own, authors, tags, summary, body, image, enclosures,
			published, updated, first_seen, changed, categories, reasons, path, story, apart, hidden, held)
		SELECT n, 'tag:finews.example.org,2022:' || n, '农金快讯', 'https://news.example/' || n, '农商行支农贷款第' || n || '期', '农金网', 0, '[]', '[]', '支农贷款',
			'<p>各地农村信用社加大支农贷款投放力度。</p>', '', '[]', 1649649600 + n, 1649649600 + n, 1649649600, 1649649600,
			'["c' || iif(n % 2 = 0, n % 20, n % 2000) || '"]', '[""]', 'c' || iif(n % 2 = 0, n % 20, n % 2000) || '/2022/04/11/' || n || '.html', 0, 0, 0, ''
		FROM n`
	const filings = `
		INSERT INTO entry_categories (category, published, entry, listed, place)
		SELECT e.categories ->> 0, published, number, 1649649600, row_number() OVER (PARTITION BY e.categories ORDER BY number) FROM entries e`
	for _, query := range []string{entries, filings} {
		if _, err := s.writer.Exec(query); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// What is asked for at each publication, in a large store where so many entries changed since the last one.
func BenchmarkChanges(b *testing.B) {
	s := hundredThousand(b)
	for _, changed := range []int{0, 1, 100, 10_000} {
		since := revision(b, s)
		if _, err := s.writer.Exec(`UPDATE entries SET changed = changed + 1 WHERE number % (100000 / max(?1, 1)) = 0 AND ?1 > 0`, changed); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(changed), func(b *testing.B) {
			for b.Loop() {
				c, err := s.Changes(b.Context(), since)
				if err != nil || len(c.Entries) != changed {
					b.Fatalf("%d entries, %v", len(c.Entries), err)
				}
			}
		})
	}
	b.Run("pages", func(b *testing.B) {
		for b.Loop() {
			if pages, err := s.Pages(b.Context(), 50_001, 100_000); err != nil || len(pages) != 50_000 {
				b.Fatal(len(pages), err)
			}
		}
	})
	b.Run("spans", func(b *testing.B) {
		for b.Loop() {
			if spans, err := s.Spans(b.Context(), 50_000); err != nil || len(spans) != 2 {
				b.Fatal(spans, err)
			}
		}
	})
}

// BenchmarkSaveCopies saves the 500 copies of one story that somebody sends, beside 3,000 that are stored.
func BenchmarkSaveCopies(b *testing.B) {
	s := openNew(b)
	n := 0
	copies := func() (drafts []feeds.Draft) {
		for range 500 {
			n++
			d := told(n, fmt.Sprint("转载", n), "nongjinwang")
			d.Entry.Published = noon
			drafts = append(drafts, d)
		}
		return drafts
	}
	for range 6 {
		save(b, s, batch(noon, copies()...))
	}
	for b.Loop() {
		save(b, s, batch(noon, copies()...))
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(time.Second), "s/poll")
}
