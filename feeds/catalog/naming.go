package catalog

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Name returns a name for a source: the title of its feed on one line, or the host of its address where it has none,
// of at most 100 bytes. Where taken reports that a source has that name, the host is put behind it, and then a
// number.
func Name(title, address string, taken func(string) bool) string {
	host := address
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		host = strings.ToLower(u.Hostname())
	}
	base := oneLine(title)
	if base == "" {
		base = host
	}
	if name := fit(base, ""); !taken(name) {
		return name
	}
	if name := fit(base, "（"+strings.ToValidUTF8(host[:min(len(host), longestHost)], "")+"）"); base != host && !taken(name) {
		return name
	}
	for n := 2; ; n++ {
		if name := fit(base, fmt.Sprintf(" %d", n)); !taken(name) {
			return name
		}
	}
}

// longestHost is how much of a host a name shows, in bytes: it must leave room for what it tells apart.
const longestHost = 60

// oneLine folds white space and drops what cannot be seen.
func oneLine(text string) string {
	visible := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case !unicode.IsGraphic(c), c == utf8.RuneError:
			return -1
		}
		return c
	}, text)
	return strings.Join(strings.Fields(visible), " ")
}

// fit returns base and end in at most maxName bytes; what is too long of the two is cut off base.
func fit(base, end string) string {
	room := max(maxName-len(end), 0)
	for len(base) > room {
		_, last := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-last]
	}
	return strings.TrimSpace(base) + end
}
