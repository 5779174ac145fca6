package conform

import "strings"

// opml checks a list of subscriptions (http://opml.org/spec2.opml): what its grammar cannot say.
func opml(given file) faults {
	var f faults
	read, err := parse(given.content, "")
	if f.check(err == nil, "%v", err); err != nil {
		return f
	}
	f.document(read)
	f.check(read.root.name == "opml" && read.root.attrs["version"] == "2.0", "the root is not opml 2.0")
	f.once(read.root, []string{"head", "body"}, nil, nil)
	head := read.root.first("head")
	f.once(head, []string{"title", "docs"}, []string{"dateModified"}, nil)
	if modified := head.all("dateModified"); len(modified) > 0 {
		f.rfc822("dateModified", modified[0].text)
	}
	outlines := read.root.first("body").all("outline")
	f.check(len(outlines) > 0, "body has no outline")
	var addresses []string
	for _, outline := range outlines {
		f.check(!blank(outline.attrs["text"]), "an outline has no text")
		f.check(outline.attrs["type"] == "rss", "an outline of the type %q is no subscription", outline.attrs["type"])
		f.uri("xmlUrl", outline.attrs["xmlUrl"])
		f.uri("htmlUrl", outline.attrs["htmlUrl"])
		f.language("outline language", outline.attrs["language"])
		addresses = append(addresses, outline.attrs["xmlUrl"])
	}
	f.unique("xmlUrl", addresses)
	return f
}

// Bounds of a sitemap and of an index of them (https://www.sitemaps.org/protocol.html).
const (
	maxPlaces  = 50_000
	maxSitemap = 50 << 20 // bytes
	maxPlace   = 2048     // characters of an address
)

// sitemap checks a sitemap, or an index of sitemaps: what its grammar cannot say. All addresses are of the site.
func sitemap(given file, index bool) faults {
	var f faults
	if f.check(len(given.content) <= maxSitemap, "it has %d bytes, more than %d", len(given.content), maxSitemap); len(f) > 0 {
		return f // without reading it
	}
	read, err := parse(given.content, sitemapNamespace)
	if f.check(err == nil, "%v", err); err != nil {
		return f
	}
	root, child := "urlset", "url"
	if index {
		root, child = "sitemapindex", "sitemap"
	}
	f.document(read)
	f.check(read.root.name == root, "the root is %s and not %s", read.root.name, root)
	f.once(read.root, nil, nil, []string{child})
	places := read.root.all(child)
	f.check(len(places) <= maxPlaces, "it holds %d addresses, more than %d", len(places), maxPlaces)
	for _, place := range places {
		f.once(place, []string{"loc"}, []string{"lastmod"}, nil)
		f.place(place.value("loc"), given.site)
		if changed := place.all("lastmod"); len(changed) > 0 {
			f.rfc3339("lastmod", changed[0].text)
		}
	}
	f.unique("loc", values(places, "loc"))
	return f
}

func (f *faults) place(location, site string) {
	f.uri("loc", location)
	f.check(len(location) < maxPlace, "loc has %d characters", len(location))
	f.check(strings.HasPrefix(location, site+"/"), "loc %q is of another site", location)
}
