package sanitize

import (
	"strings"
)

// role says what an element that is written may hold, and so what has to be opened or closed around it.
type role int

const (
	roleNone      role = iota
	roleLeaf           // p, h1–h6, pre: text and inline elements only
	roleFlow           // blockquote: blocks only, so loose text gets a paragraph
	roleMixed          // li, td …: text directly, or blocks
	roleStructure      // ul, table …: certain children only
	roleInline         // strong, a …: inside a paragraph
)

// element is one open element.
type element struct {
	tag     string
	head    string // its start tag
	role    role
	id      int  // tells two elements of one name apart
	implied bool // not in the source: it holds what may not stand directly in a list or table
	written bool // the start tag is in the output: it is written with the first content, so empty elements never are
	filled  bool // something stands in it
	from    mark // where its start tag is
}

// Bounds of one step.
const (
	maxSpace = 1024 // bytes of a run of white space in a pre
	maxChunk = 1024 // bytes of text that are written, or left out for want of room, at once
)

// mark is a place in the output and in the text.
type mark struct{ html, text, images int }

// paragraph is a finished paragraph at the top level.
type paragraph struct{ from, to mark }

// writer writes a normal form of HTML that parses to the same tree again: every leaf is closed before a
// block opens, inline elements are closed with their paragraph and opened again in the next, no inline
// element stands in one of its own name, and nothing is empty but cells. Beside it, it keeps the text.
type writer struct {
	out, text strings.Builder
	limit     int // bytes of out

	blocks  []element // open or about to be opened, outermost first
	inlines []element // wanted around the next text
	written []element // inline elements that are open in out
	lastID  int

	center  bool   // paragraphs are centred here
	running bool   // text follows text: a paragraph or a bare run of text is open
	newLine bool   // the next text begins a line of the text
	fresh   bool   // nothing stands in the run yet, so white space is an indent
	space   []byte // white space between the last text and the next
	breaks  int    // <br> between the last text and the next

	paragraphs []paragraph
	images     int
	visible    int  // bytes of text that were written, without white space
	inText     bool // out ends with text
	nodes      int  // in out, once it is parsed again: elements, texts and the line breaks between blocks
	full       bool // the limit is reached: nothing more is written
	many       bool // there are too many nodes
	deep       bool // something was nested too deep

	gone removed
}

// open starts a block. It returns what close it with end, or 0 where the block may not stand here, in which
// case it is a boundary between paragraphs and no more.
func (w *writer) open(tag, head string, r role) int {
	w.boundary()
	if !w.fits(tag) || w.tooDeep() {
		return 0
	}
	if parentsOf(tag) == nil {
		w.openFlow()
	}
	return w.push(tag, head, r)
}

func (w *writer) push(tag, head string, r role) int {
	w.lastID++
	w.blocks = append(w.blocks, element{tag: tag, head: head, role: r, id: w.lastID})
	return w.lastID
}

// end closes the block of that id and what is still open in it. A block that was closed already is left.
func (w *writer) end(id int) {
	w.boundary()
	for i := range w.blocks {
		if id != 0 && w.blocks[i].id == id {
			w.closeBlocks(i)
			return
		}
	}
}

// close ends everything.
func (w *writer) close() {
	w.boundary()
	w.closeBlocks(0)
}

func (w *writer) closeBlocks(depth int) {
	for len(w.blocks) > depth {
		last := w.blocks[len(w.blocks)-1]
		w.blocks = w.blocks[:len(w.blocks)-1]
		switch {
		case last.written:
			w.endTag(last.tag)
		case !last.implied && !w.full:
			w.gone.count(goneEmpty)
		}
	}
}

// boundary ends the paragraph or run of text: what comes next is another one.
func (w *writer) boundary() {
	w.closeInlines(0)
	w.running, w.space, w.breaks = false, w.space[:0], 0
	top := len(w.blocks) - 1
	if top < 0 || w.blocks[top].role != roleLeaf {
		return
	}
	leaf := w.blocks[top]
	w.closeBlocks(top)
	if top == 0 && leaf.written {
		w.paragraphs = append(w.paragraphs, paragraph{from: leaf.from, to: w.mark()})
	}
}

