package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds/catalog"
)

// newCheck returns `finews check`: every mistake of feeds.yaml at once.
func newCheck(p program) *cobra.Command {
	var pl places
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Read feeds.yaml and report every mistake in it",
		Long: `check reads feeds.yaml and reports every mistake at once, as file:line: what is wrong, and
what to write instead. Nothing is asked and nothing is written.`,
		Example: `  finews check
  finews check --config other.yaml`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := catalog.Load(pl.config, p.getenv)
			if err != nil {
				return err
			}
			disabled := 0
			for _, s := range c.Sources {
				if s.Disabled {
					disabled++
				}
			}
			fmt.Fprintf(p.stdout, "%s: no mistakes; sources: %d (%d disabled), categories: %d\n",
				pl.config, len(c.Sources), disabled, len(c.Categories))
			return nil
		},
	}
	pl.addConfig(cmd)
	return cmd
}
