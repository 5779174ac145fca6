package conform

import (
	"slices"
	"strings"
)

// links checks the Atom links of an RSS channel or an Atom feed that is served at address.
func (f *faults) links(feed *node, element, address string) {
	var relations []string
	for _, link := range feed.all(element) {
		f.linked(link)
		relations = append(relations, link.attrs["rel"])
	}
	f.unique("rel of a link", relations)
	self := feed.link(element, "self")
	f.check(self == address, "self is %q and not %q", self, address)
	older := feed.link(element, "prev-archive")
	f.check(older == "" || older != self, "prev-archive leads to the document itself")
}

// relations are those of the IANA registry of link relations that a feed of ours may use.
var relations = []string{"alternate", "current", "enclosure", "hub", "next-archive", "prev-archive", "related", "self", "via"}

// linked checks one Atom link.
func (f *faults) linked(link *node) {
	relation := link.attrs["rel"]
	f.check(slices.Contains(relations, relation), "the rel %q of a link is not registered", relation)
	f.check(blank(link.text) && len(link.children) == 0, "a link is not empty")
	f.uri("link "+relation, link.attrs["href"])
	if given, ok := link.attrs["type"]; ok {
		f.mediaType("link "+relation, given)
	}
}

// archive checks what makes a channel an archive document (RFC 5005 section 4).
func (f *faults) archive(channel *node) {
	f.check(len(channel.all("fh:archive")) == 1, "an archive document does not say that it is one: fh:archive")
	current := channel.link("atom:link", "current")
	f.check(current != "", "an archive document has no link to the current feed")
	f.check(current == "" || current != channel.link("atom:link", "self"), "an archive document is its own current feed")
	f.check(channel.link("atom:link", "next-archive") == "", "next-archive would change a document that is full")
	f.check(channel.link("atom:link", "hub") == "", "an archive document names a hub, and nobody subscribes to it")
	f.check(len(channel.all("ttl")) == 0, "an archive document has a ttl, and nobody polls it")
}

// stylesheet checks that the document names the style sheet of the site, relative to the file.
func (f *faults) stylesheet(read document, name string) {
	href := strings.Repeat("../", strings.Count(name, "/")) + "assets/feed.css"
	want := `type="text/css" href="` + href + `"`
	f.check(read.stylesheet == want, "the style sheet is %q and not %q", read.stylesheet, want)
}
