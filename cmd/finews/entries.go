package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/storage"
)

// maxListed bounds --limit of a list: its entries are in memory at once.
const maxListed = 10_000

// newEntries returns `finews entries`: the newest entries, also those that are published nowhere.
func newEntries(p program) *cobra.Command {
	var l looking
	var f storage.Filter
	var dates period
	cmd := &cobra.Command{
		Use:   "entries",
		Short: "List what is stored, the newest first",
		Long: `entries lists the newest entries that are stored, also those that are hidden, held or
filed nowhere: the digits of their ids, which show, explain and hide take, their date, outlet,
categories and title, and what is special about them. On a pipe each is a line of fields
between tabs, with the whole title.`,
		Example: `  finews entries
  finews entries --unfiled --limit 50
  finews entries --held
  finews entries --category nongjinwang --since 2022-04-01 --until 2022-04-30
  finews entries --outlet 农金网 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Limit < 1 || f.Limit > maxListed {
				return fmt.Errorf("--limit %d is not between 1 and %d", f.Limit, maxListed)
			}
			h, err := newLookingHouse(p, cmd, l.places)
			if err != nil {
				return err
			}
			if f.Since, f.Until, err = dates.read(h.catalogue.Site.Location); err != nil {
				return err
			}
			return h.look(cmd.Context(), func() error { return h.listEntries(cmd.Context(), p, f, l.json) })
		},
	}
	l.add(cmd)
	dates.add(cmd)
	cmd.Flags().StringVar(&f.Category, "category", "", "only those of this category, by slug")
	cmd.Flags().StringVar(&f.Outlet, "outlet", "", "only those of this outlet")
	cmd.Flags().StringVar(&f.Source, "source", "", "only those that this source sends")
	cmd.Flags().BoolVar(&f.Unfiled, "unfiled", false, "only those that no rule filed")
	cmd.Flags().BoolVar(&f.Hidden, "hidden", false, "only those that were taken down")
	cmd.Flags().BoolVar(&f.Held, "held", false, "only those that are held back, for what is wrong with their text")
	cmd.Flags().IntVar(&f.Limit, "limit", 20, "how many, 10000 at most")
	return cmd
}

func (h *house) listEntries(ctx context.Context, p program, f storage.Filter, asJSON bool) error {
	entries, err := h.store.Entries(ctx, f)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		if err := h.knows(ctx, f.Category, f.Source); err != nil {
			return err
		}
	}
	if asJSON {
		return p.printJSON(map[string][]entryJSON{"entries": h.entriesJSON(entries)})
	}
	remarks, err := h.remarks(ctx, entries)
	if err != nil {
		return err
	}
	when := h.minute
	if isTerminal(p.stdout) { // the title needs the room more than the hour
		when = func(t time.Time) string { return h.local(t).Format(time.DateOnly) }
	}
	rows := make([][]string, len(entries))
	for i, e := range entries {
		rows[i] = []string{digits(e.ID), when(e.Published), e.Outlet, strings.Join(e.Categories, " "), remarks[i], e.Title}
	}
	p.printRows([]string{"id", "published", "outlet", "categories", "", "title"}, rows)
	return nil
}

// knows is an error where a category or source that nothing was found of is none at all: a slip of the pen must not
// look like an empty list.
func (h *house) knows(ctx context.Context, category, source string) error {
	if !h.configured() {
		return nil
	}
	named, err := h.named(ctx)
	if err != nil {
		return err
	}
	if _, known := named[category]; category != "" && !known {
		return fmt.Errorf("no category %q is in %s, and none was made: finews check and the page category/index.html name them",
			category, h.places.config)
	}
	states, err := h.store.States(ctx)
	if err != nil {
		return err
	}
	_, polled := states[source]
	if _, known := h.catalogue.Source(source); source != "" && !known && !polled {
		return fmt.Errorf("no source is named %q, neither in %s nor in the store", source, h.places.config)
	}
	return nil
}

// named returns the categories that are declared or were made, by slug.
func (h *house) named(ctx context.Context) (map[string]feeds.Category, error) {
	all := publication{house: h}
	err := all.readCategories(ctx)
	return all.named, err
}

// remarks says of each entry whether it is hidden or held, and how many copies tell its story beside it.
func (h *house) remarks(ctx context.Context, entries []feeds.Entry) ([]string, error) {
	copies := map[int64]int{}
	all := make([]string, len(entries))
	for i, e := range entries {
		if _, counted := copies[e.Story]; !counted {
			story, err := h.store.Story(ctx, e)
			if err != nil {
				return nil, err
			}
			copies[e.Story] = len(story) - 1 // of none, too: e.Story is 0 then
		}
		var said []string
		if !e.Hidden.IsZero() {
			said = append(said, "hidden")
		}
		if e.Held != "" {
			said = append(said, "held")
		}
		switch n := copies[e.Story]; {
		case n == 1:
			said = append(said, "1 copy")
		case n > 1:
			said = append(said, fmt.Sprintf("%d copies", n))
		}
		all[i] = strings.Join(said, ", ")
	}
	return all, nil
}
