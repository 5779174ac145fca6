package fetch

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"finews.withounder.com/feeds"
)

// acceptFeed names feeds first; a page or a list API is taken too, and so is a feed under a wrong label.
const acceptFeed = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, " +
	"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"

// acceptPage is for the body of an article, which a page or an API holds.
const acceptPage = "text/html, application/json, application/xhtml+xml;q=0.9, application/xml;q=0.8, */*;q=0.1"

// trip is one Get on its way through its redirects.
type trip struct {
	source  feeds.Source
	address string           // asked first, as it was given
	accept  string           // unless the source's headers say otherwise
	form    string           // to post, encoded; empty: the request is a GET
	sent    feeds.Validators // that belong to address; zero: the request is unconditional
	home    *url.URL         // the source's own address
	proxy   *url.URL         // nil: none
	chain   []*url.URL       // addresses asked, the present one last
	moved   *url.URL         // where permanent redirects alone have led; nil: nowhere
	left    bool             // the source's server was left, or never was where the trip began: see own
	total   countdown
}

// newTrip reads the address to ask; what names it in a Failure, and advice says what to do. The address itself is never
// shown, because it may hold a password.
func (c *Client) newTrip(source feeds.Source, address, what, advice string) (*trip, error) {
	proxy, err := c.proxyOf(source)
	if err != nil {
		return nil, &Failure{Phase: phaseAddress, Err: err}
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, &Failure{Phase: phaseAddress, Err: fmt.Errorf("%s cannot be read: %s", what, advice)}
	}
	u.Fragment, u.RawFragment = "", ""
	t := &trip{source: source, address: address, proxy: proxy, chain: []*url.URL{u}}
	t.limit(c.timeouts.Total)
	if fault := addressFault(u); fault != "" {
		return nil, t.fail(phaseAddress, fmt.Errorf("%s %s: %s", what, fault, advice))
	}
	if t.home, err = url.Parse(cmp.Or(source.Home, source.URL)); err != nil {
		t.home = &url.URL{} // on whose server nothing is
	}
	t.left = address != source.URL && !t.atHome()
	return t, nil
}

// limit gives the trip so much time in all.
func (t *trip) limit(all time.Duration) { t.total = countdown{all: all, left: all} }

func (t *trip) here() *url.URL { return t.chain[len(t.chain)-1] }

// atHome reports whether the trip is on the source's own server.
func (t *trip) atHome() bool { return sameServer(t.home, t.here()) }

// own reports whether the source's headers may be sent: on its own server, unless another server leads there that the
// source's documents or its own server name. Where the source has moved to (feeds.Source.URL) may lead back.
func (t *trip) own() bool { return !t.left && t.atHome() }

// insecure reports whether any certificate will do: the operator said so of the source's own server, not of those that
// its documents lead to.
func (t *trip) insecure() bool { return t.source.InsecureTLS && t.atHome() }

func (t *trip) conditional() bool { return t.sent.ETag != "" || t.sent.LastModified != "" }

// listPort lets the trip go to the port that the catalogue names, on the host that it names it for.
func (t *trip) listPort(ctx context.Context) context.Context {
	if t.atHome() {
		return withListedPort(ctx, port(t.here()))
	}
	return ctx
}

// request makes the request for the present address. What the operator configured overrules User-Agent and
// Accept, but neither the encoding, which readBody must know, nor the validators.
func (t *trip) request(ctx context.Context, userAgent string) *http.Request {
	u := t.here()
	header := http.Header{"User-Agent": {userAgent}, "Accept": {t.accept}}
	if t.own() {
		for name, value := range t.source.Headers {
			header.Set(name, value)
		}
	}
	header.Set("Accept-Encoding", "gzip")
	setOrDelete(header, "If-None-Match", t.sent.ETag)
	setOrDelete(header, "If-Modified-Since", t.sent.LastModified)
	req := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if t.form != "" {
		t.post(req)
	}
	return req.WithContext(ctx)
}

func setOrDelete(header http.Header, name, value string) {
	if value == "" {
		header.Del(name)
		return
	}
	header.Set(name, value)
}
