package conform

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// node is an element of a document, with what a feed validator looks at.
type node struct {
	name     string // as the formats write it: prefix:local, no prefix for the format's own
	attrs    map[string]string
	children []*node
	text     string
}

const (
	atomNamespace    = "http://www.w3.org/2005/Atom"
	sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
)

// prefixes are the namespaces that a document of ours may hold; any other is a name that no reader knows.
var prefixes = map[string]string{
	"":                              "",
	atomNamespace:                   "atom:",
	sitemapNamespace:                "sitemap:",
	"http://search.yahoo.com/mrss/": "media:",
	"http://purl.org/rss/1.0/modules/content/": "content:",
	"http://purl.org/dc/elements/1.1/":         "dc:",
	"http://purl.org/syndication/history/1.0":  "fh:",
}

// document is an XML file that was read.
type document struct {
	root       *node
	encoding   string // as the declaration gives it; empty: there is none
	stylesheet string // the instruction before the root; empty: none
}

// parse reads a document; the elements of own, which is the namespace of the format, get no prefix, and elements of no namespace
// another one.
func parse(content []byte, own string) (document, error) {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	top := &node{}
	stack := []*node{top}
	var read document
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return document{}, fmt.Errorf("not well-formed: %w", err)
		}
		last := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.ProcInst:
			read.instruction(token, len(top.children) == 0)
		case xml.StartElement:
			child, err := element(token, own)
			if err != nil {
				return document{}, err
			}
			last.children = append(last.children, child)
			stack = append(stack, child)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			last.text += string(token)
		}
	}
	if len(top.children) != 1 {
		return document{}, fmt.Errorf("not well-formed: %d roots", len(top.children))
	}
	read.root = top.children[0]
	return read, nil
}

// instruction notes a processing instruction; before: it stands before the root.
func (d *document) instruction(token xml.ProcInst, before bool) {
	switch {
	case token.Target == "xml":
		_, rest, _ := strings.Cut(string(token.Inst), `encoding="`)
		d.encoding, _, _ = strings.Cut(rest, `"`)
	case token.Target == "xml-stylesheet" && before:
		d.stylesheet = string(token.Inst)
	}
}

func element(token xml.StartElement, own string) (*node, error) {
	n := &node{attrs: map[string]string{}}
	prefix, known := prefixes[token.Name.Space]
	if !known {
		return nil, fmt.Errorf("element %s is of the namespace %q, which no reader knows", token.Name.Local, token.Name.Space)
	}
	switch token.Name.Space {
	case own:
		prefix = ""
	case "":
		prefix = "none:"
	}
	n.name = prefix + token.Name.Local
	for _, attr := range token.Attr {
		n.attrs[attr.Name.Local] = attr.Value
	}
	return n, nil
}

// all returns the children of that name.
func (n *node) all(name string) []*node {
	var found []*node
	for _, child := range n.children {
		if child.name == name {
			found = append(found, child)
		}
	}
	return found
}

// first returns the first child of that name, or an empty one.
func (n *node) first(name string) *node {
	if found := n.all(name); len(found) > 0 {
		return found[0]
	}
	return &node{name: name}
}

// value returns the text of the first child of that name, or "".
func (n *node) value(name string) string { return n.first(name).text }

// values returns the texts of that name of each of the nodes.
func values(nodes []*node, name string) []string {
	var found []string
	for _, n := range nodes {
		found = append(found, n.value(name))
	}
	return found
}

// unexpected returns the names of children that are none of those known.
func (n *node) unexpected(known ...string) []string {
	var odd []string
	for _, child := range n.children {
		if !slices.Contains(known, child.name) {
			odd = append(odd, child.name)
		}
	}
	return odd
}

// walk calls visit with the node and every node under it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, child := range n.children {
		child.walk(visit)
	}
}

// link returns the address of the first link of that relation.
func (n *node) link(element, relation string) string {
	for _, link := range n.all(element) {
		if link.attrs["rel"] == relation {
			return link.attrs["href"]
		}
	}
	return ""
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
