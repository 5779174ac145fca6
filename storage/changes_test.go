package storage

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// seen is what is told of changes: Changes without the revision, and what Filed and Gone have of them.
type seen struct {
	All        bool
	Categories string
	Archives   map[string][]int
	Entries    []int64
	Filed      []int64
	Gone       int
}

// whatChanged returns what was changed since a revision.
func whatChanged(t *testing.T, s *Store, since int64) seen {
	t.Helper()
	c, err := s.Changes(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	got := seen{All: c.All, Categories: strings.Join(c.Categories, " "), Archives: c.Archives, Entries: c.Entries}
	for e, err := range s.Filed(t.Context(), since, named) {
		if err != nil {
			t.Fatal(err)
		}
		got.Filed = append(got.Filed, e.Number)
	}
	gone, err := s.Gone(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	got.Gone = len(gone)
	return got
}

// numberedDrafts returns the drafts from first to last, in order.
func numberedDrafts(first, last int) (drafts []feeds.Draft) {
	for n := first; n <= last; n++ {
		drafts = append(drafts, draft(n))
	}
	return drafts
}

// published100 fills a store: 1 to 101 are in nongjinwang, so that one archive document is full and entry 101 is in the next one;
// 102 and 103 are a story in nongjinwang and xiangcun, 104 is alone in caijing, which was made without a title, 105 is hidden, and
// 106 is filed nowhere.
func published100(t *testing.T, s *Store) {
	save(t, s, batch(noon, numberedDrafts(1, 101)...))
	save(t, s, from("甲源", batch(noon, told(102, "农金网", "nongjinwang"))))
	save(t, s, from("乙源", batch(noon, told(103, "金融时报", "xiangcun"))))
	save(t, s, batch(noon, madeFor(104, "caijing"), draft(105), titled(106, "无处可归的消息", noon)))
	hide(t, s, draft(105))
}

// madeFor returns a draft for which the category caijing is made.
func madeFor(n int, title string) feeds.Draft {
	d := titled(n, "财政贴息政策解读", noon, "caijing")
	d.Made = feeds.Category{Slug: "caijing", Title: title}
	return d
}

// mended returns the nth draft as it comes with another text, filed under the categories.
func mended(n int, slugs ...string) feeds.Draft {
	d := draft(n)
	d.Entry.Body, d.Entry.Categories, d.Digest = "<p>更正：贷款余额为三亿元。</p>", slugs, feeds.Digest{9}
	return d
}

// redraft stores what today's rules make of the entry, with the body where one is given.
func redraft(t *testing.T, s *Store, number int64, body feeds.SafeHTML) {
	t.Helper()
	e := everything(t, s)[number-1]
	if body != "" {
		e.Body = body
	}
	filing := Filing{Source: e.Source, Categories: e.Categories, Reasons: e.Reasons}
	if _, err := s.Redraft(t.Context(), site, []Redrafted{{Number: number, Entry: e, Filings: []Filing{filing}}}, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
}

// Each operation touches what it changes, and nothing else.
func TestChanges(t *testing.T) {
	t.Parallel()
	origin := openNew(t)
	published100(t, origin)
	later := noon.Add(time.Hour)
	inDocument1 := map[string][]int{"nongjinwang": {1}}
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name string
		do   func(t *testing.T, s *Store)
		want seen
	}{
		{"nothing", func(*testing.T, *Store) {}, seen{}},
		{"polled unchanged", func(t *testing.T, s *Store) { save(t, s, batch(later, numberedDrafts(1, 101)...)) }, seen{}},
		{"new", func(t *testing.T, s *Store) { save(t, s, batch(later, titled(200, "新", noon, "xiangcun"))) },
			seen{Categories: "xiangcun", Entries: []int64{107}, Filed: []int64{107}}},
		{"new, and filed nowhere", func(t *testing.T, s *Store) { save(t, s, batch(later, titled(200, "新", noon))) }, seen{Entries: []int64{107}}},
		{"new, and held", func(t *testing.T, s *Store) { save(t, s, batch(later, heldBack(draft(200)))) }, seen{Entries: []int64{107}}},
		{"new in a category that is made", func(t *testing.T, s *Store) {
			d := titled(200, "新", noon, "nongye")
			d.Made = feeds.Category{Slug: "nongye", Title: "农业新闻"}
			save(t, s, batch(later, d))
		}, seen{Categories: "nongye", Entries: []int64{107}, Filed: []int64{107}}},
		{"edited in a full document", func(t *testing.T, s *Store) { save(t, s, batch(later, mended(5, "nongjinwang"))) },
			seen{Categories: "nongjinwang", Archives: inDocument1, Entries: []int64{5}, Filed: []int64{5}}},
		{"edited behind it", func(t *testing.T, s *Store) { save(t, s, batch(later, mended(101, "nongjinwang"))) },
			seen{Categories: "nongjinwang", Entries: []int64{101}, Filed: []int64{101}}},
		{"edited to another category", func(t *testing.T, s *Store) { save(t, s, batch(later, mended(5, "caijing"))) },
			seen{Categories: "caijing nongjinwang", Archives: inDocument1, Entries: []int64{5}, Filed: []int64{5}}},
		{"edited, and now held", func(t *testing.T, s *Store) { save(t, s, batch(later, heldBack(draft(5)))) }, seen{}},
		{"joined a story", func(t *testing.T, s *Store) {
			save(t, s, from("丙源", batch(later, told(200, "中国网", "caijing"))))
		},
			seen{Categories: "caijing nongjinwang xiangcun", Entries: []int64{102, 103, 107}, Filed: []int64{102, 103, 107}}},
		{"split", func(t *testing.T, s *Store) { _, err := s.Split(t.Context(), 103, later); must(t, err) },
			seen{Categories: "nongjinwang xiangcun", Entries: []int64{102, 103}, Filed: []int64{102, 103}}},
		{"hidden", func(t *testing.T, s *Store) { _, err := s.Hide(t.Context(), 5, false, later); must(t, err) },
			seen{Categories: "nongjinwang", Archives: inDocument1, Entries: []int64{5}, Gone: 1}},
		{"hidden with its story", func(t *testing.T, s *Store) { _, err := s.Hide(t.Context(), 103, false, later); must(t, err) },
			seen{Categories: "nongjinwang xiangcun", Entries: []int64{102, 103}, Gone: 2}},
		{"hidden alone", func(t *testing.T, s *Store) { _, err := s.Hide(t.Context(), 102, true, later); must(t, err) },
			seen{Categories: "nongjinwang xiangcun", Entries: []int64{102, 103}, Filed: []int64{103}, Gone: 1}},
		{"shown again", func(t *testing.T, s *Store) { _, err := s.Unhide(t.Context(), 105, false, later); must(t, err) },
			seen{Categories: "nongjinwang", Entries: []int64{105}, Filed: []int64{105}}},
		{"pruned", func(t *testing.T, s *Store) { prune(t, s, Limits{OlderThan: draft(2).Entry.Published}, false) },
			seen{Categories: "nongjinwang", Archives: inDocument1, Entries: []int64{1}}},
		{"pruned with archives", func(t *testing.T, s *Store) { prune(t, s, Limits{OlderThan: draft(2).Entry.Published}, true) },
			seen{Categories: "nongjinwang", Archives: inDocument1, Entries: []int64{1}, Gone: 1}},
		{"a story pruned to one", func(t *testing.T, s *Store) {
			must(t, s.pruneSome(t.Context(), []int64{102}, true, later))
		}, seen{Categories: "nongjinwang xiangcun", Entries: []int64{102, 103}, Filed: []int64{103}, Gone: 1}},
		{"reprocessed unchanged", func(t *testing.T, s *Store) {
			for number := range int64(106) {
				redraft(t, s, number+1, "")
			}
		}, seen{}},
		{"reprocessed", func(t *testing.T, s *Store) { redraft(t, s, 5, "<p>另一种清洗。</p>") },
			seen{Categories: "nongjinwang", Archives: inDocument1, Entries: []int64{5}, Filed: []int64{5}}},
		{"a made category gets a title", func(t *testing.T, s *Store) { save(t, s, batch(later, madeFor(200, "财经新闻"))) },
			seen{All: true, Categories: "caijing", Entries: []int64{107}, Filed: []int64{107}}},
		{"rights", func(t *testing.T, s *Store) {
			must(t, s.SetRights(t.Context(), map[string]feeds.Rights{source: feeds.RightsTitle}))
		}, seen{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "库.db")
			must(t, origin.Backup(t.Context(), path))
			s := open(t, path)
			before, err := s.Changes(t.Context(), 0)
			must(t, err)
			c.do(t, s)
			if c.want.Archives == nil && (c.want.Categories != "" || c.want.Entries != nil) {
				c.want.Archives = map[string][]int{}
			}
			if diff := cmp.Diff(c.want, whatChanged(t, s, before.Revision)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			after, err := s.Changes(t.Context(), 0)
			must(t, err)
			if got := whatChanged(t, s, after.Revision); !cmp.Equal(got, seen{}) {
				t.Errorf("since then: %+v", got)
			}
			sound(t, s)
		})
	}
}

// A page that stayed when its entry was pruned is a change when it has to go.
func TestChangesOfPages(t *testing.T) {
	s := openNew(t)
	published100(t, s)
	prune(t, s, Limits{OlderThan: draft(3).Entry.Published}, false)
	pages := column(t, s.reader, `SELECT path FROM gone ORDER BY path`)
	since := revision(t, s)
	if _, err := s.RemovePage(t.Context(), pages[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RemovePage(t.Context(), pages[0]); err != nil { // it is gone already
		t.Fatal(err)
	}
	if got, err := s.Gone(t.Context(), since); err != nil || !cmp.Equal(got, pages[:1]) || revision(t, s) != since+1 {
		t.Errorf("gone %v, %v, at revision %d after %d; want %v", got, err, revision(t, s), since, pages[:1])
	}
}

func revision(t testing.TB, s *Store) int64 {
	t.Helper()
	c, err := s.Changes(t.Context(), 0)
	if err != nil || !c.All {
		t.Fatalf("%+v, %v", c, err)
	}
	return c.Revision
}

// Whatever is published of an entry is a change where it differs, and what is not is none.
func TestChangesOfEveryColumn(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1)))
	notPublished := map[string]bool{"number": true, "row": true, "id": true, "first_seen": true, "reasons": true, "apart": true}
	for _, name := range column(t, s.reader, `SELECT name FROM pragma_table_info('entries')`) {
		since := revision(t, s)
		for _, write := range []struct {
			value   string
			changes bool
		}{{name, false}, {fmt.Sprintf(`iif(typeof(%[1]s) = 'integer', %[1]s + 1, upper(%[1]s) || '乙')`, name), !notPublished[name]}} {
			if name != "number" && name != "id" { // which are never written
				other(fmt.Sprintf(`UPDATE entries SET %s = %s`, name, write.value))(t, s.path)
			}
			if got := revision(t, s) > since; got != write.changes {
				t.Errorf("%s = %s: a change is %v, want %v", name, write.value, got, write.changes)
			}
		}
	}
	since := revision(t, s)
	other(`UPDATE entries SET path = lower(path)`)(t, s.path) // the column folds letters
	if revision(t, s) == since {
		t.Error("a path with other letters is no change")
	}
}

// A statement that says what to do in a conflict says so for its triggers: they count all the same, and a row that is ignored
// neither counts nor uses up a place.
func TestChangesWhateverTheConflict(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1), draft(2)))
	since := revision(t, s)
	insert := `INSERT OR IGNORE INTO entry_categories (category, published, entry, listed, place) SELECT category, published, entry, listed, 3 FROM entry_categories WHERE entry = 1`
	other(insert)(t, s.path)
	if got := revision(t, s); got != since {
		t.Errorf("a row that is ignored made revision %d of %d", got, since)
	}
	other(`DELETE FROM entry_categories WHERE entry = 1`)(t, s.path)
	since = revision(t, s)
	other(`INSERT OR IGNORE INTO entry_categories (category, published, entry, listed, place) SELECT 'nongjinwang', published, number, 0, 3 FROM entries WHERE number = 1`)(t, s.path)
	if got := whatChanged(t, s, since); got.Categories != "nongjinwang" {
		t.Errorf("a row that is inserted changed %+v", got)
	}
	if last := query(t, s, `SELECT last FROM category_places`); last != 3 {
		t.Errorf("the last place is %d, want 3", last)
	}
}

