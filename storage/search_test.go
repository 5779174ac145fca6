package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// saying returns the nth of many drafts, with a title and a body of one paragraph.
func saying(n int, title, body string) feeds.Draft {
	d := draft(n)
	d.Entry.Title, d.Entry.Body = title, feeds.SafeHTML("<p>"+html.EscapeString(body)+"</p>")
	return d
}

// search has an hour, so that what a test finds does not depend on the machine.
func search(t testing.TB, s *Store, q Query) Found {
	t.Helper()
	found, err := s.answer(context.Background(), time.Hour, q.read())
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return found
}

// foundTitles returns the titles of what a query finds, in order.
func foundTitles(t testing.TB, s *Store, q Query) []string {
	t.Helper()
	var found []string
	for _, hit := range search(t, s, q).Hits {
		found = append(found, hit.Entry.Title)
	}
	return found
}

// searchCase is a line of testdata/search.txt.
type searchCase struct {
	found       bool
	text, query string
}

func searchCases(t testing.TB) []searchCase {
	t.Helper()
	table, err := os.ReadFile("testdata/search.txt")
	if err != nil {
		t.Fatal(err)
	}
	var cases []searchCase
	for line := range strings.Lines(string(table)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 || fields[0] != "yes" && fields[0] != "no" {
			t.Fatalf("no case: %q", line)
		}
		cases = append(cases, searchCase{fields[0] == "yes", fields[1], fields[2]})
	}
	return cases
}

func TestSearch(t *testing.T) {
	s := openNew(t)
	cases := searchCases(t)
	var drafts []feeds.Draft
	for i, c := range cases { // each case has an outlet of its own, to which its query keeps
		inTitle, inBody := saying(2*i, c.text, "正文"), saying(2*i+1, "标题", c.text)
		inTitle.Entry.Outlet, inBody.Entry.Outlet = fmt.Sprintf("题%d", i), fmt.Sprintf("文%d", i)
		drafts = append(drafts, inTitle, inBody)
	}
	save(t, s, batch(noon, drafts...))
	for i, c := range cases {
		for _, place := range []string{"题", "文"} {
			hits := search(t, s, Query{Text: c.query, Outlet: fmt.Sprintf("%s%d", place, i)}).Hits
			if found := len(hits) == 1; found != c.found {
				t.Errorf("%s %q: %q finds it: %v, want %v", place, c.text, c.query, found, c.found)
			}
		}
	}
}

// A phrase does not reach from the title into the body, and words may stand in either.
func TestSearchTitleAndBody(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, saying(1, "支农", "贷款")))
	for query, want := range map[string]int{"支农 贷款": 1, "支农贷款": 0, `"支农 贷款"`: 0, "支 款": 1, `"支农 贷"`: 0} {
		if got := len(search(t, s, Query{Text: query}).Hits); got != want {
			t.Errorf("%s finds %d, want %d", query, got, want)
		}
	}
}

func TestSearchFilters(t *testing.T) {
	s := openNew(t)
	day := func(n int) time.Time { return noon.Add(time.Duration(n) * 24 * time.Hour) }
	first, second, third := titled(1, "支农一", day(-3), "nongjinwang"), titled(2, "支农二", day(-2), "nongjinwang", "xiangcun"), titled(3, "支农三", day(-1))
	second.Entry.Outlet = "金融时报"
	save(t, s, batch(noon, first, second, third))
	other := batch(noon, titled(4, "支农四", day(0), "xiangcun"))
	other.Source = "另一个源"
	other.Drafts[0].Key[0]++
	save(t, s, other)
	for _, c := range []struct {
		name string
		q    Query
		want []string
	}{
		{"none", Query{}, []string{"支农四", "支农三", "支农二", "支农一"}},
		{"category", Query{Category: "nongjinwang"}, []string{"支农二", "支农一"}},
		{"another category", Query{Category: "xiangcun", Text: "支农"}, []string{"支农四", "支农二"}},
		{"no such category", Query{Category: "nongjin"}, nil},
		{"outlet", Query{Outlet: "金融时报"}, []string{"支农二"}},
		{"outlet excluded from the text alone", Query{Text: "-金融时报"}, []string{"支农四", "支农三", "支农二", "支农一"}},
		{"source", Query{Source: source}, []string{"支农三", "支农二", "支农一"}},
		{"a source is no outlet", Query{Outlet: source}, nil},
		{"since", Query{Since: day(-2)}, []string{"支农四", "支农三", "支农二"}},
		{"until", Query{Until: day(-2)}, []string{"支农一"}},
		{"between", Query{Since: day(-2), Until: day(0)}, []string{"支农三", "支农二"}},
		{"a second later", Query{Since: day(-2).Add(time.Second), Until: day(0).Add(time.Second)}, []string{"支农四", "支农三"}},
		{"backwards", Query{Since: day(0), Until: day(-2)}, nil},
		{"absurd dates", Query{Since: time.Unix(-1<<60, 0), Until: time.Unix(1<<60, 0)}, []string{"支农四", "支农三", "支农二", "支农一"}},
		{"all at once", Query{Text: "支农 -三", Category: "xiangcun", Outlet: "金融时报", Source: source, Since: day(-2), Until: day(-1)}, []string{"支农二"}},
	} {
		for _, best := range []bool{false, true} {
			c.q.Best = best
			if diff := cmp.Diff(c.want, foundTitles(t, s, c.q)); diff != "" {
				t.Errorf("%s, best first %v (-want +got):\n%s", c.name, best, diff)
			}
		}
	}
}

