package story

import (
	"cmp"
	"slices"
	"time"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// fuller is how many times as long a text is, in characters, that is told from an earlier one as the fuller text.
const fuller = 1.2

// Merge makes the one entry that shows a story in a list from its copies in that list: at least one, in any order, all
// of them stored and so with a Number. outlets are those whose own list it is; it may be nil.
//
// What is shown is the best copy: its text and title, its link, outlet and source, its authors, tags, summary, image and
// enclosures. What the list knows the story by is the first copy's, the one that entered the list first, by Listed and
// then by Number: ID, Number, Path, Published, FirstSeen, Listed, Story; its Categories and Reasons come before those of
// the others. A better copy that comes later is an edit, and moves Updated to when it was seen, or when it entered the
// list if that was later; Changed is the newest of all copies, because each is named. Copies are the [Others] of the
// best.
func Merge(copies []feeds.Entry, outlets []string) feeds.Entry {
	ordered := inOrder(copies)
	first, best := ordered[0], bestOf(ordered, outlets)
	shown := best
	shown.ID, shown.Number, shown.Path, shown.Story = first.ID, first.Number, first.Path, first.Story
	shown.Published, shown.FirstSeen, shown.Listed = first.Published, first.FirstSeen, first.Listed
	shown.Updated = first.Updated
	if best.Number != first.Number {
		shown.Updated = latest(first.Updated, best.FirstSeen, best.Listed, best.Updated)
	}
	shown.Categories, shown.Reasons = nil, nil
	for _, e := range ordered {
		shown.Changed = latest(shown.Changed, e.Changed)
		addCategories(&shown, e)
	}
	shown.Copies = Others(ordered, best)
	return shown
}

// Others returns the copies of a story, given in any order, as the page of e names them: in the order in which they
// entered the list, each under its own ID and Path, without e and the others of its outlet, and each outlet once: the
// first ten, since a list of a hundred names serves nobody but who made them up.
func Others(copies []feeds.Entry, e feeds.Entry) []feeds.Copy {
	var others []feeds.Copy
	named := []string{e.Outlet}
	for _, other := range inOrder(copies) {
		if !slices.Contains(named, other.Outlet) && len(others) < maxNamed {
			named = append(named, other.Outlet)
			others = append(others, feeds.Copy{ID: other.ID, Outlet: other.Outlet, Link: other.Link, Path: other.Path})
		}
	}
	return others
}

// maxNamed is how many copies are named.
const maxNamed = 10

// inOrder returns the copies in the order in which they entered the list, the argument left as it is.
func inOrder(copies []feeds.Entry) []feeds.Entry {
	return slices.SortedFunc(slices.Values(copies), func(a, b feeds.Entry) int {
		return cmp.Or(a.Listed.Compare(b.Listed), cmp.Compare(a.Number, b.Number))
	})
}

// addCategories adds those of e that shown does not have, with their reasons.
func addCategories(shown *feeds.Entry, e feeds.Entry) {
	for i, slug := range e.Categories {
		if slices.Contains(shown.Categories, slug) {
			continue
		}
		shown.Categories = append(shown.Categories, slug)
		if i < len(e.Reasons) {
			shown.Reasons = append(shown.Reasons, e.Reasons[i])
		}
	}
}

// bestOf returns the copy to show of some in order: by an outlet whose list it is, then told by the outlet
// itself, then one of the fullest texts, then the earliest. All texts that the longest is not clearly fuller than count
// as the fullest, so that the choice does not hang on the order of comparisons.
func bestOf(ordered []feeds.Entry, outlets []string) feeds.Entry {
	left := prefer(ordered, func(e feeds.Entry) bool { return slices.Contains(outlets, e.Outlet) })
	left = prefer(left, func(e feeds.Entry) bool { return e.Own })
	if len(left) == 1 {
		return left[0]
	}
	longest := 0
	for _, e := range left {
		longest = max(longest, size(e))
	}
	return prefer(left, func(e feeds.Entry) bool { return fuller*float64(size(e)) > float64(longest) })[0]
}

// prefer returns the entries of which good holds, or all where it holds of none.
func prefer(entries []feeds.Entry, good func(feeds.Entry) bool) []feeds.Entry {
	var preferred []feeds.Entry
	for _, e := range entries {
		if good(e) {
			preferred = append(preferred, e)
		}
	}
	if preferred == nil {
		return entries
	}
	return preferred
}

// size returns the length of an entry's text, in characters.
func size(e feeds.Entry) int { return utf8.RuneCountInString(e.Body.Text()) }

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }
