package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"finews.withounder.com/feeds"
)

// accept names feeds first; a page or a list API is taken too, and so is a feed under a wrong label.
const accept = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, " +
	"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"

// trip is one Get on its way through its redirects.
type trip struct {
	source feeds.Source
	sent   feeds.Validators // that belong to the source's address; zero: the request is unconditional
	chain  []*url.URL       // addresses asked, the present one last
	own    bool             // never left the source's server: its headers may be sent
	left   time.Duration    // of Timeouts.Total
}

// newTrip reads the address of the source. A Failure of it never shows the address, which may hold a password.
func newTrip(source feeds.Source, validators feeds.Validators, total time.Duration) (*trip, error) {
	u, err := url.Parse(source.URL)
	if err != nil {
		return nil, &Failure{Phase: phaseAddress, Err: fmt.Errorf("the source's url cannot be read: write an absolute http or https address")}
	}
	u.Fragment, u.RawFragment = "", ""
	t := &trip{source: source, sent: validators.For(source.URL), own: true, left: total}
	t.chain = []*url.URL{u}
	if fault := addressFault(u); fault != "" {
		return nil, t.fail(phaseAddress, fmt.Errorf("the source's url %s: write an absolute http or https address", fault))
	}
	return t, nil
}

func (t *trip) here() *url.URL { return t.chain[len(t.chain)-1] }

func (t *trip) conditional() bool { return t.sent.ETag != "" || t.sent.LastModified != "" }

// request makes the request for the present address. What the operator configured overrules User-Agent and
// Accept, but neither the encoding, which readBody must know, nor the validators.
func (t *trip) request(ctx context.Context, userAgent string) *http.Request {
	u := t.here()
	header := http.Header{"User-Agent": {userAgent}, "Accept": {accept}}
	if t.own {
		for name, value := range t.source.Headers {
			header.Set(name, value)
		}
	}
	header.Set("Accept-Encoding", "gzip")
	setOrDelete(header, "If-None-Match", t.sent.ETag)
	setOrDelete(header, "If-Modified-Since", t.sent.LastModified)
	if sameServer(t.chain[0], u) {
		ctx = withListedPort(ctx, port(u))
	}
	req := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	return req.WithContext(ctx)
}

func setOrDelete(header http.Header, name, value string) {
	if value == "" {
		header.Del(name)
		return
	}
	header.Set(name, value)
}
