package conform

// atom checks an Atom 1.0 document (RFC 4287).
func atom(given file) faults {
	var f faults
	read, err := parse(given.content, atomNamespace)
	if f.check(err == nil, "%v", err); err != nil {
		return f
	}
	feed := read.root
	f.document(read)
	f.stylesheet(read, given.name)
	f.check(feed.name == "feed", "the root is not feed")
	f.language("xml:lang", feed.attrs["lang"])
	f.once(feed, []string{"id", "title", "updated", "subtitle", "author", "icon"}, []string{"generator"}, []string{"link", "entry"})
	f.metadata(feed)
	f.links(feed, "link", given.address())
	f.uri("alternate", feed.link("link", "alternate"))
	f.uri("icon", feed.value("icon"))
	f.text(feed.first("author"), "name")
	newest := f.rfc3339("feed updated", feed.value("updated"))
	for _, entry := range feed.all("entry") {
		f.entry(entry)
		f.check(!f.rfc3339("updated", entry.value("updated")).After(newest), "the feed was updated before one of its entries")
	}
	f.unique("id", values(feed.all("entry"), "id"))
	f.unique("updated", values(feed.all("entry"), "updated"))
	return f
}

// metadata checks what a feed, an entry and its source must have.
func (f *faults) metadata(n *node) {
	f.uri(n.name+" id", n.value("id"))
	f.text(n, "title")
	f.rfc3339(n.name+" updated", n.value("updated"))
}

func (f *faults) entry(entry *node) {
	f.once(entry, []string{"id", "title", "updated", "published", "source", "summary", "content"},
		[]string{"media:thumbnail"}, []string{"author", "link", "category"})
	source := entry.first("source")
	f.once(source, []string{"id", "title", "updated"}, nil, []string{"link", "author"})
	f.metadata(entry)
	f.metadata(source)
	f.text(entry, "summary")
	published, updated := f.rfc3339("published", entry.value("published")), f.rfc3339("updated", entry.value("updated"))
	f.check(!updated.Before(published), "an entry was updated before it was published")
	f.check(len(entry.all("author")) > 0, "an entry has no author")
	for _, author := range entry.all("author") {
		f.text(author, "name")
	}
	content := entry.first("content")
	f.check(content.attrs["type"] == "html" && !blank(content.text), "content is not of type html, or empty")
	f.html("content", content.text)
	for _, thumbnail := range entry.all("media:thumbnail") {
		f.uri("thumbnail", thumbnail.attrs["url"])
	}
	f.entryLinks(entry)
	f.entryCategories(entry)
}

func (f *faults) entryLinks(entry *node) {
	pages := 0
	for _, link := range entry.all("link") {
		f.linked(link)
		title, titled := link.attrs["title"]
		f.check(!blank(title) || !titled, "the title of a link is empty")
		if link.attrs["rel"] == "alternate" {
			pages++
		}
	}
	f.check(pages <= 1, "an entry has %d alternates of one type and language", pages) // RFC 4287 section 4.1.2
}

func (f *faults) entryCategories(entry *node) {
	var terms []string
	for _, category := range entry.all("category") {
		f.check(!blank(category.attrs["term"]), "a category has no term")
		if scheme, given := category.attrs["scheme"]; given {
			f.uri("category scheme", scheme)
		}
		label, given := category.attrs["label"]
		f.check(!given || !blank(label), "the label of a category is empty")
		terms = append(terms, category.attrs["scheme"]+" "+category.attrs["term"])
	}
	f.unique("category", terms)
}
