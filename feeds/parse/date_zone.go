package parse

import (
	"strings"
	"time"
)

// zone is the zone that a date names.
type zone struct {
	kind    zoneKind
	seconds int    // zoneOffset: east of Greenwich
	name    string // zoneName: abbreviation in lower case
}

type zoneKind int

const (
	noZone      zoneKind = iota
	zoneOffset           // +0800, GMT+8, Z
	zoneName             // one of the abbreviations
	zoneUnknown          // a word at the end, where a zone stands
	zoneAbsurd           // +9900
)

// abbreviations are hours east of Greenwich, beside those that the source's own zone has. Words of English are left
// out (ART, CAT, EAT, WEST).
var abbreviations = map[string]float64{
	"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
	"ast": -4, "adt": -3, "brt": -3, "bst": 1, "wet": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "gst": 4, "pkt": 5, "ist": 5.5,
	"ict": 7, "wib": 7, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "bjt": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5,
	"aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}

// readZone reads the zone that s starts with, after a clock. What it does not know stays.
func readZone(s string) (found zone, rest string) {
	s = strings.TrimLeft(s, " (")
	if s == "" {
		return zone{}, s
	}
	if s[0] == '+' || s[0] == '-' {
		return readOffset(s)
	}
	word, rest := leadingWord(s)
	switch word {
	case "":
		return zone{}, s
	case "z", "gmt", "utc", "ut":
		if offset, after := readOffset(strings.TrimLeft(rest, " ")); offset.kind != noZone && word != "z" {
			return offset, after
		}
		return zone{kind: zoneOffset}, rest
	}
	if _, known := abbreviations[word]; known {
		return zone{kind: zoneName, name: word}, rest
	}
	if _, width, after := leadingNumber(strings.TrimLeft(rest, " )")); len(word) <= 5 && after == "" && (width == 0 || width == 4) {
		return zone{kind: zoneUnknown}, s
	}
	return zone{}, s
}

// maxOffset is that of Kiribati (UTC+14).
const maxOffset = 14 * 60 * 60

// readOffset reads +0800, +800, +08:00, +8:00, +08 and +8.
func readOffset(s string) (found zone, rest string) {
	if len(s) < 2 || s[0] != '+' && s[0] != '-' || !isDigit(s[1]) {
		return zone{}, s
	}
	hours, width, rest := leadingNumber(s[1:])
	minutes := 0
	if width > 2 {
		hours, minutes = hours/100, hours%100
	} else if after, colon := strings.CutPrefix(rest, ":"); colon {
		minutes, _, rest = leadingNumber(after)
	}
	seconds := hours*3600 + minutes*60
	if width > 4 || minutes > 59 || seconds > maxOffset {
		return zone{kind: zoneAbsurd}, rest
	}
	if s[0] == '-' {
		seconds = -seconds
	}
	return zone{kind: zoneOffset, seconds: seconds}, rest
}

// in returns the zone as a location. The source's own zone comes first, with the name that it has at the time: IST is
// India's, but not for a source in Dublin. CST is China's for all sources but those west of Greenwich.
func (z zone) in(source *time.Location, near time.Time) *time.Location {
	switch z.kind {
	case zoneOffset:
		return time.FixedZone("", z.seconds)
	case zoneName:
		if own, _ := near.In(source).Zone(); strings.EqualFold(own, z.name) {
			return source
		}
		_, east := time.Date(near.Year(), time.January, 1, 0, 0, 0, 0, source).Zone()
		if z.name == "cst" && east >= 0 {
			return beijing
		}
		return time.FixedZone(strings.ToUpper(z.name), int(abbreviations[z.name]*3600))
	}
	return source
}
