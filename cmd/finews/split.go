package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// newSplit returns `finews split`: an entry out of its story.
func newSplit(p program) *cobra.Command {
	var o operating
	cmd := &cobra.Command{
		Use:   "split ID",
		Short: "Take an entry out of its story, so that it is shown by itself",
		Long: `split is for an entry that was taken for a copy of another and is none: it stands by itself
from then on, and never joins a story again. The feeds and pages are published again.
` + meaningOfID,
		Example: `  finews split 2`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			return o.change(cmd.Context(), p, "split", func(ctx context.Context, h *house) error {
				return h.split(ctx, p, words[0])
			})
		},
	}
	o.addAll(cmd)
	return cmd
}

func (h *house) split(ctx context.Context, p program, word string) error {
	e, err := h.find(ctx, word)
	if err != nil {
		return err
	}
	rest, err := h.store.Split(ctx, e.Number, time.Now())
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		fmt.Fprintf(p.stdout, "stood by itself, and will: %s\n", nameOf(e))
		return nil
	}
	fmt.Fprintf(p.stdout, "stands by itself now: %s\n", nameOf(e))
	for _, one := range rest {
		fmt.Fprintf(p.stdout, "its story was: %s\n", nameOf(one))
	}
	return nil
}
