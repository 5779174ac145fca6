package parse

import (
	"strings"
	"time"
	"unicode/utf8"
)

// maxDateBytes bounds what is looked at of a date, after the spaces around it.
const maxDateBytes = 128

// firstDateYear and lastDateYear bound what is taken for a date: the zero dates of databases and programs (0000-00-00,
// 0001-01-01) lie before, and RFC 3339 cannot write what lies behind. Whether a date can be believed is decided by
// who files the entry.
const (
	firstDateYear = 1970
	lastDateYear  = 9999
)

// beijing is the zone of a source that names none.
var beijing = time.FixedZone("CST", 8*60*60)

// dates reads the dates of one document.
type dates struct {
	location *time.Location // of the source; nil: +08:00
	at       time.Time      // when the document was asked for: 10分钟前 and 昨天 count from there; zero: they are not read
}

// read reads a date as feeds and pages write it, in Chinese or English: RFC 822 and its bad copies, ISO 8601, what
// programs print, seconds since 1970, 2022年4月11日 下午2:05, 昨天 08:30. Text may stand around it; of two dates it is the
// first. A year of two digits (26-11-17) is read where it is within two years of d.at. A date without zone is in the source's; one without year is the last such day that is not more than a
// day ahead of d.at; one without clock is the start of the day. It is zero for what is no date, for a day or a clock
// that there is not (2022-02-30, 25:00), and for years outside 1970..9999. It is approximate where it was reckoned
// from an amount of time, such as 10分钟前. Only the first 128 bytes are looked at.
func (d dates) read(s string) (t time.Time, approximate bool) {
	if d.location == nil {
		d.location = beijing
	}
	text := plainDate(firstBytes(strings.TrimSpace(s)))
	if t, ok := unixTime(text); ok {
		return t.In(d.location), false
	}
	found := scanDate(text, d.at)
	t, ok := d.resolve(found)
	if !ok || t.Year() < firstDateYear || t.Year() > lastDateYear {
		return time.Time{}, false
	}
	return t, found.kind == isAgo
}

// firstBytes returns the start of s. Digits at the cut go too: half of a number is another number.
func firstBytes(s string) string {
	if len(s) <= maxDateBytes {
		return s
	}
	end := maxDateBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.TrimRight(s[:end], "0123456789")
}
