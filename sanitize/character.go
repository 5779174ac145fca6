package sanitize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// special reports whether a character is not simply written: white space, forbidden, or kept only where it belongs.
func special(r rune) bool {
	switch {
	case r > ' ' && r < 0x7f, r > 0x3000 && r < 0x302a, r >= 0x3030 && r < 0x3099, r > 0x309a && r < 0x3164, r > 0x3164 && r < 0xa66f, r >= 0xac00 && r < 0xd800:
		return false // nearly all of a body
	}
	return isSpace(r) || forbidden(r) || isJoiner(r) || isSelector(r) || isStacked(r)
}

// plainBytes returns how many bytes of s, from its beginning, are characters that are simply written.
func plainBytes(s string) int {
	for i := 0; i < len(s); {
		if n := feeds.Ideographs(s[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if special(r) {
			return i
		}
		i += size
	}
	return len(s)
}

// escape is html.EscapeString, and sees faster that there is nothing to escape.
func escape(s string) string {
	for _, c := range []byte(`&<>"'`) {
		if strings.IndexByte(s, c) >= 0 {
			return html.EscapeString(s)
		}
	}
	return s
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', '\v', '\u00a0', '\u3000', '\u2028', '\u2029', '\u2800': // the last is a pattern without dots
		return true
	}
	return r > 0x7f && r != '\u0085' && unicode.Is(unicode.Zs, r)
}

// forbidden reports whether a character may not leave the house: XML's Char production leaves it out (and
// the C1 controls and noncharacters, which validators complain of), it stands for a character that could
// not be read, it turns the direction of writing round, or it cannot be seen (Unicode, Default_Ignorable_Code_Point).
func forbidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5:
		return true
	case r >= 0x180b && r <= 0x180f, r == 0x200b, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r == 0x3164, r >= 0xd800 && r <= 0xdfff, r >= 0xfdd0 && r <= 0xfdef, r == 0xfeff, r == 0xffa0, r >= 0xfff0 && r <= 0xfffb, r == 0xfffd:
		return true
	case r >= 0xfe00 && r < 0xfe0e, r >= 0xe0000 && r < 0xe1000: // another shape of a character, or a byte hidden behind it
		return true
	case r == 0x16fe4, r >= 0x13430 && r < 0x13460, r >= 0x1bca0 && r <= 0x1bca3, r == 0x1d159, r >= 0x1d173 && r <= 0x1d17a:
		return true
	}
	return r&0xfffe == 0xfffe
}

// isJoiner reports whether a character joins or parts its neighbours, and has no width.
func isJoiner(r rune) bool { return r == 0x200c || r == 0x200d }

// isSelector reports whether a character has the one before it drawn as text or as emoji, and cannot be seen itself.
func isSelector(r rune) bool { return r == 0xfe0e || r == 0xfe0f }

// isStacked reports whether a character is drawn above, below or across the one before it, without end where there is
// one after the other.
func isStacked(r rune) bool { return r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me) }

// maxStacked is how many marks may stand on one character: Vietnamese has two, vowelled Hebrew three.
const maxStacked = 3

// characters passes the characters of a text one by one, and knows which of those that cannot be seen belong where they
// stand: without that, a text of a few words can hide others, and two texts that look alike are not.
type characters struct {
	last    rune // that was kept; 0: none, or white space
	stacked int  // marks on it
}

// keeps reports whether r is kept, which rest begins with.
func (c *characters) keeps(r rune, rest string) bool {
	if !special(r) {
		c.last, c.stacked = r, 0
		return true
	}
	kept := !forbidden(r)
	switch {
	case isJoiner(r):
		next, _ := utf8.DecodeRuneInString(rest[utf8.RuneLen(r):])
		kept = joins(c.last) && joins(next) && !isSelector(next)
	case isSelector(r):
		kept = selects(c.last)
	case isStacked(r):
		c.stacked++
		kept = kept && c.last != 0 && c.stacked <= maxStacked
		if kept {
			return true // and the last is what it stands on
		}
	}
	if kept {
		c.last, c.stacked = r, 0
	}
	return kept
}

// joins reports whether a character may be joined with its neighbour: emoji may, and letters of scripts that are written
// so. Chinese, Japanese, Korean, Latin and Greek letters are not.
func joins(r rune) bool {
	switch {
	case isSelector(r):
		return true
	case r < 0x600, forbidden(r), isJoiner(r), isStacked(r), isSpace(r):
		return false
	case r >= 0x2000 && r < 0x2100, r >= 0x2e80 && r < 0xa4d0, r >= 0xac00 && r < 0xfb00, r >= 0xfe10 && r < 0xfe70, r >= 0xff00 && r < 0x10000:
		return false
	case r >= 0x20000:
		return false
	}
	return true
}

// selects reports whether a selector may follow a character (UTS 51): symbols are drawn as text or as emoji.
func selects(last rune) bool {
	switch {
	case last == '#', last == '*', last >= '0' && last <= '9', last == 0xa9, last == 0xae:
		return true
	}
	return last >= 0x2000 && !isSelector(last) && !isJoiner(last) && !unicode.Is(unicode.Han, last)
}
