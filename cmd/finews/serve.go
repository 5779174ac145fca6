package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/web/server"
)

// How long serve sleeps between two looks at what is due.
const (
	shortestSleep = time.Second
	longestSleep  = time.Minute // a cron job may have polled meanwhile
)

// newServe returns `finews serve`: poll on schedule, and serve what is published.
func newServe(p program) *cobra.Command {
	var pl places
	var addr string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Poll on schedule and serve the published files",
		Long: `serve polls each source when it is due, publishes, and serves the folder --out over HTTP
until it is interrupted. Put a proxy with TLS in front of it to serve the world.`,
		Example: `  finews serve
  finews serve --addr 127.0.0.1:9000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(cmd.Context(), p, pl, addr) },
	}
	pl.addAll(cmd)
	addAddr(cmd, &addr)
	return cmd
}

func addAddr(cmd *cobra.Command, addr *string) {
	cmd.Flags().StringVar(addr, "addr", "127.0.0.1:8080", "the address to serve on, host:port")
}

func runServe(ctx context.Context, p program, pl places, addr string) error {
	listener, err := server.Listen(addr)
	if err != nil {
		return err
	}
	defer listener.Close() // where the server does not come to do it
	h, err := newHouse(p, pl)
	if err != nil {
		return err
	}
	if err := h.open(ctx); err != nil {
		return err
	}
	if err := os.MkdirAll(pl.out, 0o755); err != nil { // so that the server has a folder before the first cycle has ended
		return fmt.Errorf("make the output folder: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	var polling sync.WaitGroup
	polling.Go(func() { h.keepPolling(ctx, p) })
	err = h.serve(ctx, p, listener)
	cancel()
	polling.Wait()
	return h.close(err)
}

// serve serves the published files until ctx ends.
func (h *house) serve(ctx context.Context, p program, listener net.Listener) error {
	fmt.Fprintf(p.stderr, "finews: serving %s on http://%s/ until Ctrl-C\n", h.places.out, listener.Addr())
	log := slog.New(slog.NewTextHandler(p.stderr, nil))
	return server.Serve(ctx, listener, server.Handler(server.Options{Root: h.places.out, Log: log}))
}

// keepPolling runs a cycle whenever a source is due, until ctx ends. The lock is held only for a cycle, so that
// `finews poll` works beside it. A cycle that fails is told and tried again: a full disk may have room by then.
func (h *house) keepPolling(ctx context.Context, p program) {
	for ctx.Err() == nil {
		next := time.Now().Add(longestSleep)
		printer := h.newPrinter(p, reportStyle{quiet: true}, 0)
		err := h.alone("serve", printer.held, func() error {
			s, err := h.serveCycle(ctx, printer)
			for _, r := range s.Results {
				if !r.NextPoll.IsZero() && r.NextPoll.Before(next) {
					next = r.NextPoll
				}
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			if err != errUnpublished {
				fmt.Fprintf(p.stderr, "finews: %v\n", err)
			}
			next = time.Now().Add(longestSleep) // nothing was stored, so that nobody would be asked conditionally
		}
		select {
		case <-ctx.Done():
		case <-time.After(max(time.Until(next), shortestSleep)):
		}
	}
}

// serveCycle polls what is due, and publishes what changed; also what an earlier run left unpublished.
func (h *house) serveCycle(ctx context.Context, printer *printer) (s summary, err error) {
	if s.Report, err = h.poll(ctx, poll.Request{}, nil); err != nil {
		return s, err
	}
	if s.Published, s.standing, err = h.publishStanding(ctx, extent{}); err != nil {
		return s, errors.Join(err, s.standing.failures)
	}
	if err := printer.done(s); err != nil {
		return s, err
	}
	return s, s.standing.err(h)
}
