package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds/poll"
)

// TestFaultsOfOneKindAreOneLine reports what two sources sent: forty items that are mended in one way must not hide the
// one that is lost.
func TestFaultsOfOneKindAreOneLine(t *testing.T) {
	var faults []string
	for n := range 40 {
		faults = append(faults, fmt.Sprintf("xc-2026062%d: %d addresses that are not public http or https ones were dropped from the body", n, n+1))
	}
	faults = append(faults, `a-1: its link "mailto:农险" is no web address: dropped`, `a-2: its link "春耕:贷" is no web address: dropped`,
		"甲县农商行: no date that can be read: dated by first sight", "3 end tags without a start: left out",
		"page 2 of the list was not read: http: 503", "a-3: held, and published nowhere until its source mends it: 锟斤拷\x1b[2J", "a-4: dropped: neither a title nor a text to take one from")
	var many []string
	for n := range 12 {
		many = append(many, "b: "+strings.Repeat("农", n+1)+" is odd")
	}
	var got strings.Builder
	printFaults(&got, []poll.Result{{Source: "县域金融", Faults: faults}, {Source: "快讯", Faults: many[:11]}, {Source: "没有"}})
	want := `县域金融: 2 items: its link "mailto:农险" is no web address: dropped (first: a-1)
县域金融: page 2 of the list was not read: http: 503
县域金融: a-3: held, and published nowhere until its source mends it: 锟斤拷�[2J
县域金融: a-4: dropped: neither a title nor a text to take one from
县域金融: 40 items: 1 addresses that are not public http or https ones were dropped from the body (first: xc-20260620)
县域金融: 甲县农商行: no date that can be read: dated by first sight
县域金融: 3 end tags without a start: left out
`
	for n := range 10 {
		want += "快讯: b: " + strings.Repeat("农", n+1) + " is odd\n"
	}
	want += "快讯: and 1 more kinds of faults; --json gives all\n"
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
