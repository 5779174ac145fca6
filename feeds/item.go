package feeds

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"
	"time"
)

// Item is what a source said: untrusted, bounded, decoded to UTF-8, and otherwise as it was.
type Item struct {
	GUID        string // as written, not resolved; empty where there is none
	Link        string // absolute http or https address, or empty
	Title       string // text, or HTML where the source writes titles so
	Body        string // HTML
	Summary     string // HTML; empty where the source gives only a body
	Base        string // address that relative addresses in Body and Summary are relative to
	Authors     []string
	Tags        []string
	Outlet      string // the medium that the source names itself, such as RSS <source>; often empty
	OutletLink  string // absolute address that the source gives of it, such as RSS <source url>; or empty
	Image       string // absolute address of a lead image, or empty
	Enclosures  []Enclosure
	Published   time.Time // zero where the source gave no date that can be read
	Approximate bool      // Published was reckoned from words such as 10分钟前, and comes out otherwise at each poll
	Updated     time.Time // zero where it gave none

	Name     string   // file-name id of a Jekyll post, kept in its address; empty for other kinds
	Category Category // slug and title that a Jekyll post files itself under; zero for other kinds
	Faults   []string // what was missing or mended, in words for the report
}

// Enclosure is a file that goes with an item (RSS enclosure, Atom link rel=enclosure, JSON Feed attachment).
type Enclosure struct {
	URL    string // absolute http or https address
	Type   string // media type
	Length int64  // bytes; 0 where the source does not say
}

// Digest is a hash of all that a source said of an item: the same digest means that nothing has to be done.
type Digest [sha256.Size]byte

// Digest returns the digest of the item.
func (it Item) Digest() Digest {
	h := sha256.New()
	fields := []string{it.GUID, it.Link, it.Title, it.Body, it.Summary, it.Base, it.Outlet, it.Image, it.Name, it.Category.Slug, it.Category.Title}
	published := stamp(it.Published)
	if it.Approximate {
		published = ""
	}
	fields = append(fields, published, stamp(it.Updated))
	if it.OutletLink != "" { // not otherwise: digests that were stored before there was one still hold
		fields = append(fields, it.OutletLink)
	}
	for _, e := range it.Enclosures {
		fields = append(fields, e.URL, e.Type, strconv.FormatInt(e.Length, 10))
	}
	writeFields(h, fields)
	writeFields(h, it.Authors)
	writeFields(h, it.Tags)
	return Digest(h.Sum(nil))
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// writeFields hashes the number of fields and each field with its length, so that no two lists of fields
// give the same bytes.
func writeFields(h hash.Hash, fields []string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(fields)))
	h.Write(n[:])
	for _, f := range fields {
		binary.BigEndian.PutUint64(n[:], uint64(len(f)))
		h.Write(n[:])
		h.Write([]byte(f))
	}
}
