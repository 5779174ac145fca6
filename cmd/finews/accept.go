package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
)

// newAccept returns `finews accept`: what a source brings is believed after all.
func newAccept(p program) *cobra.Command {
	var o operating
	cmd := &cobra.Command{
		Use:   "accept NAME",
		Short: "Accept what a source sends and finews holds back",
		Long: `accept is for a source that finews holds back because it has turned empty or into another
one. It prints what was held; the next poll asks the source at once and takes whatever
it sends.`,
		Example: `  finews accept 中新网财经`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			h, err := newLookingHouse(p, cmd, o.places)
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
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
		name = "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return "finews accept " + name
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
	held, err := h.store.Accept(ctx, name, time.Now())
	if err != nil {
		return err
	}
	switch {
	case held != "":
		fmt.Fprintf(p.stdout, "%s: held since %s: %s\naccepted: the next poll takes what it sends\n",
			printable(name), h.minute(state.HeldSince), printable(held))
	case state.Accepted:
		fmt.Fprintf(p.stdout, "%s: accepted before: the next poll takes what it sends\n", printable(name))
	default:
		fmt.Fprintf(p.stdout, "%s: nothing is held\n", printable(name))
	}
	return nil
}
