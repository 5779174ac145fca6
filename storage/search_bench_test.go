package storage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// Words of the benchmark's language: each is one of the characters that begin words and one of those that end them, so
// that two that begin words never stand beside each other.
const (
	benchWords      = 20000
	benchCharacters = 400
)

// benchWord returns the word of that rank, 0 being the most frequent.
func benchWord(rank int) string {
	first := '一' + rune(rank%benchCharacters)
	second := '一' + benchCharacters + rune((rank*7+rank/benchCharacters)%benchCharacters)
	return string([]rune{first, second})
}

// benchEntries returns how many entries the benchmark's store has.
func benchEntries(b *testing.B) int {
	entries, err := strconv.Atoi(os.Getenv("FINEWS_BENCH_ENTRIES"))
	if os.Getenv("FINEWS_BENCH_ENTRIES") == "" {
		return 20000
	}
	if err != nil || entries < 1000 {
		b.Fatal("FINEWS_BENCH_ENTRIES is a number of entries, at least 1000")
	}
	return entries
}

// benchWriter makes entries of about 300 characters whose words spread as those of a language do.
type benchWriter struct {
	words, filing *rand.Zipf
}

func newBenchWriter() benchWriter {
	random := rand.New(rand.NewPCG(2022, 411))
	return benchWriter{rand.NewZipf(random, 1.1, 3, benchWords-1), rand.NewZipf(random, 1.2, 4, 1999)}
}

func (w benchWriter) sentence(words int) string {
	var text strings.Builder
	for i := range words {
		text.WriteString(benchWord(int(w.words.Uint64())))
		if i%10 == 9 {
			text.WriteString("，")
		}
	}
	return text.String() + "。"
}

func (w benchWriter) entry(n int) feeds.Entry {
	published := noon.Add(time.Duration(n) * time.Minute)
	outlet := int(w.filing.Uint64())
	slug := fmt.Sprintf("c%d", outlet)
	body := "<p>" + w.sentence(45) + "</p><p>" + w.sentence(45) + "</p><p>2022年第" + strconv.Itoa(n%53) + "周，" + w.sentence(45) + "</p>"
	title := w.sentence(10)
	if n%10000 == 5000 {
		title += scarce
	}
	return feeds.Entry{
		Number: int64(n), ID: fmt.Sprintf("tag:finews.example.org,2022:%d", n), Source: source, Link: fmt.Sprintf("https://news.example/%d.html", n),
		Title: title, Outlet: fmt.Sprintf("第%d报", outlet), Summary: w.sentence(10), Body: feeds.SafeHTML(body),
		Published: published, Updated: published, FirstSeen: published, Changed: published,
		Categories: []string{slug}, Path: fmt.Sprintf("%s/%d.html", slug, n),
	}
}

// benchTransaction is how many entries the benchmark stores at a time.
const benchTransaction = 20000

