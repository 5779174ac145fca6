package parse

import (
	"strings"
	"time"
	"unicode/utf8"
)

// calendarDay is a day as a text gives it.
type calendarDay struct {
	year, month, day int  // year 0: it says none
	named            bool // the month has an English name
	compact          bool // 20220411: a clock without colons may follow
}

// exists is false for 30 February. A day without year may be of a leap year.
func (d calendarDay) exists() bool {
	year := d.year
	if year == 0 {
		year = 2000
	}
	t := time.Date(year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	return d.month >= 1 && d.month <= 12 && d.day >= 1 && t.Day() == d.day
}

// readDay reads the day that s starts with, a number. ok says that it is written as a day is, not that there is one.
// A month and a day alone (04-11) must stand free: 1-2 is more often something else.
func readDay(s string, free bool) (day calendarDay, rest string, ok bool) {
	if day, rest, ok = readCompactDay(s); ok {
		return day, rest, true
	}
	if day, rest, ok = readYearFirst(s); ok {
		return day, rest, true
	}
	if day, rest, ok = readYearLast(s); ok {
		return day, rest, true
	}
	if day, rest, ok = readDayFirst(s); ok {
		return day, rest, true
	}
	if day, rest, ok = readDayBesideMonth(s); ok && free {
		return day, rest, true
	}
	return readWithoutYear(s, free)
}

// readShortYear reads 26-11-17, a day of this century that stands free.
func readShortYear(s string) (day calendarDay, rest string, ok bool) {
	year, width, rest := leadingNumber(s)
	if width != 2 || !strings.HasPrefix(rest, "-") {
		return calendarDay{}, "", false
	}
	day, rest, ok = readMonthAndDay(2000+year, rest[1:], "-")
	return day, rest, ok && !day.named && ends(rest) && day.exists()
}

// readDayBesideMonth reads 2026-11 15 and 15 2026-11: pages set the day large beside the month, in an element of its own.
func readDayBesideMonth(s string) (day calendarDay, rest string, ok bool) {
	number, width, rest := leadingNumber(s)
	switch {
	case width == 4:
		if day, rest, ok = readYearAndMonth(s); !ok {
			return calendarDay{}, "", false
		}
		day.day, width, rest = leadingNumber(strings.TrimLeft(rest, " "))
	case strings.HasPrefix(rest, " "):
		if day, rest, ok = readYearAndMonth(strings.TrimLeft(rest, " ")); !ok {
			return calendarDay{}, "", false
		}
		day.day = number
	}
	return day, rest, day.year != 0 && (width == 1 || width == 2) && ends(rest) && day.exists()
}

// readYearAndMonth reads 2026-11, 2026/11 and 2026.11, with nothing but space behind.
func readYearAndMonth(s string) (day calendarDay, rest string, ok bool) {
	year, width, rest := leadingNumber(s)
	if width != 4 || rest == "" || strings.IndexByte("-/.", rest[0]) < 0 {
		return calendarDay{}, "", false
	}
	month, width, rest := leadingNumber(rest[1:])
	return calendarDay{year: century(year, 4), month: month}, rest, (width == 1 || width == 2) && ends(rest)
}

// readCompactDay reads 20220411. The digits of a clock may follow at once (20220411104617). Years of other centuries
// are numbers of something else.
func readCompactDay(s string) (day calendarDay, rest string, ok bool) {
	n, width, _ := leadingNumber(s)
	if width != 8 && width != 12 && width != 14 || s[:2] != "19" && s[:2] != "20" {
		return calendarDay{}, "", false
	}
	if width > 8 {
		n, _, _ = leadingNumber(s[:8])
	}
	return calendarDay{year: n / 10000, month: n / 100 % 100, day: n % 100, compact: true}, s[8:], true
}

// readYearFirst reads 2022-4-11, 2022/04/11, 2022.04.11, 2022-Apr-11, 2022年4月11日 and 22年4月11日.
func readYearFirst(s string) (day calendarDay, rest string, ok bool) {
	year, width, rest := leadingNumber(s)
	if after, found := cutSpaced(rest, "年"); found && (width == 4 || width == 2) {
		return readMonthAndDay(century(year, width), after, "月")
	}
	if width != 4 || rest == "" || strings.IndexByte("-/.", rest[0]) < 0 {
		return calendarDay{}, "", false
	}
	return readMonthAndDay(century(year, width), rest[1:], rest[:1])
}

// readMonthAndDay reads a month and a day with the sign between them.
func readMonthAndDay(year int, s, sign string) (day calendarDay, rest string, ok bool) {
	month, named, rest, ok := readMonth(s)
	rest, signed := cutSpaced(rest, sign)
	date, rest, dated := readDayOfMonth(rest)
	return calendarDay{year: year, month: month, day: date, named: named}, rest, ok && signed && dated
}

// readMonth reads a month's number or English name.
func readMonth(s string) (month int, named bool, rest string, ok bool) {
	n, width, rest := leadingNumber(s)
	if width == 1 || width == 2 {
		return n, false, rest, true
	}
	word, rest := leadingWord(s)
	month, ok = months[word]
	return month, true, rest, ok
}

// readDayOfMonth reads 11, 11日 and 11号. A clock may follow without a space, as the text of two elements of a page does
// (2022-04-1110:46).
func readDayOfMonth(s string) (day int, rest string, ok bool) {
	day, width, rest := leadingNumber(s)
	if width > 2 {
		if _, _, clock := readClock(s[2:]); !clock {
			return 0, "", false
		}
		day, _, _ = leadingNumber(s[:2])
		return day, s[2:], true
	}
	for _, sign := range []string{"日", "号"} {
		if after, found := cutSpaced(rest, sign); found {
			return day, after, width > 0
		}
	}
	return day, rest, width > 0
}

// readYearLast reads 13/04/2022 and 4/13/2022, where one of the numbers can be no month. Where both can, a day of
// Europe is one of America's: it is no date.
func readYearLast(s string) (day calendarDay, rest string, ok bool) {
	first, width, rest := leadingNumber(s)
	if width > 2 || rest == "" || strings.IndexByte("-/.", rest[0]) < 0 {
		return calendarDay{}, "", false
	}
	sign := rest[0]
	second, width, rest := leadingNumber(rest[1:])
	if width < 1 || width > 2 || rest == "" || rest[0] != sign {
		return calendarDay{}, "", false
	}
	year, width, rest := leadingNumber(rest[1:])
	switch {
	case width != 4:
		return calendarDay{}, "", false
	case first > 12 || first == second:
		return calendarDay{year: century(year, width), month: second, day: first}, rest, true
	case second > 12:
		return calendarDay{year: century(year, width), month: first, day: second}, rest, true
	}
	return calendarDay{}, rest, true
}

// readDayFirst reads 11 Apr 2022, 11-Apr-22, 11th April 2022 and 11 四月 2022; the year may be missing.
func readDayFirst(s string) (day calendarDay, rest string, ok bool) {
	date, width, rest := leadingNumber(s)
	if width > 2 {
		return calendarDay{}, "", false
	}
	rest = dropSigns(dropOrdinal(rest))
	month, named, rest, ok := readMonth(rest)
	if !named && ok {
		rest, ok = strings.CutPrefix(rest, "月")
	}
	if !ok {
		return calendarDay{}, "", false
	}
	day = calendarDay{month: month, day: date, named: true}
	if year, width, after := leadingNumber(dropSigns(rest)); (width == 4 || width == 2) && !startsClock(after) {
		day.year, rest = century(year, width), after
	}
	return day, rest, true
}

// readMonthFirst reads Apr 11, 2022 and Apr. 11, where s starts with a letter; the year may be missing, or follow later.
func readMonthFirst(s string) (day calendarDay, rest string, ok bool) {
	word, rest := leadingWord(s)
	month, ok := months[word]
	date, width, rest := leadingNumber(dropSigns(rest))
	if !ok || width < 1 || width > 2 || startsClock(rest) {
		return calendarDay{}, "", false
	}
	day = calendarDay{month: month, day: date, named: true}
	return withYear(day, dropOrdinal(rest))
}

// withYear reads the four digits of a year that follow a day.
func withYear(day calendarDay, s string) (calendarDay, string, bool) {
	if year, width, after := leadingNumber(dropSigns(s)); width == 4 && !startsClock(after) {
		day.year, s = century(year, width), after
	}
	return day, s, true
}

// readWithoutYear reads 4月11日, 04-11 and 4/11.
func readWithoutYear(s string, free bool) (day calendarDay, rest string, ok bool) {
	month, width, rest := leadingNumber(s)
	if width > 2 {
		return calendarDay{}, "", false
	}
	if after, found := cutSpaced(rest, "月"); found {
		date, rest, ok := readDayOfMonth(after)
		if !ok || startsClock(rest) {
			return calendarDay{}, "", false
		}
		return withYear(calendarDay{month: month, day: date}, rest)
	}
	if !free || rest == "" || rest[0] != '-' && rest[0] != '/' {
		return calendarDay{}, "", false
	}
	date, width, rest := leadingNumber(rest[1:])
	if width < 1 || width > 2 || !ends(rest) {
		return calendarDay{}, "", false
	}
	return calendarDay{month: month, day: date}, rest, true
}

// ends reports whether a number of which s is the rest stands free.
func ends(s string) bool {
	return s == "" || strings.IndexByte(" ])", s[0]) >= 0
}

// startsClock reports whether the number before s was an hour.
func startsClock(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == ':' || r == '时' || r == '点'
}

// century completes a year of two digits as RFC 2822 does, in section 4.3. The year 0000 is a year before all, so that
// it is not taken for none.
func century(year, width int) int {
	switch {
	case width != 2 && year == 0:
		return -1
	case width != 2:
		return year
	case year < 50:
		return 2000 + year
	}
	return 1900 + year
}

// cutSpaced returns s without the sign and the spaces around it.
func cutSpaced(s, sign string) (rest string, found bool) {
	rest, found = strings.CutPrefix(strings.TrimLeft(s, " "), sign)
	return strings.TrimLeft(rest, " "), found
}

func dropSigns(s string) string { return strings.TrimLeft(s, " -/.,") }

func dropOrdinal(s string) string {
	switch word, rest := leadingWord(s); word {
	case "st", "nd", "rd", "th":
		return rest
	}
	return s
}
