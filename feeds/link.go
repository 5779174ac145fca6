package feeds

import (
	"net/url"
	"slices"
	"strings"
)

// trackers are query parameters that say who shared a link, never which page it is.
var trackers = []string{"spm", "fbclid", "gclid", "yclid", "mc_cid", "mc_eid", "share_token", "scm", "isappinstalled", "nsukey"}

func isTracker(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || slices.Contains(trackers, name)
}

// CanonicalLink returns the form of an address by which two links to one page are recognised: without
// scheme, www., default port, fragment, trailing slash and tracking parameters, and with the query sorted.
// It is for comparing, not for following. What is no address is returned as it is.
func CanonicalLink(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" {
		return link
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	host = strings.TrimSuffix(strings.TrimSuffix(host, ":80"), ":443")
	canonical := host + strings.TrimRight(u.EscapedPath(), "/")
	if query := canonicalQuery(u.RawQuery); query != "" {
		canonical += "?" + query
	}
	return canonical
}

func canonicalQuery(raw string) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !isTracker(name) {
			kept = append(kept, pair)
		}
	}
	slices.Sort(kept)
	return strings.Join(kept, "&")
}

// maxAddress bounds an address, in bytes: it is stored, published and written into each page that links to it.
const maxAddress = 2048

// WebAddress returns address made absolute against base, and whether it is an http or https address without
// credentials and of at most 2048 bytes, which is the only kind that finews publishes or follows. base may be empty.
func WebAddress(base, address string) (string, bool) {
	address = strings.TrimSpace(address)
	if len(address) > maxAddress {
		return "", false
	}
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return "", false // an empty address would be the base itself
	}
	if b, err := url.Parse(base); err == nil && base != "" {
		u = b.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	absolute := u.String()
	if len(absolute) > maxAddress {
		return "", false // the base adds to it, and escapes make three bytes of one
	}
	return absolute, true
}
