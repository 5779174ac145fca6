package parse

import (
	"bytes"
	"html"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// notes are what the guard tells of a feed beside its verdict: it sees every tag, and gofeed keeps some of them to
// itself, or reads them wrongly. gofeed takes the last part of an xml:base for a folder, and resolves an <id>;
// and to take the <div> off an Atom text it parses it as HTML, where 500 tags <b> before 20,000 of <p> become
// ten million. So what makes it do that is masked, and read here.
type notes struct {
	feedBase string // address that the feed's own relative ones are relative to
	items    []itemNote
	masks    []mask
	stray    int // end tags that closed nothing

	wholeEnd   int       // where the last whole item ended
	wholeOpen  [2][]byte // names of the elements that were open there, the root first
	wholeItems int       // items up to there
}

// itemNote is what is noted of an item.
type itemNote struct {
	base   string // address that its relative ones are relative to
	pieces []piece
}

// piece is a child of an item.
type piece struct {
	name       string // local
	kind, mode string // attributes type and mode
	base       string
	from, to   int // bytes of the document between its tags
}

// last returns the last piece of a name, which is the one that gofeed keeps too.
func (n itemNote) last(name string) (piece, bool) {
	for _, p := range slices.Backward(n.pieces) {
		if p.name == name {
			return p, true
		}
	}
	return piece{}, false
}

// mask is a run of bytes that the parser is not to see.
type mask struct {
	from, to int
	with     byte
}

func (n *notes) mask(from, to int, with byte) {
	n.masks = append(n.masks, mask{from: from, to: to, with: with})
}

// masked returns the text without what the masks hide, of the same size.
func (n *notes) masked(text []byte) []byte {
	if len(n.masks) == 0 {
		return text
	}
	text = bytes.Clone(text)
	for _, m := range n.masks {
		for i := m.from; i < min(m.to, len(text)); i++ {
			text[i] = m.with
		}
	}
	return text
}

func (w *walk) isAtom() bool { return strings.EqualFold(w.root, "feed") }

// note notes what there is to note of the element that was entered last, whose tag starts at a byte of the document.
func (w *walk) note(tag []byte, at int) {
	top := &w.levels[w.depth]
	if bytes.Contains(tag, []byte("xml:base")) {
		top.base = w.baseOf(tag, at, top.base)
	}
	local := strings.ToLower(string(localName(top.name)))
	if w.depth == 1 || w.depth == 2 && local == "channel" {
		w.feedBase = top.base
	}
	if w.isAtom() && local != "link" && bytes.Contains(tag, []byte("type")) {
		w.maskType(tag, at)
	}
	switch {
	case w.isItem(local):
		top.item = true
		w.items = append(w.items, itemNote{base: top.base})
	case w.depth > 1 && w.levels[w.depth-1].item && w.isPiece(local):
		top.piece = true
		p := piece{name: local, base: top.base, from: at + len(tag), to: at + len(tag)}
		for name, value := range attributes(tag) {
			switch string(name) {
			case "type":
				p.kind = strings.ToLower(strings.TrimSpace(string(value)))
			case "mode":
				p.mode = strings.ToLower(strings.TrimSpace(string(value)))
			}
		}
		item := &w.items[len(w.items)-1]
		item.pieces = append(item.pieces, p)
	}
}

// isItem reports whether the element that was entered last is one that gofeed takes for an item.
func (w *walk) isItem(local string) bool {
	if w.isAtom() {
		return w.depth == 2 && local == "entry" && w.samePrefix(1)
	}
	return local == "item" && (w.depth == 2 || w.depth == 3 && w.samePrefix(2) && bytes.EqualFold(localName(w.levels[2].name), []byte("channel")))
}

// isPiece reports whether the child of an item that was entered last is worth a note.
func (w *walk) isPiece(local string) bool {
	if local == "encoded" {
		return true // content:encoded
	}
	if !w.samePrefix(w.depth - 1) {
		return false // media:title is no title
	}
	switch local {
	case "id", "title", "summary", "content":
		return w.isAtom()
	case "author", "description":
		return !w.isAtom()
	}
	return false
}

func (w *walk) samePrefix(depth int) bool {
	return bytes.Equal(prefixOf(w.levels[w.depth].name), prefixOf(w.levels[depth].name))
}

// baseOf masks the xml:base of a tag and returns the address that it names, from that of its parent.
func (w *walk) baseOf(tag []byte, at int, parent string) string {
	base, found := parent, false
	for name, value := range attributes(tag) {
		if string(name) != "xml:base" {
			continue
		}
		colon := at + offset(tag, name) + len("xml")
		w.mask(colon, colon+1, '-')
		if found {
			continue // the first counts, as for the parser
		}
		found = true
		if address, ok := feeds.WebAddress(parent, html.UnescapeString(string(value))); ok {
			base = address
		}
	}
	return base
}

// maskType masks the type of an Atom text that gofeed would parse as HTML.
func (w *walk) maskType(tag []byte, at int) {
	for name, value := range attributes(tag) {
		lower := bytes.ToLower(value)
		if string(localName(name)) == "type" && (string(bytes.TrimSpace(lower)) == "html" || bytes.Contains(lower, []byte("xhtml"))) {
			from := at + offset(tag, value)
			w.mask(from, from+len(value), 'x')
		}
	}
}

// offset returns where a part of text starts in it. A part that is cut off at its end has the end of its capacity still.
func offset(text, part []byte) int { return cap(text) - cap(part) }

// closeTop closes the innermost element, whose content ends at a byte, by a tag that ends at another. own says that
// the tag is its own, and not that of one around it.
func (w *walk) closeTop(content, end int, own bool) {
	top := &w.levels[w.depth]
	w.inScope -= top.declared
	if top.piece {
		pieces := w.items[len(w.items)-1].pieces
		pieces[len(pieces)-1].to = max(content, pieces[len(pieces)-1].from)
	}
	w.depth--
	if top.item && own {
		w.wholeEnd, w.wholeItems = end, len(w.items)
		w.wholeOpen = [2][]byte{}
		for i := range w.depth {
			w.wholeOpen[i] = w.levels[i+1].name
		}
	}
	if w.depth == 0 {
		w.end = end
	}
}
