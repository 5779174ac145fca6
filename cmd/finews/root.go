package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

// newRoot returns the command finews with all its commands.
func newRoot(p program) *cobra.Command {
	root := &cobra.Command{
		Use:   "finews",
		Short: "Poll feeds of rural-finance news and publish them by category",
		Long: `finews polls the feeds that feeds.yaml names, cleans their bodies, keeps the entries
by category in one SQLite file, and publishes each category as RSS, Atom, JSON Feed,
pages and embeds.

Try it without a network:   finews demo
Run it from cron:           */5 * * * * cd /srv/finews && finews poll

Exit codes: 0 all well; 1 a source that was asked failed, the rest is published, or
doctor found trouble; 2 the command, the configuration, the store or the disk is at fault.`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	for _, g := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"everyday", "Everyday:", []*cobra.Command{newPoll(p), newPublish(p), newServe(p), newCheck(p), newDemo(p)}},
		{"sources", "Find and try sources:", []*cobra.Command{newAdd(p), newImport(p), newTry(p)}},
		{"look", "Look at what is stored:", []*cobra.Command{newEntries(p), newSearch(p), newShow(p), newExplain(p), newSources(p)}},
		{"operate", "Operate:", []*cobra.Command{
			newHide(p), newUnhide(p), newSplit(p), newAccept(p), newReprocess(p), newBackup(p), newPrune(p), newDoctor(p),
		}},
	} {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, cmd := range g.commands {
			cmd.GroupID = g.id
			root.AddCommand(cmd)
		}
	}
	return root
}

// version returns the version that the binary was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "0.1-dev"
}

// places are the flags that say where things are.
type places struct {
	config, database, out string
}

func (pl *places) addConfig(cmd *cobra.Command) {
	cmd.Flags().StringVar(&pl.config, "config", "feeds.yaml", "the catalogue: what to poll, and how to file it")
}

func (pl *places) addAll(cmd *cobra.Command) {
	pl.addConfig(cmd)
	cmd.Flags().StringVar(&pl.database, "db", "finews.db", "the store, an SQLite file; made where there is none")
	pl.addOut(cmd)
}

func (pl *places) addStore(cmd *cobra.Command) {
	cmd.Flags().StringVar(&pl.database, "db", "finews.db", "the store, an SQLite file")
}

func (pl *places) addOut(cmd *cobra.Command) {
	cmd.Flags().StringVar(&pl.out, "out", "public", "the folder that is published into")
}
