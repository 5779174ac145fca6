// Package conform holds published files to the rules of their formats, for the tests of other rooms: RSS 2.0 and the RSS
// Advisory Board's profile of it, Atom (RFC 4287), archive documents (RFC 5005), JSON Feed 1.1, OPML 2.0 and sitemaps. In goes
// a file and its address; out come the faults that a feed validator would find, in words. It is not in the binary.
//
// The rules are those by which the W3C Feed Validation Service (https://validator.w3.org/feed/docs/) finds errors and gives
// warnings, as far as they concern what finews writes, and some of our own that are stricter: an entry has an author, a
// category has a name. Those that ask what time it is now are left out. Beside them [Lint] has libxml2 read every file, and
// check it by a grammar where the format has one. Nothing here is shared with the code that writes the files.
package conform
