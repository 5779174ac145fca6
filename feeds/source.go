package feeds

import "time"

// Kind says how a source publishes.
type Kind string

// The kinds of sources.
const (
	KindFeed  Kind = "feed"  // RSS, Atom, RDF or JSON Feed
	KindPage  Kind = "page"  // an HTML page without a feed, read by CSS selectors
	KindJSON  Kind = "json"  // a list API, read by paths
	KindPosts Kind = "posts" // a folder of Jekyll posts
)

// NoProxy in place of a proxy's address is the operator's word that there is none.
const NoProxy = "none"

// Source is one upstream. Its name is its identity: the address may change, and everything that is
// remembered of it (validators, next poll, the keys of its entries) hangs on the name.
type Source struct {
	Name string
	Kind Kind
	URL  string // absolute http or https address; empty for KindPosts
	Home string // address in feeds.yaml, where URL is one that it has moved to: only its server is sent Headers; empty: it is URL
	Path string // folder of KindPosts, absolute or relative to the working directory

	Categories []string // slugs under which every entry is filed; empty: see ByOutlet
	ByOutlet   bool     // file each entry under the category of its outlet

	Every    time.Duration     // poll interval that the operator asked for; 0: none was asked for
	Location *time.Location    // zone of dates that name none; never nil once the catalogue is read
	Charset  string            // overrules what the document says of itself; empty: it is believed
	Headers  map[string]string // sent with each request; values may hold secrets and are never logged

	Proxy       string // address of the proxy to ask through (http, https or socks5), which may hold a password; NoProxy; empty: that of Network
	InsecureTLS bool   // the operator accepts any certificate of this source

	Item Fields    // where the items stand; KindPage and KindJSON
	Body BodyRules // where their bodies are asked for
	Next NextRules // where a list goes on; KindPage

	Remove []string // CSS selectors of what in a body is no part of the article, such as bars of share buttons

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
	LastError    string    // its phase and sentence, without secrets

	NotBefore time.Time // the server asked to be left alone until then (Retry-After): nothing overrules it
	Gone      time.Time // the server said that the source has ended (410); zero: it has not
	Move      Move      // where the server says that the source has moved
	Hints     Hints     // of the last document that was read

	LastStatus int    // HTTP status of the last failure; 0 where there was none
	LastURL    string // that failed, without credentials and query

	Held      string    // why what came is held back until the operator accepts it; empty: nothing is held
	HeldSince time.Time // zero where nothing is held
	Accepted  bool      // the operator accepts whatever the next poll brings
	Empty     bool      // the last document had no entries, and that was as it should be

	Rights Rights // as of the last poll: they hold on when the source leaves feeds.yaml
}

// Move is a permanent redirect (301, 308), and how long it has stood.
type Move struct {
	From    string    // the address in feeds.yaml that leads there; the move is void at another
	To      string    // where it leads; empty: nowhere
	Since   time.Time // when it was first seen; it has led to the same place ever since
	Adopted bool      // To is asked in place of From
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

// For returns the validators where they belong to address, and none otherwise.
func (v Validators) For(address string) Validators {
	if v.URL != address {
		return Validators{}
	}
	return v
}
