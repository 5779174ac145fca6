package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"finews.withounder.com/feeds"
)

// Answer is what an upstream said: a body, or that its last one still holds.
type Answer struct {
	NotModified bool
	Body        []byte           // decompressed, at most the source's MaxBytes, never blank; nil when NotModified
	ContentType string           // the header, as sent
	URL         string           // final address after redirects, to which relative addresses in Body are relative
	Validators  feeds.Validators // to store together with the entries; they belong to the address that was asked, which is source.URL for Get
	Fresh       time.Duration    // how long the answer is good (Cache-Control max-age, Expires; RFC 9111), 0 to 7 days
	MovedTo     string           // where permanent redirects (301, 308) alone lead from the address that was asked; empty: nowhere

	release func()
}

// Release gives back the room that the body takes of what may be in flight. It must be called when the body is no longer
// used, and before the next request is made for the same source: one that holds room and waits for more may wait for
// ever. A second call does nothing, and neither does one of the zero Answer.
func (a Answer) Release() {
	if a.release != nil {
		a.release()
	}
}

// answer reads a response that is no redirect.
func (c *Client) answer(ctx context.Context, t *trip, resp *http.Response, give context.CancelCauseFunc) (Answer, error) {
	answer := Answer{ContentType: resp.Header.Get("Content-Type"), URL: t.here().String(), Validators: t.validators(resp.Header),
		Fresh: fresh(resp.Header, c.now())}
	if t.moved != nil {
		answer.MovedTo = t.moved.String()
	}
	switch {
	case resp.StatusCode == http.StatusNotModified && t.conditional():
		answer.NotModified = true
		answer.Validators = renewed(t.sent, answer.Validators)
		return answer, nil
	case resp.StatusCode != http.StatusOK:
		return Answer{}, c.refused(t, resp, statusFault(resp.StatusCode))
	}
	body, leave, err := c.readBody(ctx, t, resp, give)
	if err != nil {
		failure := c.explain(ctx, t, phaseBody, err)
		failure.Status = resp.StatusCode
		return Answer{}, failure
	}
	sum := sha256.Sum256(body)
	answer.Body, answer.Validators.BodyHash, answer.release = body, hex.EncodeToString(sum[:]), leave
	return answer, nil
}

// refused is the failure of a status that brings no answer.
func (c *Client) refused(t *trip, resp *http.Response, fault error) *Failure {
	failure := t.failure(phaseHTTP, fault)
	failure.Status = resp.StatusCode
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		failure.RetryAfter = retryAfter(resp.Header, c.now()) // of other failures it says nothing (RFC 9110 section 10.2.3)
		failure.Fresh = fresh(resp.Header, c.now())
	}
	return failure
}

// validators takes the validators of an answer byte for byte, whatever they look like.
func (t *trip) validators(header http.Header) feeds.Validators {
	return feeds.Validators{URL: t.address, ETag: header.Get("Etag"), LastModified: header.Get("Last-Modified")}
}

// renewed returns the validators after a 304: those that it gives, and the old ones where it gives none
// (RFC 9111 section 4.3.4).
func renewed(old, given feeds.Validators) feeds.Validators {
	if given.ETag != "" {
		old.ETag = given.ETag
	}
	if given.LastModified != "" {
		old.LastModified = given.LastModified
	}
	return old
}

// statusFault says in words what a status other than 200 means, and what to do.
func statusFault(status int) error {
	word := "unexpected status: open the address in a browser"
	switch {
	case status == http.StatusNotModified:
		word = "unexpected 304: nothing was asked for on condition; the next request asks for all of it"
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		word = "refused: check the source's headers, or ask its operator to let finews in"
	case status == http.StatusProxyAuthRequired:
		word = "refused by the proxy: give it its user and password"
	case status == http.StatusNotFound:
		word = "not found: check the address"
	case status == http.StatusGone:
		word = "gone: the source has ended; take it out of feeds.yaml, its entries stay"
	case status == http.StatusTooManyRequests:
		word = "too many requests: set a longer every: for this source if it stays"
	case status == http.StatusServiceUnavailable:
		word = "not available now: nothing to do unless it stays"
	case status >= 500:
		word = "the server failed: nothing to do unless it stays"
	}
	return fmt.Errorf("%d %s", status, word)
}
