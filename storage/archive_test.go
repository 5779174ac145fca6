package storage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// places returns the places of a category as "number@place", by place.
func places(t *testing.T, s *Store, slug string) string {
	t.Helper()
	return strings.Join(column(t, s.reader, `SELECT entry || '@' || place FROM entry_categories WHERE category = ? ORDER BY place`, slug), " ")
}

// A place is given when an entry comes into a category, kept as long as it is there, and given to no other entry.
func TestPlaces(t *testing.T) {
	s := openNew(t)
	step := func(name, want string) {
		t.Helper()
		if got := places(t, s, "nongjinwang"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		sound(t, s)
	}
	save(t, s, batch(noon, draft(3), draft(1), draft(2), titled(4, "别处", noon, "caijing")))
	step("in the order of first sight", "1@1 2@2 3@3")
	save(t, s, batch(noon.Add(time.Hour), mended(1, "nongjinwang"), draft(3)))
	step("an edit", "1@1 2@2 3@3")
	for number := range int64(3) {
		redraft(t, s, number+1, "")
	}
	step("reprocessed", "1@1 2@2 3@3")
	if _, err := s.Hide(t.Context(), 3, false, noon); err != nil {
		t.Fatal(err)
	}
	step("the last one is taken down", "1@1 2@2")
	save(t, s, batch(noon, draft(5)))
	step("its place is not given again", "1@1 2@2 5@4")
	if _, err := s.Unhide(t.Context(), 3, false, noon); err != nil {
		t.Fatal(err)
	}
	step("it comes back anew", "1@1 2@2 5@4 3@5")
	again := mended(1, "caijing")
	again.Digest[0]++
	save(t, s, batch(noon, again))
	step("filed elsewhere", "1@1 5@4 3@5")
	back := mended(1, "nongjinwang", "caijing")
	back.Digest[0] = 77
	save(t, s, batch(noon, back))
	step("and back", "1@1 5@4 3@5 2@6")
	if got := places(t, s, "caijing"); got != "4@1 2@2" {
		t.Errorf("of the other category %q", got)
	}
	if err := s.pruneSome(t.Context(), []int64{2, 3}, false, noon); err != nil {
		t.Fatal(err)
	}
	save(t, s, batch(noon, draft(6)))
	step("after a deletion", "1@1 5@4 6@7")
	if _, err := s.Prune(t.Context(), Limits{OlderThan: noon}, false, false, noon); err != nil {
		t.Fatal(err)
	}
	save(t, s, batch(noon, draft(7)))
	step("after all were pruned", "7@8")
}

// follow reads a category from its feed through its archive documents, as a reader does, and returns the ids in each.
func follow(t *testing.T, s *Store, category feeds.Category, limit int) (feed []string, documents map[int][]string) {
	t.Helper()
	channel, err := s.Latest(t.Context(), category, limit)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(channel.Entries, newestFirst) {
		t.Error("the feed is not in order")
	}
	feed, documents = ids(channel), make(map[int][]string)
	for older := channel.Older; older != 0; {
		document, err := s.Archive(t.Context(), category, older)
		if err != nil || document.Category.Slug != category.Slug {
			t.Fatalf("document %d is of %q, %v", older, document.Category.Slug, err)
		}
		documents[older], older = ids(document), document.Older
	}
	return feed, documents
}

func ids(channel feeds.Channel) (all []string) {
	for _, e := range channel.Entries {
		all = append(all, e.ID)
	}
	return all
}

// Who follows the documents finds every entry of a category, and none in two of them, whatever was taken down, pruned or told twice.
func TestArchivesHoldEverything(t *testing.T) {
	s := openNew(t)
	for n := 1; n <= 460; n += 20 {
		save(t, s, batch(noon.Add(time.Duration(n)*time.Minute), numberedDrafts(n, n+19)...))
		outlet := fmt.Sprint("县报", n)
		save(t, s, from("源"+outlet, batch(noon.Add(time.Duration(n)*time.Minute), told(1000+n, outlet, "nongjinwang"))))
	}
	for _, number := range []int64{1, 150, 301, 302} {
		if _, err := s.Hide(t.Context(), number, true, noon); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.pruneSome(t.Context(), slices.Collect(numbers(211, 330)), true, noon); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Archives(t.Context(), "nongjinwang"); err != nil || !cmp.Equal(got, []int{1, 2, 3, 4}) {
		t.Fatalf("archives %v, %v", got, err)
	}
	if ever, err := s.ArchivesEver(t.Context(), "nongjinwang"); err != nil || ever != 5 {
		t.Errorf("%d documents ever, %v; want 5", ever, err)
	}
	for _, everyCopy := range []bool{false, true} {
		category := feeds.Category{Slug: "nongjinwang", EveryCopy: everyCopy}
		shown, err := s.Latest(t.Context(), category, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		feed, documents := follow(t, s, category, 20)
		if got := slices.Sorted(maps.Keys(documents)); !cmp.Equal(got, []int{1, 2, 3, 4}) {
			t.Errorf("the links lead to %v", got)
		}
		met := make(map[string]int)
		for n, document := range documents {
			for _, id := range document {
				if met[id] != 0 {
					t.Errorf("%s is in the documents %d and %d", id, met[id], n)
				}
				met[id] = n
			}
		}
		for i, id := range feed {
			if slices.Contains(feed[:i], id) {
				t.Errorf("%s is twice in the feed", id)
			}
			met[id] = 5
		}
		if len(met) != len(shown.Entries) {
			t.Errorf("every copy %v: %d entries are found, want %d", everyCopy, len(met), len(shown.Entries))
		}
		if newest := ids(shown)[:20]; !cmp.Equal(intersection(newest, feed), newest) {
			t.Error("the newest are not all in the feed")
		}
	}
}

// intersection returns those of a that are in b too.
func intersection(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(one string) bool { return !slices.Contains(b, one) })
}

func numbers(first, last int64) func(yield func(int64) bool) {
	return func(yield func(int64) bool) {
		for n := first; n <= last && yield(n); n++ {
		}
	}
}

// What came late with an old date is behind the last full document, and so it is in the feed, however many are newer.
func TestLatestHoldsWhatIsInNoArchive(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, numberedDrafts(1, 100)...))
	save(t, s, batch(noon, titled(500, "迟到的旧闻", noon.Add(-300*day), "nongjinwang")))
	channel, err := s.Latest(t.Context(), feeds.Category{Slug: "nongjinwang"}, 10)
	if err != nil || len(channel.Entries) != 11 || channel.Entries[10].Title != "迟到的旧闻" || channel.Older != 1 {
		t.Errorf("%d entries, older is %d, %v", len(channel.Entries), channel.Older, err)
	}
	if channel.Changed != noon.Unix() {
		t.Errorf("changed %d", channel.Changed)
	}
	for _, c := range []struct {
		limit, want, older int
	}{{0, 0, 0}, {-1, 0, 0}, {100, 101, 1}, {1000, 101, 1}} {
		channel, err := s.Latest(t.Context(), feeds.Category{Slug: "nongjinwang"}, c.limit)
		if err != nil || len(channel.Entries) != c.want || channel.Older != c.older {
			t.Errorf("of %d: %d entries, older is %d, %v; want %d", c.limit, len(channel.Entries), channel.Older, err, c.want)
		}
	}
}

