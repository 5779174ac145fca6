package sanitize

import (
	"bytes"
	"unicode/utf8"
)

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
		w.startTag(in.head)
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
			w.space = bytes.TrimLeft(w.space, "\n")
		}
		w.plain(string(w.space))
		if len(w.space) > 0 {
			w.beginLine()
		}
		w.text.Write(w.space)
	case w.fresh:
	case w.breaks > 0:
		for range min(w.breaks, 2) {
			w.startTag("<br>")
		}
		w.newLine = w.text.Len() > 0
	default:
		w.plain(string(w.space))
		if !w.newLine {
			w.text.Write(w.space)
		}
	}
	w.space, w.breaks = w.space[:0], 0
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
			w.space = utf8.AppendRune(w.space, r)
		}
	case r == '\u3000':
		w.space = append(w.space[:0], "\u3000"...)
	case len(w.space) == 0:
		w.space = append(w.space, ' ')
	}
}

// writeText writes text from the source: folded, without characters that may not be in XML, escaped.
func (w *writer) writeText(s string) {
	var c characters
	for s != "" && !w.full {
		// Only the next piece is searched: to search all that is left before each takes the square of it. A
		// character that is cut in two at its end cannot be read, and so ends the piece before it.
		if n := plainBytes(s[:min(len(s), maxChunk)]); n > 0 {
			w.chunk(s[:n])
			last, _ := utf8.DecodeLastRuneInString(s[:n])
			c = characters{last: last}
			s = s[n:]
			continue
		}
		s = s[w.writeSpecial(s, &c):]
	}
}

// writeSpecial writes the character that s begins with, as far as it may be written, and returns its size. One that joins
// is written with what it joins: it is nothing where that has no room.
func (w *writer) writeSpecial(s string, c *characters) int {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case isSpace(r):
		w.addSpace(r)
		*c = characters{}
	case !c.keeps(r, s):
		w.gone.count(goneCharacter)
	case isJoiner(r):
		next, length := utf8.DecodeRuneInString(s[size:])
		size += length
		w.chunk(s[:size])
		*c = characters{last: next}
	default:
		w.chunk(s[:size])
	}
	return size
}

func (w *writer) chunk(s string) {
	escaped := escape(s)
	if !w.room(len(escaped)) {
		return
	}
	w.advance()
	w.plain(escaped)
	w.beginLine()
	w.text.WriteString(s)
	w.visible += len(s)
}

// beginLine begins a line of the text where one is due.
func (w *writer) beginLine() {
	if w.newLine {
		w.text.WriteByte('\n')
		w.newLine = false
	}
}
