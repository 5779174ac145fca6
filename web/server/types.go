package server

import (
	"path"
	"strings"
)

// kind says how files of one sort are answered.
type kind struct {
	mediaType string
	shared    bool // scripts of other sites may read it (CORS)
	feed      bool // an XML feed, which a browser shows by its style sheet
}

// shownType is what a browser is told of an XML feed: Chromium shows other types as text, and Firefox saves them.
const shownType = "application/xml; charset=utf-8"

// atomFeed is also what feed.xml is: the predecessor's address of its one feed, which is Atom.
var atomFeed = kind{"application/atom+xml; charset=utf-8", true, true}

// kinds are the files that finews serves, by extension. Whatever else comes to lie in the folder, a database or
// a key, is not found.
//
// A feed is sent as the type of its own format and not as text/xml: feed readers and validators know it
// for certain, and RFC 7303 gives both the same charset rules. A browser, which asks for text/html first, gets shownType.
var kinds = map[string]kind{
	".atom":  atomFeed,
	".css":   {"text/css; charset=utf-8", false, false},
	".html":  {"text/html; charset=utf-8", false, false},
	".ico":   {"image/x-icon", false, false},
	".jpg":   {"image/jpeg", false, false},
	".js":    {"text/javascript; charset=utf-8", false, false},
	".json":  {"application/feed+json; charset=utf-8", true, false},
	".opml":  {"text/x-opml; charset=utf-8", true, false},
	".png":   {"image/png", false, false},
	".svg":   {"image/svg+xml", false, false},
	".txt":   {"text/plain; charset=utf-8", false, false},
	".webp":  {"image/webp", false, false},
	".woff2": {"font/woff2", false, false},
	".xml":   {"application/rss+xml; charset=utf-8", true, true},
}

// typeFor returns the media type for a request with these Accept headers.
func (k kind) typeFor(accept []string) string {
	if k.feed && strings.Contains(strings.ToLower(strings.Join(accept, ",")), "text/html") {
		return shownType
	}
	return k.mediaType
}

// kindOf returns how the file of that name is answered, and whether it is at all.
func kindOf(name string) (kind, bool) {
	switch {
	case name == "feed.xml":
		return atomFeed, true
	case name == "sitemap.xml" || strings.HasPrefix(name, "sitemap-"):
		return kind{"application/xml; charset=utf-8", false, false}, path.Ext(name) == ".xml"
	}
	k, ok := kinds[path.Ext(name)]
	return k, ok
}
