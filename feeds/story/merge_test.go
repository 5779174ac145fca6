package story

import (
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// at returns a time so many hours after an arbitrary one.
func at(hours int) time.Time {
	return time.Date(2026, 11, 3, 8, 0, 0, 0, time.UTC).Add(time.Duration(hours) * time.Hour)
}

// told returns an entry, seen so many hours in as its number says, with a text of so many characters.
func told(number int64, outlet string, characters int) feeds.Entry {
	seen := at(int(number))
	name := outlet + "-" + seen.Format("15")
	return feeds.Entry{
		Number: number, ID: name, Source: "来源" + outlet, Link: "https://news.example/" + name, Title: outlet + "的标题", Outlet: outlet,
		Authors: []string{outlet + "记者"}, Tags: []string{outlet}, Summary: outlet + "摘要", Image: "https://news.example/" + name + ".png",
		Body:      feeds.SafeHTML("<p>" + strings.Repeat("农", characters) + "</p>"),
		Published: seen.Add(-time.Hour), Updated: seen.Add(-time.Hour), FirstSeen: seen, Changed: seen,
		Categories: []string{"nongjinwang", outlet}, Reasons: []string{"any: 农商行", "outlet"}, Path: outlet + "/" + name + ".html", Story: 1,
	}
}

func TestMergeShowsTheBest(t *testing.T) {
	own := told(3, "云阳农商行", 50)
	own.Own = true
	for _, c := range []struct {
		name    string
		copies  []feeds.Entry
		outlets []string
		best    string
		others  []string
	}{
		{"one alone", []feeds.Entry{told(1, "农金网", 300)}, nil, "农金网", nil},
		{"equal texts: the earliest", []feeds.Entry{told(1, "农金网", 300), told(2, "凤凰网", 300)}, nil, "农金网", []string{"凤凰网"}},
		{"a little longer is not fuller", []feeds.Entry{told(1, "农金网", 300), told(2, "凤凰网", 359)}, nil, "农金网", []string{"凤凰网"}},
		{"clearly fuller", []feeds.Entry{told(1, "农金网", 300), told(2, "凤凰网", 360)}, nil, "凤凰网", []string{"农金网"}},
		{"a chain of a little longer", []feeds.Entry{told(1, "农金网", 300), told(2, "凤凰网", 350), told(3, "财新网", 400)}, nil, "凤凰网", []string{"农金网", "财新网"}},
		{"the outlet itself before the fuller", []feeds.Entry{told(1, "农金网", 300), own}, nil, "云阳农商行", []string{"农金网"}},
		{"whose list it is before the outlet itself", []feeds.Entry{told(1, "农金网", 30), own}, []string{"农金网"}, "农金网", []string{"云阳农商行"}},
		{"two whose list it is: the fuller", []feeds.Entry{told(1, "农金网", 30), told(2, "农村金融时报", 300), own}, []string{"农金网", "农村金融时报"}, "农村金融时报", []string{"农金网", "云阳农商行"}},
		{"nobody's list among the copies", []feeds.Entry{told(1, "农金网", 300), own}, []string{"财新网"}, "云阳农商行", []string{"农金网"}},
		{"an outlet is named once", []feeds.Entry{told(1, "农金网", 300), told(2, "凤凰网", 300), told(4, "凤凰网", 310)}, nil, "农金网", []string{"凤凰网"}},
		{"the outlet that is shown is not named", []feeds.Entry{told(1, "农金网", 100), told(2, "凤凰网", 100), told(4, "农金网", 310)}, nil, "农金网", []string{"凤凰网"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range len(c.copies) {
				c.copies = append(c.copies[1:], c.copies[0])
				before := slices.Clone(c.copies)
				got := Merge(c.copies, c.outlets)
				var others []string
				for _, other := range got.Copies {
					others = append(others, other.Outlet)
				}
				if diff := cmp.Diff(c.others, others); diff != "" || got.Outlet != c.best || got.Number != 1 {
					t.Errorf("%s is shown with number %d, and not %s with 1; others -want +got\n%s", got.Outlet, got.Number, c.best, diff)
				}
				if diff := cmp.Diff(before, c.copies); diff != "" {
					t.Errorf("the copies were changed\n%s", diff)
				}
			}
		})
	}
}

// TestMergeKeepsWhatTheListKnows is decision 8 of one entry per story: a better copy that comes later is an edit, and
// the id stays.
func TestMergeKeepsWhatTheListKnows(t *testing.T) {
	first, best := told(1, "农金网", 100), told(5, "凤凰网", 300)
	best.Enclosures = []feeds.Enclosure{{URL: "https://news.example/a.mp3", Type: "audio/mpeg"}}
	best.Copies = []feeds.Copy{{ID: "旧"}}
	want := best
	want.ID, want.Number, want.Path, want.Published, want.FirstSeen = first.ID, 1, first.Path, first.Published, first.FirstSeen
	want.Categories, want.Reasons = append(first.Categories, "凤凰网"), append(first.Reasons, "outlet")
	want.Updated, want.Changed = at(5), at(5)
	want.Copies = []feeds.Copy{{ID: first.ID, Outlet: "农金网", Link: first.Link, Path: first.Path}}
	if diff := cmp.Diff(want, Merge([]feeds.Entry{best, first}, nil)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestMergeDates(t *testing.T) {
	edited := func(e feeds.Entry, hours int) feeds.Entry {
		e.Updated, e.Changed = at(hours), at(hours)
		return e
	}
	for _, c := range []struct {
		name             string
		copies           []feeds.Entry
		updated, changed time.Time
	}{
		{"one alone keeps the source's date", []feeds.Entry{told(1, "农金网", 300)}, at(0), at(1)},
		{"a copy that is only named is no edit", []feeds.Entry{told(1, "农金网", 300), told(2, "凤凰网", 300)}, at(0), at(2)},
		{"an edit of one that is only named is no edit", []feeds.Entry{told(1, "农金网", 300), edited(told(2, "凤凰网", 300), 9)}, at(0), at(9)},
		{"a better copy is an edit when it is seen", []feeds.Entry{told(1, "农金网", 300), told(2, "凤凰网", 900)}, at(2), at(2)},
		{"an edit of the first before it", []feeds.Entry{edited(told(1, "农金网", 300), 7), told(2, "凤凰网", 900)}, at(7), at(7)},
		{"an edit of the best", []feeds.Entry{told(1, "农金网", 300), edited(told(2, "凤凰网", 900), 8)}, at(8), at(8)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Merge(c.copies, nil); !got.Updated.Equal(c.updated) || !got.Changed.Equal(c.changed) {
				t.Errorf("updated %s and changed %s, and not %s and %s", got.Updated, got.Changed, c.updated, c.changed)
			}
		})
	}
}

// listed returns an entry that entered the list so many hours in.
func listed(e feeds.Entry, hours int) feeds.Entry {
	e.Listed = at(hours)
	return e
}

// TestMergeKeepsWhoWasListedFirst holds that an entry filed in the list later does not take its story over, however
// early the store saw it: the id that readers know stays.
func TestMergeKeepsWhoWasListedFirst(t *testing.T) {
	late, first := listed(told(1, "农金网", 100), 20), listed(told(5, "凤凰网", 100), 5)
	got := Merge([]feeds.Entry{late, first}, nil)
	want := first
	want.Copies = []feeds.Copy{{ID: late.ID, Outlet: "农金网", Link: late.Link, Path: late.Path}}
	want.Categories, want.Reasons = append(first.Categories, "农金网"), append(first.Reasons, "outlet")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	late.Body = told(1, "农金网", 900).Body
	got = Merge([]feeds.Entry{late, first}, nil)
	if got.ID != first.ID || got.Number != 5 || got.Path != first.Path || !got.Listed.Equal(at(5)) || got.Outlet != "农金网" {
		t.Errorf("%s of %s is shown under %s, number %d, listed %s", got.Title, got.Outlet, got.ID, got.Number, got.Listed)
	}
	if !got.Updated.Equal(at(20)) {
		t.Errorf("a better copy that was filed later is an edit of %s, and not of %s", got.Updated, at(20))
	}
}

func TestOthers(t *testing.T) {
	a, b, c, d := told(1, "农金网", 300), told(2, "凤凰网", 300), told(3, "凤凰网", 310), told(4, "财新网", 300)
	name := func(e feeds.Entry) feeds.Copy {
		return feeds.Copy{ID: e.ID, Outlet: e.Outlet, Link: e.Link, Path: e.Path}
	}
	for _, c := range []struct {
		name   string
		copies []feeds.Entry
		of     feeds.Entry
		want   []feeds.Copy
	}{
		{"of the first", []feeds.Entry{d, c, b, a}, a, []feeds.Copy{name(b), name(d)}},
		{"of one whose outlet told it twice", []feeds.Entry{a, b, c, d}, c, []feeds.Copy{name(a), name(d)}},
		{"in the order of the list", []feeds.Entry{listed(a, 9), listed(b, 8), listed(c, 7), listed(d, 6)}, a, []feeds.Copy{name(d), name(c)}},
		{"one alone", []feeds.Entry{a}, a, nil},
		{"of none", nil, a, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Others(c.copies, c.of)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
