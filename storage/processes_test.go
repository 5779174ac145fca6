package storage

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// The work of each of four processes: transactions, and what they are.
const loads = 2500

// loadStore saves many small batches: new entries, edits, unchanged ones, and states alone.
func loadStore(ctx context.Context, path string) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer s.Close()
	name := os.Getenv(childNumber)
	for n := range loads {
		b := feeds.Batch{Source: name, Now: noon, State: feeds.State{LastPoll: noon, Failures: n}}
		switch n % 5 { // and of five polls two bring nothing
		case 0:
			b.Drafts = []feeds.Draft{loadDraft(name, n)}
		case 1: // edited
			edited := loadDraft(name, n-1)
			edited.Entry.Title += "（更正）"
			edited.Digest[0]++
			b.Drafts = []feeds.Draft{edited}
		case 2: // unchanged
			b.Drafts = []feeds.Draft{loadDraft(name, n-2)}
			b.Drafts[0].Digest[0]++
		}
		if _, err := s.Save(ctx, b, site); err != nil {
			return fmt.Errorf("transaction %d: %w", n, err)
		}
	}
	return nil
}

func loadDraft(name string, n int) feeds.Draft {
	d := draft(n)
	d.Item = feeds.Item{Link: fmt.Sprintf("https://news%s.example/%d.html", name, n)}
	d.Key, _ = feeds.NewKey(name, d.Item)
	d.Digest = d.Item.Digest()
	d.Entry.Link = d.Item.Link
	return d
}

// Four processes write 10,000 transactions at once. None fails, and everything is there.
func TestFourProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "finews.db")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	program := withoutRaceDetector(t)
	var group sync.WaitGroup
	for n := range 4 {
		group.Go(func() {
			load := child(ctx, "load", path, fmt.Sprintf("%s=%d", childNumber, n))
			load.Path = program
			if said, err := load.CombinedOutput(); err != nil {
				t.Errorf("process %d: %v\n%s", n, err, said)
			}
		})
	}
	group.Wait()
	s := open(t, path)
	for n := range 4 {
		state, err := s.State(ctx, strconv.Itoa(n))
		if err != nil || state.Failures != loads-1 {
			t.Errorf("process %d: its last state is of transaction %d, %v; want %d", n, state.Failures, err, loads-1)
		}
	}
	const fifth = 4 * loads / 5
	if got := query(t, s, `SELECT count(*) FROM entries WHERE title LIKE '%（更正）'`); got != fifth {
		t.Errorf("%d entries that were edited, want %d", got, fifth)
	}
	if got := query(t, s, `SELECT count(*) FROM entry_versions`); got != fifth {
		t.Errorf("%d earlier versions, want %d", got, fifth)
	}
	sound(t, s)
}

// withoutRaceDetector returns the program of these tests, built without the race detector: processes share no memory, and
// with it each would take ten times as long.
func withoutRaceDetector(t *testing.T) string {
	t.Helper()
	if !raceDetector {
		return os.Args[0]
	}
	program := filepath.Join(t.TempDir(), "storage.test")
	build := exec.Command("go", "test", "-c", "-race=false", "-o", program, ".")
	build.Env = append(os.Environ(), "GOFLAGS=")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build without the race detector: %v\n%s", err, said)
	}
	return program
}

// writeMany saves batches until it is killed, and says the number of each when it is stored.
func writeMany(ctx context.Context, path string) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	first, err := strconv.Atoi(os.Getenv(childNumber))
	if err != nil {
		return err
	}
	for n := first; ; n++ {
		if _, err := s.Save(ctx, numbered(n), site); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// numbered is the nth of many batches, of five entries.
func numbered(n int) feeds.Batch {
	b := batch(noon, fifty(5 * n)[:5]...)
	b.State.Failures = n
	return b
}

// A process that is killed loses nothing that it said was stored.
func TestFault66Killed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "finews.db")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 66))
	stored := -1
	for range 20 {
		before := stored
		stored = max(stored, killAfter(t, path, stored+1, random.IntN(10), time.Duration(random.IntN(8e6))))
		s := open(t, path)
		for n := before + 1; n <= stored; n++ {
			d := numbered(n).Drafts[4]
			got, err := s.Entry(t.Context(), feeds.NewID(site.Host(), noon, d.Key))
			if err != nil || got.Body != d.Entry.Body {
				t.Fatalf("batch %d of %d that were acknowledged: %v", n, stored+1, err)
			}
		}
		state, err := s.State(t.Context(), source)
		entries := query(t, s, `SELECT count(*) FROM entries`)
		if err != nil || state.Failures < stored || entries != 5*(state.Failures+1) {
			t.Fatalf("%d entries and the state of batch %d, %v; %d was acknowledged", entries, state.Failures, err, stored)
		}
		if said, err := s.texts(t.Context(), `PRAGMA integrity_check`); err != nil || said[0] != "ok" {
			t.Fatalf("integrity: %v, %v", said, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	sound(t, open(t, path))
}

// killAfter has a process save batches from the first on, kills it so long after it said that it stored so many, and
// returns the last number that it said, -1 for none. The time is what hits all parts of a save.
func killAfter(t *testing.T, path string, first, acknowledged int, later time.Duration) (last int) {
	t.Helper()
	writer := child(t.Context(), "write", path, fmt.Sprintf("%s=%d", childNumber, first))
	var trouble strings.Builder
	writer.Stderr = &trouble
	said, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	last = -1
	for lines := bufio.NewScanner(said); lines.Scan(); acknowledged-- {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
		if acknowledged <= 0 {
			acknowledged = math.MaxInt
			time.AfterFunc(later, func() { writer.Process.Kill() }) // and what it says meanwhile is read to the end
		}
	}
	if err := writer.Wait(); err == nil || trouble.Len() > 0 {
		t.Fatalf("it ended by itself: %v %s", err, trouble.String())
	}
	return last
}
