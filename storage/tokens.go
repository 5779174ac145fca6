package storage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// token is a piece of text that the search index knows, and the bytes of the text where it stands.
type token struct {
	text       string // folded
	start, end int
}

// Kinds of characters.
const (
	separating = iota // white space, punctuation, symbols, control characters, bytes that are no UTF-8
	han
	letters   // letters and digits of other scripts
	invisible // format characters such as U+200B: a text reads the same without them
)

// tokenize returns the tokens of a text, in order. A run of Han characters c1…cn gives c1c2, c2c3, … and cn alone, so
// that each character begins exactly one token, and a word of two is one list of the index however frequent its
// characters are. A run of other letters and digits is one token.
func tokenize(text string) []token {
	all := make([]token, 0, len(text)/3) // a Han character is three bytes
	before := separating
	for at, r := range text {
		kind, end := kindOf(foldRune(r)), at+utf8.RuneLen(r)
		if kind == invisible {
			continue
		}
		if kind == before && kind != separating { // a run goes on: the token before reaches over this character
			all[len(all)-1].end = end
		}
		if kind == han || kind == letters && before != letters {
			all = append(all, token{start: at, end: end})
		}
		before = kind
	}
	for i, t := range all {
		all[i].text = fold(text[t.start:t.end])
	}
	return all
}

// isCommonHan reports whether r is one of the 20,992 Han characters that nearly all text is made of. It spares them the
// tables of Unicode.
func isCommonHan(r rune) bool { return '一' <= r && r <= '\u9fff' }

// kindOf returns the kind of a folded character.
func kindOf(r rune) int {
	switch {
	case isCommonHan(r), unicode.Is(unicode.Han, r): // also 々 and 〇
		return han
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return letters
	case r < 0:
		return invisible
	}
	return separating
}

// fold returns the text as it is compared: lower case, full-width characters as their ASCII ones, U+3000 as a space,
// without invisible characters.
func fold(text string) string { return strings.Map(foldRune, text) }

// foldRune returns the folded character, and -1 for one that is left out.
func foldRune(r rune) rune {
	switch {
	case isCommonHan(r):
		return r
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return unicode.ToLower(feeds.Narrow(r))
}

// texts joins tokens by spaces, as the index takes them: its tokenizer parts ASCII at what is no letter or digit, and
// leaves everything else together.
func texts(tokens []token) string {
	var joined strings.Builder
	joined.Grow(8 * len(tokens)) // two Han characters and a space are seven bytes
	for _, t := range tokens {
		joined.WriteString(t.text)
		joined.WriteByte(' ')
	}
	return joined.String()
}

// characters returns each Han character of the tokens once, joined by spaces: what a query of one character asks for.
func characters(lists ...[]token) string {
	var joined strings.Builder
	seen := make(map[rune]bool)
	for _, tokens := range lists {
		for _, t := range tokens {
			first, size := utf8.DecodeRuneInString(t.text)
			if kindOf(first) != han || seen[first] {
				continue
			}
			seen[first] = true
			joined.WriteString(t.text[:size])
			joined.WriteByte(' ')
		}
	}
	return joined.String()
}
