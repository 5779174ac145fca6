package conform

import (
	"bytes"
	"regexp"
	"strconv"
)

// rss checks an RSS 2.0 document, or an archive document in RSS (RFC 5005 section 4), which no one polls and no hub tells of.
func rss(given file, archive bool) faults {
	var f faults
	read, err := parse(given.content, "")
	if f.check(err == nil, "%v", err); err != nil {
		return f
	}
	root := read.root
	f.document(read)
	f.stylesheet(read, given.name)
	f.check(root.name == "rss" && root.attrs["version"] == "2.0", "the root is not rss 2.0")
	f.once(root, []string{"channel"}, nil, nil)
	channel := root.first("channel")
	f.channel(channel, given.address())
	if archive {
		f.archive(channel)
	} else {
		f.subscription(channel)
	}
	for _, item := range channel.all("item") {
		f.item(item)
	}
	f.unique("guid", values(channel.all("item"), "guid"))
	f.rssText(given.content)
	return f
}

// channel checks what a feed and an archive document have in common.
func (f *faults) channel(channel *node, address string) {
	f.once(channel, []string{"title", "link", "description", "language", "docs", "image"},
		[]string{"lastBuildDate", "generator", "ttl", "fh:archive"}, []string{"item", "atom:link"})
	f.text(channel, "title")
	f.text(channel, "description")
	f.uri("channel link", channel.value("link"))
	f.uri("docs", channel.value("docs"))
	f.language("language", channel.value("language"))
	if built := channel.all("lastBuildDate"); len(built) > 0 {
		f.rfc822("lastBuildDate", built[0].text)
	}
	f.image(channel)
	f.links(channel, "atom:link", address)
	for i, child := range channel.children[:max(0, len(channel.children)-1)] {
		f.check(child.name != "item" || channel.children[i+1].name == "item", "an element of the channel follows an item")
	}
}

// image checks the channel's picture, which readers show as a link: what it says and where it leads is what the channel does.
func (f *faults) image(channel *node) {
	image := channel.first("image")
	f.once(image, []string{"url", "title", "link"}, []string{"width", "height", "description"}, nil)
	f.uri("image url", image.value("url"))
	f.check(image.value("title") == channel.value("title"), "the image's title %q is not the channel's", image.value("title"))
	f.check(image.value("link") == channel.value("link"), "the image's link %q is not the channel's", image.value("link"))
	for name, most := range map[string]int{"width": 144, "height": 400} {
		if size := image.all(name); len(size) > 0 {
			pixels, err := strconv.Atoi(size[0].text)
			f.check(err == nil && pixels > 0 && pixels <= most, "the image's %s %q is not 1 to %d", name, size[0].text, most)
		}
	}
}

func (f *faults) subscription(channel *node) {
	f.check(len(channel.all("fh:archive")) == 0, "a feed that is subscribed to says that it is an archive")
	minutes, err := strconv.Atoi(channel.value("ttl"))
	f.check(err == nil && minutes > 0, "ttl %q is no number of minutes", channel.value("ttl"))
}

func (f *faults) item(item *node) {
	f.once(item, []string{"title", "guid", "pubDate", "description", "dc:creator", "content:encoded"},
		[]string{"link", "source", "enclosure", "media:thumbnail"}, []string{"category", "dc:relation"})
	f.text(item, "title")
	f.text(item, "guid")
	f.text(item, "dc:creator")
	f.text(item, "content:encoded")
	if link := item.all("link"); len(link) > 0 {
		f.uri("item link", link[0].text)
	}
	permanent := item.first("guid").attrs["isPermaLink"]
	f.check(permanent == "false", "guid: isPermaLink is %q", permanent)
	f.uri("guid", item.value("guid"))
	f.rfc822("pubDate", item.value("pubDate"))
	f.html("description", item.value("description"))
	f.html("content:encoded", item.value("content:encoded"))
	f.check(item.before("description", "content:encoded"), "content:encoded stands before description")
	f.itemCategories(item)
	f.itemFiles(item)
}

// before reports whether no child of the second name stands before the first one of the first name.
func (n *node) before(first, second string) bool {
	for _, child := range n.children {
		if child.name == first || child.name == second {
			return child.name == first
		}
	}
	return true
}

func (f *faults) itemCategories(item *node) {
	var names []string
	for _, category := range item.all("category") {
		f.check(!blank(category.text), "a category is empty")
		names = append(names, category.text)
		if domain, given := category.attrs["domain"]; given {
			f.uri("category domain", domain)
		}
	}
	f.unique("category", names)
}

func (f *faults) itemFiles(item *node) {
	for _, source := range item.all("source") {
		f.uri("source url", source.attrs["url"])
		f.check(!blank(source.text), "source is empty")
	}
	for _, relation := range item.all("dc:relation") {
		f.uri("dc:relation", relation.text)
	}
	for _, enclosure := range item.all("enclosure") {
		f.uri("enclosure url", enclosure.attrs["url"])
		f.mediaType("enclosure", enclosure.attrs["type"])
		length, err := strconv.ParseInt(enclosure.attrs["length"], 10, 64)
		f.check(err == nil && length >= 0, "enclosure length %q is no number of bytes", enclosure.attrs["length"])
	}
	for _, image := range item.all("media:thumbnail") {
		f.uri("thumbnail", image.attrs["url"])
	}
}

// rssPlain are the elements that are text to some readers and HTML to others.
var (
	rssPlain = regexp.MustCompile(`<(title|category|source)(?: [^>]*)?>([^<]*)</`)
	entity   = regexp.MustCompile(`&#?\w+`)
)

// rssText checks that those have < and & as hexadecimal references, which both understand alike (RSS Advisory Board, Best
// Practices Profile, "Character Data").
func (f *faults) rssText(content []byte) {
	for _, found := range rssPlain.FindAllSubmatch(content, -1) {
		for _, written := range entity.FindAll(found[2], -1) {
			f.check(bytes.HasPrefix(written, []byte("&#x")), "%s has %s for a hexadecimal reference", found[1], written)
		}
	}
}
