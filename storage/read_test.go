package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

func titles(entries []feeds.Entry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Title)
	}
	return all
}

// filed collects what Filed streams.
func filed(t *testing.T, s *Store) []feeds.Entry {
	t.Helper()
	var entries []feeds.Entry
	for e, err := range s.Filed(context.Background(), 0, named) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

// named gives the category of a slug as a catalogue does that has no rules.
func named(slug string) feeds.Category { return feeds.Category{Slug: slug} }

func titled(n int, title string, published time.Time, slugs ...string) feeds.Draft {
	d := draft(n)
	d.Entry.Title, d.Entry.Published, d.Entry.Categories = title, published, slugs
	return d
}

func TestLatest(t *testing.T) {
	s := openNew(t)
	day := 24 * time.Hour
	save(t, s, batch(noon,
		titled(1, "甲", noon.Add(-2*day), "nongjinwang"),
		titled(2, "乙", noon.Add(-day), "nongjinwang", "xiangcun"),
		titled(3, "丙", noon.Add(-day), "nongjinwang"), // of the same second as 乙, seen after it
		titled(4, "丁", noon.Add(-3*day), "xiangcun"),
		titled(5, "戊", noon), // filed nowhere
	))
	later := noon.Add(time.Hour)
	edited := titled(1, "甲（更正）", noon.Add(-2*day), "nongjinwang")
	edited.Digest[0]++
	save(t, s, batch(later, edited))

	cases := []struct {
		slug    string
		limit   int
		want    []string
		changed int64
	}{
		{"nongjinwang", 50, []string{"丙", "乙", "甲（更正）"}, later.Unix()},
		{"nongjinwang", 2, []string{"丙", "乙", "甲（更正）"}, later.Unix()}, // no archive document has 甲 yet
		{"nongjinwang", 0, nil, 0},
		{"nongjinwang", -1, nil, 0},
		{"xiangcun", 50, []string{"乙", "丁"}, noon.Unix()},
		{"meiyou", 50, nil, 0},
	}
	for _, c := range cases {
		got, err := s.Latest(context.Background(), feeds.Category{Slug: c.slug}, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, titles(got.Entries)); diff != "" || got.Changed != c.changed || got.Category.Slug != c.slug {
			t.Errorf("%d of %s: slug %q, changed %d, want %d (-want +got):\n%s", c.limit, c.slug, got.Category.Slug, got.Changed, c.changed, diff)
		}
	}
	all, err := s.LatestOfAll(context.Background(), anyCategory, 50)
	if diff := cmp.Diff([]string{"丙", "乙", "甲（更正）", "丁"}, titles(all.Entries)); diff != "" || err != nil || all.Changed != later.Unix() {
		t.Errorf("of all, %v, changed %d (-want +got):\n%s", err, all.Changed, diff)
	}
	if diff := cmp.Diff([]string{"甲（更正）", "乙", "丙", "丁"}, titles(filed(t, s))); diff != "" {
		t.Errorf("filed (-want +got):\n%s", diff)
	}
}

// planOf returns how SQLite goes about a query, a step to a line.
func planOf(t *testing.T, s *Store, query string) string {
	t.Helper()
	arguments := make([]any, strings.Count(query, "?")-strings.Count(query, "?1")-strings.Count(query, "?2")) // those without numbers,
	for n := 1; strings.Contains(query, fmt.Sprint("?", n)); n++ {                                            // and those with
		arguments = append(arguments, nil)
	}
	rows, err := s.reader.Query("EXPLAIN QUERY PLAN "+query, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

// The newest of a category are a walk along an index: nothing is sorted, however many entries there are.
func TestLatestIsAWalk(t *testing.T) {
	s := openNew(t)
	for query, want := range map[string]string{
		latestQuery:      "SEARCH c USING PRIMARY KEY (category=?)",
		latestOfAllQuery: "SCAN e USING INDEX entries_filed",
	} {
		text := planOf(t, s, query)
		if !strings.Contains(text, want) || strings.Contains(text, "TEMP B-TREE") {
			t.Errorf("plan:\n%s\nwant %s and no sorting", text, want)
		}
	}
}

// A loop over Filed that ends early gives its connection back, and other reads run beside it.
func TestFiledEndsEarly(t *testing.T) {
	s := openNew(t)
	for i := range 20 {
		save(t, s, batch(noon, draft(i)))
	}
	for range 3 * readConnections {
		for e, err := range s.Filed(context.Background(), 0, named) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Entry(context.Background(), e.ID); err != nil {
				t.Fatal(err)
			}
			break
		}
		if n := s.reader.Stats().InUse; n != 0 {
			t.Fatalf("%d connections are still in use", n)
		}
	}
}

func TestReadErrors(t *testing.T) {
	s := openNew(t)
	if _, err := s.Entry(context.Background(), "tag:没有"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error is %v, want ErrNotFound", err)
	}
	save(t, s, batch(noon, draft(1)))
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	var faults []error
	for _, err := range s.Filed(cancelled, 0, named) {
		faults = append(faults, err)
	}
	if len(faults) != 1 || !errors.Is(faults[0], context.Canceled) {
		t.Errorf("Filed yields %v, want one error of the context", faults)
	}
	if _, err := s.Latest(cancelled, feeds.Category{Slug: "nongjinwang"}, 5); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that of the context", err)
	}
	if _, err := s.writer.Exec(`UPDATE entries SET tags = '{broken'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Latest(context.Background(), feeds.Category{Slug: "nongjinwang"}, 5); err == nil {
		t.Error("a broken row was read")
	}
}

// made returns a draft that is filed under a category made for its outlet.
func made(n int, slug, title string) feeds.Draft {
	d := draft(n)
	d.Made = feeds.Category{Slug: slug, Title: title, Outlets: []string{strings.TrimSuffix(title, "新闻")}}
	d.Entry.Categories = []string{slug, "nongcun"}
	return d
}

func TestMadeCategories(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, made(1, "nongjinwang", "农金网新闻"), made(2, "nongjinwang", "农金网新闻"), made(3, "jinrongshibao", "金融时报新闻")))
	save(t, s, batch(noon, made(4, "nongjinwang", "农津网新闻"), made(5, "jinrongshibao", "金融时报新闻"))) // 农津网 reads as 农金网 does
	save(t, s, batch(noon, made(6, "nongjinwang", "农津网新闻")))
	clash := nthSlug(feeds.Category{Slug: "nongjinwang", Title: "农津网新闻"}, 1)
	want := []feeds.Category{
		{Slug: "jinrongshibao", Title: "金融时报新闻", Outlets: []string{"金融时报"}},
		{Slug: "nongjinwang", Title: "农金网新闻", Outlets: []string{"农金网"}},
		{Slug: clash, Title: "农津网新闻", Outlets: []string{"农津网"}},
	}
	got, err := s.Categories(context.Background())
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(feeds.Term{})); diff != "" || err != nil {
		t.Errorf("categories, %v (-want +got):\n%s", err, diff)
	}
	if channel := latest(t, s, "nongjinwang"); len(channel.Entries) != 2 || channel.Category.Title != "农金网新闻" {
		t.Errorf("nongjinwang is %q with %d entries, want 农金网新闻 with 2", channel.Category.Title, len(channel.Entries))
	}
	channel := latest(t, s, clash)
	if len(channel.Entries) != 2 || channel.Category.Title != "农津网新闻" {
		t.Fatalf("%s is %q with %d entries, want 农津网新闻 with 2", clash, channel.Category.Title, len(channel.Entries))
	}
	if e := channel.Entries[0]; !cmp.Equal(e.Categories, []string{clash, "nongcun"}) || !strings.HasPrefix(e.Path, clash+"/") {
		t.Errorf("filed under %v at %s, want %s", e.Categories, e.Path, clash)
	}
}

// An outlet may be named like the slug that another would get, and so on: each still gets its own.
func TestTakenSlugs(t *testing.T) {
	for _, slug := range []string{"foo", strings.Repeat("a", 64)} {
		s := openNew(t)
		late := feeds.Category{Slug: slug, Title: "FOO新闻"}
		last := len(slugSuffixes) + 3
		for n := range last {
			taken := nthSlug(late, n)
			save(t, s, batch(noon, made(n, taken, taken+"新闻")))
		}
		for n := range 2 { // the second time it is found again
			save(t, s, batch(noon, made(last+n, slug, late.Title)))
		}
		if channel := latest(t, s, nthSlug(late, last)); len(channel.Entries) != 2 || channel.Category.Title != late.Title {
			t.Errorf("%s is %q with %d entries, want %s with 2", channel.Category.Slug, channel.Category.Title, len(channel.Entries), late.Title)
		}
	}
}

// The slug of a post's category is said, not spelled: its first real title stays, and no other makes another slug.
func TestPostsOfOneSlug(t *testing.T) {
	for want, titles := range map[string][]string{
		"要闻":    {"要闻", "nongjinwang", "农金网新闻", ""},
		"农金网新闻": {"nongjinwang", "", "农金网新闻", "要闻"},
	} {
		s := openNew(t)
		for i, title := range titles {
			d := made(i, "nongjinwang", title)
			d.Item.Name, d.ByPost = fmt.Sprintf("zhinong-%d", i), true
			save(t, s, batch(noon, d))
		}
		if channel := latest(t, s, "nongjinwang"); len(channel.Entries) != len(titles) || channel.Category.Title != want {
			t.Errorf("nongjinwang is %q with %d entries, want %s with %d", channel.Category.Title, len(channel.Entries), want, len(titles))
		}
	}
}

// A post that names only a slug does not keep the outlet from it.
func TestOutletTakesUntitledSlug(t *testing.T) {
	s := openNew(t)
	post := made(1, "nongjinwang", "nongjinwang")
	post.Item.Name, post.ByPost = "zhinong", true
	save(t, s, batch(noon, post, made(2, "nongjinwang", "农金网新闻")))
	if channel := latest(t, s, "nongjinwang"); len(channel.Entries) != 2 || channel.Category.Title != "农金网新闻" {
		t.Errorf("nongjinwang is %q with %d entries, want 农金网新闻 with 2", channel.Category.Title, len(channel.Entries))
	}
}

func TestMadeCategoryWithBadSlug(t *testing.T) {
	s := openNew(t)
	for i, slug := range []string{"../etc", "21shijijingjibaodao 21caijingAPP", "index", strings.Repeat("a", 65)} {
		d := made(i, slug, "二十一世纪")
		d.Entry.Categories = nil
		if _, err := s.Save(context.Background(), batch(noon, d), site); err == nil {
			t.Errorf("%q was stored", slug)
		}
	}
}

// Two posts with one file-name id get two pages; letters of either case are one name on some systems.
func TestPathClash(t *testing.T) {
	s := openNew(t)
	day := noon.Add(-time.Hour)
	for i, name := range []string{"2022-zhinong", "2022-zhinong", "2022-ZHINONG", "../../etc/passwd", "支农"} {
		d := titled(i, fmt.Sprintf("支农%d", i), day.Add(time.Duration(-i)*time.Second), "nongjinwang")
		d.Item.Name = name
		save(t, s, batch(noon, d))
	}
	var got []string
	for _, e := range filed(t, s) {
		got = append(got, e.Path)
	}
	want := []string{"nongjinwang/2022/04/11/2022-zhinong.html"}
	for i := 1; i < 5; i++ {
		want = append(want, feeds.ArticlePath("nongjinwang", day.In(shanghai), "", draft(i).Key))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

// Posts may be named like the key of another article, in letters of either case: it still gets a page.
func TestTakenNames(t *testing.T) {
	s := openNew(t)
	const last = 5
	late := titled(last, "支农", noon, "nongjinwang")
	late.Item.Name = "支农" // no safe name
	for n := range last {
		d := titled(n, fmt.Sprintf("同名%d", n), noon, "nongjinwang")
		d.Item.Name = strings.ToUpper(nthName(late, n))
		save(t, s, batch(noon, d))
	}
	save(t, s, batch(noon, late))
	all := filed(t, s)
	want := feeds.ArticlePath("nongjinwang", noon.In(shanghai), nthName(late, last), late.Key)
	if got := all[len(all)-1]; len(all) != last+1 || got.Path != want {
		t.Errorf("%d entries, the last at %s, want %d and %s", len(all), got.Path, last+1, want)
	}
}

// anyCategory says of every category that it is published.
func anyCategory(string) bool { return true }
