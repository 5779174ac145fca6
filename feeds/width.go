package feeds

import "strings"

// The full-width forms of ASCII (Unicode block Halfwidth and Fullwidth Forms) stand at a fixed distance from it; only
// the space has its wide form elsewhere.
const (
	firstWide = '！'
	lastWide  = '～'
	wideSpace = '\u3000'
	wideBy    = firstWide - '!'
)

// HalfWidth returns s with the full-width forms of ASCII as ASCII: ＬＰＲ１％ becomes LPR1%, and the ideographic space a
// space. Chinese keyboards give both, and sources mix them. Everything else stays, Chinese punctuation such as 。 too.
func HalfWidth(s string) string { return strings.Map(Narrow, s) }

// Narrow returns one character as [HalfWidth] does.
func Narrow(r rune) rune {
	switch {
	case r == wideSpace:
		return ' '
	case r >= firstWide && r <= lastWide:
		return r - wideBy
	}
	return r
}

// widen is the opposite of Narrow.
func widen(r rune) rune {
	switch {
	case r == ' ':
		return wideSpace
	case r >= '!' && r <= '~':
		return r + wideBy
	}
	return r
}
