package feeds

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// trackers are query parameters that say who shared a link, never which page it is.
var trackers = []string{"spm", "fbclid", "gclid", "yclid", "mc_cid", "mc_eid", "share_token", "scm", "isappinstalled", "nsukey"}

func isTracker(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || slices.Contains(trackers, name)
}

// CanonicalLink returns the form of an address by which two links to one page are recognised: without
// scheme, www., default port, fragment, trailing slash and tracking parameters, and with the query sorted.
// It is for comparing, not for following. What is no address is returned as it is. What WebAddress escapes in a query
// stands in it as it is: a link that was stored before it did is recognised.
func CanonicalLink(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" {
		return link
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	host = strings.TrimSuffix(strings.TrimSuffix(host, ":80"), ":443")
	canonical := host + strings.TrimRight(u.EscapedPath(), "/")
	if query := canonicalQuery(unescapeHidden(u.RawQuery)); query != "" {
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

// hidden reports whether r cannot be seen, or turns the direction of what stands beside it: an address that holds it does
// not read as it leads. Spaces are seen.
func hidden(r rune) bool {
	return r > unicode.MaxASCII && (!unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r))
}

// escapeHidden escapes what is hidden in a query, and what is no UTF-8 (RFC 3986 section 2.5). Letters stay as they came:
// 农 and %E5%86%9C are the same to a server, but were both of them escaped, links of the one form or of the other would
// have a new key, and all their entries come again.
func escapeHidden(query string) string {
	var escaped strings.Builder
	for rest := query; rest != ""; {
		r, length := utf8.DecodeRuneInString(rest)
		if hidden(r) || r == utf8.RuneError && length == 1 {
			for _, octet := range []byte(rest[:length]) {
				fmt.Fprintf(&escaped, "%%%02X", octet)
			}
		} else {
			escaped.WriteString(rest[:length])
		}
		rest = rest[length:]
	}
	return escaped.String()
}

// escapedOctets are escapes that may be of characters beyond ASCII.
var escapedOctets = regexp.MustCompile(`(?:%[89A-Fa-f][0-9A-Fa-f])+`)

// unescapeHidden undoes escapeHidden, but for what is no UTF-8.
func unescapeHidden(query string) string {
	return escapedOctets.ReplaceAllStringFunc(query, func(escapes string) string {
		text, err := url.PathUnescape(escapes)
		if err != nil {
			return escapes
		}
		var plain strings.Builder
		for text != "" {
			r, length := utf8.DecodeRuneInString(text)
			if hidden(r) {
				plain.WriteRune(r)
			} else {
				plain.WriteString(escapes[:3*length])
			}
			text, escapes = text[length:], escapes[3*length:]
		}
		return plain.String()
	})
}

// WebAddress returns address made absolute against base, and whether it is an http or https address without
// credentials and of at most 2048 bytes, which is the only kind that finews publishes or follows. base may be empty.
// What cannot be seen in its query is percent-encoded; in the rest of it, whatever is not ASCII.
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
	u.RawQuery = escapeHidden(u.RawQuery)
	absolute := u.String()
	if len(absolute) > maxAddress {
		return "", false // the base adds to it, and escapes make three bytes of one
	}
	return absolute, true
}
