package storage

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

func publish(t *testing.T, s *Store, p Publication, now time.Time) string {
	t.Helper()
	mark, err := s.PutPublication(t.Context(), p, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return mark
}

// A mark leads to its publication, and to no other; the same publication has the same mark.
func TestPublication(t *testing.T) {
	s := openNew(t)
	first := Publication{Revision: 3, Settings: "甲"}
	mark := publish(t, s, first, noon)
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(mark) {
		t.Errorf("the mark is %q", mark)
	}
	if got, known, err := s.Publication(t.Context(), mark); got != first || !known || err != nil {
		t.Errorf("%+v, %v, %v", got, known, err)
	}
	for _, strange := range []string{"", mark[1:], strings.ToUpper(mark) + "X", "'; DROP TABLE publications"} {
		if got, known, err := s.Publication(t.Context(), strange); got != (Publication{}) || known || err != nil {
			t.Errorf("%q is %+v, %v, %v", strange, got, known, err)
		}
	}
	if again := publish(t, s, first, noon.Add(time.Hour)); again != mark {
		t.Errorf("the same again has the mark %s, want %s", again, mark)
	}
	marks := map[string]bool{mark: true}
	for i, p := range []Publication{{4, "甲"}, {4, "乙"}, {4, "甲"}, {3, "甲"}} {
		mark := publish(t, s, p, noon)
		if marks[mark] {
			t.Errorf("%+v, the %d after, has the mark of another", p, i+1)
		}
		marks[mark] = true
	}
	if got, known, err := s.Publication(t.Context(), mark); got != first || !known || err != nil {
		t.Errorf("later it is %+v, %v, %v", got, known, err)
	}
}

// A store that was put back does not know the marks of what it published since, and never gives them to another state.
func TestMarkOfAStorePutBack(t *testing.T) {
	s := openNew(t)
	publish(t, s, Publication{Revision: 1}, noon)
	backup := s.path + ".备份"
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	lost := publish(t, s, Publication{Revision: 2}, noon.Add(time.Hour))
	restored := open(t, backup)
	if _, known, err := restored.Publication(t.Context(), lost); known || err != nil {
		t.Errorf("it knows what it never published, %v", err)
	}
	if mark := publish(t, restored, Publication{Revision: 2}, noon.Add(2*time.Hour)); mark == lost {
		t.Error("another state has the same mark")
	}
}

// The newest 64 are known.
func TestPublicationsAreBounded(t *testing.T) {
	s := openNew(t)
	var marks []string
	for n := range int64(70) {
		marks = append(marks, publish(t, s, Publication{Revision: n + 1}, noon))
	}
	for i, mark := range marks {
		if _, known, err := s.Publication(t.Context(), mark); known != (i >= 6) || err != nil {
			t.Errorf("publication %d is known: %v, %v", i, known, err)
		}
	}
}

// Heads are kept of the categories that were rendered, and where nothing differs nothing is written.
func TestHeads(t *testing.T) {
	s := openNew(t)
	p := Publication{Revision: 1}
	if _, err := s.Published(t.Context(), []string{"chunbo"}); err != nil {
		t.Fatal(err)
	}
	put := func(heads map[string]Head) {
		t.Helper()
		if _, err := s.PutPublication(t.Context(), p, heads, noon); err != nil {
			t.Fatal(err)
		}
	}
	put(map[string]Head{"nongjinwang": {noon, noon.Add(time.Hour)}, "xiangcun": {noon, noon}})
	put(map[string]Head{"xiangcun": {}})
	want := map[string]Head{"chunbo": {}, "nongjinwang": {noon, noon.Add(time.Hour)}, "xiangcun": {}}
	got, err := s.Heads(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	put(want)
	before, err := os.ReadFile(s.path + "-wal")
	put(want)
	if after, _ := os.ReadFile(s.path + "-wal"); err != nil || len(before) == 0 || !bytes.Equal(after, before) {
		t.Errorf("the same again was written, %v", err)
	}
	if left, err := s.Published(t.Context(), nil); err != nil || !cmp.Equal(left, []string{"chunbo", "nongjinwang", "xiangcun"}) {
		t.Errorf("published before are %v, %v", left, err)
	}
}

func TestWhereabouts(t *testing.T) {
	s := openNew(t)
	published100(t, s)
	save(t, s, batch(noon, heldBack(draft(300))))
	id := func(number int64) string { return everything(t, s)[number-1].ID }
	story, hidden, nowhere, held, pruned := id(103), id(105), id(106), id(107), id(1)
	unpublished := titled(400, "从未发布", noon.Add(-900*day))
	save(t, s, batch(noon, unpublished))
	never := id(108)
	prune(t, s, Limits{OlderThan: draft(2).Entry.Published}, false)
	got, err := s.Whereabouts(t.Context(), []string{story, hidden, nowhere, held, pruned, never, "tag:没有", "", story})
	want := map[string]Whereabouts{
		story: {Categories: []string{"xiangcun"}, Documents: []string{"xiangcun/1"}, Story: 102}, hidden: {Categories: []string{"nongjinwang"}, Hidden: true},
		nowhere: {}, held: {Held: true}, pruned: {Pruned: true},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if none, err := s.Whereabouts(t.Context(), nil); len(none) != 0 || err != nil {
		t.Errorf("of none: %v, %v", none, err)
	}
}

// post returns a draft of a Jekyll post of that name, in a category of that name and slug.
func post(n int, name, category, slug string) feeds.Draft {
	d := titled(n, fmt.Sprint("旧站文章", n), noon.Add(-time.Hour), slug)
	d.Item.Name, d.Item.Category, d.ByPost = name, feeds.Category{Slug: category, Title: category}, true
	d.Key, _ = feeds.NewKey(source, feeds.Item{GUID: fmt.Sprint(name, category)})
	return d
}

// Names that are no slugs are remembered with the category that they are filed under, today.
func TestFormerNames(t *testing.T) {
	s := openNew(t)
	known := func(want ...FormerName) {
		t.Helper()
		got, err := s.FormerNames(t.Context())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	const long, blank = "21shijijingjibaodao 21caijingAPP", "农金 网"
	elsewhere := post(4, "d", "Outlet", "waibao") // its source files by outlet
	elsewhere.ByPost = false
	garbled := heldBack(post(5, "e", "Garbled", "luanma"))
	save(t, s, batch(noon, post(1, "a", long, "21shijijingjibaodao-21caijingapp"), post(2, "b", blank, "nongjinwang"), post(3, "c", "chunbo", "chunbo"),
		elsewhere, garbled, post(6, "f", "Nongjinwang", "nongjinwang"), post(7, "g", strings.Repeat("长", 67), "chang")))
	nongjinwang := FormerName{"Nongjinwang", []string{"nongjinwang"}}
	known(FormerName{long, []string{"21shijijingjibaodao-21caijingapp"}}, nongjinwang, FormerName{blank, []string{"nongjinwang"}})

	since := revision(t, s)
	moved := post(2, "b", blank, "sannong") // by another rule, when it comes again
	moved.Digest = feeds.Digest{7}
	save(t, s, batch(noon, moved))
	known(FormerName{long, []string{"21shijijingjibaodao-21caijingapp"}}, nongjinwang, FormerName{blank, []string{"sannong", "nongjinwang"}})
	if changes, err := s.Changes(t.Context(), since); err != nil || !changes.All {
		t.Errorf("changed: %+v, %v", changes, err)
	}

	first := everything(t, s)[0] // and when it is reprocessed
	filing := Filing{Source: source, Categories: []string{"caijing"}, Reasons: []string{"the post says so"}, ByPost: true}
	r := Redrafted{Number: 1, Entry: first, Item: post(1, "a", long, "").Item, Filings: []Filing{filing, {Source: "别的源", Categories: []string{"jiu"}, Reasons: []string{""}, ByPost: true}}}
	if _, err := s.Redraft(t.Context(), site, []Redrafted{r}, noon); err != nil {
		t.Fatal(err)
	}
	known(FormerName{long, []string{"caijing", "21shijijingjibaodao-21caijingapp"}}, nongjinwang, FormerName{blank, []string{"sannong", "nongjinwang"}})
}

func TestFormerNamesAreBounded(t *testing.T) {
	s := openNew(t)
	other(fmt.Sprintf(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d) INSERT INTO former_names (name, slug) SELECT 'Jiu ' || n, 'jiu' FROM n`, maxFormerNames-1))(t, s.path)
	save(t, s, batch(noon, post(1, "a", "新 名", "xin"), post(2, "b", "太 多", "xin"), post(3, "c", "Jiu 5", "xin")))
	names, err := s.FormerNames(t.Context())
	if err != nil || len(names) != maxFormerNames || names[len(names)-1].Name != "新 名" {
		t.Errorf("%d names, the last is %v, %v", len(names), names[len(names)-1], err)
	}
}

// Of posts with one name and day, in whatever letters, the first is known for good.
func TestNamedEarlier(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, post(1, "chunbo", "nongjinwang", "nongjinwang"), post(2, "chunbo", "caijing", "caijing"), post(3, "ChunBo", "sannong", "sannong"),
		post(4, "chunbo2", "sannong", "sannong"), titled(5, "无处", noon)))
	check := func(name string, want ...bool) {
		t.Helper()
		for _, e := range everything(t, s) {
			if got, err := s.NamedEarlier(t.Context(), e); got != want[e.Number-1] || err != nil {
				t.Errorf("%s: of %q named earlier is %v, %v", name, e.Path, got, err)
			}
		}
	}
	check("stored", false, true, true, false, false)
	if _, err := s.Hide(t.Context(), 1, false, noon); err != nil {
		t.Fatal(err)
	}
	check("hidden", false, true, true, false, false)
	if err := s.pruneSome(t.Context(), []int64{2}, false, noon); err != nil {
		t.Fatal(err)
	}
	check("a second one pruned", false, true, true, false, false)
	if _, err := s.Unhide(t.Context(), 1, false, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.pruneSome(t.Context(), []int64{1}, false, noon); err != nil {
		t.Fatal(err)
	}
	check("the first one pruned", false, true, true, false, false)
}
