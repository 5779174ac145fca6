package feeds

import (
	"io"
	"time"
)

// Entry is an item that was cleaned, keyed, dated and filed: what is stored and published.
type Entry struct {
	Number     int64  // of the store, in order of first sight; 0 before it is stored
	ID         string // minted once, the same in every format; see NewID
	Source     string // name of the source
	Link       string // absolute http or https address of the original, or empty: then Path is all there is
	Title      string // text; never empty
	Outlet     string // the medium that it is attributed to; never empty
	Own        bool   // its outlet itself tells it, it was not passed on
	Authors    []string
	Tags       []string
	Summary    string // plain text, one paragraph
	Body       SafeHTML
	Image      string // absolute address of the lead image, or empty
	Enclosures []Enclosure

	Published time.Time // the source's date; first sight where it gave none that is credible
	Updated   time.Time // newest change of the text: the source's at first, ours at an edit; not before Published
	FirstSeen time.Time
	Changed   time.Time // when the store last changed it: first sight or the last edit

	Categories []string // slugs, in order of preference; empty: stored, found, and published nowhere
	Reasons    []string // in step with Categories: what filed it there, in words for the operator
	Held       string   // why it is published nowhere although a rule may file it, for the operator; empty: nothing is held back
	Path       string   // of the article's page under the output folder, fixed at first publication; empty without categories

	Story  int64     // Number of the first entry of its story; 0: it stands alone
	Copies []Copy    // of the one entry that shows a story in a list: the other tellings in that list
	Listed time.Time // when it entered the list that it was read for; zero: by Number
	Hidden time.Time // when the operator took it down; zero: it is shown
}

// Copy is another telling of an entry's story.
type Copy struct {
	ID     string
	Outlet string
	Link   string // absolute address of the original, or empty
	Path   string // of its page under the output folder
}

// Draft is an entry on its way into the store, which finds out by Key whether it is new.
type Draft struct {
	Entry  Entry    // Number, ID, FirstSeen, Changed, Path, Story are not set: they are the store's to give
	Key    Key      //
	Digest Digest   // of the item, to know it unchanged the next time
	Print  string   // story.Print of the entry, encoded; empty: the store takes it
	Item   Item     // as the source sent it, kept so that better rules can be applied later
	Made   Category // category made for its outlet or by its post; zero where its categories are all declared
	ByPost bool     // Made has the slug that a Jekyll post names: an address that exists, and is never changed
}

// Batch is what one poll of a source brought: it is stored whole or not at all.
type Batch struct {
	Source string
	State  State
	Drafts []Draft
	Keys   []Key     // of all items that came, also of those that have not changed: none of them is another one
	Now    time.Time // time of the poll: first sight of what is new, change of what was edited

	Waiting   []Waiting            // items to remember until their bodies come; one that waits already keeps its Since
	Answered  []Key                // of items that wait no longer
	LeftAlone map[string]time.Time // hosts that asked to be left alone, and until when
}

// Waiting is an item that is new or changed, and whose body has still to be asked for.
type Waiting struct {
	Key    Key
	Digest Digest    // of the item as the list has it
	Item   Item      // likewise
	Since  time.Time // when it was first seen so
}

// Output is one file to publish, or one that must not be published any longer.
type Output struct {
	Name    string // slash-separated, relative to the output folder
	Render  func(io.Writer) error
	Gone    bool     // it must not be there: it is removed, and Render is not asked
	Listing *Listing // of a feed: what it was meant to list; nil: it is no feed
	Topic   bool     // readers subscribe to it: a hub is told when it changes (WebSub)
}

// Listing is what a feed was meant to list, to compare with what can be read in it.
type Listing struct {
	Slug    string   // of the channel
	Archive int      // number of the archive document; 0: it is the feed that readers subscribe to
	Items   []Listed // in order
	Limit   int      // so many of the newest are always in it: only what is older may leave it by age; 0: nothing may
}

// Listed is what a feed tells of an entry to those who compare feeds.
type Listed struct {
	ID        string
	Link      string // as it is published; may be empty
	Published time.Time
}
