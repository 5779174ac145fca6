package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// onSmallDisk runs the test with the folder of a disk that holds 2 MB: one of its own, mounted here, or where that is
// not allowed, by the test's child in a namespace of its own.
func onSmallDisk(t *testing.T, test func(t *testing.T, folder string)) {
	folder := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder).Run(); err == nil {
		t.Cleanup(func() {
			if err := exec.Command("umount", folder).Run(); err != nil {
				t.Error(err)
			}
		})
		test(t, folder)
		return
	}
	const inside = "FINEWS_TEST_UNSHARED"
	if os.Getenv(inside) != "" || exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", folder).Run() != nil {
		t.Skip("this tester may mount no disk, nor have a namespace of its own")
	}
	again := exec.CommandContext(t.Context(), "unshare", "-rm", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), inside+"=1")
	said, err := again.CombinedOutput()
	t.Logf("in a namespace of its own:\n%s", said)
	if err != nil {
		t.Error(err)
	}
}

// fill takes what room is left on the disk, and returns the file that has it.
func fill(t *testing.T, folder string) (filler string) {
	t.Helper()
	filler = filepath.Join(folder, "别的文件")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.Copy(f, zeros{}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk was filled until %v", err)
	}
	return filler
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// A full disk is said, what is stored can be read, and when there is room again it goes on, without a restart.
func TestFault62DiskFull(t *testing.T) {
	onSmallDisk(t, func(t *testing.T, folder string) {
		s := open(t, filepath.Join(folder, "库.db"))
		save(t, s, numbered(0))
		filler := fill(t, folder)
		n, err := 0, error(nil)
		for err == nil && n < 1000 { // the log has room for a few more
			n++
			_, err = s.Save(t.Context(), numbered(n), site)
		}
		if resultCode(err)&0xff != codeFull || !strings.Contains(err.Error(), "the disk is full: make room") || !strings.Contains(err.Error(), s.path) {
			t.Errorf("error is %v, want code 13 and what to do about %s", err, s.path)
		}
		state, err := s.State(t.Context(), source)
		if entries := len(latest(t, s, "nongjinwang").Entries); err != nil || entries != 5*n || state.Failures != n-1 {
			t.Errorf("%d entries and the state of batch %d, %v; want those of %d batches", entries, state.Failures, err, n)
		}
		if err := s.Backup(t.Context(), filepath.Join(folder, "备份.db")); err == nil || !strings.Contains(err.Error(), "make room") && !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("the error of a backup is %v", err)
		}
		if left, _ := filepath.Glob(filepath.Join(folder, "*备份*")); len(left) > 0 {
			t.Errorf("a backup that failed left %v", left)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if got := save(t, s, numbered(n)); got != (Saved{New: 5}) {
			t.Errorf("with room again: %+v", got)
		}
		sound(t, s)
	})
}

// holdLock keeps a transaction until its input ends, and says when it has it.
func holdLock(ctx context.Context, path string) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer s.Close()
	tx, err := s.writer.Begin()
	if err != nil {
		return err
	}
	fmt.Println("held")
	io.Copy(io.Discard, os.Stdin)
	return tx.Commit()
}

