package main

import (
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
			if err := pl.needStore("to publish from"); err != nil { // an empty one would take the place of what is published
				return err
			}
			return h.aloneWithStore(cmd.Context(), "publish", h.newPrinter(p, reportStyle{}, 0).held, func() error {
				report, err := h.publish(cmd.Context())
				if err == nil && isTerminal(p.stdout) {
					fmt.Fprintf(p.stdout, "%s: %d files written, %d unchanged\n", pl.out, report.Written, report.Unchanged)
				}
				return err
			})
		},
	}
	pl.addAll(cmd)
	return cmd
}
