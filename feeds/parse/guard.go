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
	maxTags       = 100_000 // elements of a document
	maxTagBytes   = 64 << 10
	maxValues     = 200_000 // objects, arrays and commas of a JSON document: an empty item costs 400 bytes and more
)

// guardXML walks an XML document once, without building anything, and returns the local name of its root
// element, as soon as that is no feed's. It refuses what would bring the parser down, and a DOCTYPE with an
// internal subset, which is where entities are declared that expand without end. Whatever it accepts, it must
// have seen in the same pieces as encoding/xml does: a tag that only the parser sees is not counted here.
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
		if at += size; w.root != "" && !isFeedRoot(w.root) {
			return w.root, nil
		}
	}
}

func isFeedRoot(name string) bool {
	name = strings.ToLower(name)
	return name == "rss" || name == "feed" || name == "rdf"
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
		return sizeUpTo(text, len("<!--"), "-->"), nil // <!--> ends no comment
	case bytes.HasPrefix(text, []byte("<![CDATA[")):
		return sizeUpTo(text, len("<![CDATA["), "]]>"), nil
	case bytes.HasPrefix(text, []byte("<?")):
		return instruction(text)
	case bytes.HasPrefix(text, []byte("<!")):
		return w.doctype(text)
	case bytes.HasPrefix(text, []byte("</")):
		w.leave()
		return sizeUpTo(text, len("</"), ">"), nil
	}
	return w.enter(text)
}

// sizeUpTo returns the number of bytes up to and with end, which is looked for from the byte start on, or all of
// them where it is missing: the parser will say so better.
func sizeUpTo(text []byte, start int, end string) int {
	if i := bytes.Index(text[start:], []byte(end)); i >= 0 {
		return start + i + len(end)
	}
	return len(text)
}

// instruction reads a processing instruction. An XML declaration within the text is refused: encoding/xml would
// read on in the charset that it names, and see other tags than the guard.
func instruction(text []byte) (int, error) {
	if bytes.HasPrefix(text, []byte("<?xml")) && !bytes.HasPrefix(text, []byte("<?xml-")) {
		return 0, errors.New("an XML declaration within the document")
	}
	return sizeUpTo(text, len("<?"), "?>"), nil
}

// doctype reads a DOCTYPE before the root element, and refuses any other declaration and one whose end has to be
// guessed: encoding/xml honours quotes, comments and nested declarations in it, and so takes another ">" for its end.
func (w *walk) doctype(text []byte) (int, error) {
	const start = "<!DOCTYPE"
	if len(text) < len(start) || !bytes.EqualFold(text[:len(start)], []byte(start)) || w.root != "" {
		return 0, errors.New("a declaration that is no DOCTYPE before the first element")
	}
	size := sizeUpTo(text, len(start), ">")
	if bytes.ContainsAny(text[len(start):size], "[<") {
		return 0, errors.New("a DOCTYPE with declarations of its own, which finews does not read")
	}
	quote := byte(0)
	for _, c := range text[:size] {
		if c == quote {
			quote = 0
		} else if quote == 0 && (c == '"' || c == '\'') {
			quote = c
		}
	}
	if quote != 0 {
		return 0, errors.New("a DOCTYPE whose quotes do not end before its >")
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

// guardJSON refuses a JSON document that nests too deep, one of more values than any feed has, and one that is no
// JSON Feed, which gofeed would read as a feed without items.
func guardJSON(text []byte) error {
	depth, values, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			values++
			if depth++; depth > maxDepth {
				return fmt.Errorf("nesting over %d at byte %d", maxDepth, i)
			}
		case c == ',':
			values++
		case c == '}' || c == ']':
			depth--
		}
		if values > maxValues {
			return fmt.Errorf("more than %d values at byte %d", maxValues, i)
		}
	}
	if !bytes.Contains(text, []byte("jsonfeed.org/version/")) {
		return fmt.Errorf("not a feed: JSON without a JSON Feed version, starting %.80q", text)
	}
	return nil
}
