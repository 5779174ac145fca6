package feeds

import (
	"unicode"
	"unicode/utf8"
)

// Words counts the words of a text as editors of Chinese texts do: a Chinese, Japanese or Korean character is one, and so
// is a run of other letters and digits, with what holds one together: 1,234.5 and don't are one word each. Punctuation
// is none.
func Words(text string) int {
	count, inWord, joined := 0, false, false
	for text != "" {
		if n := Ideographs(text); n > 0 {
			count += n / 3
			inWord, joined = false, false
			text = text[n:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		switch sign := IsSign(r); {
		case !sign && r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			count++
			inWord, joined = false, false
		case !sign && (r < 0x80 || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)):
			if !inWord && !joined {
				count++
			}
			inWord, joined = true, false
		default:
			joined = inWord && (r == '.' || r == ',' || r == '\'' || r == '’' || r == '-' || r == '%')
			inWord = false
		}
	}
	return count
}
