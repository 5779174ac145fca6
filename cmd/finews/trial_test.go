package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// TestPrintTrial prints a trial in which everything happened that can, and holds it against testdata/trial.txt.
func TestPrintTrial(t *testing.T) {
	h := &house{catalogue: feeds.Catalogue{Site: feeds.Site{Location: beijing}}}
	at := time.Date(2022, 4, 11, 2, 46, 17, 0, time.UTC)
	long := strings.Repeat("农商行支农。", 40)
	trial := poll.Trial{
		URL: "https://new.example/rss", ContentType: "text/xml; charset=gbk\x1b[2J", Bytes: 812, Seconds: 0.25,
		Validators: feeds.Validators{ETag: `W/"1"`, LastModified: "Mon, 11 Apr 2022 02:00:00 GMT"},
		Fresh:      10 * time.Minute, MovedTo: "https://new.example/rss", Interval: time.Hour, Torn: true, Faults: []string{"3 characters that are no XML were dropped"},
		Hints: feeds.Hints{Interval: 30 * time.Minute, SkipHours: 1<<0 | 1<<23, SkipDays: 1 << 6, Hub: "https://hub.example/?secret=geheim"},
		Next:  "https://new.example/rss?…", Total: 9,
		Items: []poll.TrialItem{
			{
				Item: feeds.Item{GUID: "1", Link: "https://county.example/1", Title: "<b>甲县</b>", Published: at}, BodyURL: "https://county.example/body?…",
				Draft: feeds.Draft{Entry: feeds.Entry{
					Title: "甲县", Outlet: "农金网", Own: true, Authors: []string{"张三", "李四"}, Published: at, Summary: long, Image: "https://county.example/1.png",
					Categories: []string{"nongjinwang", "sannong"}, Reasons: []string{"outlet 农金网"}, Held: "its text is garbled: 锟斤拷",
				}},
			},
			{Item: feeds.Item{Title: "乙县", Published: at.AddDate(90, 0, 0)}, Draft: feeds.Draft{Entry: feeds.Entry{Title: "乙县", Outlet: "县域"}}},
			{Item: feeds.Item{Title: "丙县", Published: at, Approximate: true}, Draft: feeds.Draft{Entry: feeds.Entry{Title: "丙县", Published: at}}},
			{Item: feeds.Item{GUID: "4"}, Dropped: "neither a title nor a text"},
		},
	}
	var got strings.Builder
	h.printTrial(sheet{&got}, attempt{
		source: feeds.Source{Name: "县域金融", Kind: feeds.KindFeed, URL: "https://old.example/rss?token=geheim",
			Body: feeds.BodyRules{URL: "https://county.example/body?key=geheim&id={id}"}},
		remembered: []string{"it has moved\x1b[2J"}, trial: trial,
	})
	got.WriteString("\n")
	failed := poll.Trial{Failure: &poll.Result{Phase: "dns", Cause: "no such host old.example: check the address", URL: "https://old.example/rss"}}
	one := attempt{source: feeds.Source{Name: "县域金融", URL: "https://old.example/rss"}, trial: failed}
	h.printTrial(sheet{&got}, one)
	got.WriteString(failureLine(one) + "\n")
	want, err := os.ReadFile("testdata/trial.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if strings.Contains(got.String(), "geheim") || strings.Contains(got.String(), "\x1b") {
		t.Error("a secret is shown, or the terminal is moved")
	}
}

// TestBodyAddressTellsWhatCameFromTheItem: that is what an operator looks for whose template is wrong; a key of the template
// stays hidden.
func TestBodyAddressTellsWhatCameFromTheItem(t *testing.T) {
	item := feeds.Item{GUID: "NX 2022", Link: "https://county.example/1?from=rss", Title: "甲县"}
	for template, want := range map[string]string{
		"https://api.example/text?id={id}":                   "https://api.example/text?id=NX+2022",
		"https://api.example/text?id={id}&key=geheim&a={id}": "https://api.example/text?id=NX+2022&key=…&a=NX+2022",
		"https://api.example/text/{id}?geheim":               "https://api.example/text/NX%202022?…",
		"https://api.example/text?sign=geheim{id}geheim":     "https://api.example/text?sign=…NX+2022…",
		"{link}&token=geheim":                                "https://county.example/1?from=rss&token=…",
		"{link}?token=geheim":                                "https://county.example/1?from=rss&token=…",
		"{outlet}":                                           "https://as-it-was.example/?…",
		"":                                                   "https://as-it-was.example/?…",
	} {
		got := bodyAddress(feeds.Source{Body: feeds.BodyRules{URL: template}}, poll.TrialItem{Item: item, BodyURL: "https://as-it-was.example/?…"})
		if got != want {
			t.Errorf("%q: got %s, want %s", template, got, want)
		}
	}
	if got := bodyAddress(feeds.Source{Body: feeds.BodyRules{URL: "https://api.example/text?id={id}"}}, poll.TrialItem{Item: item}); got != "" {
		t.Errorf("no body was asked for, and it tells %s", got)
	}
}

