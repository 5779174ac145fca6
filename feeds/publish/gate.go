package publish

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

// Bounds of the gate.
const (
	aheadMost = 24 * time.Hour // a date of tomorrow is believed: another zone's day may have begun
	askedMost = 5000           // ids that the store is asked about for one file: five times the largest feed
	oldMost   = 64 << 20       // bytes of an old file that are compared
)

// gate says why a feed may not take the place of the file that is there; nil lets it pass. What is no feed passes.
func (w *writer) gate(output feeds.Output, content []byte) error {
	if output.Listing == nil || w.options.Read == nil {
		return nil
	}
	now, err := w.options.Read(output.Name, content)
	if err != nil {
		return refuse("what was rendered cannot be read back: %w", err)
	}
	if err := asMeant(output.Listing.Items, now); err != nil {
		return err
	}
	old, err := w.listedBefore(output.Name)
	if err != nil {
		return err
	}
	if err := w.ahead(without(now, old)); err != nil {
		return err
	}
	return w.compare(output, old, now)
}

// refuse words what is a fault of ours, and not of what the store holds.
func refuse(format string, args ...any) error {
	return fmt.Errorf("refused, the old file stays: "+format+"; this is a fault of finews: please report it", args...)
}

// asMeant compares what a feed was meant to list with what is read in it: ids, number, order and dates, to the second, which
// is what all formats carry.
func asMeant(meant, read []feeds.Listed) error {
	for i := range min(len(meant), len(read)) {
		want, got := meant[i], read[i]
		if want.ID != got.ID {
			return refuse("its entry %d was to be %s, and %q is read there", i+1, want.ID, got.ID)
		}
		if want.Published.Unix() != got.Published.Unix() {
			return refuse("the date of %s was to be %s, and is read as %s", want.ID, stamp(want.Published), stamp(got.Published))
		}
	}
	if len(meant) != len(read) {
		return refuse("it was to list %d entries, and %d are read in it", len(meant), len(read))
	}
	return nil
}

// ahead finds the entries that come into a feed with a date in the future.
func (w *writer) ahead(added []feeds.Listed) error {
	if w.options.Now.IsZero() {
		return nil
	}
	far := slices.DeleteFunc(added, func(entry feeds.Listed) bool { return !entry.Published.After(w.options.Now.Add(aheadMost)) })
	if len(far) == 0 {
		return nil
	}
	return fmt.Errorf("refused, the old file stays: %d entries are dated more than a day ahead of %s (%s is of %s): set the clock of this machine right; if it is, hide them (finews hide), or run finews publish --accept",
		len(far), stamp(w.options.Now), far[0].ID, stamp(far[0].Published))
}

// listedBefore returns what the file lists that is there. Where there is none, or one that cannot be read, that is nothing:
// such a file is replaced.
func (w *writer) listedBefore(name string) ([]feeds.Listed, error) {
	file, info, err := open(w.root, name)
	if file == nil {
		return nil, err
	}
	defer file.Close()
	if !info.Mode().IsRegular() || info.Size() > oldMost {
		return nil, nil
	}
	content, err := io.ReadAll(io.LimitReader(file, oldMost))
	if err != nil {
		return nil, fmt.Errorf("read the file that is there: %w", err)
	}
	old, err := w.options.Read(name, content)
	if err != nil {
		return nil, nil
	}
	return old, nil
}

