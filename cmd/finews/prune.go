package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/storage"
)

// pruning are the flags of `finews prune`.
type pruning struct {
	operating
	olderThan           string
	keep                int
	archives, yes, json bool
}

// newPrune returns `finews prune`: old entries out of the store.
func newPrune(p program) *cobra.Command {
	var f pruning
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Delete old entries from the store: first as a dry run, then with --yes",
		Long: `prune deletes entries that are older than --older-than, or not among the newest --keep of
any of their categories. Without --yes it only tells what would go. With it they leave
the feeds and archive documents, too; their pages stay, unless --archives removes them. Categories
stay, and what was pruned is not taken for new when its source sends it again.`,
		Example: `  finews prune --older-than 365d
  finews prune --older-than 365d --keep 1000 --yes
  finews prune --keep 1000 --archives --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runPrune(cmd, p, f)
		},
	}
	f.addAll(cmd)
	cmd.Flags().StringVar(&f.olderThan, "older-than", "", "delete what was published longer ago, such as 365d")
	cmd.Flags().IntVar(&f.keep, "keep", 0, "delete all but the newest so many of each category")
	cmd.Flags().BoolVar(&f.archives, "archives", false, "remove the published pages, too, of all that was ever pruned")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do it")
	cmd.Flags().BoolVar(&f.json, "json", false, "print what goes as JSON")
	return cmd
}

func runPrune(cmd *cobra.Command, p program, f pruning) error {
	ctx, keeping := cmd.Context(), cmd.Flags().Changed("keep")
	now := time.Now()
	limits := storage.Limits{PerCategory: f.keep}
	switch {
	case f.olderThan == "" && !keeping && !f.archives:
		return errors.New("say what to prune: --older-than 365d, --keep 1000, or both")
	case keeping && f.keep < 1:
		return fmt.Errorf("--keep %d would leave nothing: give how many of each category stay", f.keep)
	case f.olderThan != "":
		long, err := age("--older-than", f.olderThan)
		if err != nil {
			return err
		}
		limits.OlderThan = now.Add(-long)
	}
	do := func(ctx context.Context, h *house) error {
		pruned, err := h.store.Prune(ctx, limits, f.archives, !f.yes, now)
		if err != nil {
			return err
		}
		return h.tellPruned(p, pruned, f)
	}
	if f.yes && f.archives {
		return f.change(ctx, p, "prune", do)
	}
	h, err := newLookingHouse(p, cmd, f.places)
	if err != nil {
		return err
	}
	if !f.yes {
		return h.look(ctx, func() error { return do(ctx, h) })
	}
	return h.operate(ctx, p, "prune", f.wait, func() error {
		if err := do(ctx, h); err != nil {
			return err
		}
		return h.publishPruned(ctx, p)
	})
}

// publishPruned takes what was pruned out of the feeds, where there are any and a feeds.yaml tells how they are made.
func (h *house) publishPruned(ctx context.Context, p program) error {
	switch {
	case h.places.needOutput() != nil:
		return nil
	case !h.configured():
		fmt.Fprintf(p.stderr, "finews: %s is not published again without a feeds.yaml: its feeds keep what was pruned until finews publish\n", h.places.out)
		return nil
	}
	return h.publishChange(ctx, p)
}

// prunedJSON is what --json gives of a pruning.
type prunedJSON struct {
	Done        bool           `json:"done"` // false: it is what would go
	Entries     int            `json:"entries"`
	Versions    int            `json:"versions"` // earlier ones of the entries
	Pages       int            `json:"pages"`    // published pages that are removed
	Bytes       int64          `json:"bytes"`
	PerCategory map[string]int `json:"per_category"`
	Newest      time.Time      `json:"newest,omitzero"` // date of publication of what goes
	Oldest      time.Time      `json:"oldest,omitzero"`
}

// tellPruned prints what went. On a pipe it is quiet about what was asked for with --yes.
func (h *house) tellPruned(p program, pruned storage.Pruned, f pruning) error {
	if f.json {
		return p.printJSON(prunedJSON{f.yes, pruned.Entries, pruned.Versions, pruned.Pages, pruned.Bytes, pruned.PerCategory,
			h.local(pruned.Newest), h.local(pruned.Oldest)})
	}
	if f.yes && !isTerminal(p.stdout) {
		return nil
	}
	if pruned.Entries+pruned.Pages == 0 {
		fmt.Fprintln(p.stdout, "nothing is to be pruned")
		return nil
	}
	s := sheet{p.stdout}
	s.fact("entries", fmt.Sprint(pruned.Entries))
	if pruned.Entries > 0 {
		s.fact("published", h.minute(pruned.Oldest)+" to "+h.minute(pruned.Newest))
		s.fact("versions", fmt.Sprint(pruned.Versions))
		s.fact("size", size(pruned.Bytes)+", room that the file fills again")
	}
	if f.archives {
		s.fact("pages", fmt.Sprint(pruned.Pages))
	}
	s.fact("categories", perCategory(pruned.PerCategory)...)
	if !f.yes {
		fmt.Fprintln(p.stdout, "nothing was deleted: --yes does it")
	}
	return nil
}

// perCategory names the categories that lose the most.
func perCategory(counts map[string]int) []string {
	const most = 10
	slugs := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	var lines []string
	for i, slug := range slugs {
		if i == most {
			return append(lines, fmt.Sprintf("and %d more", len(slugs)-most))
		}
		lines = append(lines, fmt.Sprintf("%s: %d", slug, counts[slug]))
	}
	return lines
}