// TestIntervalLine tells the interval of a source, and not what is left of it when the minute is over.
func TestIntervalLine(t *testing.T) {
	etag := feeds.Validators{ETag: `"1"`}
	for want, c := range map[string]struct {
		every time.Duration
		trial poll.Trial
	}{
		"every 1m, as feeds.yaml says":  {time.Minute, poll.Trial{Interval: 51 * time.Second}},
		"every 24h, as feeds.yaml says": {24 * time.Hour, poll.Trial{Interval: 24 * time.Hour}},
		"after 1h3m":                    {0, poll.Trial{Interval: 63*time.Minute + 20*time.Second, Validators: etag}},
		"after 10h":                     {0, poll.Trial{Interval: 10 * time.Hour, Validators: feeds.Validators{LastModified: "x"}}},
		"after 26h10m, because it gives no validators: write every: 1h if it is a list of news": {0, poll.Trial{Interval: 26*time.Hour + 10*time.Minute}},
		"": {0, poll.Trial{}},
	} {
		if got := intervalLine(feeds.Source{Every: c.every}, c.trial); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestHeedDoesWhatTheNextPollWould gives trials what a store remembers.
func TestHeedDoesWhatTheNextPollWould(t *testing.T) {
	h := &house{catalogue: feeds.Catalogue{Site: feeds.Site{Location: beijing}}, places: places{config: "feeds.yaml"}}
	now := time.Date(2022, 4, 11, 2, 46, 0, 0, time.UTC)
	const here, there = "https://old.example/rss", "https://new.example/rss"
	for name, c := range map[string]struct {
		state      feeds.State
		asked      string
		remembered string
		failure    string
	}{
		"nothing":            {feeds.State{}, here, "", ""},
		"left alone":         {feeds.State{NotBefore: now.Add(time.Hour)}, here, "", "its server asked to be left alone until 2022-04-11 11:46: try it after that"},
		"left alone before":  {feeds.State{NotBefore: now.Add(-time.Hour)}, here, "", ""},
		"a clock was wrong":  {feeds.State{NotBefore: now.AddDate(1, 0, 0)}, here, "", ""},
		"gone":               {feeds.State{Gone: now}, here, "gone since 2022-04-11 10:46: its server says that it has ended; finews accept 县域金融 has polls ask it again", ""},
		"moved":              {feeds.State{Move: feeds.Move{From: here, To: there, Adopted: true}}, there, "it has moved, and is asked there: write that address into feeds.yaml", ""},
		"not yet adopted":    {feeds.State{Move: feeds.Move{From: here, To: there}}, here, "", ""},
		"from elsewhere":     {feeds.State{Move: feeds.Move{From: there, To: there, Adopted: true}}, here, "", ""},
		"of another address": {feeds.State{Gone: now, NotBefore: now.Add(time.Hour), Validators: feeds.Validators{URL: there}}, here, "", ""},
	} {
		a := attempt{source: feeds.Source{Name: "县域金融", URL: here}}
		h.heed(c.state, now, &a)
		failure := ""
		if a.trial.Failure != nil {
			failure = a.trial.Failure.Cause
		}
		if a.source.URL != c.asked || strings.Join(a.remembered, "\n") != c.remembered || failure != c.failure {
			t.Errorf("%s: asked %s, remembered %q, failed %q", name, a.source.URL, a.remembered, failure)
		}
		if c.asked == there && a.source.Home != here {
			t.Errorf("%s: its home is %q: a stranger would be sent its headers", name, a.source.Home)
		}
	}
}
