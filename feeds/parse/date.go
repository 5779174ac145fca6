package parse

import (
	"strings"
	"time"
)

// layouts are the forms of dates that feeds write, the standard ones first (RFC 822, RFC 3339). A form without a
// zone is read in the source's.
var layouts = []string{
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05 MST",
	"Mon, 2 Jan 2006 15:04 -0700",
	"Mon, 2 Jan 2006 15:04:05",
	"2 Jan 2006 15:04:05 -0700",
	"2 Jan 2006 15:04:05 MST",
	time.RFC3339,
	"2006-01-02T15:04:05-0700",
	"2006-01-02T15:04:05",
	"2006-1-2 15:04:05 -0700",
	"2006-1-2 15:04:05 -07:00",
	"2006-1-2 15:04:05",
	"2006-1-2 15:04",
	"2006-1-2",
	"2006/1/2 15:04:05",
	"2006/1/2 15:04",
	"2006/1/2",
	"2006年1月2日 15:04:05",
	"2006年1月2日 15:04",
	"2006年1月2日",
}

// maxDateBytes bounds what is tried as a date.
const maxDateBytes = 64

// date reads a date as feeds write it; ok is false for what is none. A zone's abbreviation is read in the
// source's location first, so that CST is +08:00 for a source in Asia/Shanghai.
func date(s string, location *time.Location) (t time.Time, ok bool) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" || len(s) > maxDateBytes {
		return time.Time{}, false
	}
	for _, layout := range layouts {
		t, err := time.ParseInLocation(layout, s, location)
		if err == nil && knownZone(t, location) {
			return t, true
		}
	}
	return time.Time{}, false
}

// knownZone is false for an abbreviation that time does not know: it would be read as UTC, hours off.
func knownZone(t time.Time, location *time.Location) bool {
	name, offset := t.Zone()
	return offset != 0 || name == "" || name == "UTC" || name == "GMT" || name == "Z" || name == "UT" || t.Location() == location
}