// A document that holds nothing is leapt over, and one that is not full yet is none.
func TestEmptyArchives(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, numberedDrafts(1, 399)...))
	category := feeds.Category{Slug: "nongjinwang", Title: "农金网新闻"}
	check := func(archives []int, older ...int) {
		t.Helper()
		got, err := s.Archives(t.Context(), "nongjinwang")
		if diff := cmp.Diff(archives, got); diff != "" || err != nil {
			t.Errorf("archives, %v (-want +got):\n%s", err, diff)
		}
		_, documents := follow(t, s, category, 5)
		if got := slices.Sorted(maps.Keys(documents)); !slices.Equal(got, archives) {
			t.Errorf("the links lead to %v, want %v", got, archives)
		}
	}
	check([]int{1, 2, 3})
	if err := s.pruneSome(t.Context(), slices.Collect(numbers(101, 200)), true, noon); err != nil {
		t.Fatal(err)
	}
	check([]int{1, 3})
	if empty, err := s.Archive(t.Context(), category, 2); err != nil || len(empty.Entries) != 0 || empty.Older != 1 || empty.Category.Title != "农金网新闻" {
		t.Errorf("the empty document is %+v, %v", empty, err)
	}
	if err := s.pruneSome(t.Context(), slices.Collect(numbers(1, 300)), true, noon); err != nil {
		t.Fatal(err)
	}
	check(nil)
	if ever, err := s.ArchivesEver(t.Context(), "nongjinwang"); err != nil || ever != 4 {
		t.Errorf("%d documents ever, %v", ever, err)
	}
	if ever, err := s.ArchivesEver(t.Context(), "meiyou"); err != nil || ever != 0 {
		t.Errorf("%d documents ever of a category that there is not, %v", ever, err)
	}
}