// Where a document loses all, the next one names another as the one before it.
func TestChangesAfterAnEmptyDocument(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, numberedDrafts(1, 450)...))
	since := revision(t, s)
	prune(t, s, Limits{OlderThan: draft(101).Entry.Published}, false)
	if got, want := whatChanged(t, s, since).Archives, map[string][]int{"nongjinwang": {1, 2}}; !cmp.Equal(got, want) {
		t.Errorf("archives %v, want %v", got, want)
	}
	since = revision(t, s)
	prune(t, s, Limits{OlderThan: draft(301).Entry.Published}, false)
	if got, want := whatChanged(t, s, since).Archives, map[string][]int{"nongjinwang": {2, 3, 4}}; !cmp.Equal(got, want) {
		t.Errorf("archives %v, want %v", got, want)
	}
	since = revision(t, s)
	prune(t, s, Limits{OlderThan: draft(401).Entry.Published}, false)
	if got, want := whatChanged(t, s, since).Archives, map[string][]int{"nongjinwang": {4}}; !cmp.Equal(got, want) {
		t.Errorf("archives %v, want %v: there is no full one after it", got, want)
	}
}

// pageNumbers returns the numbers of pages.
func pageNumbers(pages []Page) (numbers []int64) {
	for _, p := range pages {
		numbers = append(numbers, p.Number)
	}
	return numbers
}

