package sanitize

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"finews.withounder.com/feeds"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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

// link writes a link, or only its text where it leads nowhere or is the machine-made one around a stock's name.
func (k *walker) link(n *html.Node) {
	href := attr(n, "href")
	if stock := hasClass(n, "keytip") || hasClass(n, "em_stock_key_common"); stock || href == "" {
		if stock {
			k.w.gone.count(goneStockLink)
		} else {
			k.w.gone.count(goneLink)
		}
		k.children(n)
		return
	}
	address, ok := linkAddress(k.base, href)
	if !ok {
		k.refused++
		k.w.gone.count(goneLink)
		k.children(n)
		return
	}
	head := "<a" + attribute("href", address) + attribute("rel", linkRel)
	if title := Text(html.EscapeString(attr(n, "title"))); title != "" {
		head += attribute("title", title)
	}
	k.inline(n, "a", head+">")
}

// linkAddress returns the absolute http, https or mailto address of a link.
func linkAddress(base, href string) (string, bool) {
	href = strings.TrimSpace(href)
	if len(href) >= len("mailto:") && strings.EqualFold(href[:len("mailto:")], "mailto:") {
		u, err := url.Parse(href)
		if err != nil || len(href) > maxAddress || strings.ContainsFunc(href, unicode.IsSpace) {
			return "", false
		}
		return u.String(), true
	}
	return webAddress(base, href)
}

// webAddress returns the absolute form of an address, as it reads once it has been written and read again.
func webAddress(base, address string) (string, bool) {
	first, ok := feeds.WebAddress(base, address)
	if !ok || len(first) > maxAddress {
		return "", false
	}
	first = strings.ReplaceAll(first, " ", "%20")
	again, ok := feeds.WebAddress("", first)
	return again, ok && again == first && legible(again)
}

// legible reports whether an address holds nothing that Text would remove.
func legible(address string) bool { return strings.IndexFunc(address, special) < 0 }

// media writes a link to a film or a recording: a player without its control attribute cannot be used, with
// it feed validators warn, and many readers drop players altogether.
func (k *walker) media(n *html.Node) {
	k.w.gone.count(gonePlayer)
	src := attr(n, "src")
	for c := n.FirstChild; c != nil && src == ""; c = c.NextSibling {
		if c.DataAtom == atom.Source {
			src = attr(c, "src")
		}
	}
	if src == "" {
		return
	}
	address, ok := publicAddress(k.base, src)
	if !ok {
		k.refused++
		return
	}
	label := "视频"
	if n.DataAtom == atom.Audio {
		label = "音频"
	}
	id := k.w.openInline("a", "<a"+attribute("href", address)+attribute("rel", linkRel)+">")
	k.w.writeText(label)
	k.w.closeInline(id)
}

// picture writes an image, unless it is a counter, a chart, a copy of the one before, or has no address that
// may be loaded.
func (k *walker) picture(n *html.Node) {
	src := imageSource(n)
	if isCounter(n) {
		k.w.gone.count(goneCounter)
		return
	}
	if src == "" {
		k.w.gone.count(goneImage)
		return
	}
	address, ok := publicAddress(k.base, src)
	switch {
	case !ok:
		k.refused++
		k.w.gone.count(goneImage)
		return
	case isChart(address):
		k.w.gone.count(goneChart)
		return
	case address == k.lastImage:
		k.w.gone.count(goneCopy)
		return
	}
	k.lastImage = address
	if k.image == "" && worthShowing(n) {
		k.image = address
	}
	k.w.writeImage(imageTag(n, address))
}

// imageSource returns the address that a browser would end up with, where a script loads images late: src
// is a grey square then.
func imageSource(n *html.Node) string {
	for _, name := range []string{"data-src", "data-original", "data-lazy-src", "data-actualsrc"} {
		if late := strings.TrimSpace(attr(n, name)); late != "" && !strings.HasPrefix(late, "data:") {
			return late
		}
	}
	if src := strings.TrimSpace(attr(n, "src")); src != "" && !strings.HasPrefix(src, "data:") {
		return src
	}
	first, _, _ := strings.Cut(strings.TrimSpace(attr(n, "srcset")), " ")
	return strings.TrimSuffix(first, ",")
}

// isCounter reports whether an image is there to be counted, not seen.
func isCounter(n *html.Node) bool {
	sizes := []string{attr(n, "width"), attr(n, "height")}
	for name, value := range declarations(attr(n, "style")) {
		if name == "width" || name == "height" {
			sizes = append(sizes, value)
		}
	}
	for _, size := range sizes {
		if v := strings.TrimSuffix(strings.TrimSpace(size), "px"); v == "0" || v == "1" {
			return true
		}
	}
	return false
}

// isChart reports whether an address is that of a stock chart that is drawn on request: it carries the
// source's own access token, and shows another day each time.
func isChart(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Query().Has("token")
}

// worthShowing reports whether an image can stand for an article: it is not declared to be icon-sized.
func worthShowing(n *html.Node) bool {
	width, err := strconv.Atoi(pixels(attr(n, "width")))
	return err != nil || width >= 100
}

// pixels returns a length in pixels without its unit, or "" for what is none between 1 and 9999.
func pixels(length string) string {
	length = strings.TrimSuffix(strings.TrimSpace(length), "px")
	if n, err := strconv.Atoi(length); err != nil || n < 1 || n > 9999 {
		return ""
	}
	return strings.TrimLeft(length, "+0")
}

func imageTag(n *html.Node, address string) string {
	tag := "<img" + attribute("src", address) + attribute("alt", Text(html.EscapeString(attr(n, "alt"))))
	for _, name := range []string{"width", "height"} {
		if size := pixels(attr(n, name)); size != "" {
			tag += attribute(name, size)
		}
	}
	return tag + attribute("loading", "lazy") + attribute("referrerpolicy", "no-referrer") + ">"
}

func cellHead(n *html.Node, tag string) string {
	head := "<" + tag
	for _, name := range []string{"colspan", "rowspan"} {
		if count, err := strconv.Atoi(attr(n, name)); err == nil && count > 1 && count <= 100 {
			head += attribute(name, strconv.Itoa(count))
		}
	}
	switch scope := strings.ToLower(attr(n, "scope")); scope {
	case "row", "col", "rowgroup", "colgroup":
		if tag == "th" {
			head += attribute("scope", scope)
		}
	}
	return head + ">"
}

// publicAddress returns the absolute form of an address that a reader's browser loads by itself, which must
// not be one inside the reader's own network.
func publicAddress(base, address string) (string, bool) {
	address, ok := webAddress(base, address)
	if !ok {
		return "", false
	}
	u, err := url.Parse(address)
	return address, err == nil && publicHost(u.Hostname())
}

func publicHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") {
		return false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsGlobalUnicast() && !ip.IsPrivate() && !sharedAddresses.Contains(ip)
	}
	// Browsers read 2130706433, 0x7f.1 and 127.1 as addresses too (WHATWG URL, "ends in a number").
	last := host[strings.LastIndexByte(host, '.')+1:]
	_, err := strconv.ParseUint(last, 0, 64)
	return err != nil && strings.Trim(last, "0123456789") != ""
}

// sharedAddresses are those inside a provider's network (RFC 6598).
var sharedAddresses = netip.MustParsePrefix("100.64.0.0/10")
