package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// examined returns what doctor says of sources in those states, a line for each finding.
func examined(now time.Time, states map[string]feeds.State) string {
	d := &doctor{now: now, places: places{config: "feeds.yaml"}}
	for name := range states {
		if name != "旧站" {
			d.catalogue.Sources = append(d.catalogue.Sources, feeds.Source{Name: name})
		}
	}
	d.examineSources(&house{catalogue: feeds.Catalogue{Site: feeds.Site{Location: beijing}}}, states)
	var b strings.Builder
	for _, f := range d.findings {
		fmt.Fprintln(&b, f.Check+"|"+f.Fact+f.Trouble+"|"+f.Advice)
	}
	return b.String()
}

const advicePolls = "run finews poll from cron, or finews serve, and see that it ends"

func TestDoctorLooksAtSources(t *testing.T) {
	now := time.Date(2022, 4, 11, 10, 0, 0, 0, beijing)
	well := feeds.State{LastPoll: now.Add(-time.Hour), NextPoll: now.Add(time.Hour)}
	due, longDue, failing, held := well, well, well, well
	justDue := well
	justDue.NextPoll = now.Add(-overdue)
	longDue.NextPoll = now.Add(-24 * time.Hour)
	due.NextPoll = now.Add(-overdue - time.Second)
	failing.Failures, failing.FailingSince, failing.LastError = 3, now.Add(-time.Hour), "fetch: 404"
	held.Held, held.HeldSince = "no entries", now.Add(-time.Hour)
	for _, c := range []struct {
		name   string
		states map[string]feeds.State
		want   string
	}{
		{"well", map[string]feeds.State{"县域金融": well, "新的": {}}, "sources|1 asked so far, 1 not yet|\n"},
		{"failing", map[string]feeds.State{"县域金融": failing},
			"source|县域金融: failing since 2022-04-11 09:00: fetch: 404|asked again 2022-04-11 11:00\nsources|1 asked so far, 0 not yet|\n"},
		{"held", map[string]feeds.State{"县域金融": held},
			"source|县域金融: held since 2022-04-11 09:00: no entries|finews accept 县域金融, if that is right\nsources|1 asked so far, 0 not yet|\n"},
		{"two hours late, as after a long cycle", map[string]feeds.State{"县域金融": well, "农金网": justDue}, "sources|2 asked so far, 0 not yet|\n"},
		{"one late", map[string]feeds.State{"县域金融": well, "农金网": due},
			"polls|1 of 2 sources were to be asked hours ago, first of all 农金网, on 2022-04-11 07:59|" + advicePolls + "\nsources|2 asked so far, 0 not yet|\n"},
		{"nobody polls", map[string]feeds.State{"县域金融": due, "农金网": longDue},
			"polls|2 of 2 sources were to be asked hours ago, first of all 农金网, on 2022-04-10 10:00|" + advicePolls + "\nsources|2 asked so far, 0 not yet|\n"},
		{"named no more", map[string]feeds.State{"旧站": failing},
			"sources|0 asked so far, 0 not yet|\nold sources|feeds.yaml no longer names 旧站; their entries stay|\n"},
	} {
		if got := examined(now, c.states); got != c.want {
			t.Errorf("%s:\n%swant:\n%s", c.name, got, c.want)
		}
	}
}

// TestDoctorSaysSomeOfMany holds the bound on the day on which the network is down.
func TestDoctorSaysSomeOfMany(t *testing.T) {
	states := map[string]feeds.State{}
	for i := range 500 {
		states[fmt.Sprint("源", i)] = feeds.State{LastPoll: time.Unix(1, 0), NextPoll: time.Unix(1<<40, 0), Failures: 1}
	}
	got := examined(time.Unix(2, 0), states)
	if lines := strings.Count(got, "\n"); lines != mostSources+2 || !strings.Contains(got, "and 480 more fail or are held") {
		t.Errorf("%d lines:\n%s", lines, got)
	}
}
