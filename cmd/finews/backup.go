package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
)

// newBackup returns `finews backup`: a copy of the store.
func newBackup(p program) *cobra.Command {
	var pl places
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the store to a file, also while a poll is at work",
		Long: `backup writes a copy of the store to FILE, which must not be there yet: whole and checked,
or not at all. To restore, stop finews, remove finews.db-wal and finews.db-shm, and put
the copy in the place of finews.db. What was hidden after the backup has to be hidden again.`,
		Example: `  finews backup finews-backup.db`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			h := &house{places: pl, catalogue: feeds.Catalogue{Site: feeds.Site{Location: beijing}}}
			return h.look(cmd.Context(), func() error {
				if err := h.store.Backup(cmd.Context(), names[0]); err != nil {
					return uninterrupted(err)
				}
				if info, err := os.Stat(names[0]); err == nil && isTerminal(p.stdout) {
					fmt.Fprintf(p.stdout, "%s: %s\n", names[0], size(info.Size()))
				}
				return nil
			})
		},
	}
	pl.addStore(cmd)
	return cmd
}

// size returns a number of bytes as people read it.
func size(bytes int64) string {
	switch {
	case bytes < 1e6:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	case bytes < 1e9:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}
