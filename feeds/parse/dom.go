package parse

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// page is an HTML document as a tree.
type page struct {
	root    *html.Node
	text    []byte // that root was made of
	address string
	base    string // what its addresses are relative to: <base href>, or the address of the page
	cut     bool   // its end is missing
}

// ErrNoPage is of an address where a page was expected and stands something else, such as a PDF: asking again brings
// nothing else.
var ErrNoPage = errors.New("not a page")

// readPage decodes and parses an HTML document. It refuses one that would take the parser, or what comes after it, more
// time and memory than any page of news is worth.
func readPage(doc Document, charset string) (page, error) {
	if kind := http.DetectContentType(doc.Body); isNoPage(kind) {
		return page{}, fmt.Errorf("%w: got %s", ErrNoPage, kind)
	}
	text, err := decode(doc, charset)
	if err != nil {
		return page{}, err
	}
	if text = trim(text); len(text) == 0 {
		return page{}, errors.New("the body is empty")
	}
	cut := isCutPage(text)
	text = withoutForeign(text)
	if err := guardPage(text); err != nil {
		return page{}, fmt.Errorf("the page would take too much to read: %w", err)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return page{}, fmt.Errorf("the page cannot be read: %w", err)
	}
	if err := guardTree(root); err != nil {
		return page{}, fmt.Errorf("the page would take too much to read: %w", err)
	}
	return page{root: root, text: text, address: doc.URL, base: baseOf(root, doc.URL), cut: cut}, nil
}

// isNoPage reports whether a media type, as told from the bytes, is one that no page is of: many links of a list lead to a
// PDF, in which an HTML parser would find text.
func isNoPage(kind string) bool {
	family, _, _ := strings.Cut(kind, "/")
	switch family {
	case "image", "audio", "video", "font":
		return true
	}
	return slices.Contains([]string{"application/pdf", "application/zip", "application/x-gzip", "application/x-rar-compressed", "application/postscript"}, kind)
}

// baseOf returns the address that those of a page are relative to (HTML standard, the base element).
func baseOf(root *html.Node, address string) string {
	for n := range root.Descendants() {
		if n.DataAtom != atom.Base {
			continue
		}
		if href := attribute(n, "href"); href != "" {
			if base, ok := feeds.WebAddress(address, href); ok {
				return base
			}
			return address // the first one with an address counts
		}
	}
	return address
}

// attribute returns the value of an attribute, without the space around it.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && strings.EqualFold(a.Key, name) {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// titled names a page in a message, by its title: most often that says that it is a log-in or a firewall's word.
func (p page) titled() string {
	if title := htmlTitle(p.text); title != "" {
		return fmt.Sprintf("the page titled %q", title)
	}
	return "a page without a title"
}

// sameHost reports whether two addresses are of one host.
func sameHost(a, b string) bool {
	first, err := url.Parse(a)
	second, err2 := url.Parse(b)
	return err == nil && err2 == nil && strings.EqualFold(first.Host, second.Host)
}
