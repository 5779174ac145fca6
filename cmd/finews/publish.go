package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// newPublish returns `finews publish`: the outputs again, from the store.
func newPublish(p program) *cobra.Command {
	var pl places
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Write the feeds and pages again from the store, without the network",
		Long: `publish writes everything under --out from what is stored, without asking anyone. A file
whose bytes would be the same is not touched. Use it after a change of feeds.yaml, or
when the folder was lost. New rules file what comes from now on; reprocess files what
is stored.`,
		Example: `  finews publish
  finews publish --out www`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := newHouse(p, pl)
			if err != nil {
				return err
			}
			const purpose = "to publish from"
			if err := pl.needStoreOrLock(purpose); err != nil {
				return err
			}
			return h.alone("publish", h.newPrinter(p, reportStyle{}, 0).held, func() error {
				if err := pl.needStore(purpose); err != nil { // an empty one would take the place of what is published
					return err
				}
				return h.publishAlone(cmd.Context(), p)
			})
		},
	}
	pl.addAll(cmd)
	return cmd
}

// publishAlone publishes under the lock, and says on a terminal what it did.
func (h *house) publishAlone(ctx context.Context, p program) error {
	if err := h.open(ctx); err != nil {
		return err
	}
	report, err := h.publish(ctx)
	if err == nil && isTerminal(p.stdout) {
		fmt.Fprintf(p.stdout, "%s: %d files written, %d unchanged\n", h.places.out, report.Written, report.Unchanged)
	}
	return h.close(err)
}
