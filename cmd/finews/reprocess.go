package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/storage"
)

// newReprocess returns `finews reprocess`: today's rules over all that is stored.
func newReprocess(p program) *cobra.Command {
	var o operating
	var sources []string
	var dry bool
	cmd := &cobra.Command{
		Use:   "reprocess",
		Short: "Clean and file again what is stored, by today's rules",
		Long: `reprocess cleans and files every entry again, from what its source sent, and publishes. Use
it after a change of the rules in feeds.yaml, or with a newer finews. Ids, dates and
addresses do not change. Interrupted, it keeps what it has done; run it again.`,
		Example: `  finews reprocess --dry-run
  finews reprocess
  finews reprocess --source 中新网财经`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dry {
				return previewReprocess(cmd.Context(), p, o.places, sources)
			}
			return o.change(cmd.Context(), p, "reprocess", func(ctx context.Context, h *house) error {
				return h.reprocess(ctx, p, sources, "")
			})
		},
	}
	o.addAll(cmd)
	cmd.Flags().StringArrayVar(&sources, "source", nil, "only what this source sends, by name; may be given again")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "work on a copy of the store, which needs the room for one, and change nothing")
	return cmd
}

// reprocess reprocesses what is stored and tells what that came to; note is put behind it.
func (h *house) reprocess(ctx context.Context, p program, sources []string, note string) error {
	progress := func(int) {}
	if isTerminal(p.stderr) {
		bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.stderr),
			progressbar.OptionSetDescription("entries"), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		defer bar.Finish()
		progress = func(done int) { bar.Set(done) } // a bar that cannot be drawn is no failure
	}
	done, err := poll.Reprocess(ctx, h.catalogue, h.store, time.Now(), sources, progress)
	if err == nil || done.Entries > 0 {
		fmt.Fprintf(p.stdout, "entries: %d, changed: %d, kept as they were: %d%s\n", done.Entries, done.Changed, done.Kept, note)
	}
	for _, fault := range done.Faults {
		fmt.Fprintln(p.stdout, printable(fault))
	}
	return err
}

// previewReprocess reprocesses a copy of the store, beside it, and removes the copy.
func previewReprocess(ctx context.Context, p program, pl places, sources []string) (err error) {
	h, err := newHouse(p, pl)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp(filepath.Dir(pl.database), "finews-dry-run-")
	if err != nil {
		return fmt.Errorf("make a folder for a copy of the store: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	copied := filepath.Join(folder, "finews.db")
	if err := h.look(ctx, func() error { return h.store.Backup(ctx, copied) }); err != nil {
		return err
	}
	if h.store, err = storage.Open(ctx, copied); err != nil {
		return err
	}
	return h.close(h.reprocess(ctx, p, sources, " (on a copy: nothing is changed)"))
}
