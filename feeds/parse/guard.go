package parse

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// What the guard lets through. gofeed recurses into unknown elements, and two million of them overflow the
// stack, which recover cannot catch; encoding/xml copies the namespace map for each element.
const (
	maxDepth      = 256
	maxNamespaces = 64      // declarations in scope at one place
	maxTags       = 500_000 // elements of a document
	maxTagBytes   = 64 << 10
)

// guardXML walks an XML document once, without building anything, and returns the local name of its root
// element. It refuses what would bring the parser down, and a DOCTYPE with an internal subset, which is where
// entities are declared that expand without end.
func guardXML(text []byte) (root string, err error) {
	var w walk
	for at := 0; ; {
		next := bytes.IndexByte(text[at:], '<')
		if next < 0 {
			return w.root, nil
		}
		at += next
		size, err := w.markup(text[at:])
		if err != nil {
			return "", fmt.Errorf("%w at byte %d", err, at)
		}
		at += size
	}
}

// walk is where the guard stands: the depth, and the namespaces declared at each level above it.
type walk struct {
	root       string
	depth      int
	tags       int
	inScope    int
	namespaces [maxDepth + 1]int
}

// markup reads the piece of markup that text starts with and returns its size in bytes.
func (w *walk) markup(text []byte) (int, error) {
	switch {
	case bytes.HasPrefix(text, []byte("<!--")):
		return sizeUpTo(text, "-->"), nil
	case bytes.HasPrefix(text, []byte("<![CDATA[")):
		return sizeUpTo(text, "]]>"), nil
	case bytes.HasPrefix(text, []byte("<?")):
		return sizeUpTo(text, "?>"), nil
	case bytes.HasPrefix(text, []byte("<!")):
		return doctype(text)
	case bytes.HasPrefix(text, []byte("</")):
		w.leave()
		return sizeUpTo(text, ">"), nil
	}
	return w.enter(text)
}

// sizeUpTo returns the number of bytes up to and with end, or all of them where it is missing: the parser
// will say so better.
func sizeUpTo(text []byte, end string) int {
	if i := bytes.Index(text, []byte(end)); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

func doctype(text []byte) (int, error) {
	size := sizeUpTo(text, ">")
	if bytes.IndexByte(text[:size], '[') >= 0 {
		return 0, errors.New("a DOCTYPE with declarations of its own, which finews does not read")
	}
	return size, nil
}

// enter reads a start tag.
func (w *walk) enter(text []byte) (int, error) {
	size, err := tagSize(text)
	if err != nil {
		return 0, err
	}
	tag := text[:size]
	if w.root == "" {
		w.root = localName(tag)
	}
	if w.tags++; w.tags > maxTags {
		return 0, fmt.Errorf("more than %d elements", maxTags)
	}
	declared := bytes.Count(tag, []byte("xmlns"))
	if w.inScope+declared > maxNamespaces {
		return 0, fmt.Errorf("more than %d namespace declarations", maxNamespaces)
	}
	if bytes.HasSuffix(tag, []byte("/>")) {
		return size, nil
	}
	if w.depth++; w.depth > maxDepth {
		return 0, fmt.Errorf("nesting over %d", maxDepth)
	}
	w.inScope += declared
	w.namespaces[w.depth] = declared
	return size, nil
}

func (w *walk) leave() {
	if w.depth == 0 {
		return
	}
	w.inScope -= w.namespaces[w.depth]
	w.depth--
}

// tagSize returns the size of a start tag. A ">" in a quoted value does not end it.
func tagSize(text []byte) (int, error) {
	quote := byte(0)
	for i, c := range text[:min(len(text), maxTagBytes)] {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, nil
		}
	}
	if len(text) < maxTagBytes {
		return len(text), nil // torn: the parser says so
	}
	return 0, fmt.Errorf("a tag of more than %d bytes", maxTagBytes)
}

func localName(tag []byte) string {
	name := strings.TrimLeft(string(tag[:min(len(tag), 100)]), "<")
	if i := strings.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	_, local, found := strings.Cut(name, ":")
	if !found {
		return name
	}
	return local
}

// guardJSON refuses a JSON document that nests too deep and one that is no JSON Feed, which gofeed would read
// as a feed without items.
func guardJSON(text []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("nesting over %d at byte %d", maxDepth, i)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	if !bytes.Contains(text, []byte("jsonfeed.org/version/")) {
		return fmt.Errorf("not a feed: JSON without a JSON Feed version, starting %q", text[:min(len(text), 80)])
	}
	return nil
}
