package story

import (
	"strconv"
	"strings"
)

// maxFigure is the longest figure, in characters as written; a longer one is read as several.
const maxFigure = 40

// beginsFigure reports whether a figure may begin with a character.
func beginsFigure(r rune) bool {
	switch r {
	case '零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千':
		return true
	}
	return r >= '0' && r <= '9'
}

// readFigure returns the figure that runes begin with, in one spelling, and how many characters it is written with; n
// is 0 where there is none. 1,234,567.80 and 1234567.8 are the same figure, and so are 18万, 18 万 and 180000, and 三十七
// and 37.
func readFigure(runes []rune) (figure string, n int) {
	runes = runes[:min(len(runes), maxFigure)]
	if n = figureLen(runes); n > 0 {
		figure = strings.ReplaceAll(string(runes[:n]), ",", "")
	} else if figure, n = readNumeral(runes); n == 0 {
		return "", 0
	}
	units, decimals, _ := strings.Cut(figure, ".")
	for {
		m, shift := magnitude(runes[n:])
		if m == 0 {
			break
		}
		decimals += strings.Repeat("0", max(shift-len(decimals), 0))
		units, decimals = units+decimals[:shift], decimals[shift:]
		n += m
	}
	units = strings.TrimLeft(units, "0")
	if units == "" {
		units = "0"
	}
	if decimals = strings.TrimRight(decimals, "0"); decimals != "" {
		units += "." + decimals
	}
	return units, n
}

// magnitude returns how many characters a 万 or 亿 is written with, after a space or none, and how many digits it adds.
func magnitude(runes []rune) (n, shift int) {
	if len(runes) > 0 && runes[0] == ' ' {
		n = 1
	}
	if len(runes) > n {
		switch runes[n] {
		case '万':
			return n + 1, 4
		case '亿':
			return n + 1, 8
		}
	}
	return 0, 0
}

// figureLen returns how many characters the figure in digits has that runes begin with: 1,234,567.80 is one figure, and
// 10,20 are two.
func figureLen(runes []rune) int {
	n := digits(runes)
	if n == 0 {
		return 0
	}
	for grouped := n <= 3; grouped && n < len(runes) && runes[n] == ',' && digits(runes[n+1:]) == 3; {
		n += 4
	}
	if n < len(runes) && runes[n] == '.' {
		if m := digits(runes[n+1:]); m > 0 {
			n += 1 + m
		}
	}
	return n
}

// digits counts the digits that runes begin with.
func digits(runes []rune) int {
	n := 0
	for n < len(runes) && runes[n] >= '0' && runes[n] <= '9' {
		n++
	}
	return n
}

const (
	numerals = "零一二三四五六七八九"
	tens     = "十百千"
)

// readNumeral returns the Chinese numeral under 10,000 that runes begin with, in digits. One character alone is none: it
// is a part of words more often.
func readNumeral(runes []rune) (figure string, n int) {
	sum, digit, multiplied := 0, 0, false
	for ; n < len(runes); n++ {
		if d := strings.IndexRune(numerals, runes[n]); d >= 0 {
			if digit > 0 {
				return "", 0 // 三四十, 二〇二五: no numeral of this form
			}
			digit = d / len("零")
			continue
		}
		t := strings.IndexRune(tens, runes[n])
		if t < 0 {
			break
		}
		value := []int{10, 100, 1000}[t/len("十")]
		if digit == 0 && (value != 10 || sum%100 != 0) {
			break
		}
		sum, digit, multiplied = sum+max(digit, 1)*value, 0, true
	}
	if !multiplied || n < 2 {
		return "", 0
	}
	return strconv.Itoa(sum + digit), n
}
