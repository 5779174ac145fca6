package feeds

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Selector says where a value stands in what a source sent. In a JSON document it is a Path or a Template; in a page it
// is CSS, with Attr and Pattern. The zero Selector finds nothing.
type Selector struct {
	Path     string // of the value, from the record (from the document for Fields.List)
	Template string // text with {path} in it, each replaced by the value at that path
	CSS      string // of the element, from the element of the item (from the document for Fields.List)
	Attr     string // attribute that holds the value; empty: the text of the element
	Pattern  string // expression in RE2 syntax: its first group is the value, or all of the match where it has none
}

// Fields says where the items of a source stand that has no feed, and what they are made of.
type Fields struct {
	List      Selector // the items; the others are relative to one
	ID        Selector
	Title     Selector
	Link      Selector
	Published Selector
	Outlet    Selector
	Summary   Selector
	Image     Selector
}

// BodyRules say where the body of an item is. It is asked for once, when the item is new; unless Path stands alone: then it
// leads to the body within the record of a list (KindJSON), and nothing is asked for.
type BodyRules struct {
	URL      string // template of an address, with {id}, {link} and {title} of the item; or:
	Follow   bool   // the address is the item's link
	Path     string // the body in a JSON answer; or:
	CSS      string // the element in a page that is the body; or:
	FullText bool   // the article is found in the page without being told where it stands
}

// Asked reports whether bodies are asked for.
func (b BodyRules) Asked() bool { return b.URL != "" || b.Follow }

// NextRules lead from one page of a list to the next.
type NextRules struct {
	CSS   string // of the element that names the next page; empty: there is none
	Attr  string // attribute that holds its address
	Pages int    // pages read of one list at most; at least 1
}

// Hints are what a document says about itself to those who poll it. They are stored, because an unchanged document is not
// sent again and still holds.
type Hints struct {
	Interval  time.Duration `json:"interval,omitempty"`   // least time between two polls: the longest of RSS ttl and sy:updatePeriod/updateFrequency
	SkipHours uint32        `json:"skip_hours,omitempty"` // bit n: not between n:00 and n+1:00 GMT (RSS skipHours)
	SkipDays  uint8         `json:"skip_days,omitempty"`  // bit n: not on that weekday in GMT, 0 is Sunday (RSS skipDays)
	Hub       string        `json:"hub,omitempty"`        // rel=hub, an absolute address
	Self      string        `json:"self,omitempty"`       // rel=self, an absolute address
	Next      string        `json:"next,omitempty"`       // rel=next (RFC 5005), an absolute address
}

// Reading is a hash of the settings that shape what is read of a document. Where they change, an unchanged document has to
// be read again: a raised limit lets more in.
func (s Source) Reading() string {
	zone := ""
	if s.Location != nil {
		zone = s.Location.String()
	}
	text, _ := json.Marshal([]any{s.Kind, s.Charset, zone, s.MaxItems, s.MaxBytes, s.Item, s.Body, s.Next}) // always marshals
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