// buildBench fills the store. For that time SQLite has more memory, and the index is merged in larger steps, than for
// polls, which are small.
func buildBench(b *testing.B, s *Store, entries int) {
	run := func(statement string) {
		if _, err := s.writer.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	run(`PRAGMA cache_size = -262144`)
	run(`INSERT INTO entry_search (entry_search, rank) VALUES ('hashsize', 268435456), ('automerge', 16)`)
	run(`INSERT INTO entry_chars (entry_chars, rank) VALUES ('hashsize', 268435456), ('automerge', 16)`)
	writer := newBenchWriter()
	for first := 1; first <= entries; first += benchTransaction {
		var some []feeds.Entry
		for n := first; n < min(first+benchTransaction, entries+1); n++ {
			some = append(some, writer.entry(n))
		}
		inTransaction(b, s, func(w *writing) error { return storeBench(b.Context(), w, some) })
	}
	run(`INSERT INTO entry_search (entry_search, rank) VALUES ('hashsize', 1048576), ('automerge', 4)`)
	run(`INSERT INTO entry_chars (entry_chars, rank) VALUES ('hashsize', 1048576), ('automerge', 4)`)
}

func storeBench(ctx context.Context, w *writing, entries []feeds.Entry) error {
	for _, e := range entries {
		if _, err := w.insertRow(ctx, e); err != nil {
			return err
		}
		if err := w.show(ctx, e); err != nil {
			return err
		}
	}
	return w.addToSearch(ctx, w.searchable)
}

// benchStore returns the store, and prints how long it took to build and what takes how much room in it. Where
// FINEWS_BENCH_FOLDER names a folder it stays there for the next run.
func benchStore(b *testing.B) *Store {
	entries, folder := benchEntries(b), os.Getenv("FINEWS_BENCH_FOLDER")
	if folder == "" {
		folder = b.TempDir()
	}
	path := filepath.Join(folder, fmt.Sprintf("finews-%d.db", entries))
	s := open(b, path)
	if n := walk(b, s, `SELECT number FROM entries WHERE number = ?`, entries); n == 1 {
		return s // its last entry is there
	}
	began := time.Now()
	buildBench(b, s, entries)
	b.Logf("%d entries built in %v", entries, time.Since(began).Round(time.Second))
	var all, words, characters, rows int64
	err := s.reader.QueryRowContext(b.Context(), `
		SELECT sum(pgsize), sum(pgsize) FILTER (WHERE name LIKE 'entry_search%'), sum(pgsize) FILTER (WHERE name LIKE 'entry_chars%'),
			sum(pgsize) FILTER (WHERE name IN ('entries_published', 'entries_row'))
		FROM dbstat WHERE aggregate = TRUE`).Scan(&all, &words, &characters, &rows)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("the file is %d MB; of an entry's bytes entry_search takes %d, entry_chars %d, the indexes of its row and date %d",
		all>>20, words/int64(entries), characters/int64(entries), rows/int64(entries))
	return s
}

// benchQuery is a query with what it is called in the report.
type benchQuery struct {
	name  string
	query Query
}

// Words of the benchmark's queries. The last occurs nowhere, though its characters are frequent.
var (
	frequent = benchWord(10)
	usual    = benchWord(300)
	rare     = benchWord(benchWords - 5)
	never    = frequent[:3] + benchWord(11)[:3]
	scarce   = "龘" // one of 10,000 titles ends in it
)

func benchQueries(entries int) []benchQuery {
	middle := noon.Add(time.Duration(entries/2) * time.Minute)
	return []benchQuery{
		{"frequent word", Query{Text: frequent}},
		{"usual word", Query{Text: usual}},
		{"rare word", Query{Text: rare}},
		{"no such word", Query{Text: never}},
		{"frequent word, far back", Query{Text: frequent, Until: middle}},
		{"one character", Query{Text: frequent[:3]}},
		{"rare character", Query{Text: scarce}},
		{"word and frequent character", Query{Text: usual + " " + frequent[:3]}},
		{"frequent word and rare character", Query{Text: frequent + " " + scarce}},
		{"two words", Query{Text: frequent + " " + usual}},
		{"two rare words", Query{Text: rare + " " + benchWord(benchWords-6)}},
		{"phrase of two words", Query{Text: frequent + usual}},
		{"phrase that occurs nowhere", Query{Text: frequent + never[3:] + usual}},
		{"digits and one character", Query{Text: "第17周"}},
		{"word but not another", Query{Text: usual + " -" + frequent}},
		{"word in a category", Query{Text: usual, Category: "c100"}},
		{"nothing", Query{}},
		{"frequent word, best first", Query{Text: frequent, Best: true}},
		{"usual word, best first", Query{Text: usual, Best: true}},
		{"two words, best first", Query{Text: frequent + " " + usual, Best: true}},
		{"word and rare character, best first", Query{Text: frequent + " " + scarce, Best: true}},
		{"word and frequent character, best first", Query{Text: usual + " " + frequent[:3], Best: true}},
		{"word in a category, best first", Query{Text: usual, Category: "c100", Best: true}},
	}
}

// BenchmarkSearch measures what people ask for, over a store that it builds: of 20,000 entries, or as many as
// FINEWS_BENCH_ENTRIES says. Beside it stands the plain way as a yardstick.
func BenchmarkSearch(b *testing.B) {
	s := benchStore(b)
	for _, c := range benchQueries(benchEntries(b)) {
		b.Run(c.name, func(b *testing.B) {
			measure(b, func(ctx context.Context) int {
				found, err := s.Search(ctx, c.query)
				if err != nil {
					b.Fatal(err)
				}
				return len(found.Hits)
			})
		})
	}
	for name, word := range map[string]string{"frequent word": frequent, "rare word": rare, "no such word": never} {
		b.Run("LIKE "+name, func(b *testing.B) {
			measure(b, func(ctx context.Context) int {
				return walk(b, s, `SELECT number FROM entries WHERE title LIKE ?1 OR body LIKE ?1 ORDER BY published DESC, number DESC LIMIT 20`, "%"+word+"%")
			})
		})
	}
	b.Run("newest 50 of a category", func(b *testing.B) {
		measure(b, func(ctx context.Context) int {
			channel, err := s.Latest(ctx, feeds.Category{Slug: "c3"}, 50)
			if err != nil {
				b.Fatal(err)
			}
			return len(channel.Entries)
		})
	})
	b.Run("keys of the newest 50 of a category", func(b *testing.B) {
		measure(b, func(ctx context.Context) int {
			return walk(b, s, `SELECT entry FROM entry_categories WHERE category = ? ORDER BY published DESC, entry DESC LIMIT 50`, "c3")
		})
	})
}

// measure reports the median time of do in milliseconds, and how much it found.
func measure(b *testing.B, do func(context.Context) int) {
	var times []time.Duration
	var found int
	for b.Loop() {
		began := time.Now()
		found = do(b.Context())
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64(found), "found")
}

// walk counts the rows of a query that gives numbers.
func walk(b *testing.B, s *Store, query string, args ...any) int {
	rows, err := s.reader.QueryContext(b.Context(), query, args...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			b.Fatal(err)
		}
		count++
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return count
}
