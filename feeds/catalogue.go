package feeds

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Catalogue is feeds.yaml, read and found good.
type Catalogue struct {
	Site       Site
	Network    Network
	Categories []Category // in the order of the file, which is the order of preference
	Sources    []Source
}

// Source returns the source of that name.
func (c Catalogue) Source(name string) (Source, bool) {
	for _, s := range c.Sources {
		if s.Name == name {
			return s, true
		}
	}
	return Source{}, false
}

// Site is what finews publishes as.
type Site struct {
	Title    string
	URL      string         // public address without a slash at its end; every link to ourselves starts with it
	Language string         // BCP 47, such as zh-CN
	Location *time.Location // zone of the dates that people read
	Contact  string         // mailto: or http address, for the User-Agent and the feeds
	Hub      string         // address of the WebSub hub that the feeds name and that is told of changes; empty: none
	Posts    bool           // Jekyll posts are published too
}

// Address returns the public address of a file under the output folder. name is slash-separated and
// relative; each of its segments is escaped.
func (s Site) Address(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return s.URL + "/" + strings.Join(parts, "/")
}

// Host returns the host name of the site, without a port: ids carry it (RFC 4151).
func (s Site) Host() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Network says how finews asks.
type Network struct {
	Workers      int            // polls at the same time
	HostInterval time.Duration  // least time between two requests to one host; 0: none
	AllowPrivate []netip.Prefix // special-purpose addresses that may be dialled all the same
	Proxy        string         // of sources that name none; see Source.Proxy
	UserAgent    string         // empty: the default, which names finews and Site.Contact
}
