package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// needStrace skips a test where system calls cannot be watched.
func needStrace(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("strace", "-f", "-e", "trace=none", os.Args[0], "-test.run=^$").CombinedOutput(); err != nil {
		t.Skipf("strace is missing or not allowed: %v %s", err, out)
	}
}

// systemCall is a call that a process made and that was done, with the paths that it is about.
type systemCall struct{ name, path, to string }

var (
	syncCall   = regexp.MustCompile(`^(fsync|fdatasync)\(\d+<([^>]*)>`)
	renameCall = regexp.MustCompile(`^(renameat2?)\(\d+<([^>]*)>, "([^"]*)", \d+<([^>]*)>, "([^"]*)"`)
	nameCall   = regexp.MustCompile(`^(mkdirat|unlinkat|openat)\(\d+<([^>]*)>, "([^"]*)"(.*)`)
	resumed    = regexp.MustCompile(`^<\.\.\. \w+ resumed>(.*)$`)
)

// traced runs the program and returns the calls by which it changed names under the output folder and synced them, in the order
// in which they were done. A call of one thread may begin before and end after one of another.
func (y yard) traced(now time.Time, words ...string) []systemCall {
	y.t.Helper()
	log := filepath.Join(y.folder, "strace")
	watch := []string{"strace", "-f", "-y", "-o", log, "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,mkdirat,unlinkat,openat"}
	if said, err := y.command(now, watch, words...).CombinedOutput(); err != nil {
		y.t.Fatalf("finews %v: %v\n%s", words, err, said)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		y.t.Fatal(err)
	}
	var calls []systemCall
	begun := map[string]string{} // by thread
	for line := range strings.Lines(string(text)) {
		thread, line, _ := strings.Cut(strings.TrimSpace(line), " ")
		line = strings.TrimSpace(line)
		if start, unfinished := strings.CutSuffix(line, " <unfinished ...>"); unfinished {
			begun[thread] = start
			continue
		}
		if rest := resumed.FindStringSubmatch(line); rest != nil {
			line = begun[thread] + rest[1]
		}
		if call, ok := readCall(line); ok && strings.HasPrefix(call.path, y.public()) {
			calls = append(calls, call)
		}
	}
	return calls
}

// readCall reads a line of strace's. It is about the calls that succeeded; opening a file counts where it makes one.
func readCall(line string) (systemCall, bool) {
	if strings.Contains(line, ") = -1 ") {
		return systemCall{}, false
	}
	if found := syncCall.FindStringSubmatch(line); found != nil {
		return systemCall{"sync", found[2], ""}, true
	}
	if found := renameCall.FindStringSubmatch(line); found != nil {
		return systemCall{"rename", filepath.Join(found[2], found[3]), filepath.Join(found[4], found[5])}, true
	}
	found := nameCall.FindStringSubmatch(line)
	if found == nil || found[1] == "openat" && !strings.Contains(found[4], "O_CREAT") {
		return systemCall{}, false
	}
	return systemCall{found[1], filepath.Join(found[2], found[3]), ""}, true
}

// outlast asserts that what the calls brought about outlasts a power cut: each file was synced after it was made and before it
// got its name, and after its folder got a last name in it, the folder was synced, once, the inner before the outer. It
// returns the names that files got.
func (y yard) outlast(calls []systemCall) []string {
	y.t.Helper()
	var placed []string
	synced, folders := map[string]bool{}, map[string]int{} // folders: when they were synced
	changed := map[string]bool{}                           // folders with names that were not synced
	for at, call := range calls {
		folder := filepath.Dir(call.path)
		switch call.name {
		case "openat":
			synced[call.path] = false
			changed[folder] = true
		case "mkdirat", "unlinkat":
			changed[folder] = true
		case "sync":
			synced[call.path] = true
			if !strings.HasSuffix(call.path, ".tmp") {
				if marked := call.path == y.public() && slices.Contains(placed, ".finews"); folders[call.path] > 0 && !marked { // the mark comes after all
					y.t.Errorf("the folder %s is synced twice", call.path)
				}
				folders[call.path] = at
				changed[call.path] = false
			}
		case "rename":
			if !synced[call.path] {
				y.t.Errorf("%s has its name before it is synced", call.to)
			}
			changed[folder], changed[filepath.Dir(call.to)] = true, true
			placed = append(placed, strings.TrimPrefix(call.to, y.public()+"/"))
		}
	}
	for folder, yes := range changed {
		if yes {
			y.t.Errorf("the folder %s is not synced after its names changed", folder)
		}
	}
	for folder, at := range folders {
		if outer := folders[filepath.Dir(folder)]; folder != y.public() && outer < at {
			y.t.Errorf("the folder %s is synced after the one that it lies in", folder)
		}
	}
	slices.Sort(placed)
	return placed
}

