package storage

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

const topicA, topicB, topicC = "https://finews.example.org/nongjinwang.xml", "https://finews.example.org/all.xml", "https://finews.example.org/农金.xml"

// addPings adds topics for a hub, and fails the test unless these were.
func addPings(t *testing.T, s *Store, hub string, now time.Time, topics, want []string) {
	t.Helper()
	added, err := s.AddPings(t.Context(), hub, topics, now)
	if diff := cmp.Diff(want, added); diff != "" || err != nil {
		t.Errorf("%v, added -want +got:\n%s", err, diff)
	}
}

// pingsAre fails the test unless a hub has to be told this.
func pingsAre(t *testing.T, s *Store, hub string, want ...feeds.Ping) {
	t.Helper()
	got, err := s.Pings(t.Context(), hub)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func putPings(t *testing.T, s *Store, hub string, pings ...feeds.Ping) {
	t.Helper()
	if err := s.PutPings(t.Context(), hub, pings); err != nil {
		t.Fatal(err)
	}
}

// What a hub has to be told waits until it was told; another change meanwhile changes nothing of that.
func TestPings(t *testing.T) {
	s := openNew(t)
	later := noon.Add(time.Hour)
	pingsAre(t, s, exampleHub)
	addPings(t, s, exampleHub, noon, []string{topicB, topicA}, []string{topicB, topicA})
	addPings(t, s, exampleHub, later, []string{topicC, topicA}, []string{topicC})
	pingsAre(t, s, exampleHub, feeds.Ping{Topic: topicB, Since: noon}, feeds.Ping{Topic: topicA, Since: noon}, feeds.Ping{Topic: topicC, Since: later})

	failed := feeds.Ping{Topic: topicA, Since: noon, Failures: 2, NotBefore: noon.Add(2 * time.Hour), Fault: "枢纽说 503"}
	putPings(t, s, exampleHub, failed, feeds.Ping{Topic: topicB, Since: noon})
	addPings(t, s, exampleHub, noon.Add(3*time.Hour), []string{topicA}, nil)
	pingsAre(t, s, exampleHub, failed, feeds.Ping{Topic: topicC, Since: later})
	failed.Fault = strings.Repeat("错", 1000)
	putPings(t, s, exampleHub, failed)
	failed.Fault = strings.Repeat("错", 166)
	pingsAre(t, s, exampleHub, failed, feeds.Ping{Topic: topicC, Since: later})

	if err := s.ForgetPings(t.Context(), []string{topicC, "https://finews.example.org/没有.xml"}); err != nil {
		t.Fatal(err)
	}
	pingsAre(t, s, exampleHub, failed)
	if err := s.DropPings(t.Context()); err != nil {
		t.Fatal(err)
	}
	pingsAre(t, s, exampleHub)
}

// Another hub begins with nothing: neither with what the one before was not told, nor with how it failed.
func TestPingsOfAnotherHub(t *testing.T) {
	s := openNew(t)
	const other = "https://other.example/枢纽"
	addPings(t, s, exampleHub, noon, []string{topicA, topicB}, []string{topicA, topicB})
	down := feeds.Ping{Since: noon, Failures: 3, NotBefore: noon.Add(time.Hour), Fault: "枢纽说 503"}
	refused := down
	refused.Topic = topicA
	putPings(t, s, exampleHub, down, refused)
	pingsAre(t, s, exampleHub, down, feeds.Ping{Topic: topicB, Since: noon}, refused)
	pingsAre(t, s, other)
	later := noon.Add(time.Minute)
	addPings(t, s, other, later, []string{topicA, topicC}, []string{topicA, topicC})
	pingsAre(t, s, other, feeds.Ping{Topic: topicA, Since: later}, feeds.Ping{Topic: topicC, Since: later})
	pingsAre(t, s, exampleHub)
}

// Where nothing differs nothing is written: each publication asks for all of this.
func TestPingsAsTheyAreAreNotWritten(t *testing.T) {
	s := openNew(t)
	for name, do := range map[string]func() error{
		"drop none":   func() error { return s.DropPings(t.Context()) },
		"forget none": func() error { return s.ForgetPings(t.Context(), []string{topicA}) },
		"add none":    func() error { _, err := s.AddPings(t.Context(), exampleHub, nil, noon); return err },
	} {
		wal := func() []byte {
			text, err := os.ReadFile(s.path + "-wal")
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		before := wal()
		if err := do(); err != nil || len(before) == 0 || !bytes.Equal(wal(), before) {
			t.Errorf("%s: it was written, or %v", name, err)
		}
	}
	addPings(t, s, exampleHub, noon, []string{topicA}, []string{topicA})
	before, err := os.ReadFile(s.path + "-wal")
	addPings(t, s, exampleHub, noon.Add(time.Hour), []string{topicA}, nil)
	if after, _ := os.ReadFile(s.path + "-wal"); err != nil || !bytes.Equal(after, before) {
		t.Errorf("what waits was written again, %v", err)
	}
}
