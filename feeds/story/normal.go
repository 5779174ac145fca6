package story

import (
	"strings"
	"unicode"

	"finews.withounder.com/feeds"
)

// normal returns the normal form of a text: half width, lower case, without white space and punctuation. Figures stand
// in one spelling, and two that touch are kept apart by a space.
func normal(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	runes := fold([]rune(s))
	figure := false // the last that was written is of a figure
	for i := 0; i < len(runes); {
		r := runes[i]
		if f, n := readFigure(runes[i:]); n > 0 {
			if figure {
				b.WriteByte(' ')
			}
			b.WriteString(f)
			figure = true
			i += n
			continue
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			b.WriteRune(unicode.ToLower(r))
			figure = false
		}
		i++
	}
	return b.String()
}

// fold returns runes, in place, with full-width forms as half-width ones.
func fold(runes []rune) []rune {
	for i, r := range runes {
		if runes[i] = feeds.Narrow(r); unicode.IsSpace(r) && r != '\n' {
			runes[i] = ' '
		}
	}
	return runes
}
