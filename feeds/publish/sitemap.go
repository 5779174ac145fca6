package publish

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"finews.withounder.com/feeds"
)

// MaxPlaces is how many addresses one sitemap may hold (https://www.sitemaps.org/protocol.html).
const MaxPlaces = 50_000

const sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// Place is a page that search engines may know.
type Place struct {
	Name    string    // of its file, slash-separated, relative to the output folder; empty: the home page
	Changed time.Time // when what it tells changed; zero: not known
}

type sitemap struct {
	XMLName   xml.Name   `xml:"urlset"`
	Namespace string     `xml:"xmlns,attr"`
	Places    []location `xml:"url"`
}

type sitemapIndex struct {
	XMLName   xml.Name   `xml:"sitemapindex"`
	Namespace string     `xml:"xmlns,attr"`
	Sitemaps  []location `xml:"sitemap"`
}

type location struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// PagesSitemap is the name of the sitemap of the pages that are no articles.
const PagesSitemap = "sitemap-pages.xml"

// Sitemap returns a sitemap of the places, at least one and at most MaxPlaces.
func Sitemap(site feeds.Site, name string, places []Place) feeds.Output {
	return feeds.Output{Name: name, Render: func(w io.Writer) error { return writeXML(w, publication{site: site}.sitemap(places)) }}
}

// SitemapIndex returns sitemap.xml, which names the sitemaps. They lie beside it at the top, because a sitemap may name only what lies
// below its own folder. The index gives no lastmod: that would be when a sitemap changed, also by what was taken down from it, and a
// crawler that goes by another date would not look.
func SitemapIndex(site feeds.Site, names []string) feeds.Output {
	index := sitemapIndex{Namespace: sitemapNamespace}
	for _, name := range names {
		index.Sitemaps = append(index.Sitemaps, location{Address: site.Address(name)})
	}
	return feeds.Output{Name: "sitemap.xml", Render: func(w io.Writer) error { return writeXML(w, index) }}
}

// SitemapName returns the name of the nth sitemap of articles; the first is 1.
func SitemapName(n int) string { return fmt.Sprintf("sitemap-%06d.xml", n) }

func (p publication) sitemap(places []Place) sitemap {
	s := sitemap{Namespace: sitemapNamespace, Places: make([]location, 0, len(places))}
	for _, place := range places {
		s.Places = append(s.Places, location{Address: p.site.Address(place.Name), Changed: p.lastmod(place.Changed)})
	}
	return s
}

// lastmod returns a time as sitemaps write it (W3C Datetime); empty for none.
func (p publication) lastmod(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.date(t).Format(time.RFC3339)
}

// Robots returns robots.txt (RFC 9309), which lets everybody in and names the sitemaps. Crawlers look for it at the root of a
// host alone: a site in a folder has to name it there itself.
func Robots(site feeds.Site) feeds.Output {
	return feeds.Output{Name: "robots.txt", Render: func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "User-agent: *\nAllow: /\n\nSitemap: %s\n", site.Address("sitemap.xml"))
		return err
	}}
}

// writeXML writes a document with its declaration.
func writeXML(w io.Writer, document any) error {
	text, err := xml.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}
