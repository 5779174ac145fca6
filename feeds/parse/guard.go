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
	maxTags       = 200_000 // elements of a document
	maxTagBytes   = 64 << 10
	maxTagName    = 1 << 10 // bytes of the name of an element: each end tag is held against those that are open
	maxAside      = 1 << 20 // bytes of a comment or an instruction, which the parser gathers byte by byte
	maxCopied     = 4 << 30 // bytes; see walk.text
	maxValues     = 200_000 // objects, arrays and commas of a JSON document: an empty item costs 400 bytes and more
)

// guardXML walks an XML document once, without building anything, up to the end of its root element, or no further than
// the root's start where that is no feed's. It refuses what would bring the parser down, and a DOCTYPE with an
// internal subset, which is where entities are declared that expand without end. Whatever it accepts, it must
// have seen in the same pieces as encoding/xml does: a tag that only the parser sees is not counted here. base is the
// address that the document's first xml:base is relative to.
func guardXML(text []byte, base string) (*walk, error) {
	w := &walk{doc: text}
	w.levels[0].base = base
	for at := 0; w.end == 0 && !w.cut; {
		next := bytes.IndexByte(text[at:], '<')
		if next < 0 {
			break
		}
		err := w.text(next)
		at += next
		size := 0
		if err == nil {
			size, err = w.markup(at)
		}
		if err != nil {
			return nil, fmt.Errorf("%w at byte %d", err, at)
		}
		if at += size; w.root != "" && !isFeedRoot(w.root) {
			return w, nil
		}
	}
	w.cut = w.cut || w.root != "" && w.end == 0
	return w, nil
}

func isFeedRoot(name string) bool {
	name = strings.ToLower(name)
	return name == "rss" || name == "feed" || name == "rdf"
}

// walk is where the guard stands, and what it noted on the way.
type walk struct {
	doc     []byte
	root    string // local name of the root element
	levels  [maxDepth + 1]level
	depth   int
	tags    int
	ends    int // end tags
	inScope int // namespace declarations
	copied  int

	end    int  // where the root element ended; 0 while it has not
	cut    bool // the document ends within its root element, or in the middle of a tag
	inside int  // where the piece of markup starts that the document ends in; 0: in none
	notes
}

// level is an element that is open.
type level struct {
	name     []byte // as written, with its prefix
	local    []byte // name without its prefix, which is kept: it takes long to find
	base     string // address that relative ones are relative to
	declared int    // namespaces
	text     int    // bytes of text that are its own
	item     bool   // it is an item: its children are worth a note
	piece    bool   // it is the child of an item that was noted last
}

// text reads bytes of text of the element that is open. gofeed puts the text of an extension element together piece
// by piece, each time with a copy of all before it: what is short in one piece takes minutes in half a million. The
// root and the channel are no extensions, and have as many pieces as items.
func (w *walk) text(size int) error {
	if size == 0 || w.depth < 2 || w.depth == 2 && !w.isAtom() {
		return nil
	}
	w.levels[w.depth].text += size
	if w.copied += w.levels[w.depth].text; w.copied > maxCopied {
		return errors.New("text in too many pieces")
	}
	return nil
}

// markup reads the piece of markup that starts at a byte of the document and returns its size in bytes.
func (w *walk) markup(at int) (int, error) {
	text := w.doc[at:]
	switch {
	case bytes.HasPrefix(text, []byte("<!--")):
		return w.aside(at, len("<!--"), "-->") // <!--> ends no comment
	case bytes.HasPrefix(text, []byte("<![CDATA[")):
		size := w.upTo(at, len("<![CDATA["), "]]>")
		return size, w.text(size)
	case bytes.HasPrefix(text, []byte("<?")):
		return w.instruction(at)
	case bytes.HasPrefix(text, []byte("<!")):
		return w.doctype(at)
	case bytes.HasPrefix(text, []byte("</")):
		return w.leave(at)
	}
	return w.enter(at)
}

// upTo returns the number of bytes from at up to and with end, which is looked for from the byte start on. Where it is
// missing the document was cut, and the rest of it is returned.
func (w *walk) upTo(at, start int, end string) int {
	text := w.doc[at:]
	if i := bytes.Index(text[start:], []byte(end)); i >= 0 {
		return start + i + len(end)
	}
	w.cut, w.inside = true, at
	return len(text)
}

