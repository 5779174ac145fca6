package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"finews.withounder.com/feeds"
)

// Answer is what an upstream said: a body, or that its last one still holds.
type Answer struct {
	NotModified bool
	Body        []byte           // decompressed, at most the source's MaxBytes, never blank; nil when NotModified
	ContentType string           // the header, as sent
	URL         string           // final address after redirects, to which relative addresses in Body are relative
	Validators  feeds.Validators // to store together with the entries; they belong to source.URL
}

// answer reads a response that is no redirect.
func (c *Client) answer(ctx context.Context, t *trip, resp *http.Response, give context.CancelCauseFunc) (Answer, error) {
	answer := Answer{ContentType: resp.Header.Get("Content-Type"), URL: t.here().String(), Validators: t.validators(resp.Header)}
	switch {
	case resp.StatusCode == http.StatusNotModified && t.conditional():
		answer.NotModified = true
		answer.Validators = renewed(t.sent, answer.Validators)
		return answer, nil
	case resp.StatusCode != http.StatusOK:
		failure := t.failure(phaseHTTP, statusFault(resp.StatusCode))
		failure.Status = resp.StatusCode
		failure.RetryAfter = retryAfter(resp.Header, c.now())
		return Answer{}, failure
	}
	body, err := readBody(ctx, resp, t.source.MaxBytes, c.timeouts.Slow, give)
	if err != nil {
		failure := c.explain(ctx, t, phaseBody, err)
		failure.Status = resp.StatusCode
		return Answer{}, failure
	}
	sum := sha256.Sum256(body)
	answer.Body, answer.Validators.BodyHash = body, hex.EncodeToString(sum[:])
	return answer, nil
}

// validators takes the validators of an answer byte for byte, whatever they look like.
func (t *trip) validators(header http.Header) feeds.Validators {
	return feeds.Validators{URL: t.source.URL, ETag: header.Get("Etag"), LastModified: header.Get("Last-Modified")}
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
