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
			d.catalogue.Sources = append(d.catalogue.Sources, feeds.Source{Name: name, URL: "https://county.example/rss?k=geheim"})
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
	lost, losing, forbidden := failing, failing, failing
	lost.LastStatus, lost.FailingSince = 404, now.Add(-9*24*time.Hour)
	losing.LastStatus, losing.FailingSince = 404, now.Add(-lostAfter)
	forbidden.LastStatus, forbidden.FailingSince, forbidden.LastError = 403, now.Add(-9*24*time.Hour), "fetch: 403"
	gone := failing
	gone.Gone, gone.NextPoll, gone.LastStatus = now.Add(-24*time.Hour), now.Add(-time.Hour*24), 410
	moved, adopted, elsewhere, waits := well, well, well, longDue
	moved.Move = feeds.Move{From: "https://county.example/rss?k=geheim", To: "https://new.example/rss.xml?k=geheim", Since: now.Add(-time.Hour)}
	adopted.Move, elsewhere.Move = moved.Move, moved.Move
	adopted.Move.Adopted, elsewhere.Move.From = true, "https://old.example/rss"
	waits.NotBefore = now.Add(time.Hour)
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
		{"not found for long", map[string]feeds.State{"县域金融": lost},
			"source|县域金融: not found for 9 days|check the address, or take it out\nsources|1 asked so far, 0 not yet|\n"},
		{"not found for a week", map[string]feeds.State{"县域金融": losing},
			"source|县域金融: failing since 2022-04-04 10:00: fetch: 404|asked again 2022-04-11 11:00\nsources|1 asked so far, 0 not yet|\n"},
		{"forbidden for long", map[string]feeds.State{"县域金融": forbidden},
			"source|县域金融: failing since 2022-04-02 10:00: fetch: 403|asked again 2022-04-11 11:00\nsources|1 asked so far, 0 not yet|\n"},
		{"gone, and asked no longer", map[string]feeds.State{"县域 金融": gone},
			"source|县域 金融: gone since 2022-04-10 10:00: its server says that it has ended|take it out of feeds.yaml (its entries stay), or finews accept '县域 金融' to ask again\nsources|1 asked so far, 0 not yet|\n"},
		{"moved", map[string]feeds.State{"县域金融": moved},
			"source|县域金融 moved to https://new.example/rss.xml?… since 2022-04-11 09:00: write the new address into feeds.yaml, or finews accept 县域金融|\nsources|1 asked so far, 0 not yet|\n"},
		{"moved, and asked there", map[string]feeds.State{"县域金融": adopted},
			"source|县域金融 moved to https://new.example/rss.xml?… since 2022-04-11 09:00: write the new address into feeds.yaml|\nsources|1 asked so far, 0 not yet|\n"},
		{"moved from another address", map[string]feeds.State{"县域金融": elsewhere}, "sources|1 asked so far, 0 not yet|\n"},
		{"left alone, and not late", map[string]feeds.State{"县域金融": waits},
			"source|县域金融 is left alone until 2022-04-11 11:00: its server asked for it|\nsources|1 asked so far, 0 not yet|\n"},
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
		states[fmt.Sprint("源", i)] = feeds.State{LastPoll: time.Unix(1, 0), NextPoll: time.Unix(1<<40, 0), Failures: 1, NotBefore: time.Unix(9, 0)}
	}
	got := examined(time.Unix(2, 0), states)
	if lines := strings.Count(got, "\n"); lines != 2*mostSources+3 || !strings.Contains(got, "and 480 more fail or are held") || !strings.Contains(got, "and 480 more wait or have moved") {
		t.Errorf("%d lines:\n%s", lines, got)
	}
}
