package parse

import (
	"bytes"
	"fmt"
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

// cleanXML drops the characters and references for which the XML parser would refuse the whole document: control
// characters, U+FFFE and U+FFFF, and references to them; a byte that is no UTF-8 becomes U+FFFD. It returns how many it
// dropped or replaced.
func cleanXML(text []byte) (clean []byte, dropped int) {
	if !isCleanXML(text) {
		text, dropped = dropCharacters(text)
	}
	if !bytes.Contains(text, []byte("&#")) {
		return text, dropped
	}
	clean = charReference.ReplaceAllFunc(text, func(ref []byte) []byte {
		if r, ok := referencedRune(string(ref)); ok && isXMLChar(r) {
			return ref
		}
		dropped++
		return nil
	})
	return clean, dropped
}

func dropCharacters(text []byte) (clean []byte, dropped int) {
	clean = make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			clean = utf8.AppendRune(clean, r)
			dropped++
		case isXMLChar(r):
			clean = append(clean, text[:size]...)
		default:
			dropped++
		}
		text = text[size:]
	}
	return clean, dropped
}

// characterFaults says what a text lost on the way: what cleanXML dropped, and what was no character of its charset.
func characterFaults(text []byte, dropped int) []string {
	var faults []string
	if dropped > 0 {
		faults = append(faults, fmt.Sprintf("%d characters that XML does not allow were dropped", dropped))
	}
	if broken := bytes.Count(text, []byte("\uFFFD")); broken > 0 {
		faults = append(faults, fmt.Sprintf("%d characters cannot be read in the text's charset and stand as U+FFFD", broken))
	}
	return faults
}

// mendMarkup mends what the XML parser refuses, and with it the whole feed, though its meaning is plain: it takes out
// comments, which may not hold two hyphens, and escapes a ]]> that ends no CDATA section and a < that starts no markup.
// What stands in a CDATA section is text and stays.
func mendMarkup(text []byte) []byte {
	mended := make([]byte, 0, len(text)+len(text)/16)
	for len(text) > 0 {
		next := bytes.IndexByte(text, '<')
		if next < 0 {
			next = len(text)
		}
		if stray := []byte("]]>"); bytes.Contains(text[:next], stray) {
			mended = append(mended, bytes.ReplaceAll(text[:next], stray, []byte("]]&gt;"))...)
		} else {
			mended = append(mended, text[:next]...)
		}
		text = text[next:]
		size, as := mendPiece(text)
		mended = append(mended, as...)
		text = text[size:]
	}
	return mended
}

// mendPiece returns the size of what starts with < at the start of text, in bytes, and what to write for it. A comment
// without an end stays: the document is torn there.
func mendPiece(text []byte) (size int, as []byte) {
	const comment, section = "<!--", "<![CDATA["
	switch {
	case bytes.HasPrefix(text, []byte(comment)):
		size = sizeUpTo(text, len(comment), "-->")
		if bytes.HasSuffix(text[:size], []byte("-->")) {
			return size, nil
		}
	case bytes.HasPrefix(text, []byte(section)):
		size = sizeUpTo(text, len(section), "]]>")
	case bytes.HasPrefix(text, []byte("<?")):
		size = sizeUpTo(text, len("<?"), "?>")
	case len(text) > 1 && !startsMarkup(text[1]):
		return 1, []byte("&lt;")
	default:
		size = min(1, len(text))
	}
	return size, text[:size]
}

// sizeUpTo returns the number of bytes up to and with end, which is looked for from the byte start on, or all of
// them where it is missing.
func sizeUpTo(text []byte, start int, end string) int {
	if i := bytes.Index(text[start:], []byte(end)); i >= 0 {
		return start + i + len(end)
	}
	return len(text)
}

// startsMarkup reports whether a < before c is markup: a tag, or an instruction or declaration.
func startsMarkup(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf || bytes.IndexByte([]byte("/!?_:"), c) >= 0
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
