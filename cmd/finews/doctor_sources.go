package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// Bounds of what doctor says of sources.
const (
	mostSources = 20            // that something is said of, of each kind
	overdue     = 2 * time.Hour // a source that is not asked so long after it is due: nobody polls
)

// examineSources looks at what the store knows of the sources of feeds.yaml, and of others.
func (d *doctor) examineSources(h *house, states map[string]feeds.State) {
	troubles, never, asked, late := 0, 0, 0, lateness{}
	for _, source := range d.catalogue.Sources {
		state, known := states[source.Name]
		switch {
		case source.Disabled:
			continue
		case !known || state.LastPoll.IsZero():
			never++
			continue
		case state.Held != "":
			d.trouble(&troubles, howToAccept(source.Name)+", if that is right",
				"%s: held since %s: %s", source.Name, h.minute(state.HeldSince), state.Held)
		case state.Failing():
			d.trouble(&troubles, "asked again "+h.minute(state.NextPoll),
				"%s: failing since %s: %s", source.Name, h.minute(state.FailingSince), state.LastError)
		}
		asked++
		late.add(source.Name, state.NextPoll, d.now)
	}
	if troubles > mostSources {
		d.complain("source", "finews poll --force -v tells of all", "and %d more fail or are held", troubles-mostSources)
	}
	if late.sources > 0 {
		d.complain("polls", "run finews poll from cron, or finews serve, and see that it ends",
			"%d of %d sources were to be asked hours ago, first of all %s, on %s", late.sources, asked, late.worst, h.minute(late.since))
	}
	d.note("sources", "%d asked so far, %d not yet", asked, never)
	if lost := d.unnamed(states); len(lost) > 0 {
		d.note("old sources", "%s no longer names %s; their entries stay", d.places.config, some(lost))
	}
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
