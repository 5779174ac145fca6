// Package fetch asks an upstream once: one polite, guarded, conditional GET.
//
// In goes a feeds.Source with the validators of its last answer. Out comes an Answer, which is either the
// whole, decompressed, bounded body or the word that nothing has changed, with the validators to store; or a
// *Failure, which names the phase that failed and says in a sentence what to do about it.
//
// Polite: one request at a time and one per interval for each host, never a retry, no Referer, no cookie.
// Guarded: the address that is dialled is checked, after DNS and after every redirect, and every wait and
// every read has a limit. Bodies over 256 KiB share a room of bytes: who has read one calls Answer.Release.
// When to ask again is not decided here: package poll does.
//
// A source may be asked through a proxy, which the operator names and which may stand on a private address. The proxy
// resolves the names then, so what they lead to cannot be checked: addresses that are not public and names that are
// local are refused, and for the rest the proxy must keep guard.
package fetch

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"finews.withounder.com/feeds"
)

// Options say how a Client asks. Only UserAgent must be set.
type Options struct {
	Network   feeds.Network // HostInterval, AllowPrivate and Proxy are read
	UserAgent string        // complete, such as "finews/0.1 (+mailto:ops@example.org)"
	Timeouts  Timeouts
	Now       func() time.Time // clock for certificates, and for dates of a server that sends no Date; nil: time.Now
	RootCAs   *x509.CertPool   // who may sign certificates; nil: those of the system
	Resolver  *net.Resolver    // for the guarded dialer; nil: that of the system
	InFlight  int64            // bytes of bodies over 256 KiB that are held at one time, each counted as its source's MaxBytes; 0: 24 MiB

	// Dial opens connections in place of the guarded dialer, and unguarded; nil: the guarded dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Timeouts bound the phases of a request. A zero stands for the default.
type Timeouts struct {
	Dial   time.Duration // DNS and connection; 10 s
	TLS    time.Duration // handshake; 10 s
	Header time.Duration // from the request to the whole header of the answer; 10 s
	Slow   time.Duration // a body slower than 1 KiB/s for this long is given up; 10 s
	Total  time.Duration // all of it, redirects included, waiting for a turn at the host and for room excluded; 30 s
}

func (t Timeouts) withDefaults() Timeouts {
	return Timeouts{
		Dial:   cmp.Or(max(t.Dial, 0), 10*time.Second),
		TLS:    cmp.Or(max(t.TLS, 0), 10*time.Second),
		Header: cmp.Or(max(t.Header, 0), 10*time.Second),
		Slow:   cmp.Or(max(t.Slow, 0), 10*time.Second),
		Total:  cmp.Or(max(t.Total, 0), 30*time.Second),
	}
}

// Client asks upstreams. It is safe for concurrent use; one serves the whole process, because it keeps the
// turns of the hosts.
type Client struct {
	transports *transports
	guard      *guard
	hosts      *limiter
	room       *room
	timeouts   Timeouts
	network    feeds.Network
	userAgent  string
	now        func() time.Time
}

// New returns a Client. It fails where an option cannot be meant: a missing or unsendable User-Agent, a
// private network that is no prefix, or a proxy that is no address of one.
func New(o Options) (*Client, error) {
	if o.UserAgent == "" || strings.ContainsFunc(o.UserAgent, unicode.IsControl) {
		return nil, fmt.Errorf("fetch: User-Agent %q cannot be sent: write one line of text such as finews/0.1 (+mailto:ops@example.org)", o.UserAgent)
	}
	for _, prefix := range o.Network.AllowPrivate {
		if !prefix.IsValid() {
			return nil, fmt.Errorf("fetch: network.allow_private holds no valid prefix: write one such as 127.0.0.0/8")
		}
	}
	if _, err := readProxy(o.Network.Proxy); err != nil {
		return nil, fmt.Errorf("fetch: network.proxy: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	guard, timeouts := newGuard(o.Network.AllowPrivate, o.Resolver), o.Timeouts.withDefaults()
	return &Client{
		transports: newTransports(o, timeouts, guard),
		guard:      guard,
		hosts:      newLimiter(o.Network.HostInterval),
		room:       newRoom(o.InFlight),
		timeouts:   timeouts,
		network:    o.Network,
		userAgent:  o.UserAgent,
		now:        o.Now,
	}, nil
}

// Get asks for source.URL and follows its redirects. validators are sent only where they belong to that
// address. The error is always a *Failure; a cancelled ctx can be found in it by errors.Is. Get waits for
// its turn at the host, and for room for a long body, as long as ctx allows.
func (c *Client) Get(ctx context.Context, source feeds.Source, validators feeds.Validators) (Answer, error) {
	trip, err := c.newTrip(source, source.URL, "the source's url", "write an absolute http or https address")
	if err != nil {
		return Answer{}, err
	}
	trip.sent, trip.accept = validators.For(source.URL), acceptFeed
	return c.ride(ctx, trip)
}

// GetAt is Get of another address that the source's documents name: the page of an article, the next page of a list. It
// is asked without validators, and with the source's headers only where it is on the source's own server, at the same
// port or from http to https. A network of Options.Network.AllowPrivate is asked only where the address is on that server,
// or the source's own host stands in such a network: the same holds for redirects. What the Answer says of validators and
// of a move is of that address, not of the source.
func (c *Client) GetAt(ctx context.Context, source feeds.Source, address string) (Answer, error) {
	trip, err := c.newTrip(source, address, "an address in what the source sent", "check the keys body and next of the source if it stays")
	if err != nil {
		return Answer{}, err
	}
	trip.accept = acceptPage
	return c.ride(ctx, trip)
}

// ride follows a trip to its end.
func (c *Client) ride(ctx context.Context, t *trip) (Answer, error) {
	for {
		answer, done, err := c.hop(ctx, t)
		if err != nil || done {
			return answer, err
		}
	}
}

// hop asks at the address where the trip has come to. It is done unless it was sent on to another. The turn
// at the host ends with the hop: two trips that are sent to each other's hosts never wait for each other.
func (c *Client) hop(ctx context.Context, t *trip) (answer Answer, done bool, err error) {
	leave, err := c.hosts.enter(ctx, t.here().Hostname())
	if err != nil {
		return Answer{}, false, t.fail(phaseWait, fmt.Errorf("stopped before its turn at %s came: %w", t.here().Hostname(), err))
	}
	defer leave()
	return c.exchange(ctx, t)
}

// exchange sends the request and reads the answer, in the time of the trip.
func (c *Client) exchange(ctx context.Context, t *trip) (answer Answer, done bool, err error) {
	ctx, give := context.WithCancelCause(ctx)
	defer give(nil)
	t.total.end = func() { give(errTotal) }
	t.total.start()
	defer t.total.stop()

	ctx, phase := watchPhase(t.listPort(ctx))
	resp, err := c.ask(ctx, t)
	if err != nil {
		return Answer{}, false, c.explain(ctx, t, phase.now(), err)
	}
	defer resp.Body.Close()
	switch {
	case t.form != "":
		return Answer{}, true, c.told(t, resp)
	case isRedirect(resp.StatusCode):
		return Answer{}, false, t.follow(resp)
	}
	answer, err = c.answer(ctx, t, resp, give)
	return answer, true, err
}

// ask sends the request that the trip has come to. Only where the guard does not let a stranger through it is asked
// whether the source is none: that may take a look at DNS.
func (c *Client) ask(ctx context.Context, t *trip) (*http.Response, error) {
	insider := t.atHome()
	resp, err := c.askAs(ctx, t, insider)
	var refused *blocked
	if !insider && errors.As(err, &refused) && c.guard.inside(ctx, t.home.Hostname()) {
		return c.askAs(ctx, t, true)
	}
	return resp, err
}

func (c *Client) askAs(ctx context.Context, t *trip, insider bool) (*http.Response, error) {
	if t.proxy != nil {
		if err := c.guard.target(ctx, t.here(), insider); err != nil {
			return nil, err
		}
	}
	transport := c.transports.of(t.proxy, t.insecure(), insider)
	resp, err := transport.RoundTrip(t.request(ctx, c.userAgent))
	if err != nil && t.proxy != nil {
		transport.CloseIdleConnections() // it alone ends the dialling of a request that was given up: a proxy may stall it for ever
	}
	return resp, err
}

// CloseIdle closes the connections that wait for a next request.
func (c *Client) CloseIdle() { c.transports.closeIdle() }
