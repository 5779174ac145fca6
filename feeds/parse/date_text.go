package parse

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// plainDate writes a date with fewer signs: lower case, half width, simplified characters, one kind of dash and
// of space, Arabic numerals, and no day of the week in Chinese (its 一 would be taken for a number).
func plainDate(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for s = strings.Map(plainRune, s); s != ""; {
		if s[0] < utf8.RuneSelf {
			b.WriteByte(s[0])
			s = s[1:]
		} else if rest, found := cutWeekday(s); found {
			b.WriteByte(' ')
			s = rest
		} else if n := numeralBytes(s); n > 0 {
			b.WriteString(arabic(s[:n]))
			s = s[n:]
		} else {
			_, size := utf8.DecodeRuneInString(s)
			b.WriteString(s[:size])
			s = s[size:]
		}
	}
	return b.String()
}

// plainSigns are the characters of dates that Taiwan and Hong Kong write otherwise, and the signs that stand in for
// those of ASCII.
var plainSigns = map[rune]rune{
	'週': '周', '時': '时', '點': '点', '鐘': '钟', '鍾': '钟', '號': '号', '剛': '刚', '個': '个', '兩': '两', '後': '后', '間': '间', '發': '发',
	'‐': '-', '‑': '-', '–': '-', '—': '-', '−': '-', '∶': ':', '︰': ':', '○': '〇', '零': '〇', '【': '[', '】': ']',
}

// plainRune is negative for what is left out: marks of direction and width, which browsers print into dates.
func plainRune(r rune) rune {
	if r < utf8.RuneSelf {
		return plainASCII(r)
	}
	if other, found := plainSigns[r]; found {
		return other
	}
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	if narrow := feeds.Narrow(r); narrow != r {
		return plainASCII(narrow)
	}
	return r
}

func plainASCII(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < ' ':
		return ' '
	}
	return r
}

// cutWeekday returns s without the day of the week that it starts with: 周一, 星期日, 礼拜天.
func cutWeekday(s string) (rest string, found bool) {
	for _, name := range []string{"周", "星期", "礼拜"} {
		rest, found := strings.CutPrefix(s, name)
		if r, size := utf8.DecodeRuneInString(rest); found && strings.ContainsRune("一二三四五六日天", r) {
			return rest[size:], true
		}
	}
	return s, false
}

const chineseDigits = "〇一二三四五六七八九"

// numeralBytes returns the length of the Chinese numeral that s starts with.
func numeralBytes(s string) int {
	return len(s) - len(strings.TrimLeft(s, chineseDigits+"十廿卅两"))
}

// arabic writes a Chinese numeral in digits: 二〇二二, 十一, 二十一, 廿一, 两. Beyond 99 only single digits are read.
func arabic(numeral string) string {
	tens, single, digits := 0, 0, ""
	for _, r := range numeral {
		switch r {
		case '十':
			tens += max(single, 1) * 10
			single = 0
		case '廿':
			tens += 20
		case '卅':
			tens += 30
		case '两':
			single, digits = 2, digits+"2"
		default:
			single = strings.IndexRune(chineseDigits, r) / len("〇")
			digits += strconv.Itoa(single)
		}
	}
	if tens > 0 {
		return strconv.Itoa(tens + single)
	}
	return digits
}
