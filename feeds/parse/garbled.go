package parse

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// What a text has to hold before it is called garbled: an article may quote a garbled word, and a name may be lost.
const (
	leastShare    = 10  // garbled letters are one in so many, or more
	markerShare   = 30  // the same, of 锟斤拷 and its like
	longText      = 100 // characters from which on
	brokenShare   = 100 // more than one U+FFFD in so many is too much
	windowLetters = 32  // how much is looked at together: a text may be garbled in part
)

// Garbled says how a text shows that it was decoded by the wrong charset, before it came here or in here; it is empty for a
// text that reads well. It takes plain text, such as a title and a body without markup, of any length and language, and
// finds U+FFFD in runs, 锟斤拷 and its like, and Chinese that was written as UTF-8, GBK or Big5 and read as another of
// them or as Latin-1. The reason is a clause for the operator, such as "UTF-8 that was read as GBK".
func Garbled(text string) string {
	if hasBrokenRuns(text) {
		return "characters that could not be decoded (U+FFFD)"
	}
	if marker := markerOf(text); marker != "" {
		return marker
	}
	return misread(text)
}

// hasBrokenRuns finds three U+FFFD in a row, or many in a long text.
func hasBrokenRuns(text string) bool {
	const broken = "\uFFFD"
	if strings.Contains(text, broken+broken+broken) {
		return true
	}
	count := strings.Count(text, broken)
	if count == 0 {
		return false
	}
	characters := utf8.RuneCountInString(text)
	return characters >= longText && count*brokenShare > characters
}

// markers are what a broken text turns into when it is read once more: U+FFFD and the byte order mark as GBK, and memory
// that no program has written to.
var markers = []struct {
	text  string
	least int // in a row
	means string
}{
	{"锟斤拷", 2, "text lost in a change of charset (锟斤拷)"},
	{"锘匡豢", 1, "byte order marks that were read as GBK (锘匡豢)"},
	{"烫", 6, "memory instead of text (烫烫烫)"},
	{"屯", 6, "memory instead of text (屯屯屯)"},
}

// markerOf returns what the markers of a text mean, where it holds them in a row, or several, and they are more of it than
// a quotation would be.
func markerOf(text string) string {
	for _, m := range markers {
		count := strings.Count(text, m.text)
		if count == 0 || count*utf8.RuneCountInString(m.text)*markerShare < utf8.RuneCountInString(text) {
			continue
		}
		alone := strings.TrimSpace(text) == m.text
		if strings.Contains(text, strings.Repeat(m.text, m.least)) || alone || m.least == 2 && count > 2 {
			return m.means
		}
	}
	return ""
}

// misread looks for text of one charset that was read in another. What reads well is passed by without being decoded.
func misread(text string) string {
	var w window
	var found finding
	letters := 0
	for i, r := range text {
		w.add(r)
		if w.letters >= windowLetters || w.western >= 2*windowLetters {
			letters += w.letters + w.western
			end := i + utf8.RuneLen(r)
			found.look(w, text[w.start:end])
			w = window{start: end}
		}
	}
	letters += w.letters + w.western
	found.look(w, text[w.start:])
	if found.garbled == 0 || found.garbled*leastShare < letters {
		return ""
	}
	return found.how
}

// window is a part of a text, and what it is made of.
type window struct {
	start   int // bytes into the text
	letters int // Han, kana and Hangul
	common  int // of these
	western int // of Latin-1
	pairs   int // of characters beyond ASCII of which the second is of Latin-1: of é and à in French there are none
	last    rune
}

func (w *window) add(r rune) {
	switch {
	case r < utf8.RuneSelf:
	case r <= 0xFF:
		w.western++
		if w.last >= utf8.RuneSelf && (w.last < '‐' || w.last > '‟') { // dashes and quotes stand beside any letter
			w.pairs++
		}
	case r >= 0x4E00 && r <= 0x9FFF:
		w.letters++
		if commonHan.has(r) {
			w.common++
		}
	case r >= 0x3400 && r <= 0x4DBF || r >= 0xE000 && r <= 0xF8FF:
		w.letters++
	case r >= 0x3040 && r <= 0x30FF || r >= 0xAC00 && r <= 0xD7A3:
		w.letters++
		w.common++
	}
	w.last = r
}

