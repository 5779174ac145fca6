package catalog

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"finews.withounder.com/feeds"
)

// proxySchemes are those of the proxies that finews can ask through.
var proxySchemes = []string{"http", "https", "socks5"}

// proxy makes a reader of the address of a proxy. It may hold a password, so no message shows any of it.
func (r *reader) proxy(into *string) func(value) {
	return func(v value) {
		text, ok := r.secret(v)
		if !ok {
			return
		}
		if text == feeds.NoProxy {
			*into = text
			return
		}
		u, err := url.Parse(text)
		if fault := proxyFault(text, u, err); fault != "" {
			r.fault(v, "%s", fault)
			return
		}
		*into = u.String()
	}
}

// proxyFault says what is wrong with the address of a proxy; it is empty for a good one.
func proxyFault(text string, u *url.URL, err error) string {
	switch {
	case len(text) > maxAddress:
		return "this address is too long: write at most 2048 bytes"
	case err != nil:
		return "this is no address of a proxy: write one such as http://proxy.example:3128; in a user or password, write what is neither letter nor digit as %40 and the like"
	case !slices.Contains(proxySchemes, u.Scheme):
		return "this is no address of a proxy: begin it with http://, https:// or socks5://, or write none"
	case u.Hostname() == "":
		return "this address names no proxy: write one such as http://proxy.example:3128"
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "something stands behind the host and port of this proxy: take it out"
	}
	return ""
}

// basicAuth makes a reader of a user and password (RFC 7617), which are sent as the header Authorization.
func (r *reader) basicAuth(into *map[string]string) func(value) {
	const name = "Authorization"
	return func(v value) {
		text, ok := r.secret(v)
		switch _, _, both := strings.Cut(text, ":"); {
		case !ok:
		case !both:
			r.fault(v, "a password is missing: write user:password, such as \"${NAME}:${PASSWORD}\"")
		case (*into)[name] != "":
			r.fault(v, "headers.Authorization stands there too: leave one of the two")
		default:
			if *into == nil {
				*into = map[string]string{}
			}
			(*into)[name] = "Basic " + base64.StdEncoding.EncodeToString([]byte(text))
		}
	}
}

// secret returns a text of one line with what it asks of the environment. Unlike line it never shows the text.
func (r *reader) secret(v value) (string, bool) {
	text, ok := r.line(v)
	if !ok {
		return "", false
	}
	before := len(r.mistakes) + r.dropped
	text = r.expand(v, text)
	if strings.ContainsFunc(text, unicode.IsControl) || len(text) > maxHeader {
		r.fault(v, "this has a line break or a control character in it, or is too long: write a short one on one line, in the environment too")
	}
	return text, before == len(r.mistakes)+r.dropped
}
