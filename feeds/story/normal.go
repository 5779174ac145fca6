package story

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// normal returns the normal form of a text: half width, lower case, without white space and punctuation. Figures stand
// in one spelling, and two that touch are kept apart by a space.
func normal(s string) string { return reduced(fold(s)) }

// reduced is normal of a text that is folded.
func reduced(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	figure := false // the last that was written is of a figure
	for i := 0; i < len(s); {
		if n := ideographs(s[i:]); n > 0 {
			b.WriteString(s[i : i+n])
			figure = false
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if beginsFigure(r) {
			if f, n := figureAt(s[i:]); n > 0 {
				if figure {
					b.WriteByte(' ')
				}
				b.WriteString(f)
				figure = true
				i += n
				continue
			}
		}
		if !feeds.IsSign(r) && (unicode.IsLetter(r) || unicode.IsNumber(r)) {
			b.WriteRune(unicode.ToLower(r))
			figure = false
		}
		i += size
	}
	return b.String()
}

// ideographs returns how many bytes of s, from its beginning, are characters that nearly all of a text is made of, and that
// no figure begins with.
func ideographs(s string) int {
	for i, r := range s {
		if r < 0x4e00 || r > 0x9fff || beginsFigure(r) {
			return i
		}
	}
	return len(s)
}

// figureAt is readFigure, in bytes of s.
func figureAt(s string) (figure string, size int) {
	const usual = 16 // characters, of which a figure is not read to the end
	var first [maxFigure]rune
	for _, most := range []int{usual, maxFigure} {
		runes := first[:0]
		for _, r := range s {
			if runes = append(runes, r); len(runes) == most {
				break
			}
		}
		var n int
		if figure, n = readFigure(runes); n < usual/2 || most == maxFigure {
			for _, r := range runes[:n] {
				size += utf8.RuneLen(r)
			}
			break
		}
	}
	return figure, size
}

// fold returns a text with full-width forms as half-width ones, and all white space within lines as spaces.
func fold(s string) string {
	var b strings.Builder
	done := 0 // of s, in bytes
	for i := 0; i < len(s); {
		if n := feeds.Ideographs(s[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		folded := feeds.Narrow(r)
		if unicode.IsSpace(folded) && folded != '\n' {
			folded = ' '
		}
		if folded != r || r == utf8.RuneError {
			b.Grow(len(s) - done)
			b.WriteString(s[done:i])
			b.WriteRune(folded)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}
