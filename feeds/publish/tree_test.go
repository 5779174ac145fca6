package publish

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"
)

// node is an element of a document, with what a feed validator looks at.
type node struct {
	name     string // as the formats write it: prefix:local, no prefix for the format's own
	attrs    map[string]string
	children []*node
	text     string
}

// prefixes are the namespaces that a feed of ours may hold; any other is a name that no reader knows.
var prefixes = map[string]string{
	"":             "",
	atomNamespace:  "atom:",
	mediaNamespace: "media:",
	"http://purl.org/rss/1.0/modules/content/": "content:",
	"http://purl.org/dc/elements/1.1/":         "dc:",
}

// parseTree reads a document; the elements of own, which is the namespace of the format, get no prefix.
func parseTree(t testing.TB, document []byte, own string) *node {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(document))
	root := &node{}
	stack := []*node{root}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &node{name: qualify(t, token.Name, own), attrs: map[string]string{}}
			for _, attr := range token.Attr {
				child.attrs[attr.Name.Local] = attr.Value
			}
			top.children = append(top.children, child)
			stack = append(stack, child)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
	return root.children[0]
}

func qualify(t testing.TB, name xml.Name, own string) string {
	prefix, known := prefixes[name.Space]
	if !known {
		t.Errorf("element %s is of the namespace %q, which no reader knows", name.Local, name.Space)
	}
	if name.Space == own {
		prefix = ""
	}
	return prefix + name.Local
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

// value returns the text of the first child of that name, or "".
func (n *node) value(name string) string {
	if found := n.all(name); len(found) > 0 {
		return found[0].text
	}
	return ""
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

// link returns the href of the first link of that relation.
func (n *node) link(element, rel string) string {
	for _, link := range n.all(element) {
		if link.attrs["rel"] == rel {
			return link.attrs["href"]
		}
	}
	return ""
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