// aside reads what is not the feed's own: a comment, an instruction.
func (w *walk) aside(at, start int, end string) (int, error) {
	size := w.upTo(at, start, end)
	if size > maxAside {
		return 0, fmt.Errorf("a comment or an instruction of more than %d bytes", maxAside)
	}
	return size, nil
}

// instruction reads a processing instruction. An XML declaration within the text is refused: encoding/xml would
// read on in the charset that it names, and see other tags than the guard.
func (w *walk) instruction(at int) (int, error) {
	text := w.doc[at:]
	size, err := w.aside(at, len("<?"), "?>")
	if !w.cut && bytes.HasPrefix(text, []byte("<?xml")) && !bytes.HasPrefix(text, []byte("<?xml-")) {
		return 0, errors.New("an XML declaration within the document")
	}
	return size, err
}

// doctype reads a DOCTYPE before the root element, and refuses any other declaration and one whose end has to be
// guessed: encoding/xml honours quotes, comments and nested declarations in it, and so takes another ">" for its end.
func (w *walk) doctype(at int) (int, error) {
	const start = "<!DOCTYPE"
	text := w.doc[at:]
	for _, known := range []string{"<!--", "<![CDATA[", start} {
		if len(text) < len(known) && strings.EqualFold(known[:len(text)], string(text)) {
			return w.upTo(at, 0, ">"), nil
		}
	}
	if len(text) < len(start) || !bytes.EqualFold(text[:len(start)], []byte(start)) || w.root != "" {
		return 0, errors.New("a declaration that is no DOCTYPE before the first element")
	}
	size := w.upTo(at, len(start), ">")
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
	if quote != 0 && !w.cut {
		return 0, errors.New("a DOCTYPE whose quotes do not end before its >")
	}
	return size, nil
}

// enter reads a start tag.
func (w *walk) enter(at int) (int, error) {
	size, whole, err := tagSize(w.doc[at:])
	if err != nil {
		return 0, err
	}
	if !whole {
		w.cut, w.inside = true, at
		return size, nil
	}
	tag := w.doc[at : at+size]
	name := tagName(tag[1:])
	if len(name) > maxTagName {
		return 0, fmt.Errorf("the name of an element of more than %d bytes", maxTagName)
	}
	if w.root == "" {
		w.root = string(localName(name[:min(len(name), 100)]))
	}
	if w.tags++; w.tags > maxTags {
		return 0, fmt.Errorf("more than %d elements", maxTags)
	}
	declared := bytes.Count(tag, []byte("xmlns"))
	if w.inScope+declared > maxNamespaces {
		return 0, fmt.Errorf("more than %d namespace declarations", maxNamespaces)
	}
	if w.depth++; w.depth > maxDepth {
		return 0, fmt.Errorf("nesting over %d", maxDepth)
	}
	w.inScope += declared
	w.levels[w.depth] = level{name: name, local: localName(name), declared: declared, base: w.levels[w.depth-1].base}
	w.note(tag, at)
	if bytes.HasSuffix(tag, []byte("/>")) {
		w.closeTop(at+size, at+size, true)
	}
	return size, nil
}

// leave reads an end tag. It closes all that was opened since its start tag, as encoding/xml does where it is not
// strict. One that closes nothing would be the end of the feed there: it is masked.
func (w *walk) leave(at int) (int, error) {
	size := w.upTo(at, len("</"), ">")
	tag := w.doc[at : at+size]
	if len(tag) > maxTagBytes {
		return 0, fmt.Errorf("a tag of more than %d bytes", maxTagBytes)
	}
	if bytes.IndexByte(tag[1:], '<') >= 0 {
		return 0, errInTag
	}
	if w.cut {
		return size, nil
	}
	if w.ends++; w.ends > maxTags {
		return 0, fmt.Errorf("more than %d end tags", maxTags)
	}
	name := localName(tagName(tag[2:]))
	if !w.isOpen(name) {
		w.stray++
		w.mask(at, at+size, ' ')
		return size, nil
	}
	for own := false; !own; {
		own = bytes.Equal(w.levels[w.depth].local, name)
		w.closeTop(at, at+size, own)
	}
	return size, nil
}

func (w *walk) isOpen(local []byte) bool {
	for i := w.depth; i > 0; i-- {
		if bytes.Equal(w.levels[i].local, local) {
			return true
		}
	}
	return false
}
