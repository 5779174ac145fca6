package storage

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// More entries of one second than it has rows keep their order and their dates, whoever comes after them, and also when
// some of them went.
func TestSearchFullSecond(t *testing.T) {
	s := openNew(t)
	var drafts []feeds.Draft
	for n := range 40 {
		drafts = append(drafts, titled(n, fmt.Sprintf("零点%d", n), noon))
	}
	later := titled(40, "一秒后", noon.Add(time.Second))
	save(t, s, batch(noon, append(drafts, later, titled(41, "十秒后", noon.Add(10*time.Second)))...))
	save(t, s, batch(noon, titled(42, "零点42", noon), titled(43, "零点43", noon)))
	want := []string{"十秒后", "零点43", "零点42", "一秒后"} // the second was full: the first that came took its rows
	for n := range 40 {
		want = append(want, fmt.Sprintf("零点%d", 39-n))
	}
	if diff := cmp.Diff(want, foundTitles(t, s, Query{Limit: 100})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	midnight := slices.DeleteFunc(slices.Clone(want), func(title string) bool { return title == "十秒后" || title == "一秒后" })
	check := func(what string) {
		t.Helper()
		for _, text := range []string{"", "点", "零点", "-一秒"} {
			for _, best := range []bool{false, true} {
				if diff := cmp.Diff(midnight, foundTitles(t, s, Query{Text: text, Best: best, Since: noon, Until: noon.Add(time.Second), Limit: 100})); diff != "" && !(best && text == "零点") {
					t.Errorf("%s, of the second, %q, best first %v (-want +got):\n%s", what, text, best, diff)
				}
			}
		}
		if diff := cmp.Diff([]string{"十秒后", "一秒后"}, foundTitles(t, s, Query{Since: noon.Add(time.Second)})); diff != "" {
			t.Errorf("%s, after it (-want +got):\n%s", what, diff)
		}
		if got := foundTitles(t, s, Query{Since: noon.Add(time.Second), Limit: 1}); !slices.Equal(got, []string{"十秒后"}) {
			t.Errorf("%s, the newest after it is %v", what, got)
		}
		if got := foundTitles(t, s, Query{Since: noon.Add(time.Second), Until: noon.Add(10 * time.Second), Limit: 1}); !slices.Equal(got, []string{"一秒后"}) {
			t.Errorf("%s, behind two of the second before it is %v", what, got)
		}
		if found := search(t, s, Query{Until: noon.Add(time.Second), Limit: 1}); len(found.Hits) != 1 || found.Hits[0].Entry.Title != midnight[0] || !found.More {
			t.Errorf("%s, the last of the second is %v, more %v", what, found.Hits, found.More)
		}
	}
	check("all")
	inTransaction(t, s, func(w *writing) error {
		for _, number := range []int64{16, 17} { // the last row of the second, and the first of the next
			e, err := w.entry(t.Context(), number)
			if err != nil {
				return err
			}
			if err := w.prune(t.Context(), e, false); err != nil {
				return err
			}
		}
		return nil
	})
	midnight = slices.DeleteFunc(midnight, func(title string) bool { return title == "零点15" || title == "零点16" })
	check("some gone")
	save(t, s, batch(noon, titled(44, "零点44", noon))) // there is room now in its second, but it is the last
	midnight = append([]string{"零点44"}, midnight...)
	check("one more")
	entries, err := s.Entries(t.Context(), Filter{Limit: 4})
	if err != nil || entries[2].Title != "零点44" || entries[3].Title != "零点43" {
		t.Errorf("the list begins with %+v, %v", entries, err)
	}
}

// Words and single characters are in two tables. What is in both is found however far apart that lies.
func TestSearchWordsAndCharacters(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	var drafts []feeds.Draft
	for n := range 600 {
		title := []string{"普惠金融", "农商行"}[n%2]
		switch {
		case n%150 == 0:
			title += "，龘"
		case n == 1, n == 599:
			title += "与龘"
		}
		drafts = append(drafts, titled(n, fmt.Sprintf("%s第%d期", title, n), noon.Add(time.Duration(n)*time.Minute)))
	}
	drafts[300].Entry.Categories = []string{"nongjinwang"}
	save(t, s, batch(noon, drafts...))
	both := []string{"普惠金融，龘第450期", "普惠金融，龘第300期", "普惠金融，龘第150期", "普惠金融，龘第0期"}
	for _, best := range []bool{false, true} {
		for _, c := range []struct {
			q    Query
			want []string
		}{
			{Query{Text: "普惠 龘"}, both},
			{Query{Text: "龘 金 普惠"}, both},
			{Query{Text: "龘 -农商"}, both},
			{Query{Text: "龘 -金"}, []string{"农商行与龘第599期", "农商行与龘第1期"}},
			{Query{Text: "农商 龘 -与"}, nil},
			{Query{Text: "普惠 农"}, nil},
			{Query{Text: "-普惠 -农"}, nil},
			{Query{Text: "普惠 龘", Category: "nongjinwang"}, both[1:2]},
			{Query{Text: "普惠 -农", Category: "nongjinwang"}, both[1:2]},
			{Query{Text: "普惠 龘", Since: noon.Add(150 * time.Minute), Until: noon.Add(450 * time.Minute)}, both[1:3]},
			{Query{Text: "普惠 龘", Since: noon.Add(time.Minute)}, both[:3]},
		} {
			c.q.Best = best
			got := foundTitles(t, s, c.q)
			if best { // what is filed has more labels, and counts as the longer text
				slices.SortFunc(got, func(a, b string) int { return slices.Index(c.want, a) - slices.Index(c.want, b) })
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", c.q, diff)
			}
		}
	}
	if got := len(search(t, s, Query{Text: "普惠 -农", Limit: 100}).Hits); got != 100 {
		t.Errorf("%d hits, want 100", got)
	}
	first := search(t, s, Query{Text: "普惠 龘", Limit: 3})
	rest := search(t, s, Query{Text: "普惠 龘", Before: first.Next})
	if len(first.Hits) != 3 || len(rest.Hits) != 1 || rest.Hits[0].Entry.Title != both[3] || rest.More {
		t.Errorf("pages of %d and %d, more %v", len(first.Hits), len(rest.Hits), rest.More)
	}
}

// A text cannot say that it is of a category.
func TestSearchLabelsAreNoText(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, saying(1, "支农", label(labelOfCategory, "xiangcun")+" "+label(labelOfOutlet, "央视网"))))
	for _, text := range []string{"", "支农", "支", "-理财", "-理", "支 支农"} {
		for _, q := range []Query{{Text: text, Category: "xiangcun"}, {Text: text, Outlet: "央视网"}} {
			if got := foundTitles(t, s, q); len(got) > 0 {
				t.Errorf("%+v finds %v", q, got)
			}
		}
	}
}
