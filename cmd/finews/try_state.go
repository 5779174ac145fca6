package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// attempt is one trial of a source.
type attempt struct {
	typed      string       // address that the source was named by; empty: it was named by its name
	source     feeds.Source // as it is asked
	remembered []string     // what the store knows of it that bears on the trial
	trial      poll.Trial
}

// recall puts into the attempt what the store knows of its source, where there is a store. One whose server asked to be
// left alone has failed before it is asked: no word of ours overrules that of the server.
func (h *house) recall(cmd *cobra.Command, now time.Time, a *attempt) error {
	if _, named := h.catalogue.Source(a.source.Name); !named {
		return nil
	}
	if err := h.places.needStore("to look at"); err != nil {
		if cmd.Flags().Changed("db") {
			return err
		}
		return nil
	}
	return h.look(cmd.Context(), func() error {
		states, err := h.store.States(cmd.Context())
		if err != nil {
			return err
		}
		h.heed(states[a.source.Name], now, a)
		return nil
	})
}

// heed makes the attempt what the next poll would do after a state.
func (h *house) heed(state feeds.State, now time.Time, a *attempt) {
	a.source, state = poll.Remembered(a.source, state, now)
	if state.Move.Adopted {
		a.remembered = append(a.remembered, "it has moved, and is asked there: write that address into "+h.places.config)
	}
	if !state.Gone.IsZero() {
		a.remembered = append(a.remembered,
			fmt.Sprintf("%s since %s: %s; %s has polls ask it again", isGone, h.minute(state.Gone), causeOfGone, howToAccept(a.source.Name)))
	}
	if until := state.NotBefore; !until.IsZero() {
		a.trial.Failure = &poll.Result{Phase: "wait", Cause: "its server asked to be left alone until " + h.minute(until) + ": try it after that"}
	}
}

// hint is what else could be tried after the failure of the attempt.
func (a attempt) hint() string {
	if a.typed == "" {
		return ""
	}
	return hintOfHTTP(a.typed, a.source.URL, a.trial.Failure.Phase)
}
