package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

// house is finews: the catalogue read and, once it is open, the store.
type house struct {
	catalogue feeds.Catalogue
	store     *storage.Store
	places    places
	network   func(*fetch.Options) // changes how upstreams are asked: for the demo, and for tests; nil: nothing is
	now       func() time.Time     // of whoever polls
}

// newHouse reads the catalogue: nothing is started on a bad one.
func newHouse(p program, pl places) (*house, error) {
	catalogue, err := catalog.Load(pl.config, p.getenv)
	if err != nil {
		return nil, err
	}
	return &house{catalogue: catalogue, places: pl, network: p.network, now: p.time}, nil
}

// open opens the store and makes it where there is none, unless something was published from one. close closes it and
// joins what goes wrong then to err, which is what the work came to.
func (h *house) open(ctx context.Context) (err error) {
	if err := h.places.needStoreOfOutput(); err != nil {
		return err
	}
	h.store, err = storage.Open(ctx, h.places.database)
	return err
}

// openToRead opens the store, which must be there, for who only looks.
func (h *house) openToRead(ctx context.Context) (err error) {
	h.store, err = storage.OpenToRead(ctx, h.places.database)
	return err
}

func (h *house) close(err error) error {
	if fault := h.store.Close(); fault != nil {
		return errors.Join(err, fault)
	}
	return err
}

// alone calls do under the lock of the store. Where another run has the lock it calls held with who that is, and does
// nothing: two runs at once are no failure of either.
func (h *house) alone(command string, held func(who string) error, do func() error) error {
	l, who, err := takeLock(h.places.database, command, h.local(time.Now()))
	if err != nil {
		return err
	}
	if who != "" {
		return held(who)
	}
	defer l.release()
	return do()
}

// aloneWithStore is alone with the store open: the lock comes first, because opening it writes.
func (h *house) aloneWithStore(ctx context.Context, command string, held func(who string) error, do func() error) error {
	return h.alone(command, held, func() error {
		if err := h.open(ctx); err != nil {
			return err
		}
		return h.close(do())
	})
}

// userAgent names finews and whom a server's operator can write to.
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

// client returns a client that asks as the catalogue says.
func (h *house) client() (*fetch.Client, error) {
	options := fetch.Options{Network: h.catalogue.Network, UserAgent: h.userAgent(), Now: h.now}
	if h.network != nil {
		h.network(&options)
	}
	return fetch.New(options)
}

// poll runs one cycle.
func (h *house) poll(ctx context.Context, request poll.Request, progress func(poll.Result)) (poll.Report, error) {
	client, err := h.client()
	if err != nil {
		return poll.Report{}, err
	}
	defer client.CloseIdle()
	poller := poll.Poller{Catalogue: h.catalogue, Store: h.store, Client: client, Now: h.now, Progress: progress}
	return poller.Run(ctx, request)
}

// rememberRights stores what the catalogue grants today, for the day on which it no longer names a source.
func (h *house) rememberRights(ctx context.Context) error {
	rights := make(map[string]feeds.Rights, len(h.catalogue.Sources))
	for _, s := range h.catalogue.Sources {
		rights[s.Name] = s.Rights
	}
	return h.store.SetRights(ctx, rights)
}

// lastPublication bounds the publication after a cycle that was cut short: a process that was told to end does.
const lastPublication = 8 * time.Second

// cycle polls and then publishes what is stored. It does so also after a cycle that was cut short, by a signal or by
// the store: what was stored before is published, if it can be. Outputs that fail are in the summary, and no error.
func (h *house) cycle(ctx context.Context, request poll.Request, progress func(poll.Result)) (s summary, err error) {
	s.Report, err = h.poll(ctx, request, progress)
	if err != nil {
		if s.Started.IsZero() {
			return s, err
		}
		rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastPublication)
		defer cancel()
		ctx = rest
	}
	var publishing error
	s.Published, s.standing, publishing = h.publishStanding(ctx, extent{})
	switch {
	case err != nil && errors.Is(publishing, context.DeadlineExceeded):
		publishing = nil // the next run publishes the rest
	case (publishing != nil || s.standing.failures != nil) && errors.Is(err, context.Canceled):
		err = nil // an end that was asked for does not hide a disk that is full
	}
	return s, errors.Join(err, publishing)
}

// summary is what a cycle did, for people and for --json.
type summary struct {
	poll.Report
	Published publish.Report `json:"published"`
	standing  standing       // of the outputs
}