// TestFault67PowerCut: what a publication wrote outlasts a power cut, and at any moment of one each file is whole, old or new,
// because of the order of the calls that it makes: of a full publication, and of one that a single edit brought about.
func TestFault67PowerCut(t *testing.T) {
	t.Parallel()
	needStrace(t)
	upstream, yards := newYards(t, 1)
	y, now := yards[0], time.Date(2022, 5, 1, 0, 0, 0, 0, time.UTC)
	upstream.configure("农金消息", y)
	full := y.outlast(y.traced(now, "poll"))
	before := y.tree()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(before)), full); diff != "" {
		t.Errorf("files that lie there, and that were put there (-lie +put):\n%s", diff)
	}
	if again := y.outlast(y.traced(now, "publish")); len(again) > 0 {
		t.Errorf("nothing has changed, and %q were put there", again)
	}
	upstream.version.Add(1)
	put := y.outlast(y.traced(now.Add(2*time.Hour), "poll"))
	if diff := cmp.Diff(differences(before, y.tree()), put); diff != "" {
		t.Errorf("files that are not what they were, and that were put there (-differ +put):\n%s", diff)
	}
	if len(put) == 0 || len(put) == len(full) {
		t.Errorf("%d of %d files were put there: this shows nothing", len(put), len(full))
	}
	t.Logf("%d files in a full publication, %d in one after an edit", len(full), len(put))
}

// TestFault67DiskErrors: when the disk fails a sync, has no room for a name, or takes no more of a file, each file is whole, old or new, its .gz is in
// step or gone, no temporary file stays, and it is said. With the disk well again the next run puts all in place.
func TestFault67DiskErrors(t *testing.T) {
	t.Parallel()
	needStrace(t)
	upstream, yards := newYards(t, 2)
	calm, y := yards[0], yards[1]
	now := time.Date(2022, 5, 1, 0, 0, 0, 0, time.UTC)
	upstream.configure("农金消息", calm, y)
	calm.runs(now, "poll")
	y.runs(now, "poll")
	for _, c := range []struct{ calls, fault, told string }{
		{"fsync", "EIO", "input/output error"}, {"renameat,renameat2", "ENOSPC", "no space left on device"},
		{"fchmod", "EROFS", "read-only file system"},
	} {
		failures := 0
		for n := 1; ; n += 1 + n {
			old := y.tree()
			upstream.configure(fmt.Sprintf("农金消息%s%d", c.fault, n), calm, y)
			calm.runs(now, "publish")
			said, injected := y.runsWithout(now, c.calls, c.fault, n)
			if !injected {
				break // it made no more of these calls
			}
			failures++
			if !strings.Contains(said, c.told) {
				t.Errorf("%s %d failed, and it says %q", c.calls, n, said)
			}
			y.isOldOrNew(old, calm.tree())
			y.runs(now, "publish")
			if diff := differences(calm.tree(), y.tree()); len(diff) > 0 {
				t.Errorf("%s %d failed: with the disk well again these files are not what they should be: %q", c.calls, n, diff)
			}
		}
		t.Logf("%s failed in %d places", c.calls, failures)
		if failures < 3 {
			t.Errorf("%s failed in %d places: this shows nothing", c.calls, failures)
		}
	}
}

// runsWithout publishes while the nth of the calls fails, and returns what was said. It was not injected where the program made
// fewer of them.
func (y yard) runsWithout(now time.Time, calls, fault string, n int) (said string, injected bool) {
	y.t.Helper()
	log := filepath.Join(y.folder, "strace")
	inject := []string{"strace", "-f", "-o", log, "-e", "trace=" + calls, "-e", fmt.Sprintf("inject=%s:error=%s:when=%d", calls, fault, n)}
	text, err := y.command(now, inject, "publish").CombinedOutput()
	trace, readErr := os.ReadFile(log)
	if readErr != nil {
		y.t.Fatal(readErr)
	}
	injected = bytes.Contains(trace, []byte("INJECTED"))
	if (err != nil) != injected {
		y.t.Errorf("%s %d: failed %v, and the error is %v: %s", calls, n, injected, err, text)
	}
	return string(text), injected
}

// isOldOrNew asserts that each file is what it was or what it was to be, and in step with its .gz, and that there are no others.
func (y yard) isOldOrNew(old, wanted map[string]string) {
	y.t.Helper()
	there := y.tree()
	for name, text := range there {
		if text != old[name] && text != wanted[name] {
			y.t.Errorf("%s is neither what it was nor what it was to be", name)
		}
		plain, compressed := strings.CutSuffix(name, ".gz")
		if unzipped, err := unzip([]byte(text)); compressed && (err != nil || string(unzipped) != there[plain]) {
			y.t.Errorf("%s is not in step with %s: %v", name, plain, err)
		}
	}
	for name := range old {
		if _, stays := there[name]; !stays && !strings.HasSuffix(name, ".gz") {
			y.t.Errorf("%s is gone", name)
		}
	}
}