func TestSearchBest(t *testing.T) {
	s := openNew(t)
	long := strings.Repeat("农村信用社发布年报。", 50)
	save(t, s, batch(noon,
		saying(1, "普惠金融", "信用社"), saying(2, "信用社", "普惠金融。"+long), saying(3, "信用社", "普惠金融，普惠金融，普惠金融"),
		saying(4, "普惠金融", "信用社"), saying(5, "信用社", "年报"), saying(6, "信用社", "年报"), saying(7, "信用社", "年报"), saying(8, "信用社", "年报"), saying(9, "信用社", "年报")))
	var newest, best []int64
	for _, hit := range search(t, s, Query{Text: "普惠"}).Hits {
		newest = append(newest, hit.Entry.Number)
	}
	found := search(t, s, Query{Text: "普惠", Best: true})
	for _, hit := range found.Hits {
		best = append(best, hit.Entry.Number)
	}
	if diff := cmp.Diff([]int64{4, 3, 2, 1}, newest); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{4, 1, 3, 2}, best); diff != "" { // in a title, and of two alike the newer; then often; then lost in much text
		t.Errorf("best first (-want +got):\n%s", diff)
	}
	if found := search(t, s, Query{Text: "普惠", Best: true, Limit: 2}); !found.More || found.Next != 0 || len(found.Hits) != 2 {
		t.Errorf("best two: %d, more %v, next %d", len(found.Hits), found.More, found.Next)
	}
}

// Pages follow each other without a gap and without an entry twice, also among entries of the same second.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	var drafts []feeds.Draft
	for n := range 250 {
		drafts = append(drafts, titled(n, fmt.Sprintf("支农第%d期A股", n), noon.Add(-time.Duration(n/40)*time.Hour)))
	}
	save(t, s, batch(noon, drafts...))
	for _, text := range []string{"支农", "A股", "", "-理财"} {
		var rows []int64
		q := Query{Text: text, Limit: 30}
		for page := 0; ; page++ {
			found := search(t, s, q)
			for _, hit := range found.Hits {
				rows = append(rows, hit.Row)
			}
			if !found.More {
				if found.Next != 0 || page != 8 || len(found.Hits) != 10 {
					t.Errorf("%q: page %d is the last, with %d hits and next %d", text, page, len(found.Hits), found.Next)
				}
				break
			}
			if len(found.Hits) != 30 || found.Next != found.Hits[29].Row {
				t.Fatalf("%q: page %d has %d hits and next %d", text, page, len(found.Hits), found.Next)
			}
			q.Before = found.Next
		}
		if len(rows) != 250 || !slices.IsSortedFunc(rows, func(a, b int64) int { return int(min(1, max(-1, b-a))) }) || len(slices.Compact(rows)) != 250 {
			t.Errorf("%q: %d rows, want 250 that fall", text, len(rows))
		}
	}
	for limit, want := range map[int]int{-1: 20, 0: 20, 1: 1, 100: 100, 101: 100, 1 << 40: 100} {
		if got := len(search(t, s, Query{Limit: limit}).Hits); got != want {
			t.Errorf("a limit of %d gives %d, want %d", limit, got, want)
		}
	}
}

// A search that has to look into texts looks into 2,000, says that there is more, and goes on from there.
func TestSearchLooksAt2000(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	drafts := []feeds.Draft{titled(0, "A股", noon.Add(-time.Hour))}
	for n := range 2010 {
		drafts = append(drafts, titled(n+1, "A类企业入股", noon))
	}
	save(t, s, batch(noon, drafts...))
	found := search(t, s, Query{Text: "A股"})
	if len(found.Hits) != 0 || !found.More || found.Next != searchRow(noon)+2010-2000 {
		t.Fatalf("%d hits, more %v, next %d", len(found.Hits), found.More, found.Next)
	}
	found = search(t, s, Query{Text: "A股", Before: found.Next})
	if len(found.Hits) != 1 || found.More || found.Hits[0].Entry.Title != "A股" {
		t.Errorf("going on: %+v", found)
	}
}