func TestPages(t *testing.T) {
	s := openNew(t)
	published100(t, s)
	save(t, s, batch(noon.Add(time.Hour), mended(4, "nongjinwang"), heldBack(draft(300))))
	pages, err := s.Pages(t.Context(), 3, 5)
	want := []Page{{3, everything(t, s)[2].Path, draft(3).Entry.Published}, {4, everything(t, s)[3].Path, noon.Add(time.Hour)}, {5, everything(t, s)[4].Path, draft(5).Entry.Published}}
	if diff := cmp.Diff(want, pages); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	rest, err := s.Pages(t.Context(), 101, 1000) // without what is hidden, filed nowhere or held
	if diff := cmp.Diff([]int64{101, 102, 103, 104}, pageNumbers(rest)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	spans, err := s.Spans(t.Context(), 50)
	if diff := cmp.Diff([]int64{0, 1, 2}, spans); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := s.Spans(t.Context(), 0); err == nil {
		t.Error("spans of no numbers are no error")
	}
}

// What is asked at each publication is found by seeks, and what is asked of all pages in an index alone.
func TestPlansOfPublishing(t *testing.T) {
	s := openNew(t)
	for query, want := range map[string]string{
		pagesQuery:             "SEARCH entries USING INDEX entries_pages (number>? AND number<?)",
		spansQuery:             "SCAN entries USING INDEX entries_pages",
		placesQuery:            "SEARCH c USING COVERING INDEX entry_categories_place (category=? AND place>? AND place<?)",
		archivesQuery:          "SEARCH entry_categories USING COVERING INDEX entry_categories_place (category=? AND place>? AND place<?)",
		changedEntriesQuery:    "SEARCH e USING COVERING INDEX entries_story (story=?)",
		changedCategoriesQuery: "SEARCH changes USING INTEGER PRIMARY KEY (rowid>?)",
		changedArchivesQuery:   "SEARCH c USING INDEX entry_categories_entry (entry=?)",
		changedFiledQuery:      "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)",
		changedGoneQuery:       "SEARCH g USING PRIMARY KEY (path=?)",
		whereaboutsQuery:       "SEARCH g USING COVERING INDEX gone_id (id=?)",
	} {
		plan := planOf(t, s, query)
		if !strings.Contains(plan, want) {
			t.Errorf("plan:\n%s\nwant %s", plan, want)
		}
		if strings.Contains(plan, "SCAN entries\n") || strings.Contains(plan, "SCAN changes") || strings.Contains(plan, "SCAN e\n") {
			t.Errorf("everything is read:\n%s", plan)
		}
	}
	for _, query := range []string{pagesQuery, spansQuery} {
		if n := readsOf(t, s, "entries", query); n != 0 {
			t.Errorf("%d columns of the table are read beside the index, by%s", n, query)
		}
	}
	if n := readsOf(t, s, "entries", filedQuery); n == 0 {
		t.Error("no column is read by a query that reads them all")
	}
	if plan := planOf(t, s, namedEarlierQuery); !strings.Contains(plan, "USING INDEX entries_named (<expr>=?") || !strings.Contains(plan, "USING INDEX gone_named (<expr>=?)") {
		t.Errorf("plan:\n%s", plan)
	}
}

// The triggers find the row of a change by its name, and do not read all changes of its kind.
func TestPlansOfTriggers(t *testing.T) {
	s := openNew(t)
	row, found := regexp.MustCompile(`\+?\b(new|old)\.(\w+)`), 0
	for _, table := range column(t, s.reader, `SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'`) {
		script := strings.Join(column(t, s.reader, `SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?`, table), "\n")
		for _, statement := range regexp.MustCompile(`DELETE FROM changes [^;]*`).FindAllString(script, -1) {
			// A query in the place of a column has its type, and one with a + has none, as in the trigger.
			alone := row.ReplaceAllStringFunc(statement, func(name string) string {
				return fmt.Sprintf("(SELECT %s FROM %s AS %s)", name, table, strings.TrimLeft(name, "+")[:3])
			})
			if plan := planOf(t, s, alone); !strings.Contains(plan, "(kind=? AND name=?)") && !strings.HasSuffix(statement, "'all'") {
				t.Errorf("%s: %s has the plan\n%s", table, statement, plan)
			}
			found++
		}
	}
	if found < 12 {
		t.Errorf("%d statements were found, want all", found)
	}
}

// readsOf returns how many columns of the table itself the program of a query reads. SQLite does not call an index covering that
// covers all but its own condition, although it reads nothing else then.
func readsOf(t *testing.T, s *Store, table, query string) (n int) {
	t.Helper()
	rows, err := s.reader.Query("EXPLAIN "+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	root, cursor := rootOf(t, s, table), -1
	for rows.Next() {
		var address, p1, p2, p3, p5 int
		var operation string
		var p4, comment any
		if err := rows.Scan(&address, &operation, &p1, &p2, &p3, &p4, &p5, &comment); err != nil {
			t.Fatal(err)
		}
		switch {
		case operation == "OpenRead" && p2 == root:
			cursor = p1
		case operation == "Column" && p1 == cursor:
			n++
		}
	}
	return n
}

// rootOf returns the page that a table begins with.
func rootOf(t *testing.T, s *Store, table string) int {
	t.Helper()
	return query(t, s, `SELECT rootpage FROM sqlite_schema WHERE name = ?`, table)
}
