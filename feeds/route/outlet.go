package route

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"finews.withounder.com/feeds"
)

// Outlet returns the medium that an item is attributed to, in order of weight: what the body says of itself
// (（文章来源：农金网）), what the source names (RSS <source>), an author that is a medium, and the source's own name.
// A byline on a name is taken off (农民日报 记者 张三); a name that is nothing else, or says only 本报, does not count.
func Outlet(item feeds.Item, attribution string, source feeds.Source) string {
	for _, name := range []string{attribution, item.Outlet} {
		if name = withoutByline(name); name != "" && !slices.Contains(ourselves, name) {
			return name
		}
	}
	for _, author := range item.Authors {
		if name := withoutByline(author); feeds.IsMedium(name) {
			return name
		}
	}
	return source.Name
}

// ourselves are the names by which a medium calls itself: they say that it is the source.
var ourselves = []string{"本报", "本刊", "本社", "本网", "本站", "本台", "本报讯", "本网讯", "本站讯"}

// Own reports whether the outlet itself tells an entry: the source's name holds the outlet's (source 中新网财经, outlet
// 中新网), and the entry's link leads to the site that the source was read from. A name is claimed easily, and so is a
// link: who passes an entry on can give it either, but not a link to itself that leads to the outlet.
//
// Hosts are of one site where they share the name that can be registered (Public Suffix List: a.com.cn, but not
// com.cn; a.github.io, but not github.io), or are the same host.
func Own(entry feeds.Entry, source feeds.Source) bool {
	outlet, name := sameness(entry.Outlet), sameness(source.Name)
	if utf8.RuneCountInString(outlet) < 2 || name != outlet && feeds.IsMediumEnding(outlet) {
		return false // 财经 is in every other name
	}
	site := Site(source.URL)
	return strings.Contains(name, outlet) && site != "" && site == Site(entry.Link)
}

// sameness returns the form of a name by which it is compared: letters in either case and width are the same.
func sameness(name string) string {
	return strings.ToLower(strings.TrimSpace(feeds.HalfWidth(name)))
}

// Site returns the registrable domain of an http or https address, its whole host where that has none (an IP address,
// a public suffix), and "" for what is no such address.
func Site(address string) string {
	absolute, ok := feeds.WebAddress("", address)
	if !ok {
		return ""
	}
	u, err := url.Parse(absolute)
	if err != nil {
		return ""
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(u.Hostname(), "."))
	if err != nil {
		host = strings.ToLower(u.Hostname()) // such as an IPv6 address, or a name with an underscore
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}
