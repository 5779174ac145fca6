package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/discover"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/sanitize"
)

// adding are the flags of `finews add`.
type adding struct {
	places
	name   string
	slugs  []string
	dryRun bool
}

// newAdd returns `finews add`: from a site's address to a source.
func newAdd(p program) *cobra.Command {
	var a adding
	cmd := &cobra.Command{
		Use:   "add URL",
		Short: "Find the feed of a site and add it to feeds.yaml",
		Long: `add asks an address for a feed. Of a page it takes the feeds that the page names, or links
to, or looks where sites often have one. It shows the newest titles of what it found and
adds the first feed to feeds.yaml, at the end of the sources, keeping everything else there
as it is. Nothing is polled and nothing is stored.`,
		Example: `  finews add https://www.chinanews.com.cn/
  finews add county.example/rss.xml --name 县域金融 --category nongjinwang
  finews add https://www.chinanews.com.cn/ --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			return a.run(cmd.Context(), p, words[0])
		},
	}
	a.addConfig(cmd)
	cmd.Flags().StringVar(&a.name, "name", "", "what finews shall know the source by; else the title of the feed")
	cmd.Flags().StringArrayVar(&a.slugs, "category", nil, "file every entry under this category, by slug; may be given again")
	cmd.Flags().BoolVar(&a.dryRun, "dry-run", false, "print what would be added, and change nothing")
	return cmd
}

func (a adding) run(ctx context.Context, p program, word string) error {
	file, err := catalog.Open(a.config, p.getenv)
	if err != nil {
		return err
	}
	address, err := typedAddress(word)
	if err != nil {
		return err
	}
	if err := declared(file.Catalogue, a.slugs); err != nil {
		return err
	}
	source, err := file.Source(a.nameFor(file.Catalogue, "", address), address)
	if err != nil {
		return err
	}
	h := &house{catalogue: file.Catalogue, places: a.places, network: p.network}
	client, err := h.client()
	if err != nil {
		return err
	}
	defer client.CloseIdle()
	found, err := discover.Find(ctx, client, time.Now, source)
	if failure, ok := errors.AsType[*fetch.Failure](err); ok && failure.URL == fetch.Shown(address) {
		err = fmt.Errorf("%w%s", err, hintOfHTTP(word, address, failure.Phase))
	}
	if err != nil {
		return uninterrupted(err)
	}
	return a.take(p, h, file, found)
}

// printLines prints sources as they stand in feeds.yaml.
func (p program) printLines(heading string, sources []feeds.Source) {
	sheet{p.stdout}.lines(heading + ":\n" + catalog.Lines(sources))
}

// declared is an error where a slug is of no declared category.
func declared(c feeds.Catalogue, slugs []string) error {
	for _, slug := range slugs {
		if !slices.ContainsFunc(c.Categories, func(one feeds.Category) bool { return one.Slug == slug }) {
			return fmt.Errorf("no category has the slug %q: declare it under categories in feeds.yaml, or leave --category away", cutShort(slug))
		}
	}
	return nil
}

// nameFor returns the name that was asked for, or one that is free.
func (a adding) nameFor(c feeds.Catalogue, title, address string) string {
	if a.name != "" {
		return a.name
	}
	return catalog.Name(title, address, func(name string) bool {
		_, taken := c.Source(name)
		return taken
	})
}

// take adds the first feed that was found and is not in the catalogue, and tells of the others.
func (a adding) take(p program, h *house, file catalog.File, found discover.Found) error {
	h.printFound(p, found)
	var source feeds.Source
	var err error
	for i, c := range found.Candidates {
		name := a.nameFor(file.Catalogue, sanitize.Text(c.Title), c.URL)
		if source, err = file.Source(name, c.URL); err == nil {
			found.Candidates = slices.Delete(found.Candidates, i, i+1)
			break
		}
	}
	if err != nil {
		return err
	}
	added := []feeds.Source{{Name: source.Name, Kind: source.Kind, URL: source.URL, Categories: a.slugs}}
	if a.dryRun {
		if _, err := file.With(added); err != nil {
			return err
		}
		p.printLines("to be added to "+a.config, added)
		return nil
	}
	if err := file.Add(added); err != nil {
		return err
	}
	p.printLines("added to "+a.config, added)
	for _, c := range found.Candidates {
		fmt.Fprintf(p.stdout, "to add the other feed too: finews add %s\n", printable(shellWord(c.URL)))
	}
	fmt.Fprintf(p.stdout, "to see what comes of it:   finews try %s\n", printable(shellWord(source.Name)))
	return nil
}

// printFound shows the feeds that were found, each with its newest titles.
func (h *house) printFound(p program, found discover.Found) {
	for _, c := range found.Candidates {
		fmt.Fprintf(p.stdout, "%s  %s  %s, entries: %d\n", printable(sanitize.Text(c.Title)), printable(c.URL), printable(c.Type), c.Total)
		for _, item := range c.Items {
			fmt.Fprintf(p.stdout, "  %-16s  %s\n", h.dateOf(item), printable(sanitize.Text(item.Title)))
		}
	}
	for _, r := range found.Refused {
		fmt.Fprintf(p.stderr, "finews: no feed: %s: %s\n", printable(r.URL), printable(r.Cause.Error()))
	}
}

// dateOf returns when an item was published, as its source says.
func (h *house) dateOf(item feeds.Item) string {
	if item.Published.IsZero() {
		return "no date"
	}
	return h.minute(item.Published)
}
