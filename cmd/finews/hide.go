package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
)

// newHide returns `finews hide`: entries taken down, for good.
func newHide(p program) *cobra.Command {
	return newTurn(p, turn{
		name:  "hide",
		done:  "taken down",
		idle:  "was hidden before",
		short: "Take entries down everywhere, with the copies of their stories",
		long: `hide takes entries out of every feed, page, archive and embed, with all copies of their
stories, and publishes. They stay down when their sources send them again. The address of a
page whose entry was pruned takes the page down.`,
		example: `  finews hide 1
  finews hide https://county.example/1 --alone`,
		alone: "leave other copies of the story where they are",
	})
}

// newUnhide returns `finews unhide`: the reverse of hide.
func newUnhide(p program) *cobra.Command {
	return newTurn(p, turn{
		name:    "unhide",
		show:    true,
		done:    "shown again",
		idle:    "was not hidden",
		short:   "Show entries again that were taken down",
		long:    `unhide shows entries again that hide took down, with all copies of their stories, and publishes.`,
		example: `  finews unhide 1`,
		alone:   "leave other copies of the story hidden",
	})
}

// turn is what tells hide and unhide apart.
type turn struct {
	name, short, long, example, alone string
	done, idle                        string // what is said of an entry that was turned, and of one that was so before
	show                              bool
}

func newTurn(p program, t turn) *cobra.Command {
	var o operating
	var alone bool
	cmd := &cobra.Command{
		Use:     t.name + " ID...",
		Short:   t.short,
		Long:    t.long + "\n" + meaningOfID,
		Example: t.example,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			return o.change(cmd.Context(), p, t.name, func(ctx context.Context, h *house) error {
				return h.turn(ctx, p, words, t, alone)
			})
		},
	}
	o.addAll(cmd)
	cmd.Flags().BoolVar(&alone, "alone", false, t.alone)
	return cmd
}

// turn hides or shows what the words mean. All of them are looked up first: one that means nothing leaves nothing half
// done.
func (h *house) turn(ctx context.Context, p program, words []string, t turn, alone bool) error {
	var meant []feeds.Entry
	var pages []string
	for _, word := range words {
		e, err := h.find(ctx, word)
		if err == nil {
			meant = append(meant, e)
			continue
		}
		page, none := h.store.PrunedPage(ctx, h.belowSite(word))
		if none != nil || t.show {
			return err
		}
		pages = append(pages, page)
	}
	if err := h.removePages(ctx, p, pages); err != nil {
		return err
	}
	do := h.store.Hide
	if t.show {
		do = h.store.Unhide
	}
	said := map[int64]bool{}
	for _, e := range meant {
		turned, err := do(ctx, e.Number, alone, time.Now())
		if err != nil {
			return err
		}
		for _, one := range turned {
			said[one.Number] = true
			fmt.Fprintf(p.stdout, "%s: %s\n", t.done, nameOf(one))
		}
		if !said[e.Number] {
			fmt.Fprintf(p.stdout, "%s: %s\n", t.idle, nameOf(e))
		}
	}
	return nil
}

// removePages takes down the pages that stayed when their entries were pruned. They do not come back.
func (h *house) removePages(ctx context.Context, p program, pages []string) error {
	for _, page := range pages {
		path, err := h.store.RemovePage(ctx, page)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "its entry was pruned, and the page goes for good: %s\n", printable(path))
	}
	return nil
}
