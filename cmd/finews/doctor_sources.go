package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

// Bounds of what doctor says of sources.
const (
	mostSources = 20                 // that something is said of, of each kind
	overdue     = 2 * time.Hour      // a source that is not asked so long after it is due: nobody polls
	lostAfter   = 7 * 24 * time.Hour // an address that is not found for so long is found no more
)

// examineSources looks at what the store knows of the sources of feeds.yaml, and of others.
func (d *doctor) examineSources(h *house, states map[string]feeds.State) {
	never, seen := 0, survey{}
	for _, source := range d.catalogue.Sources {
		state, known := states[source.Name]
		switch {
		case source.Disabled:
		case !known || state.LastPoll.IsZero():
			never++
		default:
			d.examineSource(h, source, state, &seen)
		}
	}
	if seen.troubles > mostSources {
		d.complain("source", "finews sources --failing tells of all", "and %d more fail or are held", seen.troubles-mostSources)
	}
	if late := seen.late; late.sources > 0 {
		d.complain("polls", "run finews poll from cron, or finews serve, and see that it ends",
			"%d of %d sources were to be asked hours ago, first of all %s, on %s", late.sources, seen.asked, late.worst, h.minute(late.since))
	}
	if seen.notes > mostSources {
		d.note("source", "and %d more wait or have moved: finews sources tells of all", seen.notes-mostSources)
	}
	d.note("sources", "%d asked so far, %d not yet", seen.asked, never)
	if lost := d.unnamed(states); len(lost) > 0 {
		d.note("old sources", "%s no longer names %s; their entries stay", d.places.config, some(lost))
	}
}

// survey is what was found of the sources that have been asked.
type survey struct {
	asked, troubles, notes int
	late                   lateness
}

// examineSource looks at one source that has been asked.
func (d *doctor) examineSource(h *house, source feeds.Source, state feeds.State, seen *survey) {
	seen.asked++
	name, command := source.Name, howToAccept(source.Name)
	lost := d.now.Sub(state.FailingSince)
	switch {
	case !state.Gone.IsZero():
		d.trouble(&seen.troubles, fmt.Sprintf("take it out of %s (its entries stay), or %s to ask again", d.places.config, command),
			"%s: gone since %s: %s", name, h.minute(state.Gone), causeOfGone)
		return // nobody asks it any longer
	case state.Held != "":
		d.trouble(&seen.troubles, command+", if that is right", "%s: held since %s: %s", name, h.minute(state.HeldSince), state.Held)
	case state.Failing() && state.LastStatus == http.StatusNotFound && lost > lostAfter:
		d.trouble(&seen.troubles, "check the address, or take it out", "%s: not found for %d days", name, int(lost.Hours()/24))
	case state.Failing():
		d.trouble(&seen.troubles, "asked again "+h.minute(later(state.NextPoll, state.NotBefore)),
			"%s: failing since %s: %s", name, h.minute(state.FailingSince), state.LastError)
	}
	if move := state.Move; move.To != "" && move.From == source.URL {
		advice := map[bool]string{false: ", or " + command}[move.Adopted]
		d.remark(&seen.notes, "%s moved to %s since %s: write the new address into %s%s",
			name, fetch.Shown(move.To), h.minute(move.Since), d.places.config, advice)
	}
	if state.NotBefore.After(d.now) {
		d.remark(&seen.notes, "%s is left alone until %s: its server asked for it", name, h.minute(state.NotBefore))
	}
	seen.late.add(name, later(state.NextPoll, state.NotBefore), d.now)
}

// lateness is of the sources that are overdue.
type lateness struct {
	sources int
	worst   string // the name of the one that was due first,
	since   time.Time
}

func (l *lateness) add(name string, due, now time.Time) {
	if now.Sub(due) <= overdue {
		return
	}
	if l.sources++; l.sources == 1 || due.Before(l.since) {
		l.worst, l.since = name, due
	}
}

// trouble complains of a source, as long as not too many have been complained of.
func (d *doctor) trouble(count *int, advice, format string, values ...any) {
	if *count++; *count <= mostSources {
		d.complain("source", advice, format, values...)
	}
}

// remark notes something of a source, as long as not too much has been noted.
func (d *doctor) remark(count *int, format string, values ...any) {
	if *count++; *count <= mostSources {
		d.note("source", format, values...)
	}
}

// unnamed returns the sources of the store that feeds.yaml does not name.
func (d *doctor) unnamed(states map[string]feeds.State) []string {
	var names []string
	for name := range states {
		if _, named := d.catalogue.Source(name); !named {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// examineCategories looks at what was made, and at what entries are filed under, against what is declared.
func (d *doctor) examineCategories(ctx context.Context, h *house) error {
	made, err := h.store.Categories(ctx)
	if err != nil {
		return err
	}
	counts, err := h.store.CategoryCounts(ctx)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, c := range d.catalogue.Categories {
		named[c.Slug] = true
	}
	declared, twice := len(named), []string{}
	for _, c := range made {
		if named[c.Slug] {
			twice = append(twice, c.Slug)
		}
		named[c.Slug] = true
	}
	var lost []string
	for _, slug := range slices.Sorted(maps.Keys(counts)) {
		if !named[slug] {
			lost = append(lost, fmt.Sprintf("%s (%d entries)", slug, counts[slug]))
		}
	}
	d.note("made categories", "%d beside %d declared", len(made), declared)
	if len(twice) > 0 {
		d.note("declared later", "%s were made first; what %s says counts", some(twice), d.places.config)
	}
	if len(lost) > 0 {
		d.note("lost categories", "%s has no %s: in no list, only their pages stay", d.places.config, some(lost))
	}
	return nil
}

// some joins the first of some names.
func some(names []string) string {
	if len(names) > mostSources {
		names = append(slices.Clone(names[:mostSources]), fmt.Sprintf("and %d more", len(names)-mostSources))
	}
	return listed(names)
}
