// Package feeds holds the words of finews, and this page is the tour of the system.
//
// finews polls upstream feeds of rural-finance news, cleans what they send, keeps it by category, and
// republishes each category as RSS, Atom, JSON Feed, pages and embeds. It is one binary and one SQLite file.
//
// # The flow
//
//	feeds.yaml ─ catalog
//	                │
//	source ─► fetch ─► parse ─► new or changed? ─► sanitize ─► route ─► storage ─► publish ─► public/ ─► serve
//	         bytes     Items     (Key, Digest)     SafeHTML,   outlet,   rows      feeds,
//	                                               attribution categories          pages, embeds
//
// A [Source] is one upstream. What it says is an [Item]: untrusted, bounded, otherwise as it was. An item that
// is new, or not what it was (its [Key] and its [Digest] tell), is cleaned, attributed to an outlet and filed
// under categories, and so becomes a [Draft]; the store dates and names it, and then it is an [Entry]. A
// [Category] with its newest entries is a [Channel], and what is made of it are [Output] files.
//
// Nothing flows back. The store is the seam: what fills it (package poll) and what reads it (package publish)
// never call each other, and cmd/finews runs one after the other. One source's failure never stops a cycle;
// a failure of the store always does.
//
// # The rooms
//
//	feeds            these words; imports nothing
//	feeds/catalog    feeds.yaml → Catalogue, or every mistake in it at once
//	feeds/discover   an address that a person typed → the feeds of that site
//	feeds/fetch      one polite, guarded, conditional GET
//	feeds/hub        a WebSub hub is told of what changed
//	feeds/markup     tags → what the HTML parser will have to do for them; pure
//	feeds/parse      bytes → Items: charset, guard, gofeed, Jekyll posts, dates
//	feeds/route      attribution → outlet, outlet → slug, entry → categories; pure
//	feeds/story      the same story at several outlets, and which copy is shown; pure
//	feeds/poll       the cycle, on one page, and its report
//	feeds/publish    Entries → RSS, Atom, JSON Feed, archive documents, Jekyll posts; owns every file that is written
//	feeds/publish/conform  the rules of these formats, for tests; not in the binary
//	sanitize         dirty HTML → SafeHTML, attribution, summary, lead image, words, fingerprint; pure
//	storage          SQLite: entries, categories, stories, search, state of the sources
//	web/site         pages and embeds, rendered
//	web/server       serves the output folder
//	web/browsertest  a headless Chromium for tests; not in the binary
//	cmd/finews       the command line; wires all of it
//	cmd/finews/demo  an upstream to try finews on, embedded
//	cmd/finews/bench the yardstick: a generator of upstreams and the naive chain
//
// cmd/finews/imports_test.go holds the table of who may import what.
//
// # Who is who
//
// An entry is recognised at three depths. Within a source by its [Key]; where GUIDs change with each poll, by link,
// title and date. Across sources by canonical address or a GUID that is an http address: then it is one entry that two
// sources send, under the categories of both, with the better text. And a copy of the same wire story at another
// outlet is an entry of its own (package story), which joins a story: within a list a story is one entry, the best
// copy's text under the id of the first, and names the others ([Copy]).
//
// What an operator hides stays stored, so that it is known when it comes again, and is shown nowhere. What is pruned
// leaves its key behind for the same reason.
//
// # What is published again
//
// The store counts: every change that can be seen has a revision (triggers see to it). A publication leaves a mark in the
// output folder, and the next one renders what changed since the mark's revision: the categories, archive documents and pages
// concerned, and what lists them. Without a mark that the store knows, and where feeds.yaml or the program is another,
// it renders everything; the files are the same either way. Each feed is read back, by package parse, before it takes the
// place of the old one.
//
// # Words of trust
//
// Two types keep what is trusted from what is not. An Item's strings are what a stranger sent. A [SafeHTML] is
// what package sanitize let through; only sanitize, and the store when it reads back what sanitize made, may
// convert to it, and only package site turns it into template.HTML. A test looks for other places.
//
// # Ids and dates
//
// An entry's id is minted once ([NewID]) and stored. Its key is made from what the source identifies it by
// ([NewKey]), so that an edited title or body finds the entry again. Its date is the source's where that can be
// believed, and first sight otherwise. Files are a function of the store and the catalogue alone: the same
// store gives the same bytes.
package feeds
