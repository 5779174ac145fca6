package parse

import "strings"

// clockTime is a time of day as a text gives it, of 24 hours or of 12.
type clockTime struct {
	hour, minute, second, nano int
	sloppy                     bool // 1:2, which alone is more often a ratio
}

// exists is false for 25:00. 24:00 ends the day (ISO 8601), and second 60 is a leap second.
func (c clockTime) exists() bool {
	if c.hour == 24 {
		return c.minute == 0 && c.second == 0
	}
	return c.hour < 24 && c.minute < 60 && c.second <= 60
}

// in24 returns the clock in hours of 24.
func (c clockTime) in24(period dayPeriod) clockTime {
	switch {
	case c.hour > 12 || period == noPeriod:
	case period == morning && c.hour == 12:
		c.hour = 0
	case period == afternoon && c.hour < 12,
		period == noon && c.hour < 10,
		period == night && c.hour > 4: // 晚上 12:10 is of the next day
		c.hour += 12
	}
	return c
}

// readClock reads the clock that s starts with, a number: 10:46, 1:02:03.5, 10时46分17秒, 10点半, 3 pm.
func readClock(s string) (clock clockTime, rest string, ok bool) {
	hour, width, rest := leadingNumber(s)
	if width < 1 || width > 2 {
		return clockTime{}, "", false
	}
	if after, found := strings.CutPrefix(rest, ":"); found {
		return readMinutes(clockTime{hour: hour}, after)
	}
	for _, sign := range []string{"时", "点"} {
		if after, found := cutSpaced(rest, sign); found {
			return readChineseMinutes(clockTime{hour: hour}, after)
		}
	}
	if word, _ := leadingWord(strings.TrimLeft(rest, " ")); periods[word] != noPeriod && hour <= 12 {
		return clockTime{hour: hour}, rest, true
	}
	return clockTime{}, "", false
}

// readMinutes reads 46, 46:17 and 46:17.123.
func readMinutes(clock clockTime, s string) (clockTime, string, bool) {
	minute, width, rest := leadingNumber(s)
	if width < 1 || width > 2 {
		return clockTime{}, "", false
	}
	clock.minute, clock.sloppy = minute, width == 1
	after, found := strings.CutPrefix(rest, ":")
	second, width, after := leadingNumber(after)
	if !found || width < 1 || width > 2 {
		return clock, rest, true
	}
	clock.second = second
	clock.nano, rest = readFraction(after)
	return clock, rest, true
}

// readFraction reads the digits of a second after a dot or comma, in nanoseconds; further digits are dropped.
func readFraction(s string) (nano int, rest string) {
	if len(s) < 2 || s[0] != '.' && s[0] != ',' || !isDigit(s[1]) {
		return 0, s
	}
	nano, width, rest := leadingNumber(s[1:])
	for ; width < 9; width++ {
		nano *= 10
	}
	return nano, rest
}

// readChineseMinutes reads 46分17秒, 46分, 半 and nothing.
func readChineseMinutes(clock clockTime, s string) (clockTime, string, bool) {
	if rest, found := strings.CutPrefix(s, "半"); found {
		clock.minute = 30
		return clock, rest, true
	}
	minute, width, rest := leadingNumber(s)
	if width < 1 || width > 2 {
		return clock, s, true
	}
	clock.minute = minute
	rest, found := cutSpaced(rest, "分")
	if !found {
		return clock, rest, true
	}
	second, width, after := leadingNumber(rest)
	if after, found = strings.CutPrefix(after, "秒"); found && width <= 2 {
		clock.second, rest = second, after
	}
	return clock, rest, true
}

// digitsClock reads 1046 and 104617.
func digitsClock(digits string) clockTime {
	n, _, _ := leadingNumber(digits)
	if len(digits) == 4 {
		n *= 100
	}
	return clockTime{hour: n / 10000, minute: n / 100 % 100, second: n % 100}
}

// readPeriod reads the half of the day that follows a clock. A Chinese one has to be the last word: before others it
// is theirs (4月11日 10:46 下午开会).
func readPeriod(s string) (period dayPeriod, rest string) {
	s = strings.TrimLeft(s, " ")
	if word, rest := leadingWord(s); word != "" {
		return periods[word], rest
	}
	return periods[s], ""
}
