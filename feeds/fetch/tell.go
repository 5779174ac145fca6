package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

const (
	// longestTell bounds a Tell: a hub only has to note what it is told.
	longestTell = 5 * time.Second

	// maxReply bounds what is read of the answer to a form, in bytes. It is read so that the connection can be used again.
	maxReply = 4 << 10
)

// Tell posts a form to an address that the operator named, such as that of a WebSub hub. It is guarded as Get of a source with
// that address is, goes through the proxy of the network, and takes 5 seconds at most, or Timeouts.Total where that is less. It
// does not wait for a turn at the host, as requests to upstreams do, nor make others wait: this host is there to be told, and who
// calls Tell does so one call after the other. Every status from 200 to 299 is success, and what the answer says is not looked
// at. Redirects are not followed: the operator has to know where the form goes. The error is always a *Failure.
func (c *Client) Tell(ctx context.Context, address string, form url.Values) error {
	const advice = "write an absolute http or https address into feeds.yaml"
	trip, err := c.newTrip(feeds.Source{URL: address}, address, "the address to tell", advice)
	if err != nil {
		return err
	}
	trip.accept, trip.form = "*/*", form.Encode()
	trip.limit(min(longestTell, c.timeouts.Total))
	_, _, err = c.exchange(ctx, trip)
	return err
}

// post makes a request that posts the trip's form. Whoever is told twice is told no more than once, so it may be sent again
// where the connection that was waiting turns out to be closed, as net/http does of itself with a GET: the header without
// values says so, and is not sent.
func (t *trip) post(req *http.Request) {
	body := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(t.form)), nil }
	req.Method, req.ContentLength, req.GetBody = http.MethodPost, int64(len(t.form)), body
	req.Body, _ = body()
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header["Idempotency-Key"] = nil
}

// told reads the answer to a form.
func (c *Client) told(t *trip, resp *http.Response) error {
	io.CopyN(io.Discard, resp.Body, maxReply) // the status has said all; what cannot be read is missed by nobody
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return nil
	case isRedirect(resp.StatusCode):
		return t.astray(resp)
	}
	return c.refused(t, resp, refusalFault(resp.StatusCode))
}

// astray is the failure of a redirect that answers a form.
func (t *trip) astray(resp *http.Response) error {
	where := "to no address"
	if next, err := t.here().Parse(resp.Header.Get("Location")); err == nil && resp.Header.Get("Location") != "" {
		where = "to " + shown(next)
	}
	failure := t.failure(phaseRedirect, fmt.Errorf("%d leads %s, and a form is not sent on: write the address that takes it into feeds.yaml",
		resp.StatusCode, where))
	failure.Status = resp.StatusCode
	return failure
}

// refusalFault says in words what a status means that answers a form, and what to do.
func refusalFault(status int) error {
	word := "refused: check the address, and whether it takes what it is told"
	switch {
	case status == http.StatusProxyAuthRequired:
		word = "refused by the proxy: give it its user and password"
	case status == http.StatusNotFound, status == http.StatusGone, status == http.StatusMethodNotAllowed:
		word = "nothing is there that takes a form: check the address"
	case status == http.StatusTooManyRequests:
		word = "too many requests: nothing to do unless it stays"
	case status == http.StatusServiceUnavailable:
		word = "not available now: nothing to do unless it stays"
	case status >= 500:
		word = "the server failed: nothing to do unless it stays"
	case status < 400:
		word = "unexpected status: check the address"
	}
	return fmt.Errorf("%d %s", status, word)
}
