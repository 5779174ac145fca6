package parse

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// errNothingWhole is said of a document that was cut before there was anything to keep.
var errNothingWhole = errors.New("the document was cut before its first entry; it is asked for again")

// dropTornRune drops the start of a character at the end of a document that is UTF-8 otherwise: a document that was
// cut there would be taken for one in another charset.
func dropTornRune(body []byte) []byte {
	for size := 1; size < utf8.UTFMax && size <= len(body); size++ {
		start := len(body) - size
		if utf8.RuneStart(body[start]) {
			if !utf8.FullRune(body[start:]) && utf8.Valid(body[:start]) {
				return body[:start]
			}
			return body
		}
	}
	return body
}

// mendTorn returns what the guard saw of a document, up to the end of its root. One that was cut is closed after its
// last whole item. One that holds the end of its root within a comment or a tag that does not end was not cut, but is
// damaged.
func (w *walk) mendTorn(size int) (text []byte, fault string, err error) {
	if !w.cut {
		return w.masked(w.doc[:w.end]), "", nil
	}
	if rest := w.doc[w.inside:]; w.inside > 0 && bytes.Contains(rest[1:], append([]byte("</"), w.levels[1].name...)) {
		return nil, "", fmt.Errorf("the feed is damaged: the markup at byte %d does not end", w.inside)
	}
	if w.wholeEnd == 0 {
		return nil, "", errNothingWhole
	}
	where := "before its end"
	if w.inItem() {
		where = "in the middle of an entry"
	}
	text = bytes.Clone(w.masked(w.doc)[:w.wholeEnd])
	for i := len(w.wholeOpen) - 1; i >= 0; i-- {
		if name := w.wholeOpen[i]; name != nil {
			text = fmt.Appendf(text, "</%s>", name)
		}
	}
	w.items = w.items[:w.wholeItems]
	return text, tornFault(size, where, w.wholeItems), nil
}

func (w *walk) inItem() bool {
	for _, l := range w.levels[:w.depth+1] {
		if l.item {
			return true
		}
	}
	return false
}

// tornFault tells of a document that was cut. size is its number of bytes as it was sent.
func tornFault(size int, where string, whole int) string {
	return fmt.Sprintf("the document ends at byte %d %s: %d whole entries were read", size, where, whole)
}
