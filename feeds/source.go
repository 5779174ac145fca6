package feeds

import (
	"fmt"
	"time"
)

// Kind says how a source publishes.
type Kind string

// The kinds of sources.
const (
	KindFeed  Kind = "feed"  // RSS, Atom, RDF or JSON Feed
	KindPage  Kind = "page"  // an HTML page without a feed, read by CSS selectors
	KindJSON  Kind = "json"  // a list API, read by paths
	KindPosts Kind = "posts" // a folder of Jekyll posts
)

// Source is one upstream. Its name is its identity: the address may change, and everything that is
// remembered of it (validators, next poll, the keys of its entries) hangs on the name.
type Source struct {
	Name string
	Kind Kind
	URL  string // absolute http or https address; empty for KindPosts
	Path string // folder of KindPosts, absolute or relative to the working directory

	Categories []string // slugs under which every entry is filed; empty: see ByOutlet
	ByOutlet   bool     // file each entry under the category of its outlet

	Every    time.Duration     // poll interval that the operator asked for; 0: none was asked for
	Location *time.Location    // zone of dates that name none; never nil once the catalogue is read
	Charset  string            // overrules what the document says of itself; empty: it is believed
	Headers  map[string]string // sent with each request; values may hold secrets and are never logged

	MaxItems int   // newest items kept of one document
	MaxBytes int64 // decompressed bytes read of one document
	Rights   Rights
	Disabled bool
}

// Rights says how much of a body may leave the house.
type Rights string

// The rights that a source grants.
const (
	RightsFull    Rights = "full"    // the whole body
	RightsExcerpt Rights = "excerpt" // title, summary and lead image
	RightsTitle   Rights = "title"   // the title alone
)

// Rank orders rights: the more may be published, the higher. Rights that are not known grant nothing.
func (r Rights) Rank() int {
	return map[Rights]int{RightsTitle: 1, RightsExcerpt: 2, RightsFull: 3}[r]
}

// Limit returns e without what the rights do not allow to be published.
func (r Rights) Limit(e Entry) Entry {
	switch r {
	case RightsTitle:
		e.Body, e.Summary, e.Image, e.Enclosures = "", "", "", nil
	case RightsExcerpt:
		e.Body, e.Enclosures = "", nil
	}
	return e
}

// State is what finews remembers of a source from one poll to the next. It is stored in the same
// transaction as the entries of the poll, so that a crash never hides an entry behind a validator.
type State struct {
	Validators Validators

	LastPoll    time.Time // last request; zero: never asked
	LastSuccess time.Time // last answer that could be used
	NextPoll    time.Time // not to be asked before; zero: due

	Failures     int       // failed polls in a row
	FailingSince time.Time // first of them
	ToldAt       time.Time // when the operator was last told of the failure
	LastError    string    // its sentence, without secrets

	Held      string    // why what came is held back until the operator accepts it; empty: nothing is held
	HeldSince time.Time // zero where nothing is held
	Accepted  bool      // the operator accepts whatever the next poll brings
	Empty     bool      // the last document had no entries, and that was as it should be

	Rights Rights // as of the last poll: they hold on when the source leaves feeds.yaml
}

// Failing reports whether the last poll failed.
func (s State) Failing() bool { return s.Failures > 0 }

// Validators are what a server gave to recognise unchanged content by (RFC 9110 section 8.8), byte for
// byte, and the hash of the last body for servers that give none.
type Validators struct {
	URL          string // the address that they belong to: they are worth nothing at another
	Reading      string // Source.Reading of the poll that read the body: read otherwise, it may say more
	ETag         string
	LastModified string
	BodyHash     string // SHA-256, hexadecimal, of the last body that was read whole
}

// Reading names the settings that shape what is read of a document. Where they change, an unchanged document has to
// be read again: a raised limit lets more in.
func (s Source) Reading() string {
	return fmt.Sprintf("%s %s %s %d %d", s.Kind, s.Charset, s.Location, s.MaxItems, s.MaxBytes)
}

// For returns the validators where they belong to address, and none otherwise.
func (v Validators) For(address string) Validators {
	if v.URL != address {
		return Validators{}
	}
	return v
}
