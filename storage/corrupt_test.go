package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filledFile makes a store of some size, closes it and returns its path.
func filledFile(t *testing.T) string {
	t.Helper()
	s := openNew(t)
	for n := range 20 {
		save(t, s, numbered(n))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.path
}

// refusedOrFound opens a file that is damaged and fails the test unless that is said: by Open, or by Check. Whatever
// is tried with it, it is not made anew.
func refusedOrFound(t *testing.T, path string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path)
	if err != nil {
		if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "backup") && !strings.Contains(err.Error(), "put it back") {
			t.Errorf("error is %v, want %s and what to do", err, path)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
			t.Errorf("it was refused, and changed: %v", err)
		}
		return
	}
	defer s.Close()
	findings, err := s.Check(t.Context(), noon)
	if err != nil {
		t.Errorf("the check: %v", err)
	}
	if len(findings) == 0 {
		return
	}
	if f := findings[0]; f.Trouble == "" || !strings.Contains(f.Advice, path+"-wal") {
		t.Errorf("the damage was not found: %+v", f)
	}
	if _, err := s.Save(t.Context(), numbered(100), site); err != nil && !strings.Contains(err.Error(), path) {
		t.Errorf("a save fails with %v, want %s in it", err, path)
	}
	if now, err := size(path); err != nil || now < int64(len(before)) {
		t.Errorf("of %d bytes %d are left, %v", len(before), now, err)
	}
}

func TestFault65Corrupt(t *testing.T) {
	t.Parallel()
	whole := filledFile(t)
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	damaged := func(name string, damage func(text []byte) []byte) {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "库.db")
			write(t, path, string(damage([]byte(string(text)))))
			refusedOrFound(t, path)
		})
	}
	damaged("no database", func([]byte) []byte { return []byte(strings.Repeat("账本", page)) })
	for _, length := range []int{50, 100, page, page + 100, len(text) / 2 / page * page, len(text)/2/page*page + 7, len(text) - page, len(text) - 1} {
		damaged(fmt.Sprintf("cut at %d", length), func(text []byte) []byte { return text[:length] })
	}
	for number := 0; number < len(text)/page; number += 3 {
		damaged(fmt.Sprintf("page %d", number+1), func(text []byte) []byte {
			for i := range page {
				text[number*page+i] ^= 0x5a
			}
			return text
		})
	}
}

// unclean returns a store whose process was killed, so that what it stored last is in the log.
func unclean(t *testing.T) (path string, last int) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "finews.db")
	last = killAfter(t, path, 0, 3, 0)
	if length, err := size(path + "-wal"); err != nil || length == 0 {
		t.Fatalf("the log has %d bytes, %v", length, err)
	}
	return path, last
}

// The log is part of the store: without it what was acknowledged last would be missing, and nobody would know.
func TestFault65MissingLog(t *testing.T) {
	path, last := unclean(t)
	aside := path + ".aside"
	if err := os.Rename(path+"-wal", aside); err != nil {
		t.Fatal(err)
	}
	refusedOrFound(t, path)
	if err := os.Rename(aside, path+"-wal"); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	if n := query(t, s, `SELECT count(*) FROM entries`); n < 5*last+5 {
		t.Errorf("%d entries, want the %d that were acknowledged", n, 5*last+5)
	}
	sound(t, s)
}

// A backup that is put in the place of a damaged store makes it what it was, and the log of the damaged one is not
// written into it.
func TestFault65Restore(t *testing.T) {
	path, _ := unclean(t)
	backup := filepath.Join(t.TempDir(), "备份.db")
	s := open(t, path)
	want := latest(t, s, "nongjinwang")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	killAfter(t, path, 1000, 3, 0)
	text, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(text))
	if s, err := Open(t.Context(), path); err == nil {
		s.Close()
		t.Fatal("a backup was opened with the log of another file")
	} else if !strings.Contains(err.Error(), "remove "+path+"-wal and "+path+"-shm") {
		t.Errorf("error is %v, want what to remove", err)
	}
	for _, ending := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + ending); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, path)
	if diff := cmp.Diff(want, latest(t, s, "nongjinwang")); diff != "" {
		t.Errorf("after the restore (-backed up +restored):\n%s", diff)
	}
	if got := save(t, s, batch(noon, draft(77777))); got != (Saved{New: 1}) {
		t.Errorf("afterwards: %+v", got)
	}
	sound(t, s)
}
