package storage

import (
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

func TestAccept(t *testing.T) {
	well := feeds.State{
		Validators: feeds.Validators{URL: "https://county.example/rss", ETag: `"1"`, LastModified: "Mon, 11 Apr 2022 02:46:17 GMT", BodyHash: "00ff"},
		LastPoll:   noon, NextPoll: noon.Add(7 * day), Rights: feeds.RightsFull,
	}
	later := noon.Add(time.Hour)
	with := func(changes ...func(*feeds.State)) feeds.State {
		state := well
		for _, change := range changes {
			change(&state)
		}
		return state
	}
	held := func(s *feeds.State) { s.Held, s.HeldSince = "改头换面", noon }
	moved := func(s *feeds.State) {
		s.Move = feeds.Move{From: "https://county.example/rss", To: "https://new.example/县域.xml?k=1", Since: noon}
	}
	adopted := func(s *feeds.State) { moved(s); s.Move.Adopted = true }
	gone := func(s *feeds.State) { s.Gone, s.Failures, s.LastStatus = noon, 1, 410 }
	waits := func(s *feeds.State) { s.NotBefore = later.Add(time.Hour) }
	waited := func(s *feeds.State) { s.NotBefore = noon }
	due := func(s *feeds.State) { s.NextPoll = later }
	taken := func(s *feeds.State) {
		s.Accepted, s.Validators = true, feeds.Validators{URL: s.Validators.URL}
		due(s)
	}
	revived := func(s *feeds.State) { s.Failures, s.LastStatus, s.NextPoll = 1, 410, later }
	for name, c := range map[string]struct {
		before, after feeds.State
		want          Accepted
	}{
		"nothing":        {well, well, Accepted{}},
		"adopted before": {with(adopted), with(adopted), Accepted{}},
		"held":           {with(held), with(taken), Accepted{Held: "改头换面"}},
		"moved":          {with(moved), with(adopted, due), Accepted{MovedTo: "https://new.example/县域.xml?k=1"}},
		"gone":           {with(gone), with(revived), Accepted{Revived: true}},
		"all of it":      {with(held, moved, gone), with(taken, adopted, revived), Accepted{"改头换面", "https://new.example/县域.xml?k=1", true}},
		"held, in a wait that the server asked for": {with(held, waits), with(taken, waits, func(s *feeds.State) { s.NextPoll = s.NotBefore }), Accepted{Held: "改头换面"}},
		"held, after one": {with(held, waited), with(taken, waited), Accepted{Held: "改头换面"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := openNew(t)
			save(t, s, feeds.Batch{Source: source, Now: noon, State: c.before})
			got, err := s.Accept(t.Context(), source, later)
			if err != nil || got != c.want {
				t.Errorf("accepted %+v, %v; want %+v", got, err, c.want)
			}
			state, err := s.State(t.Context(), source)
			if diff := cmp.Diff(c.after, state); diff != "" || err != nil {
				t.Errorf("afterwards, %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// Of a source that was never polled there is nothing to accept, and nothing is stored of it.
func TestAcceptOfNone(t *testing.T) {
	s := openNew(t)
	if accepted, err := s.Accept(t.Context(), "没有这家", noon); err != nil || accepted != (Accepted{}) {
		t.Errorf("accepted %+v, %v", accepted, err)
	}
	if states, err := s.States(t.Context()); err != nil || len(states) != 0 {
		t.Errorf("states: %+v, %v", states, err)
	}
}
