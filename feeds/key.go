package feeds

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"time"
)

// Key is what an item is recognised by when its source sends it again: the SHA-256 of the source's name and
// the best that the item has to tell itself apart with.
type Key [sha256.Size]byte

// The things that a key can be made from, best first.
const (
	keyGUID   = "guid"
	keyLink   = "link"
	keyText   = "text"
	keyBoth   = "guid+link"
	keyTitled = "link+title"
	keyAll    = "all"
)

// NewKey returns the key of an item of the named source: from its GUID, else from its canonical link, else
// from its title and body. ok is false where the item has none of them.
func NewKey(source string, it Item) (key Key, ok bool) {
	switch {
	case it.GUID != "":
		return hashKey(source, keyGUID, it.GUID), true
	case it.Link != "":
		return hashKey(source, keyLink, CanonicalLink(it.Link)), true
	case it.Title != "" || it.Body != "":
		return hashKey(source, keyText, it.Title, it.Body), true
	}
	return Key{}, false
}

// FinerKeys returns the keys that tell an item apart from others of its document that have its plain key too, the
// plainest first: a GUID that many items have is worth nothing without the link, a link that many have nothing without
// the title. One GUID, link and title are one item, whatever its text: an edit that stands beside what it edits
// (RFC 4287 section 4.1.1).
func FinerKeys(source string, it Item) []Key {
	link := CanonicalLink(it.Link)
	switch {
	case it.GUID != "" && it.Link == "":
		return []Key{hashKey(source, keyBoth, it.GUID, it.Title)}
	case it.GUID != "":
		return []Key{hashKey(source, keyBoth, it.GUID, link), hashKey(source, keyAll, it.GUID, link, it.Title)}
	case it.Link != "":
		return []Key{hashKey(source, keyTitled, link, it.Title), hashKey(source, keyAll, link, it.Title, it.Body)}
	}
	return nil
}

func hashKey(fields ...string) Key {
	h := sha256.New()
	writeFields(h, fields)
	return Key(h.Sum(nil))
}

// shortLength is the number of hexadecimal digits of a key that ids and file names carry: 64 bits.
const shortLength = 16

// NewID mints the id of an entry (a tag URI, RFC 4151) of a site with that host name. It is called once in an
// entry's life: the id is stored, and stays when the site moves or the text changes.
func NewID(host string, firstSeen time.Time, key Key) string {
	return fmt.Sprintf("tag:%s,%d:%s", host, firstSeen.UTC().Year(), hex.EncodeToString(key[:])[:shortLength])
}

// postName is a file-name id of the predecessor that may stand in an address as it is.
var postName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// ArticlePath returns where the page of an article lies under the output folder, in the predecessor's form:
// category/year/month/day/name.html. name is a post's file-name id, if it has a safe one (CON.html is none); otherwise
// the key gives the name. published is read in its own location.
func ArticlePath(slug string, published time.Time, name string, key Key) string {
	if !postName.MatchString(name) || !IsFileName(name+".html") {
		name = hex.EncodeToString(key[:])[:shortLength]
	}
	return path.Join(slug, published.Format("2006/01/02"), name+".html")
}
