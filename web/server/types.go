package server

import (
	"path"
	"strings"
)

// kind says how files of one sort are answered.
type kind struct {
	mediaType string
	shared    bool // scripts of other sites may read it (CORS)
}

// atomFeed is also what feed.xml is: the predecessor's address of its one feed, which is Atom.
var atomFeed = kind{"application/atom+xml; charset=utf-8", true}

// kinds are the files that finews serves, by extension. Whatever else comes to lie in the folder, a database or
// a key, is not found.
//
// A feed is sent as the type of its own format and not as text/xml: feed readers and validators know it
// for certain, and RFC 7303 gives both the same charset rules. Chromium shows it as text (text/xml as a tree).
var kinds = map[string]kind{
	".atom":  atomFeed,
	".css":   {"text/css; charset=utf-8", false},
	".html":  {"text/html; charset=utf-8", false},
	".ico":   {"image/x-icon", false},
	".jpg":   {"image/jpeg", false},
	".js":    {"text/javascript; charset=utf-8", false},
	".json":  {"application/feed+json; charset=utf-8", true},
	".opml":  {"text/x-opml; charset=utf-8", true},
	".png":   {"image/png", false},
	".svg":   {"image/svg+xml", false},
	".txt":   {"text/plain; charset=utf-8", false},
	".webp":  {"image/webp", false},
	".woff2": {"font/woff2", false},
	".xml":   {"application/rss+xml; charset=utf-8", true},
}

// kindOf returns how the file of that name is answered, and whether it is at all.
func kindOf(name string) (kind, bool) {
	switch {
	case name == "feed.xml":
		return atomFeed, true
	case name == "sitemap.xml" || strings.HasPrefix(name, "sitemap/"):
		return kind{"application/xml; charset=utf-8", false}, path.Ext(name) == ".xml"
	}
	k, ok := kinds[path.Ext(name)]
	return k, ok
}
