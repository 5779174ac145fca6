package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/storage"
)

// newAccept returns `finews accept`: what a source brings is believed after all.
func newAccept(p program) *cobra.Command {
	var o operating
	cmd := &cobra.Command{
		Use:   "accept NAME",
		Short: "Accept what finews holds back of a source, its move, or its return",
		Long: `accept is for a source that finews holds back because it has turned empty or into another
one, that has moved for good, or that had said it was gone. It prints what it accepts: the
next poll asks the source at once, where it has moved to, and takes whatever it sends. Where
its server asked to be left alone for a while, finews waits for that. It also lets out the
source's entries that are held because they cannot be read (finews entries --held), files
them by today's rules, and the next poll publishes them.`,
		Example: `  finews accept 中新网财经`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			h, err := newHouse(p, o.places)
			if err != nil {
				return err
			}
			return h.operate(cmd.Context(), p, "accept", o.wait, func() error { return h.accept(cmd.Context(), p, names[0]) })
		},
	}
	o.addConfig(cmd)
	o.addStore(cmd)
	o.addWait(cmd)
	return cmd
}

// howToAccept is the command that accepts what a source sends, as a shell takes it.
func howToAccept(name string) string {
	return "finews accept " + shellWord(name)
}

func (h *house) accept(ctx context.Context, p program, name string) error {
	states, err := h.store.States(ctx)
	if err != nil {
		return err
	}
	state, polled := states[name]
	if _, named := h.catalogue.Source(name); !named && !polled {
		var held []string
		for name, state := range states {
			if state.Held != "" {
				held = append(held, name)
			}
		}
		if len(held) == 0 {
			return fmt.Errorf("no source is named %q, and none is held", name)
		}
		slices.Sort(held)
		return fmt.Errorf("no source is named %q: held is %s", name, printable(strings.Join(held, ", ")))
	}
	accepted, err := h.store.Accept(ctx, name, p.time())
	if err != nil {
		return err
	}
	h.printAccepted(p, name, state, accepted)
	released, err := poll.Release(ctx, h.catalogue, h.store, p.time(), name)
	switch {
	case released > 0:
		fmt.Fprintf(p.stdout, "%s: %d entries that could not be read are let out: the next poll publishes them\n", printable(name), released)
	case err == nil && accepted == storage.Accepted{} && !state.Accepted:
		fmt.Fprintf(p.stdout, "%s: nothing is held\n", printable(name))
	}
	return err
}

// printAccepted says what was accepted of a source that was in that state before.
func (h *house) printAccepted(p program, name string, before feeds.State, accepted storage.Accepted) {
	say := func(format string, values ...any) {
		fmt.Fprintln(p.stdout, printable(name+": "+fmt.Sprintf(format, values...)))
	}
	if accepted.Held != "" {
		say("held since %s: %s", h.minute(before.HeldSince), accepted.Held)
		fmt.Fprintln(p.stdout, "accepted: the next poll takes what it sends")
	}
	if accepted.MovedTo != "" {
		say("moved since %s: the next poll asks %s; write the new address into %s", h.minute(before.Move.Since), fetch.Shown(accepted.MovedTo), h.places.config)
	}
	if accepted.Revived {
		say("gone since %s: the next poll asks it again", h.minute(before.Gone))
	}
	switch {
	case accepted != storage.Accepted{} && before.NotBefore.After(p.time()):
		say("its server asked to be left alone until %s: it is asked then", h.minute(before.NotBefore))
	case accepted == storage.Accepted{} && before.Accepted:
		say("accepted before: the next poll takes what it sends")
	}
}
