package parse

import (
	"strings"
	"time"
	"unicode/utf8"
)

// parts are what a text says of a date.
type parts struct {
	kind   partsKind
	day    calendarDay // isDay
	offset int         // isNamedDay: days from the day of asking
	ago    span        // isAgo

	period   dayPeriod // 上午, 下午 before the clock
	clock    clockTime
	hasClock bool
	zone     zone

	asked  time.Time // when the document was asked for; zero: not known
	other  bool      // there are words or numbers besides
	absurd bool      // a day or a clock that there is not
}

// partsKind says how a text names a day.
type partsKind int

const (
	noDay      partsKind = iota
	isDay                // 2022-04-11
	isNamedDay           // 昨天
	isAgo                // 10分钟前
)

// scanDate finds the first date in a text that plainDate wrote, and the clock and zone that belong to it. It walks the
// text once; what it does not know it passes by.
func scanDate(text string, asked time.Time) parts {
	p := parts{asked: asked}
	for rest := text; rest != "" && !p.absurd && p.kind != isAgo; {
		before := text[:len(text)-len(rest)]
		rest = p.step(rest, before == "" || strings.HasSuffix(before, " ") || strings.IndexByte("([:", before[len(before)-1]) >= 0)
	}
	return p
}

// step reads what s starts with, and returns what follows it. free: no letter or number stands right before s.
func (p *parts) step(s string, free bool) string {
	switch c := s[0]; {
	case isDigit(c):
		return p.atNumber(s, free)
	case isLetter(c):
		return p.atWord(s)
	case c < utf8.RuneSelf:
		return s[1:]
	}
	return p.atCharacter(s)
}

// atNumber reads at a number: an amount of time, a day, a clock, or the year that ANSI C's ctime writes last.
func (p *parts) atNumber(s string, free bool) string {
	if ago, rest, ok := readAgo(s); ok && p.kind == noDay {
		p.kind, p.ago = isAgo, ago
		return rest
	}
	if day, rest, ok := readDay(s, free); ok {
		return p.setDay(day, rest)
	}
	if day, rest, ok := readShortYear(s); ok && free && p.near(day.year) {
		return p.setDay(day, rest)
	}
	if clock, rest, ok := readClock(s); ok {
		return p.setClock(clock, rest)
	}
	n, width, rest := leadingNumber(s)
	if p.day.named && p.day.year == 0 && width == 4 {
		p.day.year = century(n, width)
		p.absurd = !p.day.exists()
		return rest
	}
	p.other = true
	return rest
}

// near reports whether a year of two digits can be meant: 26-11-17 is more often a number of something else.
func (p *parts) near(year int) bool {
	const most = 2 // years
	return !p.asked.IsZero() && max(p.asked.Year()-year, year-p.asked.Year()) <= most
}

// atWord reads at an English word.
func (p *parts) atWord(s string) string {
	if day, rest, ok := readMonthFirst(s); ok {
		return p.setDay(day, rest)
	}
	if ago, rest, ok := readAgo(s); ok && p.kind == noDay {
		p.kind, p.ago = isAgo, ago
		return rest
	}
	word, rest := leadingWord(s)
	if period, found := periods[word]; found && !p.hasClock {
		p.period = period
		return rest
	}
	if offset, found := namedDays[word]; found {
		return p.setNamedDay(offset, rest)
	}
	p.other = p.other || !weekdays[word]
	return rest
}

// atCharacter reads at a Chinese character.
func (p *parts) atCharacter(s string) string {
	if ago, rest, ok := readAgo(s); ok && p.kind == noDay {
		p.kind, p.ago = isAgo, ago
		return rest
	}
	for _, length := range []int{3, 2} { // 大前天 before 前天
		word := s[:min(len(s), length*len("天"))]
		if period, found := periods[word]; found && !p.hasClock {
			p.period = period
			return s[len(word):]
		}
		if offset, found := namedDays[word]; found {
			return p.setNamedDay(offset, s[len(word):])
		}
	}
	if rest, found := strings.CutPrefix(s, "北京时间"); found {
		if p.zone.kind == noZone {
			p.zone = zone{kind: zoneOffset, seconds: 8 * 60 * 60}
		}
		return rest
	}
	p.other = true
	_, size := utf8.DecodeRuneInString(s)
	return s[size:]
}

// setDay takes over the first day. A second one ends the text: the clock that follows belongs to that.
func (p *parts) setDay(day calendarDay, rest string) string {
	if p.kind != noDay {
		return ""
	}
	p.kind, p.day = isDay, day
	p.absurd = !day.exists()
	if strings.HasPrefix(rest, "+") || strings.HasPrefix(rest, "z") { // XML Schema's date with a zone
		p.zone, rest = readZone(rest)
	}
	if len(rest) > 1 && rest[0] == 't' && isDigit(rest[1]) {
		rest = rest[1:]
	}
	return p.compactClock(day, rest)
}

// compactClock reads the clock of ISO 8601's basic form (20220411T104617), which has no colons.
func (p *parts) compactClock(day calendarDay, s string) string {
	_, width, rest := leadingNumber(s)
	if !day.compact || width != 4 && width != 6 {
		return s
	}
	return p.setClock(digitsClock(s[:width]), rest)
}

func (p *parts) setNamedDay(offset int, rest string) string {
	if p.kind != noDay {
		return ""
	}
	p.kind, p.offset = isNamedDay, offset
	return rest
}

// setClock takes over the first clock, with what belongs to it: the half of the day, and the zone.
func (p *parts) setClock(clock clockTime, rest string) string {
	if p.hasClock {
		return rest
	}
	p.absurd = !clock.exists()
	if period, after := readPeriod(rest); period != noPeriod {
		p.period, rest = period, after
	}
	p.clock, p.hasClock = clock, true
	if found, after := readZone(rest); found.kind != noZone {
		p.zone, rest = found, after
	}
	return rest
}
