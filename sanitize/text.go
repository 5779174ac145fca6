package sanitize

import (
	"strings"
	"unicode"
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
	skipped := atom.Atom(0)
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case html.ErrorToken:
			text.WriteString(html.UnescapeString(raw)) // a tag without end is none
			return text.String()
		case html.TextToken:
			if skipped == 0 {
				text.Write(z.Text())
			}
		case html.CommentToken:
			text.WriteString(characterData(raw))
		case html.DoctypeToken:
		default:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			skipped = skippedAfter(a, kind, skipped)
			if skipped == 0 {
				z.NextIsNotRawText()
			}
			text.WriteString(insteadOf(a, raw))
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
	space := false
	for _, r := range s {
		switch {
		case isSpace(r):
			space = b.Len() > 0
		case forbidden(r):
		default:
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
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}

// special reports whether a character is not simply written: white space, or forbidden.
func special(r rune) bool {
	switch {
	case r > ' ' && r < 0x7f, r > 0x3000 && r < 0xd800:
		return false // nearly all of a body
	}
	return isSpace(r) || forbidden(r)
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', '\v', '\u00a0', '\u3000', '\u2028', '\u2029':
		return true
	}
	return r > 0x7f && r != '\u0085' && unicode.Is(unicode.Zs, r)
}

// forbidden reports whether a character may not leave the house: XML's Char production leaves it out (and
// the C1 controls and noncharacters, which validators complain of), it stands for a character that could
// not be read, it turns the direction of writing round, or it has no width. The joiners U+200C and U+200D
// stay: emoji and other scripts are written with them.
func forbidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xad, r == 0x61c, r == 0x180e:
		return true
	case r == 0x200b, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r >= 0xd800 && r <= 0xdfff, r >= 0xfdd0 && r <= 0xfdef, r == 0xfeff, r == 0xfffd:
		return true
	}
	return r&0xfffe == 0xfffe
}
