package main

import (
	"testing"
	"time"
)

func TestPeriodIsWholeDaysOfTheZone(t *testing.T) {
	since, until, err := period{since: "2022-04-01", until: "2022-04-30"}.read(beijing)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := since.UTC().Format(time.DateTime), "2022-03-31 16:00:00"; got != want {
		t.Errorf("since %s, want %s", got, want)
	}
	if got, want := until.UTC().Format(time.DateTime), "2022-04-30 16:00:00"; got != want {
		t.Errorf("until %s, want %s: the last day belongs to it", got, want)
	}
	if since, until, err := (period{}).read(beijing); err != nil || !since.IsZero() || !until.IsZero() {
		t.Errorf("no flags: %v, %v, %v", since, until, err)
	}
	if _, _, err := (period{since: "2022-04-30", until: "2022-04-30"}).read(beijing); err != nil {
		t.Errorf("one day: %v", err)
	}
}

func TestAge(t *testing.T) {
	for word, want := range map[string]time.Duration{
		"1d": 24 * time.Hour, "365d": 365 * 24 * time.Hour, "12h": 12 * time.Hour, "1h30m": 90 * time.Minute,
		"0d": 0, "-1d": 0, "365": 0, "d": 0, "1y": 0, "1.5d": 0, "": 0, "十天": 0,
		"99999d": 0, "9223372036854775807d": 0, "999999999999h": 0, "-12h": 0, // an overflow would prune everything
	} {
		if got, err := age("--older-than", word); got != want || (err == nil) != (want > 0) {
			t.Errorf("age(%q) = %v, %v, want %v", word, got, err, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	for said, want := range map[string]string{
		"农商行　支农":            "农商行　支农", // a blank of full width is harmless
		"\x1b[2J农\r\n":      "\uFFFD[2J农\uFFFD\uFFFD",
		"\u202e农\u200b\x00": "\uFFFD农\uFFFD\uFFFD",
	} {
		if got := printable(said); got != want {
			t.Errorf("printable(%q) = %q, want %q", said, got, want)
		}
	}
}
