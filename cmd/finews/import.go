package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
)

// newImport returns `finews import`: the subscriptions of a feed reader become sources.
func newImport(p program) *cobra.Command {
	var a adding
	cmd := &cobra.Command{
		Use:   "import FILE.opml",
		Short: "Add the feeds of an OPML file to feeds.yaml",
		Long: `import adds the feeds of an OPML file, which every feed reader can export, to feeds.yaml, at
the end of the sources, keeping everything else there as it is. A group that is called as
a category is, by slug or title, files its feeds there; of the others the rules decide.
Feeds that feeds.yaml has already are skipped. No feed is asked. - reads standard input.`,
		Example: `  finews import subscriptions.opml --dry-run
  finews import subscriptions.opml --category nongjinwang`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, words []string) error {
			return a.importFile(p, words[0])
		},
	}
	a.addConfig(cmd)
	cmd.Flags().StringArrayVar(&a.slugs, "category", nil, "file all of them under this category, by slug; may be given again")
	cmd.Flags().BoolVar(&a.dryRun, "dry-run", false, "print what would be added, and change nothing")
	return cmd
}

func (a adding) importFile(p program, name string) error {
	file, err := catalog.Open(a.config, p.getenv)
	if err != nil {
		return err
	}
	if err := declared(file.Catalogue, a.slugs); err != nil {
		return err
	}
	outlines, err := readOPML(name)
	if err != nil {
		return err
	}
	sources, skipped := catalog.Import(file.Catalogue, outlines, a.slugs)
	for _, s := range skipped {
		fmt.Fprintf(p.stderr, "finews: skipped %s: %s\n", printable(cmp.Or(s.Title, s.URL, "a feed without a title")), printable(s.Why))
	}
	return a.write(p, file, sources, len(skipped))
}

// write adds what was imported, all at once, or shows it.
func (a adding) write(p program, file catalog.File, sources []feeds.Source, skipped int) error {
	switch {
	case len(sources) == 0 && skipped == 0:
		return errors.New("nothing was added: the file names no feed")
	case len(sources) == 0:
		fmt.Fprintf(p.stdout, "nothing to add to %s, skipped: %d\n", a.config, skipped)
		return nil
	case a.dryRun:
		if _, err := file.With(sources); err != nil {
			return err
		}
		p.printLines("to be added to "+a.config, sources)
		fmt.Fprintf(p.stdout, "to be added: %d, skipped: %d\n", len(sources), skipped)
		return nil
	}
	if err := file.Add(sources); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "added to %s: %d, skipped: %d\n", a.config, len(sources), skipped)
	fmt.Fprintf(p.stdout, "to see what comes of one: finews try %s\n", printable(shellWord(sources[0].Name)))
	return nil
}

// readOPML reads a file, or standard input where it is named -.
func readOPML(name string) ([]catalog.Outline, error) {
	in := io.Reader(os.Stdin)
	if name == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read the OPML file: %w", err)
		}
		defer f.Close()
		in = f
	}
	outlines, err := catalog.ReadOPML(in)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return outlines, nil
}
