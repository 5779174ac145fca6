package parse

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// isXMLChar reports whether r may stand in an XML 1.0 document (section 2.2, Char).
func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// charReference is a numeric character reference, whether or not it names a character that XML allows.
var charReference = regexp.MustCompile(`&#(?:[0-9]{1,9}|[xX][0-9a-fA-F]{1,8});`)

// cleanXML drops the characters and references for which the XML parser would refuse the whole document:
// control characters, U+FFFE and U+FFFF, references to them, and bytes that are no UTF-8.
func cleanXML(text []byte) []byte {
	if !isCleanXML(text) {
		text = bytes.Map(func(r rune) rune {
			if isXMLChar(r) {
				return r
			}
			return -1
		}, bytes.ToValidUTF8(text, []byte("\uFFFD")))
	}
	if !bytes.Contains(text, []byte("&#")) {
		return text
	}
	return charReference.ReplaceAllFunc(text, func(ref []byte) []byte {
		if r, ok := referencedRune(string(ref)); ok && isXMLChar(r) {
			return ref
		}
		return nil
	})
}

// isCleanXML finds the usual case without a copy.
func isCleanXML(text []byte) bool {
	for len(text) > 0 {
		if c := text[0]; c >= 0x20 && c < utf8.RuneSelf || c == '\n' || c == '\t' || c == '\r' {
			text = text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size <= 1 || !isXMLChar(r) {
			return false
		}
		text = text[size:]
	}
	return true
}

func referencedRune(ref string) (rune, bool) {
	digits := strings.TrimSuffix(strings.TrimPrefix(ref, "&#"), ";")
	base := 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseInt(digits, base, 64)
	if err != nil || n > utf8.MaxRune {
		return 0, false
	}
	return rune(n), true
}
