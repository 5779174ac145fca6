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
	t.own = t.own && sameServer(previous, next)
	return nil
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

// addressFault says why u may not be asked at all; it is empty where it may.
func addressFault(u *url.URL) string {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "is neither http nor https"
	case u.Hostname() == "":
		return "names no host"
	case u.User != nil:
		return "carries a user or password"
	}
	return ""
}

// sameServer reports whether two addresses are on one server: the same host and port, or the same host where
// the only change is from http to https.
func sameServer(a, b *url.URL) bool {
	upgrade := port(a) == "80" && port(b) == "443"
	return strings.EqualFold(a.Hostname(), b.Hostname()) && (port(a) == port(b) || upgrade)
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