// finding adds up what the windows of a text show.
type finding struct {
	how     string
	garbled int // letters
	vain    int // windows that were decoded and read no better: rare text, which takes ten times as long as other
}

// look tries to undo what may have been done to a window. Of what reads well, half is common and a third at least; of what
// was misread, one letter in twenty.
func (f *finding) look(w window, text string) {
	const least, enough = 3, 100
	western := w.pairs >= least
	rare := w.letters >= least && float64(w.common) <= plausible*float64(w.letters)
	if !western && !rare || f.vain > enough {
		return
	}
	before := f.garbled
	if western {
		f.western(w, text)
	}
	if rare {
		f.eastern(w, text)
	}
	if f.garbled == before {
		f.vain++
	}
}

func (f *finding) western(w window, text string) {
	coded := westernBytes(text)
	switch {
	case readsAsUTF8(coded):
		f.add("UTF-8 that was read as Latin-1", w.western)
	case readsAsGBK(coded):
		f.add("GBK that was read as Latin-1", w.western)
	}
}

func (f *finding) eastern(w window, text string) {
	coded := encoded(simplifiedchinese.GBK, text)
	switch {
	case readsAsUTF8(coded):
		f.add("UTF-8 that was read as GBK", w.letters)
	case readsAs(traditionalchinese.Big5, coded):
		f.add("Big5 that was read as GBK", w.letters)
	case readsAs(simplifiedchinese.GB18030, encoded(traditionalchinese.Big5, text)):
		f.add("GBK that was read as Big5", w.letters)
	}
}

func (f *finding) add(how string, letters int) {
	f.how = how
	f.garbled += letters
}

// encoded encodes text, what the charset does not have as SUB.
func encoded(codec encoding.Encoding, text string) string {
	coded, err := encoding.ReplaceUnsupported(codec.NewEncoder()).String(text)
	if err != nil {
		return ""
	}
	return coded
}

// westernBytes encodes text in windows-1252 and, where that has nothing, in Latin-1.
func westernBytes(text string) string {
	coded := make([]byte, 0, len(text))
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		switch {
		case ok:
		case r <= 0xFF:
			c = byte(r)
		default:
			c = 0
		}
		coded = append(coded, c)
	}
	return string(coded)
}

// tally counts what text reads like.
type tally struct{ letters, common int }

func (t *tally) add(r rune) {
	if r >= 0x4E00 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 {
		t.letters++
		if commonHan.has(r) || commonHangul.has(r) {
			t.common++
		}
	}
}

// readsAsUTF8 reports whether there are characters of UTF-8 among the bytes that read well, or nearly all the bytes are
// Han. In text of another charset three bytes that are one are rare, and a common one far rarer.
func readsAsUTF8(coded string) bool {
	var t tally
	beyond := 0
	for i, r := range coded {
		t.add(r)
		if coded[i] >= utf8.RuneSelf {
			beyond += utf8.RuneLen(r)
			if r == utf8.RuneError {
				beyond -= 2 // one byte
			}
		}
	}
	return t.common >= 2 && 5*t.common >= 2*t.letters || t.letters >= 3 && 4*t.letters >= beyond
}

// readsAs reports whether the bytes read well in a charset. In that any bytes are Han, so that half of them must be common.
func readsAs(codec encoding.Encoding, coded string) bool {
	t := tallyOf(codec, coded)
	return t.common >= 3 && 2*t.common >= t.letters
}

func tallyOf(codec encoding.Encoding, coded string) tally {
	var t tally
	text, err := codec.NewDecoder().String(coded)
	if err != nil {
		return t
	}
	for _, r := range text {
		t.add(r)
	}
	return t
}

// readsAsGBK reports whether runs of bytes beyond ASCII read well as GBK. One or two are letters with an accent, and no
// language writes four of those in a row.
func readsAsGBK(coded string) bool {
	var runs []byte
	start := 0
	for i := 0; i <= len(coded); i++ {
		if i < len(coded) && coded[i] >= utf8.RuneSelf {
			continue
		}
		if i-start >= 4 {
			runs = append(append(runs, coded[start:i]...), ' ')
		}
		start = i + 1
	}
	t := tallyOf(simplifiedchinese.GB18030, string(runs))
	return t.common >= 2 && 4*t.common >= t.letters
}
