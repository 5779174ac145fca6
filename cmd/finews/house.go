package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

// house is finews with its doors open: the catalogue read, the store opened.
type house struct {
	catalogue feeds.Catalogue
	store     *storage.Store
	places    places
	dial      func(ctx context.Context, network, address string) (net.Conn, error) // the demo's; nil: the guarded one
}

// openHouse reads the catalogue and opens the store: nothing is started on a bad catalogue. leave closes it.
func openHouse(ctx context.Context, p program, pl places) (h *house, leave func(), err error) {
	catalogue, err := catalog.Load(pl.config, p.getenv)
	if err != nil {
		return nil, nil, err
	}
	store, err := storage.Open(ctx, pl.database)
	if err != nil {
		return nil, nil, err
	}
	leave = func() {
		if err := store.Close(); err != nil {
			fmt.Fprintf(p.stderr, "finews: close %s: %v\n", pl.database, err)
		}
	}
	return &house{catalogue: catalogue, store: store, places: pl}, leave, nil
}

// alone calls do under the lock of the store. Where another run has the lock it calls held with who that is, and does
// nothing: two runs at once are no failure of either.
func (h *house) alone(command string, held func(who string) error, do func() error) error {
	l, who, err := takeLock(h.places.database, command, time.Now())
	if err != nil {
		return err
	}
	if who != "" {
		return held(who)
	}
	defer l.release()
	return do()
}

// userAgent names finews and whom to write to, so that a server's operator can (fetching.md, rule 14).
func (h *house) userAgent() string {
	if h.catalogue.Network.UserAgent != "" {
		return h.catalogue.Network.UserAgent
	}
	contact := h.catalogue.Site.Contact
	if contact == "" {
		contact = h.catalogue.Site.URL
	}
	return fmt.Sprintf("finews/%s (+%s)", version(), contact)
}

// poll runs one cycle.
func (h *house) poll(ctx context.Context, request poll.Request, progress func(poll.Result)) (poll.Report, error) {
	client, err := fetch.New(fetch.Options{Network: h.catalogue.Network, UserAgent: h.userAgent(), Dial: h.dial})
	if err != nil {
		return poll.Report{}, err
	}
	defer client.CloseIdle()
	poller := poll.Poller{Catalogue: h.catalogue, Store: h.store, Client: client, Now: time.Now, Progress: progress}
	return poller.Run(ctx, request)
}

// publish writes everything that is published, from the store alone.
func (h *house) publish(ctx context.Context) (publish.Report, error) {
	return publish.Write(h.places.out, h.outputs(ctx))
}

// cycle polls and then publishes what is stored, also after a cycle that was cut short: what was acknowledged
// before the cut is published.
func (h *house) cycle(ctx context.Context, request poll.Request, progress func(poll.Result)) (summary, error) {
	var s summary
	var err error
	if s.Report, err = h.poll(ctx, request, progress); err != nil {
		return s, err
	}
	s.Published, err = h.publish(ctx)
	return s, err
}

// summary is what a cycle did, for people and for --json.
type summary struct {
	poll.Report
	Published publish.Report `json:"published"`
}
