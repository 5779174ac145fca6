package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestFault66Killed kills the program at moments of a poll and of a publication, as the kernel does, and runs it again: what is
// published then is byte for byte what a program publishes that was never killed, and nothing else lies there.
func TestFault66Killed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it runs the program about a hundred times")
	}
	const wanted = 24
	upstream, yards := newYards(t, 2)
	calm, harried := yards[0], yards[1]
	random := rand.New(rand.NewPCG(66, 2022))
	now := time.Date(2022, 5, 1, 0, 0, 0, 0, time.UTC)
	upstream.configure("农金消息", calm, harried)
	calm.runs(now, "poll")
	harried.runs(now, "poll")

	kills, left := map[string]int{}, 0
	for round := 1; kills["poll"]+kills["publish"] < wanted; round++ {
		if round > 3*wanted {
			t.Fatalf("in %d rounds the program was killed only %v times", round, kills)
		}
		now = now.Add(2 * time.Hour)
		command := []string{"poll", "publish", "publish"}[round%3]
		if command == "poll" {
			upstream.version.Add(1)
		} else {
			upstream.configure(fmt.Sprintf("农金消息第%d版", round), calm, harried)
		}
		took := calm.runs(now, command)
		moment := after(time.Duration(random.Int64N(int64(took))))
		if round%3 == 2 {
			moment = harried.atWrites(1 + random.IntN(20))
		}
		if harried.killed(now, moment, command) {
			kills[command]++
		}
		left += len(harried.temporaries())
		harried.runs(now, command)
		if diff := differences(calm.tree(), harried.tree()); len(diff) > 0 {
			t.Fatalf("round %d, a %s that was killed: these files are not what they are without it: %q", round, command, diff)
		}
		if there := harried.temporaries(); len(there) > 0 {
			t.Fatalf("round %d: left are %v", round, there)
		}
	}
	t.Logf("killed %v times; %d temporary files were left and went with the next run", kills, left)
	if kills["poll"] == 0 || left == 0 {
		t.Error("it was never killed while it polled, or while it wrote: this shows nothing")
	}
}
