package parse

import (
	"strings"
	"time"
)

// span is an amount of time. Months are not of one length, and days neither.
type span struct {
	months, days int
	rest         time.Duration
}

func (s span) plus(o span) span {
	return span{s.months + o.months, s.days + o.days, s.rest + o.rest}
}

func (s span) times(n int) span {
	return span{s.months * n, s.days * n, s.rest * time.Duration(n)}
}

// before returns the time that lies s before t, by the calendar of t's zone.
func (s span) before(t time.Time) time.Time {
	return t.AddDate(0, -s.months, -s.days).Add(-s.rest)
}

var (
	oneSecond = span{rest: time.Second}
	oneMinute = span{rest: time.Minute}
	oneHour   = span{rest: time.Hour}
	oneDay    = span{days: 1}
	oneWeek   = span{days: 7}
	oneMonth  = span{months: 1}
	oneYear   = span{months: 12}
)

// englishUnits are whole words; chineseUnits are looked for in their order. 日 and 月 are none: 4月11日前 is before that day.
var (
	englishUnits = map[string]span{
		"s": oneSecond, "sec": oneSecond, "secs": oneSecond, "second": oneSecond, "seconds": oneSecond,
		"m": oneMinute, "min": oneMinute, "mins": oneMinute, "minute": oneMinute, "minutes": oneMinute,
		"h": oneHour, "hr": oneHour, "hrs": oneHour, "hour": oneHour, "hours": oneHour, "d": oneDay, "day": oneDay, "days": oneDay,
		"w": oneWeek, "week": oneWeek, "weeks": oneWeek, "month": oneMonth, "months": oneMonth, "year": oneYear, "years": oneYear,
	}
	chineseUnits = []struct {
		name       string
		unit, half span // half: zero where nobody says so
	}{
		{"秒钟", oneSecond, span{}}, {"秒", oneSecond, span{}}, {"分钟", oneMinute, oneSecond.times(30)}, {"分", oneMinute, span{}},
		{"个小时", oneHour, oneMinute.times(30)}, {"小时", oneHour, oneMinute.times(30)}, {"个钟头", oneHour, oneMinute.times(30)}, {"钟头", oneHour, oneMinute.times(30)},
		{"天", oneDay, oneHour.times(12)}, {"个星期", oneWeek, span{}}, {"星期", oneWeek, span{}}, {"个礼拜", oneWeek, span{}}, {"周", oneWeek, span{}},
		{"个月", oneMonth, oneDay.times(15)}, {"年", oneYear, oneMonth.times(6)},
	}
)

// readAgo reads 10分钟前, 1小时30分钟前, 半小时前, 刚刚, 2 hours ago, an hour ago and just now.
func readAgo(s string) (ago span, rest string, ok bool) {
	for _, now := range []string{"刚刚", "刚才", "just now"} {
		if rest, found := strings.CutPrefix(s, now); found {
			return span{}, rest, true
		}
	}
	for amounts := 0; amounts < 4; amounts++ {
		amount, rest, ok := readAmount(strings.TrimLeft(s, " ,"))
		if !ok {
			return span{}, "", false
		}
		ago, s = ago.plus(amount), strings.TrimLeft(rest, " ")
		for _, word := range []string{"前", "之前", "以前", "ago"} {
			if rest, found := strings.CutPrefix(s, word); found {
				return ago, rest, true
			}
		}
	}
	return span{}, "", false
}

// readAmount reads 10分钟, 半小时, 1个半小时, 2 hours and an hour.
func readAmount(s string) (amount span, rest string, ok bool) {
	n, width, rest := leadingNumber(s)
	if width > 4 { // what is longer is no amount, and could overflow
		return span{}, "", false
	}
	if word, after := leadingWord(s); word == "a" || word == "an" {
		n, width, rest = 1, 1, after
	}
	if rest = strings.TrimLeft(rest, " "); width == 0 {
		return readHalf(0, s, "半")
	} else if strings.HasPrefix(rest, "个半") {
		return readHalf(n, rest, "个半")
	}
	if word, after := leadingWord(rest); word != "" {
		unit, known := englishUnits[word]
		return unit.times(n), after, known
	}
	for _, u := range chineseUnits {
		if after, found := strings.CutPrefix(rest, u.name); found {
			return u.unit.times(n), after, true
		}
	}
	return span{}, "", false
}

// readHalf reads n units and a half, after the word that says so.
func readHalf(n int, s, word string) (amount span, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, word)
	for _, u := range chineseUnits {
		if rest, found := strings.CutPrefix(s, u.name); found && ok && u.half != (span{}) {
			return u.unit.times(n).plus(u.half), rest, true
		}
	}
	return span{}, "", false
}