// A search without time is no error, and says that there may be more; the end of the caller's context is one.
func TestSearchTime(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1), draft(2)))
	for _, best := range []bool{false, true} {
		found, err := s.answer(context.Background(), 0, Query{Text: "支农", Best: best}.read())
		if err != nil || !found.More || len(found.Hits) != 0 {
			t.Errorf("without time, best first %v: %+v, %v", best, found, err)
		}
	}
	asked := Query{Text: "支农", Best: true}.read()
	asked.order = `WITH RECURSIVE endless (row) AS (SELECT 0 UNION ALL SELECT row FROM endless) SELECT row FROM endless WHERE row IN (?, ?, ?, ?, 1)`
	found, err := s.answer(context.Background(), searchTime, asked)
	if err != nil || !found.More || found.Next != 0 || len(found.Hits) != 2 {
		t.Errorf("in an order that takes for ever: %+v, %v; want the newest", found, err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Search(cancelled, Query{Text: "支农"}); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "search") {
		t.Errorf("cancelled: %v", err)
	}
}

// What an entry says now is what it is found by.
func TestSearchAfterAnEdit(t *testing.T) {
	s := openNew(t)
	d := saying(1, "支农贷款", "普惠金融")
	save(t, s, batch(noon, d, draft(2)))
	edited := saying(1, "乡村振兴", "A股")
	edited.Entry.Outlet, edited.Entry.Categories, edited.Digest = "金融时报", []string{"xiangcun"}, feeds.Digest{1}
	edited.Entry.Published = noon // its date stays what it was
	save(t, s, batch(noon.Add(time.Hour), edited))
	for _, q := range []Query{{Text: "普惠"}, {Text: "普"}, {Text: "支农贷款 -期"}, {Category: "nongjinwang", Text: "乡村"}, {Outlet: "农金网", Text: "乡村"}} {
		if got := foundTitles(t, s, q); len(got) > 0 {
			t.Errorf("%+v still finds %v", q, got)
		}
	}
	for _, q := range []Query{{Text: "乡村"}, {Text: "兴"}, {Text: "A股"}, {Category: "xiangcun"}, {Outlet: "金融时报"}, {Source: source, Text: "乡村"}} {
		if diff := cmp.Diff([]string{"乡村振兴"}, foundTitles(t, s, q)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", q, diff)
		}
	}
	if got := len(search(t, s, Query{}).Hits); got != 2 {
		t.Errorf("%d entries, want 2", got)
	}
}

// inTransaction runs do on the writing side of the store.
func inTransaction(t testing.TB, s *Store, do func(*writing) error) {
	t.Helper()
	tx, err := s.writer.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := do(&writing{tx: tx, statements: make(map[string]*sql.Stmt), encoder: s.encoder, source: source, now: noon, site: site}); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// Hidden entries are not found, and are again when they are shown again; what no rule filed is found.
func TestSearchHidden(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, titled(1, "支农一", noon), titled(2, "支农二", noon, "nongjinwang")))
	entries := []feeds.Entry{search(t, s, Query{}).Hits[0].Entry, search(t, s, Query{}).Hits[1].Entry}
	hidden := slices.Clone(entries)
	hidden[0].Hidden = noon
	ctx := context.Background()
	inTransaction(t, s, func(w *writing) error { return w.addToSearch(ctx, hidden) })
	for _, q := range []Query{{}, {Text: "支农"}, {Text: "支"}, {Text: "-理财"}, {Category: "nongjinwang"}, {Text: "支农", Best: true}} {
		want := []string{"支农一"}
		if q.Category != "" {
			want = nil
		}
		if diff := cmp.Diff(want, foundTitles(t, s, q)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", q, diff)
		}
	}
	inTransaction(t, s, func(w *writing) error { return w.addToSearch(ctx, entries) })
	if diff := cmp.Diff([]string{"支农二", "支农一"}, foundTitles(t, s, Query{Text: "支农"})); diff != "" {
		t.Errorf("shown again (-want +got):\n%s", diff)
	}
	inTransaction(t, s, func(w *writing) error {
		return errors.Join(w.dropFromSearch(ctx, feeds.Entry{Number: entries[0].Number, Published: entries[0].Published}), w.dropFromSearch(ctx, feeds.Entry{Number: 99}))
	})
	if diff := cmp.Diff([]string{"支农一"}, foundTitles(t, s, Query{Text: "支农"})); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
}

// Numbers of any size are found, and dates before 1970 are in order.
func TestSearchRow(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, titled(1, "一号", noon)))
	if _, err := s.writer.Exec(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'entries'`, 1<<40); err != nil {
		t.Fatal(err)
	}
	old := time.Date(1949, 10, 1, 15, 0, 0, 0, shanghai)
	save(t, s, batch(noon, titled(2, "大号", noon.Add(time.Minute)), titled(3, "旧闻", old), titled(4, "更旧", old.Add(-time.Second)), titled(5, "远方", time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC))))
	if diff := cmp.Diff([]string{"远方", "大号", "一号", "旧闻", "更旧"}, foundTitles(t, s, Query{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"旧闻"}, foundTitles(t, s, Query{Since: old, Until: old.Add(time.Second)})); diff != "" {
		t.Errorf("of a second (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"旧闻", "更旧"}, foundTitles(t, s, Query{Until: time.Unix(0, 0)})); diff != "" {
		t.Errorf("before 1970 (-want +got):\n%s", diff)
	}
}
