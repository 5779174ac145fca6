package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"finews.withounder.com/cmd/finews/demo"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/web/server"
)

// demoFlags are the flags of `finews demo`.
type demoFlags struct {
	database, out, addr string
	once, force         bool
}

// newDemo returns `finews demo`: all of finews over an upstream of its own.
func newDemo(p program) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try finews without a network: an upstream of its own, polled, published and served",
		Long: `demo starts a small upstream on loopback, polls it as any other, prints what happened, and
serves what it published until Ctrl-C. Nothing outside this machine is asked.

Two of its sources are there to fail, one with 410 and one with 503; that is no failure of the demo.`,
		Example: `  finews demo
  finews demo --once --db demo.db --out demo
  finews demo --addr 127.0.0.1:9000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), p, f) },
	}
	cmd.Flags().StringVar(&f.database, "db", "", "the store (default: in a new temporary folder)")
	cmd.Flags().StringVar(&f.out, "out", "", "the folder that is published into (default: in a new temporary folder)")
	cmd.Flags().BoolVar(&f.once, "once", false, "poll and publish, and do not serve")
	cmd.Flags().BoolVar(&f.force, "force", false, "ask although nothing is due, still with validators")
	addAddr(cmd, &f.addr)
	return cmd
}

func runDemo(ctx context.Context, p program, f demoFlags) error {
	var listener net.Listener
	if !f.once { // first of all: a taken port is better said before the work than after it
		var err error
		if listener, err = server.Listen(f.addr); err != nil {
			return err
		}
		defer listener.Close()
	}
	pl, err := f.places()
	if err != nil {
		return err
	}
	upstream, err := demo.Start()
	if err != nil {
		return err
	}
	defer upstream.Close()
	h, err := newHouse(p, pl)
	if err != nil {
		return err
	}
	h.network = func(o *fetch.Options) { o.Dial = upstream.Dial }
	printer := h.newPrinter(p, reportStyle{verbose: true}, len(h.catalogue.Sources))
	if err := h.aloneWithStore(ctx, "demo", printer.held, func() error { return h.showDemo(ctx, printer, f) }); err != nil || f.once {
		return err
	}
	if public := h.catalogue.Site.URL; public != "http://"+listener.Addr().String() {
		fmt.Fprintf(p.stdout, "note:   feeds and embed code name %s, whatever --addr is\n", public)
	}
	return h.serve(ctx, p, listener)
}

// places makes the folders of the demo. Its feeds.yaml lies beside the store, so that a second run over the same
// store finds the posts where they were.
func (f demoFlags) places() (places, error) {
	pl := places{database: f.database, out: f.out}
	if f.database == "" || f.out == "" {
		folder, err := os.MkdirTemp("", "finews-demo-")
		if err != nil {
			return pl, fmt.Errorf("make a folder for the demo: %w; name others with --db and --out", err)
		}
		if pl.database == "" {
			pl.database = filepath.Join(folder, "finews.db")
		}
		if pl.out == "" {
			pl.out = filepath.Join(folder, "public")
		}
	}
	var err error
	if pl.config, err = demo.WriteConfig(pl.database + ".demo"); err != nil {
		return pl, fmt.Errorf("write the demo's feeds.yaml: %w", err)
	}
	return pl, nil
}

// showDemo polls the upstream and prints what happened. It fails unless exactly those sources failed that are
// meant to.
func (h *house) showDemo(ctx context.Context, printer *printer, f demoFlags) error {
	printer.mark = func(r poll.Result) string {
		if r.Failed() && demo.MeantToFail(r.Source) {
			return " (as it is meant to)"
		}
		return ""
	}
	s, err := h.cycle(ctx, poll.Request{Force: f.force}, printer.progress)
	if err := errors.Join(err, s.standing.failures, printer.done(s)); err != nil {
		return err
	}
	fmt.Fprintf(printer.stdout, "store:  %s\noutput: %s\n", h.places.database, h.places.out)
	for _, r := range s.Results {
		if r.Asked() && r.Failed() != demo.MeantToFail(r.Source) {
			return errSources
		}
	}
	return nil
}
