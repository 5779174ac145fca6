// Package fetch asks an upstream once: one polite, guarded, conditional GET.
//
// In goes a feeds.Source with the validators of its last answer. Out comes an Answer, which is either the
// whole, decompressed, bounded body or the word that nothing has changed, with the validators to store; or a
// *Failure, which names the phase that failed and says in a sentence what to do about it.
//
// Polite: one request at a time and one per interval for each host, never a retry, no Referer, no cookie.
// Guarded: the address that is dialled is checked, after DNS and after every redirect, and every wait and
// every read has a limit. When to ask again is not decided here: package poll does.
package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"finews.withounder.com/feeds"
)

// maxHeaderBytes bounds the header of an answer: net/http would take 10 MB of it.
const maxHeaderBytes = 64 << 10

// idleTimeout is how long a connection waits for the next source of its host.
const idleTimeout = 30 * time.Second

// Options say how a Client asks. Only UserAgent must be set.
type Options struct {
	Network   feeds.Network // HostInterval and AllowPrivate are read
	UserAgent string        // complete, such as "finews/0.1 (+mailto:ops@example.org)"
	Timeouts  Timeouts
	Now       func() time.Time // clock for a Retry-After date of a server that sends no Date; nil: time.Now
	RootCAs   *x509.CertPool   // who may sign certificates; nil: those of the system
	Resolver  *net.Resolver    // for the guarded dialer; nil: that of the system

	// Dial opens connections in place of the guarded dialer, and unguarded; nil: the guarded dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Timeouts bound the phases of a request. A zero stands for the default.
type Timeouts struct {
	Dial   time.Duration // DNS and connection; 10 s
	TLS    time.Duration // handshake; 10 s
	Header time.Duration // from the request to the whole header of the answer; 10 s
	Slow   time.Duration // a body slower than 1 KiB/s for this long is given up; 10 s
	Total  time.Duration // all of it, redirects included, waiting for a turn at the host excluded; 30 s
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
	transport *http.Transport
	hosts     *limiter
	timeouts  Timeouts
	userAgent string
	now       func() time.Time
}

// New returns a Client. It fails where an option cannot be meant: a missing or unsendable User-Agent, or a
// private network that is no prefix.
func New(o Options) (*Client, error) {
	if o.UserAgent == "" || strings.ContainsFunc(o.UserAgent, unicode.IsControl) {
		return nil, fmt.Errorf("fetch: User-Agent %q cannot be sent: write one line of text such as finews/0.1 (+mailto:ops@example.org)", o.UserAgent)
	}
	for _, prefix := range o.Network.AllowPrivate {
		if !prefix.IsValid() {
			return nil, fmt.Errorf("fetch: network.allow_private holds no valid prefix: write one such as 127.0.0.0/8")
		}
	}
	timeouts := o.Timeouts.withDefaults()
	if o.Dial == nil {
		o.Dial = guardedDial(o.Network.AllowPrivate, o.Resolver, timeouts.Dial)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{
		transport: newTransport(o, timeouts),
		hosts:     newLimiter(o.Network.HostInterval),
		timeouts:  timeouts,
		userAgent: o.UserAgent,
		now:       o.Now,
	}, nil
}

func newTransport(o Options, timeouts Timeouts) *http.Transport {
	return &http.Transport{
		Proxy:                  nil, // a proxy from the environment would dial for us, behind the guard's back
		DialContext:            o.Dial,
		TLSClientConfig:        &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    timeouts.TLS,
		ResponseHeaderTimeout:  timeouts.Header,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        idleTimeout,
		DisableCompression:     true, // readBody unpacks, because net/http hides which body was unpacked
		ForceAttemptHTTP2:      true, // a DialContext of our own would turn it off
	}
}

// Get asks for source.URL and follows its redirects. validators are sent only where they belong to that
// address. The error is always a *Failure; a cancelled ctx can be found in it by errors.Is. Get waits for
// its turn at the host as long as ctx allows.
func (c *Client) Get(ctx context.Context, source feeds.Source, validators feeds.Validators) (Answer, error) {
	trip, err := newTrip(source, validators, c.timeouts.Total)
	if err != nil {
		return Answer{}, err
	}
	for {
		answer, done, err := c.hop(ctx, trip)
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
	start := time.Now()
	defer func() { t.left -= time.Since(start) }()

	ctx, cancel := context.WithTimeoutCause(ctx, t.left, errTotal)
	defer cancel()
	ctx, give := context.WithCancelCause(ctx)
	defer give(nil)
	ctx, phase := watchPhase(ctx)

	resp, err := c.transport.RoundTrip(t.request(ctx, c.userAgent))
	if err != nil {
		return Answer{}, false, c.explain(ctx, t, phase.now(), err)
	}
	defer resp.Body.Close()
	if isRedirect(resp.StatusCode) {
		return Answer{}, false, t.follow(resp)
	}
	answer, err = c.answer(ctx, t, resp, give)
	return answer, true, err
}

// CloseIdle closes the connections that wait for a next request.
func (c *Client) CloseIdle() { c.transport.CloseIdleConnections() }
