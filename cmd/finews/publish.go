package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// newPublish returns `finews publish`: the outputs again, from the store.
func newPublish(p program) *cobra.Command {
	var pl places
	var asked extent
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Write the feeds and pages again from the store, without asking any source",
		Long: `publish writes what changed since the last time under --out, from what is stored, without
asking any source; a hub is told. After a change of feeds.yaml, or when the folder was lost, that is everything.
A file whose bytes would be the same is not touched; --all finds files that somebody removed
or changed. New rules file what comes from now on; reprocess files what is stored.

Each feed is read back before it takes the place of the old one. Where entries of the old one are
gone that nobody took down, as after a backup was put back, the old one stays, until --accept.

Once _posts is there it is kept in step, also without --posts: remove the folder to end that.`,
		Example: `  finews publish
  finews publish --all --out www
  finews publish --posts`,
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
			err = h.alone("publish", h.newPrinter(p, reportStyle{}, 0).held, func() error {
				if err := pl.needStore(purpose); err != nil { // an empty one would take the place of what is published
					return err
				}
				return h.publishAlone(cmd.Context(), p, asked)
			})
			if errors.Is(err, context.Canceled) {
				return fmt.Errorf("%w: run finews publish", uninterrupted(err))
			}
			return err
		},
	}
	pl.addAll(cmd)
	cmd.Flags().BoolVar(&asked.all, "all", false, "render everything, also what has not changed")
	cmd.Flags().BoolVar(&asked.posts, "posts", false, "render everything, and a Jekyll post of each entry below _posts")
	cmd.Flags().BoolVar(&asked.accept, "accept", false, "publish feeds also where entries vanished that the store does not know")
	return cmd
}

// publishAlone publishes under the lock, and says on a terminal what it did.
func (h *house) publishAlone(ctx context.Context, p program, asked extent) error {
	if err := h.open(ctx); err != nil {
		return err
	}
	report, err := h.publishTyped(ctx, p, asked)
	if err == nil && isTerminal(p.stdout) {
		fmt.Fprintf(p.stdout, "%s: %d files written, %d unchanged\n", h.places.out, report.Written, report.Unchanged)
	}
	return h.close(err)
}