// An archive document has the newest in the category first, whatever their dates.
func TestArchiveIsInOrderOfPlaces(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, numberedDrafts(1, 98)...))
	save(t, s, batch(noon, titled(200, "迟到的旧闻", noon.Add(-300*day), "nongjinwang"), titled(201, "未来的消息", noon.Add(300*day), "nongjinwang")))
	document, err := s.Archive(t.Context(), feeds.Category{Slug: "nongjinwang"}, 1)
	if err != nil || len(document.Entries) != 100 || document.Older != 0 || document.Changed != noon.Unix() {
		t.Fatalf("%d entries, %v", len(document.Entries), err)
	}
	if got := titles(document.Entries[:3]); !cmp.Equal(got, []string{"未来的消息", "迟到的旧闻", draft(98).Entry.Title}) && !cmp.Equal(got, []string{"迟到的旧闻", "未来的消息", draft(98).Entry.Title}) {
		t.Errorf("first are %v", got)
	}
}

// What comes late with an old date, and fills an archive document at once, is in the feed too: who only polls would never see it.
func TestLatestHoldsWhatFilledAnArchive(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, numberedDrafts(1, 98)...))
	late := []feeds.Draft{titled(500, "迟到的旧闻", noon.Add(-300*day), "nongjinwang"), titled(501, "又一条旧闻", noon.Add(-301*day), "nongjinwang")}
	save(t, s, batch(noon, late...))
	channel, err := s.Latest(t.Context(), feeds.Category{Slug: "nongjinwang"}, 10)
	if err != nil || channel.Older != 1 || len(channel.Entries) != 12 || channel.Entries[10].Title != "迟到的旧闻" || channel.Entries[11].Title != "又一条旧闻" {
		t.Errorf("%d entries, older is %d, %v", len(channel.Entries), channel.Older, err)
	}
}

// A takedown is a change of the feeds, though no entry of theirs changed: their date does not go back.
func TestTakedownIsAChange(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1), draft(2)))
	edited := mended(1, "nongjinwang")
	save(t, s, batch(noon.Add(time.Hour), edited))
	changed := func() (ofCategory, ofAll time.Time) {
		t.Helper()
		channel, err := s.Latest(t.Context(), feeds.Category{Slug: "nongjinwang"}, 10)
		if err != nil {
			t.Fatal(err)
		}
		all, err := s.LatestOfAll(t.Context(), func(string) bool { return true }, 10)
		if err != nil {
			t.Fatal(err)
		}
		return time.Unix(channel.Changed, 0), time.Unix(all.Changed, 0)
	}
	hour := noon.Add(2 * time.Hour)
	for what, do := range map[string]func(at time.Time) error{
		"hide":  func(at time.Time) error { _, err := s.Hide(t.Context(), 1, false, at); return err },
		"prune": func(at time.Time) error { return s.pruneSome(t.Context(), []int64{2}, false, at) },
	} {
		if err := do(hour); err != nil {
			t.Fatal(err)
		}
		if category, all := changed(); !category.Equal(hour) || !all.Equal(hour) {
			t.Errorf("%s at %v: the feed changed at %v, that of all at %v", what, hour, category, all)
		}
		hour = hour.Add(time.Hour)
	}
}

// Bodies behind 8 MiB in one document give way to their summaries: the entries are all there.
func TestBodiesOfADocumentAreBounded(t *testing.T) {
	s := openNew(t)
	var fat []feeds.Draft
	for n := range 40 {
		one := draft(n + 1)
		one.Entry.Body = feeds.SafeHTML("<p>" + strings.Repeat("农商行", 30_000) + "</p>")
		fat = append(fat, one)
	}
	save(t, s, batch(noon, fat...))
	channel, err := s.Latest(t.Context(), feeds.Category{Slug: "nongjinwang", EveryCopy: true}, 50) // they are one story
	if err != nil || len(channel.Entries) != 40 {
		t.Fatalf("%d entries, %v", len(channel.Entries), err)
	}
	bytes := 0
	for _, e := range channel.Entries {
		bytes += len(e.Body)
	}
	if bytes > feeds.MaxBodies || channel.Entries[0].Body == "" || channel.Entries[39].Body != "" || channel.Entries[39].Summary == "" {
		t.Errorf("%d bytes of bodies", bytes)
	}
}
