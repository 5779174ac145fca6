package sanitize

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
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
	fresh   bool   // nothing stands in the run yet, so white space is an indent
	space   string // white space between the last text and the next
	breaks  int    // <br> between the last text and the next

	paragraphs []paragraph
	images     int
	visible    int  // bytes of text that were written, without white space
	full       bool // the limit is reached: nothing more is written
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
			w.out.WriteString("</" + last.tag + ">")
		case !last.implied && !w.full:
			w.gone.count(goneEmpty)
		}
	}
}

// boundary ends the paragraph or run of text: what comes next is another one.
func (w *writer) boundary() {
	w.closeInlines(0)
	w.running, w.space, w.breaks = false, "", 0
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
	if w.text.Len() > 0 {
		w.text.WriteByte('\n')
	}
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
			if w.out.Len() > 0 {
				w.out.WriteByte('\n')
			}
			w.out.WriteString(b.head)
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
		w.out.WriteByte('\n')
	}
	w.out.WriteString("<hr>")
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
		w.out.WriteString("</" + last.tag + ">")
	}
}

// advance brings the output to where the next text or image stands: paragraph open, inline elements as
// wanted, white space and line breaks between them and not inside.
func (w *writer) advance() {
	if !w.running {
		w.openRun()
	}
	common := 0
	for common < len(w.written) && common < len(w.inlines) && w.written[common].id == w.inlines[common].id {
		common++
	}
	w.closeInlines(common)
	w.gap()
	for _, in := range w.inlines[common:] {
		w.out.WriteString(in.head)
		w.written = append(w.written, in)
	}
	w.fresh = false
}

// gap writes the white space and line breaks that stand between two pieces of text; those at the start of
// a paragraph, and an indent after a line break, are dropped.
func (w *writer) gap() {
	switch {
	case w.pre():
		if w.fresh {
			// A parser drops the first newline of a pre.
			w.space = strings.TrimLeft(w.space, "\n")
		}
		w.out.WriteString(w.space)
		w.text.WriteString(w.space)
	case w.fresh:
	case w.breaks > 0:
		w.out.WriteString(strings.Repeat("<br>", min(w.breaks, 2)))
		w.text.WriteByte('\n')
	default:
		w.out.WriteString(w.space)
		w.text.WriteString(w.space)
	}
	w.space, w.breaks = "", 0
}

// pre reports whether white space stays as it is.
func (w *writer) pre() bool {
	return len(w.blocks) > 0 && w.blocks[len(w.blocks)-1].tag == "pre"
}

// lineBreak notes a <br>; it is written if text follows in the same paragraph.
func (w *writer) lineBreak() {
	if w.pre() {
		w.addSpace('\n')
	} else if w.running {
		w.breaks++
	}
}

// addSpace notes white space. Outside pre a run of it becomes one space, or one ideographic space where it
// holds one: such a space stands between two names.
func (w *writer) addSpace(r rune) {
	switch {
	case w.pre():
		if r == '\r' {
			r = '\n'
		}
		if len(w.space) < maxSpace {
			w.space += string(r)
		}
	case r == '\u3000':
		w.space = "\u3000"
	case w.space == "":
		w.space = " "
	}
}

// writeText writes text from the source: folded, without characters that may not be in XML, escaped.
func (w *writer) writeText(s string) {
	for s != "" && !w.full {
		// Only the next piece is searched: to search all that is left before each takes the square of it. A
		// character that is cut in two at its end cannot be read, and so ends the piece before it.
		piece := s[:min(len(s), maxChunk)]
		n := strings.IndexFunc(piece, special)
		if n < 0 {
			n = len(piece)
		}
		if n > 0 {
			w.chunk(s[:n])
			s = s[n:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		if isSpace(r) {
			w.addSpace(r)
		} else {
			w.gone.count(goneCharacter)
		}
		s = s[size:]
	}
}

func (w *writer) chunk(s string) {
	escaped := html.EscapeString(s)
	if !w.room(len(escaped)) {
		return
	}
	w.advance()
	w.out.WriteString(escaped)
	w.text.WriteString(s)
	w.visible += len(s)
}

// writeImage writes an img tag.
func (w *writer) writeImage(tag string) {
	if w.room(len(tag)) {
		w.advance()
		w.out.WriteString(tag)
		w.images++
	}
}

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
