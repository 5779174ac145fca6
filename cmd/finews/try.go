package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/poll"
)

// trying are the flags of `finews try`.
type trying struct {
	places
	items int
	json  bool
}

// mostTried bounds the items that are shown: the body of each may be a request.
const mostTried = 20

// newTry returns `finews try`: what finews makes of a source, step by step.
func newTry(p program) *cobra.Command {
	var t trying
	cmd := &cobra.Command{
		Use:   "try URL|NAME",
		Short: "Ask one source and show what each step makes of it, storing nothing",
		Long: `try asks one source, now, and shows what each step makes of it: what the server answers,
what is read of that, and of the first entries what is cleaned, attributed, dated and
filed, and why. It is given the name of a source in feeds.yaml, or the address of a feed,
which need not stand there. It stores nothing and needs no store. Where there is one, a
source that has moved is asked where it is now, and one whose server asked to be left
alone for a while is not asked.`,
		Example: `  finews try 中新网财经
  finews try https://county.example/rss.xml --items 10
  finews try 中新网财经 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			return t.run(cmd, p, words[0])
		},
	}
	t.addConfig(cmd)
	t.addStore(cmd)
	cmd.Flags().IntVar(&t.items, "items", 3, fmt.Sprintf("how many entries to show, at most %d", mostTried))
	cmd.Flags().BoolVar(&t.json, "json", false, "print it as JSON")
	return cmd
}

func (t trying) run(cmd *cobra.Command, p program, word string) error {
	if t.items < 0 || t.items > mostTried {
		return fmt.Errorf("--items %d is out of range: write 0 to %d", t.items, mostTried)
	}
	file, err := t.open(p, cmd)
	if err != nil {
		return err
	}
	source, err := sourceOf(file, word)
	if err != nil {
		return err
	}
	h := &house{catalogue: file.Catalogue, places: t.places, network: p.network}
	a := attempt{source: source}
	if source.Name != word {
		a.typed = word
	}
	if err := h.recall(cmd, p.time(), &a); err != nil {
		return err
	}
	if a.trial.Failure == nil {
		if a.trial, err = h.try(cmd.Context(), a.source, t.items); err != nil {
			return uninterrupted(err)
		}
	}
	return h.tellTrial(p, a, t.json)
}

// tellTrial prints what came of a trial. A failure is told once: in the JSON, or behind what was seen until then.
func (h *house) tellTrial(p program, a attempt, asJSON bool) error {
	var err error
	if asJSON {
		err = p.printJSON(h.trialJSON(a))
	} else {
		h.printTrial(sheet{p.stdout}, a)
	}
	if err != nil || a.trial.Failure == nil {
		return err
	}
	if !asJSON {
		fmt.Fprintf(p.stderr, "finews: %s: %s\n", printable(a.source.Name), printable(failureLine(a)))
	}
	return errSources
}

// open reads the catalogue. Where none is, and none was asked for, the defaults hold.
func (t trying) open(p program, cmd *cobra.Command) (catalog.File, error) {
	file, err := catalog.Open(t.config, p.getenv)
	if errors.Is(err, fs.ErrNotExist) && !cmd.Flags().Changed("config") {
		return catalog.Unnamed("finews", ownAddress)
	}
	return file, err
}

// ownAddress is where finews is at home. Servers that are asked without a feeds.yaml are told it.
const ownAddress = "https://finews.withounder.com"

// sourceOf returns the source that a word names: one of the catalogue, by name or address, or one that the catalogue
// could have.
func sourceOf(file catalog.File, word string) (feeds.Source, error) {
	c := file.Catalogue
	if source, named := c.Source(word); named {
		return source, nil
	}
	if !looksLikeAddress(word) {
		return feeds.Source{}, fmt.Errorf("no source is named %q: %s", cutShort(word), namesOf(c))
	}
	address, err := typedAddress(word)
	if err != nil {
		return feeds.Source{}, err
	}
	at := slices.IndexFunc(c.Sources, func(s feeds.Source) bool {
		return s.URL != "" && feeds.CanonicalLink(s.URL) == feeds.CanonicalLink(address)
	})
	if at >= 0 {
		return c.Sources[at], nil
	}
	return file.Source(adding{}.nameFor(c, "", address), address)
}

// namesOf says which sources there are, where they are few.
func namesOf(c feeds.Catalogue) string {
	const few = 12
	names := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		names[i] = s.Name
	}
	switch {
	case len(names) == 0:
		return "give the address of a feed"
	case len(names) <= few:
		return "there are " + listed(names) + "; or give an address"
	}
	return "give one of those in feeds.yaml, or an address"
}

func (h *house) try(ctx context.Context, source feeds.Source, limit int) (poll.Trial, error) {
	client, err := h.client()
	if err != nil {
		return poll.Trial{}, err
	}
	defer client.CloseIdle()
	return poll.Try(ctx, h.catalogue, client, time.Now, source, limit)
}
