package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds/poll"
)

// newPoll returns `finews poll`: one cycle, made for cron.
func newPoll(p program) *cobra.Command {
	var pl places
	var request poll.Request
	var style reportStyle
	cmd := &cobra.Command{
		Use:   "poll",
		Short: "Ask every source that is due, store what is new, and publish",
		Long: `poll runs one cycle and ends: it asks the sources that are due, stores what is new or
changed, and publishes. It is made for cron: it prints nothing when all is well, and tells
of a failing source when it starts to fail, once a day, and when it recovers; likewise of
feeds and pages that cannot be published. On a terminal it shows progress and a table. A
second poll at the same time does nothing.`,
		Example: `  finews poll
  finews poll --source 中新网财经 --force
  finews poll --json | jq .sources`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runPoll(cmd.Context(), p, pl, request, style)
		},
	}
	pl.addAll(cmd)
	cmd.Flags().StringArrayVar(&request.Sources, "source", nil, "ask only this source, by name; may be given again")
	cmd.Flags().BoolVar(&request.Force, "force", false, "ask although nothing is due, still with validators")
	style.add(cmd)
	return cmd
}

func runPoll(ctx context.Context, p program, pl places, request poll.Request, style reportStyle) error {
	h, err := newHouse(p, pl)
	if err != nil {
		return err
	}
	printer := h.newPrinter(p, style, h.asked(request))
	return h.aloneWithStore(ctx, "poll", printer.held, func() error { return h.pollAndTell(ctx, request, printer) })
}

// asked is the number of sources that a request may ask.
func (h *house) asked(request poll.Request) int {
	if len(request.Sources) > 0 {
		return len(request.Sources)
	}
	n := 0
	for _, s := range h.catalogue.Sources {
		if !s.Disabled {
			n++
		}
	}
	return n
}

// pollAndTell runs one cycle and reports it.
func (h *house) pollAndTell(ctx context.Context, request poll.Request, printer *printer) error {
	s, err := h.cycle(ctx, request, printer.progress)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(printer.stderr, "finews: interrupted: what was stored until then is kept\n")
	}
	unpublished := s.standing.err(h)
	if err := errors.Join(err, printer.done(s)); err != nil {
		return errors.Join(err, unpublished)
	}
	if unpublished != nil {
		return unpublished
	}
	if len(s.Failures()) > 0 {
		return errSources
	}
	return nil
}