// hold has another process keep the lock, until release is called.
func hold(t *testing.T, path string) (release func()) {
	t.Helper()
	holder := child(t.Context(), "hold", path)
	holder.Stderr = os.Stderr
	input, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "held\n" {
		t.Fatalf("the holder says %q, %v", line, err)
	}
	return func() {
		input.Close()
		if err := holder.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// What another process locks is waited for, and stored when it is free in time. After 5 seconds it is said why not,
// and nothing is lost when the poll comes again.
func TestFault64Locked(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	save(t, s, numbered(0))

	release := hold(t, s.path)
	saved := make(chan error)
	go func() {
		_, err := s.Save(context.Background(), numbered(1), site)
		saved <- err
	}()
	for s.writer.Stats().InUse == 0 {
		runtime.Gosched()
	}
	select {
	case err := <-saved:
		t.Errorf("it did not wait: %v", err)
	default:
		release()
		if err := <-saved; err != nil {
			t.Errorf("the lock was free in time: %v", err)
		}
	}

	release = hold(t, s.path)
	start := time.Now()
	_, err := s.Save(context.Background(), numbered(2), site)
	if waited := time.Since(start); waited < patience {
		t.Errorf("it waited for %v", waited)
	}
	if err == nil || !strings.Contains(err.Error(), "another process keeps the file locked") || !strings.Contains(err.Error(), s.path) {
		t.Errorf("error is %v, want it to say that another process has %s", err, s.path)
	}
	if n := query(t, s, `SELECT count(*) FROM entries`); n != 10 {
		t.Errorf("%d entries, want the 10 of the batches that were stored", n)
	}
	release()
	if got := save(t, s, numbered(2)); got != (Saved{New: 5}) {
		t.Errorf("again: %+v", got)
	}
	sound(t, s)
}

// saveOne saves one batch into a store that is there, and says what came of it. It does not close the store: so what a
// commit that failed left in the log is not tidied away.
func saveOne(ctx context.Context, path string) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	if _, err := s.Save(ctx, numbered(1), site); err != nil {
		return err
	}
	fmt.Println("saved")
	return nil
}

// After an error of the disk at the commit nobody knows what is stored. Saving the same again makes it right: each
// entry is there once.
func TestFault68CommitError(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("strace", "-f", "-e", "trace=none", os.Args[0], "-test.run=^$").CombinedOutput(); err != nil {
		t.Skipf("strace is missing or not allowed: %v %s", err, out)
	}
	for _, c := range []struct {
		calls      string
		step, most int // of a few syncs each, of many writes every third
	}{{"fsync,fdatasync", 1, 20}, {"pwrite64", 3, 40}} {
		for _, when := range []string{"%d", "%d+"} {
			failed, stored := 0, 0
			for n := 1; n <= c.most && saveWithout(t, c.calls, fmt.Sprintf(when, n), &failed, &stored); n += c.step {
			}
			t.Logf("%s failing at %s: said of %d commits, of which %d were stored all the same", c.calls, when, failed, stored)
			if failed == 0 {
				t.Errorf("no failure of %s at a commit was said", c.calls)
			}
		}
	}
}

// saveWithout has a process save a batch while system calls fail, and then saves it again. It returns false when the
// process made fewer of the calls than that.
func saveWithout(t *testing.T, calls, when string, failed, stored *int) (more bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "finews.db")
	s := open(t, path)
	save(t, s, numbered(0))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	log := path + ".strace"
	saver := child(t.Context(), "save", path)
	saver.Args = append([]string{"strace", "-f", "-o", log, "-e", "trace=" + calls, "-e", "inject=" + calls + ":error=EIO:when=" + when}, saver.Args...)
	saver.Path, _ = exec.LookPath("strace")
	said, err := saver.CombinedOutput()
	traced, readErr := os.ReadFile(log)
	if readErr != nil {
		t.Fatal(readErr)
	}
	if err != nil {
		if strings.Contains(string(said), ": commit: ") {
			*failed++
		}
		if !strings.Contains(string(said), path) || !strings.Contains(string(said), "disk failed") {
			t.Errorf("%s failing at %s: it says %s", calls, when, said)
		}
	}
	s = open(t, path)
	if n := query(t, s, `SELECT count(*) FROM entries`); err != nil && n == 10 {
		*stored++
	}
	for range 2 {
		save(t, s, numbered(1))
	}
	if n := query(t, s, `SELECT count(*) FROM entries`); n != 10 {
		t.Errorf("%s failing at %s: %d entries, want each of 10 once", calls, when, n)
	}
	sound(t, s)
	return strings.Contains(string(traced), "INJECTED")
}
