package sanitize

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// Bounds of a title, name or tag.
const (
	maxTextInput = 16 << 10 // bytes that are read
	maxText      = 500      // characters that are returned
)

// Text returns a title, a name or a tag as text: markup is stripped once, character references are read
// once, white space is folded, and characters that XML forbids, that turn the direction of writing round
// (U+202A–202E, 2066–2069 …) or that cannot be seen are removed. At most 500 characters, the last being …
// where it was cut. The result is text: it is escaped again wherever it is written.
//
// What only looks like markup stays: 利率<LPR is no tag, for there is no such element and it has no end.
func Text(s string) string {
	s = strings.ToValidUTF8(feeds.CutBytes(s, maxTextInput), "")
	if strings.ContainsAny(s, "<&") {
		s = stripped(s)
	}
	return cutText(fold(s), maxText)
}

// stripped removes markup and reads character references, once and in one pass: stripping first and reading
// afterwards would bring markup back.
func stripped(s string) string {
	var text strings.Builder
	unseen := passage{hides: hiddenByItself}
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case html.ErrorToken:
			text.WriteString(html.UnescapeString(raw)) // a tag without end is none
			return text.String()
		case html.TextToken:
			if !unseen.open() {
				text.Write(z.Text())
			}
		case html.CommentToken:
			text.WriteString(characterData(raw))
		case html.DoctypeToken:
		default:
			token := z.Token()
			unseen.pass(token)
			if unseen.raw == 0 {
				z.NextIsNotRawText()
			}
			if !unseen.open() {
				text.WriteString(insteadOf(token.DataAtom, raw))
			}
		}
	}
}

// characterData returns what a CDATA section holds: some sources wrap their titles twice. To an HTML
// tokenizer it is a comment, which ends at the first >.
func characterData(raw string) string {
	inside, ok := strings.CutPrefix(raw, "<![CDATA[")
	if !ok {
		return ""
	}
	return html.UnescapeString(strings.TrimSuffix(strings.TrimSuffix(inside, ">"), "]]"))
}

// insteadOf returns what stands for a tag in text: itself where there is no such element.
func insteadOf(a atom.Atom, raw string) string {
	switch {
	case a == 0:
		return html.UnescapeString(raw)
	case endsLine(a):
		return " "
	}
	return ""
}

// fold makes each run of white space one space, drops it at both ends, and removes what cannot be printed.
func fold(s string) string {
	var b strings.Builder
	var c characters
	space := false
	b.Grow(len(s))
	for i, r := range s {
		switch plain := !special(r); {
		case !plain && isSpace(r):
			space = b.Len() > 0
			c = characters{}
		case plain || c.keeps(r, s[i:]):
			if plain {
				c = characters{last: r}
			}
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cutText returns at most n characters of s, the last being … where it was cut.
func cutText(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return strings.TrimRightFunc(string(runes[:n-1]), trails) + "…"
}

// trails reports whether a character is nothing at the end of a text.
func trails(r rune) bool { return isSpace(r) || isJoiner(r) }
