package parse

import (
	"strings"
	"time"
)

// resolve makes a time of what a text says; ok is false where that is not enough. Where d.at is zero, what counts from it
// comes out around the year 1, which is before all that is taken for a date.
func (d dates) resolve(p parts) (t time.Time, ok bool) {
	switch {
	case p.absurd || p.zone.kind == zoneAbsurd || p.zone.kind == zoneUnknown && p.day.named:
		return time.Time{}, false // a time in a zone that nobody knows is hours off
	case p.kind == isDay && p.day.year != 0:
		return d.onDay(p, p.day.year), true
	}
	switch p.kind {
	case isDay:
		return d.inLastYear(p)
	case isNamedDay:
		return d.fromToday(p, p.offset), true
	case isAgo:
		return p.ago.before(d.at.In(d.location)), true
	}
	return d.fromToday(p, 0), p.hasClock && !p.other && !p.clock.sloppy
}

// onDay returns the time in the year.
func (d dates) onDay(p parts, year int) time.Time {
	return d.atClock(p, year, time.Month(p.day.month), p.day.day)
}

// fromToday returns the time so many days from the day of asking.
func (d dates) fromToday(p parts, offset int) time.Time {
	today := d.at.In(p.zone.in(d.location, d.at))
	return d.atClock(p, today.Year(), today.Month(), today.Day()+offset)
}

// inLastYear returns the time in the last year in which it is not more than a day ahead of asking: on 1 January a
// list says 12-31, and a source's clock may go ahead of ours. 29 February is looked for in nine years, since 1900 and
// 2100 have none.
func (d dates) inLastYear(p parts) (t time.Time, ok bool) {
	const back = 9
	now := d.at.In(d.location)
	for year := now.Year() + 1; year >= now.Year()-back; year-- {
		t := d.onDay(p, year)
		p.day.year = year
		if p.day.exists() && !t.After(now.Add(24*time.Hour)) {
			return t, true
		}
	}
	return time.Time{}, false
}

// atClock returns the time of the text's clock on a day, in the text's zone or the source's. A clock that summer time
// leaves out is moved as [time.Date] does.
func (d dates) atClock(p parts, year int, month time.Month, day int) time.Time {
	c := p.clock.in24(p.period)
	on := func(location *time.Location) time.Time {
		return time.Date(year, month, day, c.hour, c.minute, c.second, c.nano, location)
	}
	return on(p.zone.in(d.location, on(d.location)))
}

// lastUnixTime bounds seconds since 1970: a number beyond the year 2100 is that of something else.
var lastUnixTime = time.Date(2101, time.January, 1, 0, 0, 0, 0, time.UTC)

// unixTime reads a whole text that is the seconds (10 digits, which may have a fraction), milliseconds (13) or
// microseconds (16) since 1970, also as .NET writes them: /Date(1649645177000+0800)/, where the zone is that of whoever
// wrote it and changes nothing. Fewer digits are of before 2001.
func unixTime(s string) (t time.Time, ok bool) {
	if inner, found := strings.CutPrefix(s, "/date("); found {
		s = strings.TrimSuffix(inner, ")/")
		if zone := strings.LastIndexAny(s, "+-"); zone > 0 && len(s)-zone == len("+0800") {
			s = s[:zone]
		}
	}
	if len(s) < 10 || s[0] == '0' {
		return time.Time{}, false
	}
	whole, digits, _ := leadingNumber(s[:9])
	if digits != 9 || !isDigit(s[9]) {
		return time.Time{}, false
	}
	seconds := int64(whole)*10 + int64(s[9]-'0')
	_, width, rest := leadingNumber(s[10:])
	fraction := "." + s[10:10+width]
	switch {
	case width == 0 && strings.HasPrefix(rest, "."):
		fraction = rest
	case width != 0 && width != 3 && width != 6 || rest != "":
		return time.Time{}, false
	}
	nano, rest := readFraction(fraction)
	t = time.Unix(seconds, int64(nano))
	return t, (rest == "" || rest == ".") && t.Before(lastUnixTime)
}