// openRun makes sure that text can be written: in the open leaf, directly in an empty cell or list item, or
// in a paragraph of its own.
func (w *writer) openRun() {
	w.openFlow()
	top := len(w.blocks) - 1
	bare := top >= 0 && (w.blocks[top].role == roleLeaf || w.blocks[top].role == roleMixed && !w.blocks[top].filled)
	if !bare {
		w.push("p", w.paragraphHead(), roleLeaf)
	}
	w.writeBlocks()
	w.blocks[len(w.blocks)-1].filled = true
	w.newLine = w.text.Len() > 0
	w.running, w.fresh = true, true
}

func (w *writer) paragraphHead() string {
	if w.center {
		return `<p align="center">`
	}
	return "<p>"
}

// writeBlocks writes the start tags that are due, each on a line of its own.
func (w *writer) writeBlocks() {
	for i := range w.blocks {
		b := &w.blocks[i]
		if !b.written {
			b.from = w.mark()
			if w.out.Len() > 0 && b.tag != "td" && b.tag != "th" { // a table has many cells, and each break is a node
				w.plain("\n")
			}
			w.startTag(b.head)
			b.written = true
		}
		b.filled = b.filled || i < len(w.blocks)-1
	}
}

func (w *writer) mark() mark { return mark{w.out.Len(), w.text.Len(), w.images} }

// cell writes the start tags down to the cell just opened: an empty cell keeps its column.
func (w *writer) cell() {
	if w.room(len(w.blocks) * 40) {
		w.writeBlocks()
	}
}

// rule writes a horizontal line.
func (w *writer) rule() {
	w.boundary()
	w.openFlow()
	if !w.room(len("\n<hr>")) {
		return
	}
	w.writeBlocks()
	if len(w.blocks) > 0 {
		w.blocks[len(w.blocks)-1].filled = true
	}
	if w.out.Len() > 0 {
		w.plain("\n")
	}
	w.startTag("<hr>")
}

// openInline wants an inline element around what follows. It returns what closeInline ends it with, or 0
// where one of that name is open already.
func (w *writer) openInline(tag, head string) int {
	if w.inside(tag) || w.tooDeep() {
		return 0
	}
	w.lastID++
	w.inlines = append(w.inlines, element{tag: tag, head: head, role: roleInline, id: w.lastID})
	return w.lastID
}

// inside reports whether an inline element of that name is wanted around the next text.
func (w *writer) inside(tag string) bool {
	for _, in := range w.inlines {
		if in.tag == tag {
			return true
		}
	}
	return false
}

// closeInline no longer wants the element of that id.
func (w *writer) closeInline(id int) {
	if last := len(w.inlines) - 1; id != 0 && last >= 0 && w.inlines[last].id == id {
		w.inlines = w.inlines[:last]
	}
}

func (w *writer) closeInlines(depth int) {
	for len(w.written) > depth {
		last := w.written[len(w.written)-1]
		w.written = w.written[:len(w.written)-1]
		w.endTag(last.tag)
	}
}

// writeImage writes an image or a player, which is so many nodes.
func (w *writer) writeImage(markup string, nodes int) {
	if w.room(len(markup)) {
		w.advance()
		w.startTag(markup)
		w.count(nodes - 1)
		w.images++
	}
}

// grow makes room for what comes of a body of so many bytes: most of it is text.
func (w *writer) grow(size int) {
	w.out.Grow(min(size+size/8, w.limit))
	w.text.Grow(min(size, w.limit))
}

func (w *writer) startTag(tag string) {
	w.out.WriteString(tag)
	w.inText = false
	w.count(1)
}

func (w *writer) endTag(tag string) {
	w.out.WriteString("</")
	w.out.WriteString(tag)
	w.out.WriteByte('>')
	w.inText = false
}

// plain writes text that is escaped.
func (w *writer) plain(s string) {
	if s == "" {
		return
	}
	if !w.inText {
		w.count(1)
		w.inText = true
	}
	w.out.WriteString(s)
}

// count counts nodes of what is written, as a parser will make them.
func (w *writer) count(nodes int) {
	w.nodes += nodes
	w.many = w.many || w.nodes > maxNodes
}

// stopped reports whether what is written cannot be used whole, or at all.
func (w *writer) stopped() bool { return w.full || w.many || w.deep }

// room reports whether n more bytes fit, with the tags that are open or due. Once they do not, nothing does.
func (w *writer) room(n int) bool {
	n += len(w.space) + len("<br><br>")
	for _, in := range w.inlines {
		n += len(in.head)
	}
	w.full = w.full || w.out.Len()+n > w.limit
	return !w.full
}

func (w *writer) tooDeep() bool {
	w.deep = w.deep || len(w.blocks)+len(w.inlines) >= maxDepth
	return w.deep
}
