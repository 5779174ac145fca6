package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// TestReportIsInTheZoneOfTheSite: what a poll prints can be laid beside what doctor says and the pages show, wherever the
// machine stands; and of what is held, it says what to do.
func TestReportIsInTheZoneOfTheSite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "said")
	said, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	h := &house{catalogue: feeds.Catalogue{Site: feeds.Site{Location: time.FixedZone("", 5*3600+45*60)}}}
	printer := h.newPrinter(program{stdout: said, stderr: said}, reportStyle{verbose: true}, 0)
	next := published.Add(time.Hour)
	err = printer.done(summary{Report: poll.Report{Started: published, Results: []poll.Result{
		{Source: "县域金融", Outcome: poll.NotDue, NextPoll: next},
		{Source: "停刊的县报", Outcome: poll.Failed, Phase: "http", Cause: "503", FailingSince: published, NextPoll: next},
		{Source: "县域 财经", Outcome: poll.Held, Phase: "held", Cause: "was the feed taken over?", FailingSince: published, NextPoll: next},
		{Source: "终刊的 县报", Outcome: poll.Failed, Phase: "http", Cause: "410", FailingSince: published},
		{Source: "慢慢来", Outcome: poll.Read, Waiting: 50},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"not due until 2022-04-11 09:31",
		"finews: 停刊的县报: http: 503 (failing since 2022-04-11 08:31, asked again 2022-04-11 09:31)\n",
		"finews: 终刊的 县报: http: 410 (failing since 2022-04-11 08:31, not asked again; finews accept '终刊的 县报' asks it again)\n",
		"read, 50 wait ",
		"finews: 县域 财经: held: was the feed taken over? If this is right: finews accept '县域 财经' (held since 2022-04-11 08:31, asked again 2022-04-11 09:31)\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
}