// compare refuses a feed that lacks entries which the old one has, and which no one knows to have left: what readers
// have seen does not vanish, and does not come again under other ids. Where the old one shows what was taken down, it goes all
// the same: a takedown outranks that.
func (w *writer) compare(output feeds.Output, old, now []feeds.Listed) error {
	added, lacking := without(now, old), without(old, now)
	young, equal := vanished(lacking, now, output.Listing.Limit)
	again := underOtherIDs(equal, added)
	if len(young)+len(again) == 0 {
		return nil
	}
	standings, err := w.standings(*output.Listing, young, again, lacking)
	if err != nil {
		return fmt.Errorf("refused, the old file stays: ask the store what left the feed: %w", err)
	}
	if slices.Contains(slices.Collect(maps.Values(standings)), Down) {
		return nil
	}
	unknown := func(entry feeds.Listed) bool { return standings[entry.ID] == Unknown }
	missing := only(young, func(entry feeds.Listed) bool { return standings[entry.ID] != Left })
	what := "are in it no longer, and nothing says why"
	if again = only(underOtherIDs(append(young, again...), added), unknown); len(again) > 0 {
		missing, what = again, "would come again under other ids, and every reader would show them twice"
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("refused, the old file stays: %d of the %d entries that it lists %s (%s): if this is right, run finews publish --accept",
		len(missing), len(old), what, firstTwo(missing))
}

// without returns the entries of a list whose ids the other does not have.
func without(listed, other []feeds.Listed) []feeds.Listed {
	there := make(map[string]bool, len(other))
	for _, entry := range other {
		there[entry.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(listed), func(entry feeds.Listed) bool { return there[entry.ID] })
}

// vanished returns those of the entries which the new list lacks that did not leave it because so many are newer, and those that
// are just as old as the last that has to be in it. Sources date by the day: such a one may leave, unless it only got another id.
func vanished(lacking, now []feeds.Listed, limit int) (young, equal []feeds.Listed) {
	last, full := oldestOf(now, limit)
	if !full {
		return lacking, nil
	}
	for _, entry := range lacking {
		switch entry.Published.Compare(last) {
		case +1:
			young = append(young, entry)
		case 0:
			equal = append(equal, entry)
		}
	}
	return young, equal
}

// oldestOf returns the date of the last of the limit newest entries; full is false where there are fewer, or no limit.
func oldestOf(listed []feeds.Listed, limit int) (date time.Time, full bool) {
	if limit <= 0 || len(listed) < limit {
		return time.Time{}, false
	}
	dates := make([]time.Time, len(listed))
	for i, entry := range listed {
		dates[i] = entry.Published
	}
	slices.SortFunc(dates, time.Time.Compare)
	return dates[len(dates)-limit], true
}

// standings asks the store about what the new list lacks, what may have vanished first.
func (w *writer) standings(listing feeds.Listing, young, again, lacking []feeds.Listed) (map[string]Standing, error) {
	if w.options.Left == nil {
		return nil, nil
	}
	var ids []string
	asked := make(map[string]bool, len(lacking))
	for _, entry := range slices.Concat(young, again, lacking) {
		if !asked[entry.ID] && len(ids) < askedMost {
			ids = append(ids, entry.ID)
		}
		asked[entry.ID] = true
	}
	standings, err := w.options.Left(listing, ids)
	if err != nil {
		w.failures.unanswered = true
	}
	return standings, err
}

// only returns the entries of which a condition holds.
func only(listed []feeds.Listed, holds func(feeds.Listed) bool) []feeds.Listed {
	return slices.DeleteFunc(slices.Clone(listed), func(entry feeds.Listed) bool { return !holds(entry) })
}

// underOtherIDs returns those of the missing whose links and dates the added have.
func underOtherIDs(missing, added []feeds.Listed) []feeds.Listed {
	type place struct{ link, date string }
	there := make(map[place]bool, len(added))
	for _, entry := range added {
		there[place{entry.Link, stamp(entry.Published.UTC())}] = entry.Link != ""
	}
	return only(missing, func(entry feeds.Listed) bool { return there[place{entry.Link, stamp(entry.Published.UTC())}] })
}

// firstTwo names the first entries of a list, for the operator.
func firstTwo(listed []feeds.Listed) string {
	var names []string
	for _, entry := range listed[:min(2, len(listed))] {
		names = append(names, strings.TrimSpace(entry.ID+" "+entry.Link))
	}
	if len(listed) > len(names) {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }
