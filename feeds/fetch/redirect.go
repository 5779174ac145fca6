package fetch

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// maxRedirects is how many redirects are followed.
const maxRedirects = 5

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// follow moves the trip to where resp sends it, or says why it does not go there.
func (t *trip) follow(resp *http.Response) error {
	location := resp.Header.Get("Location")
	next, err := t.here().Parse(location)
	if err != nil || location == "" {
		return t.misled(resp.StatusCode, "leads nowhere: its Location is missing or no address")
	}
	next.Fragment, next.RawFragment = "", ""
	previous := t.here()
	looped := t.visited(next)
	t.chain = append(t.chain, next)
	switch fault := addressFault(next); {
	case fault != "":
		return t.misled(resp.StatusCode, fault)
	case previous.Scheme == "https" && next.Scheme != "https":
		return t.misled(resp.StatusCode, "leads from https to http, where anyone on the way could write the news")
	case looped:
		return t.misled(resp.StatusCode, "leads in a loop")
	case len(t.chain) > maxRedirects+1:
		return t.misled(resp.StatusCode, fmt.Sprintf("is one more than %d", maxRedirects))
	}
	t.left = t.left || sameServer(t.home, previous) && !t.atHome()
	t.move(resp.StatusCode, previous)
	return nil
}

// move notes where the trip has come to, as long as every redirect so far was permanent (RFC 9110 sections 15.4.2, 15.4.9).
func (t *trip) move(status int, previous *url.URL) {
	permanent := status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect
	if first := len(t.chain) == 2; permanent && (first || t.moved == previous) {
		t.moved = t.here()
	}
}

// misled is the failure of a redirect that is not followed, with the whole chain.
func (t *trip) misled(status int, why string) error {
	steps := make([]string, len(t.chain))
	for i, u := range t.chain {
		steps[i] = shown(u)
	}
	failure := t.failure(phaseRedirect, fmt.Errorf("the redirect %s (%s): open the address in a browser and write where it ends into feeds.yaml",
		why, strings.Join(steps, " → ")))
	failure.Status = status
	return failure
}

func (t *trip) visited(u *url.URL) bool {
	for _, past := range t.chain {
		if past.String() == u.String() {
			return true
		}
	}
	return false
}

// maxAddress bounds an address, in bytes: that of an article is whatever a document says.
const maxAddress = 8 << 10

// addressFault says why u may not be asked at all; it is empty where it may.
func addressFault(u *url.URL) string {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "is neither http nor https"
	case u.Hostname() == "":
		return "names no host"
	case len(u.String()) > maxAddress:
		return fmt.Sprintf("is longer than %s", size(maxAddress))
	case u.User != nil:
		return "carries a user or password"
	}
	return ""
}

// sameServer reports whether two addresses are on one server: the same host and port, or the same host where
// the only change is from http to https. From https to http it is another: what is secret there is not here.
func sameServer(a, b *url.URL) bool {
	upgrade := port(a) == "80" && port(b) == "443"
	downgrade := a.Scheme == "https" && b.Scheme != "https"
	return strings.EqualFold(a.Hostname(), b.Hostname()) && (port(a) == port(b) || upgrade) && !downgrade
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
