package sanitize

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"finews.withounder.com/feeds"
	"golang.org/x/net/html"
	"golang.org/x/net/idna"
)

// linkRel keeps our publishers' links from lending their rank, and from handing over the window.
const linkRel = "nofollow noopener"

// maxAddress bounds an address, in bytes: no server takes more, and a link is written again in every
// paragraph that it spans.
const maxAddress = 2048

// attribute returns ` name="value"`, escaped as bluemonday escapes it.
func attribute(name, value string) string {
	return " " + name + `="` + html.EscapeString(value) + `"`
}

func exactly(values ...string) *regexp.Regexp {
	for i, v := range values {
		values[i] = regexp.QuoteMeta(v)
	}
	return regexp.MustCompile("^(?:" + strings.Join(values, "|") + ")$")
}

// linkAddress returns the absolute http, https or mailto address of a link.
func (k *walker) linkAddress(href string) (string, bool) {
	href = strings.TrimSpace(href)
	if hasScheme(href, "mailto") {
		u, err := url.Parse(href)
		if err != nil || len(href) > maxAddress || strings.ContainsFunc(href, unicode.IsSpace) || !legible(href) {
			return "", false
		}
		return u.String(), legible(u.String())
	}
	return k.webAddress(href)
}

// maxResolved bounds how much is read to make the addresses of a body absolute, in bytes: each is read with the base, and
// a long one of both times thousands takes seconds. Real bodies have some 10 KB.
const maxResolved = 1 << 20

// webAddress returns the absolute form of an address, as it reads once it has been written and read again.
func (k *walker) webAddress(address string) (string, bool) {
	if k.resolved += len(k.base) + len(address) + 20; k.resolved > maxResolved {
		return "", false
	}
	first, ok := feeds.WebAddress(k.base, address)
	if !ok {
		return "", false
	}
	first = strings.ReplaceAll(first, " ", "%20")
	again, ok := feeds.WebAddress("", first)
	return again, ok && again == first && legible(again)
}

// legible reports whether an address holds nothing that Text would remove.
func legible(address string) bool { return strings.IndexFunc(address, special) < 0 }

// publicAddress returns the absolute form of an address that a reader's browser loads by itself, which must
// not be one inside the reader's own network.
func (k *walker) publicAddress(address string) (string, bool) {
	address, ok := k.webAddress(address)
	if !ok {
		return "", false
	}
	u, err := url.Parse(address)
	return address, err == nil && publicHost(u.Hostname())
}

// hostNames reads names of hosts as browsers do: 127。0。0。1 and ｌｏｃａｌｈｏｓｔ are other spellings (UTS 46). An underscore
// may stand in a name, as it does in that of some servers of images.
var hostNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// publicHost reports whether a host may be loaded from by a reader's browser.
func publicHost(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return publicIP(ip)
	}
	host, err := hostNames.ToASCII(host)
	if err != nil {
		return false
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return publicIP(ip)
	}
	dot := strings.LastIndexByte(host, '.')
	last := host[dot+1:]
	return dot > 0 && !isNumber(last) && !slices.Contains(insideNames, last) && !strings.HasSuffix(host, ".home.arpa")
}

func publicIP(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() &&
		!slices.ContainsFunc(insideBlocks, func(block netip.Prefix) bool { return block.Contains(ip) })
}

// isNumber reports whether a name that ends in this label is an address to browsers, which read 2130706433, 0x7f.1 and
// 127.1 as such too (WHATWG URL, "ends in a number"). A 0x alone is nought.
func isNumber(label string) bool {
	if rest, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}

// insideNames are ends of names that are given to machines in one's own network (RFC 6761, RFC 6762, ICANN's .internal).
var insideNames = []string{"localhost", "local", "lan", "internal", "intranet", "home", "corp"}

// insideBlocks are addresses inside a provider's network (RFC 6598), and those with an IPv4 address in them, which may be a
// private one (RFC 4291, 2.5.5.1; RFC 6052; RFC 8215).
var insideBlocks = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
}
