//go:build unix

package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"finews.withounder.com/feeds"
)

// childBackup names the file that lookAsNobody backs the store up to.
const childBackup = "FINEWS_TEST_BACKUP"

// lookAsNobody looks at the store in every way as somebody for whom permissions count, and says how many entries it has.
func lookAsNobody(ctx context.Context, path string) error {
	if err := becomeNobody(); err != nil {
		return err
	}
	s, err := OpenToRead(ctx, path)
	if err != nil {
		return err
	}
	entries, err := lookAll(ctx, s, os.Getenv(childBackup))
	fmt.Printf("%d entries", entries)
	return errors.Join(err, s.Close())
}

// lookAll does what only looks, and returns the number of entries and the first thing that is not as it should be.
func lookAll(ctx context.Context, s *Store, backup string) (entries int, err error) {
	findings, err := s.Check(ctx, noon)
	if err != nil {
		return 0, err
	}
	for _, f := range findings {
		if f.Trouble != "" {
			return 0, fmt.Errorf("%s: %s", f.Check, f.Trouble)
		}
	}
	all, err := s.Entries(ctx, Filter{})
	if err != nil {
		return 0, err
	}
	found, err := s.Search(ctx, Query{Limit: 100})
	if err != nil || len(found.Hits) != len(all) {
		return 0, fmt.Errorf("%d of %d entries were found, %w", len(found.Hits), len(all), err)
	}
	if backup == "" {
		return len(all), nil
	}
	return len(all), s.Backup(ctx, backup)
}

// Who only looks needs no permission to write, and leaves nothing behind.
func TestReadOnlyIsEnoughToLook(t *testing.T) {
	closed := func(t *testing.T, path string) { save(t, open(t, path), numbered(0)) }
	cases := []struct {
		name         string
		make         func(t *testing.T, path string)
		file, folder os.FileMode
	}{
		{"file", closed, 0o444, 0o777},
		{"folder", closed, 0o666, 0o555},
		{"both", closed, 0o444, 0o555},
		{"a backup", func(t *testing.T, path string) {
			s := openNew(t)
			save(t, s, numbered(0))
			if err := s.Backup(t.Context(), path); err != nil {
				t.Fatal(err)
			}
		}, 0o444, 0o555},
		{"both, not closed", func(t *testing.T, path string) { killAfter(t, path, 0, 1, 0) }, 0o444, 0o555},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder, free := filepath.Join(t.TempDir(), "资料"), t.TempDir()
			path := filepath.Join(folder, "库.db")
			if err := errors.Join(os.Mkdir(folder, 0o777), os.Chmod(filepath.Dir(filepath.Dir(folder)), 0o755), os.Chmod(free, 0o777)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(folder, 0o777) })
			t.Run("make", func(t *testing.T) { c.make(t, path) }) // and close
			if err := errors.Join(os.Chmod(path, c.file), os.Chmod(folder, c.folder)); err != nil {
				t.Fatal(err)
			}
			backup := filepath.Join(free, "备份.db")
			said, err := child(t.Context(), "look", path, childBackup+"="+backup).CombinedOutput()
			if err != nil || !strings.HasSuffix(string(said), "5 entries") && c.name != "both, not closed" {
				t.Fatalf("%v, it says %s", err, said)
			}
			want := query(t, open(t, backup), `SELECT count(*) FROM entries`)
			if !strings.Contains(string(said), fmt.Sprint(want, " entries")) {
				t.Errorf("the backup has %d entries, and the store %s", want, said)
			}
		})
	}
}

// A full disk is no reason not to look: that is when somebody has to.
func TestFault62LookAtAFullDisk(t *testing.T) {
	onSmallDisk(t, func(t *testing.T, folder string) {
		path := filepath.Join(folder, "库.db")
		t.Run("make", func(t *testing.T) { save(t, open(t, path), numbered(0)) }) // and close
		filler := fill(t, folder)
		backup := filepath.Join(t.TempDir(), "备份.db")
		for _, file := range []string{"", backup} { // what a first attempt leaves must not hinder a second
			s, err := OpenToRead(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if n, err := lookAll(t.Context(), s, file); n != 5 || err != nil {
				t.Errorf("%d entries, %v", n, err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		if s, err := Open(t.Context(), path); err == nil {
			s.Close()
			t.Error("a full disk could be written to")
		} else if !strings.Contains(err.Error(), "the disk is full: make room") {
			t.Errorf("to write, the error is %v", err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		s := open(t, path)
		save(t, s, numbered(1))
		sound(t, s)
	})
}

// Beside a process that writes, a store that is open to be read shows what is stored, and takes no lock from it.
func TestLookBesideAWriter(t *testing.T) {
	writer := openNew(t)
	save(t, writer, numbered(0))
	s, err := OpenToRead(t.Context(), writer.path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	save(t, writer, numbered(1))
	if n, err := lookAll(t.Context(), s, ""); n != 10 || err != nil {
		t.Errorf("%d entries, %v; want 10", n, err)
	}
}

func TestOpenToReadRefuses(t *testing.T) {
	older := func(t *testing.T, path string) {
		other(fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = 0; CREATE TABLE entries (number)`, applicationID))(t, path)
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"nothing", func(*testing.T, string) {}, "there is no such file"},
		{"a folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}, "no regular file"},
		{"an empty file", func(t *testing.T, path string) { write(t, path, "") }, "finews poll brings it up to date"},
		{"an older schema", older, "its schema is version 0, and this finews reads version 3: finews poll brings it up to date"},
		{"a newer schema", other(fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = 999`, applicationID)), "run a newer finews"},
		{"another program", other(`CREATE TABLE 账本 (x)`), "another program"},
		{"no database", func(t *testing.T, path string) { write(t, path, strings.Repeat("账本", 4096)) }, "no SQLite database"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "库.db")
			c.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := OpenToRead(t.Context(), path)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %v, want %q and %s", err, c.want, path)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

// What would change a store that is open to be read is an error that says so.
func TestOpenToReadChangesNothing(t *testing.T) {
	writer := openNew(t)
	save(t, writer, numbered(0))
	s, err := OpenToRead(t.Context(), writer.path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := t.Context()
	for name, change := range map[string]func() error{
		"Save":      func() error { _, err := s.Save(ctx, numbered(1), site); return err },
		"Hide":      func() error { _, err := s.Hide(ctx, 1, false, noon); return err },
		"Unhide":    func() error { _, err := s.Unhide(ctx, 1, false, noon); return err },
		"Split":     func() error { _, err := s.Split(ctx, 1, noon); return err },
		"Accept":    func() error { _, err := s.Accept(ctx, source, noon); return err },
		"SetRights": func() error { return s.SetRights(ctx, map[string]feeds.Rights{source: feeds.RightsTitle}) },
		"Redraft":   func() error { _, err := s.Redraft(ctx, site, []Redrafted{{Number: 1}}, noon); return err },
		"Prune":     func() error { _, err := s.Prune(ctx, Limits{PerCategory: 1}, false, false, noon); return err },
		"PutPublication": func() error {
			_, err := s.PutPublication(ctx, Publication{Revision: 1}, nil, noon)
			return err
		},
		"PutPings": func() error {
			return s.PutPings(ctx, exampleHub, []feeds.Ping{{Topic: "https://finews.example.org/all.xml", Failures: 1}})
		},
		"AddPings": func() error {
			_, err := s.AddPings(ctx, exampleHub, []string{"https://finews.example.org/all.xml"}, noon)
			return err
		},
		"ForgetPings": func() error { return s.ForgetPings(ctx, []string{"https://finews.example.org/all.xml"}) },
		"DropPings":   func() error { return s.DropPings(ctx) },
		"Published":   func() error { _, err := s.Published(ctx, []string{"nongjinwang"}); return err },
	} {
		if err := change(); err == nil || !strings.Contains(err.Error(), "opened to be read") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := lookAll(ctx, s, ""); n != 5 || err != nil {
		t.Errorf("%d entries, %v", n, err)
	}
}

// The codes are SQLite's, or the system's.
func TestFullDiskIsSaid(t *testing.T) {
	for name, err := range map[string]error{
		"SQLITE_FULL":          coded(13),
		"SQLITE_IOERR_SHMSIZE": coded(4874),
		"ENOSPC":               &os.PathError{Op: "write", Path: "库.db", Err: syscall.ENOSPC},
	} {
		if got := faultIn("save", "库.db", err); !strings.Contains(got.Error(), "the disk is full: make room") {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := faultIn("save", "库.db", coded(266)); !strings.Contains(got.Error(), "the disk failed") { // SQLITE_IOERR_READ
		t.Errorf("a disk that fails: %v", got)
	}
}

// coded is an error with a code of SQLite.
type coded int

func (c coded) Error() string { return fmt.Sprint("code ", int(c)) }
func (c coded) Code() int     { return int(c) }

// What is in the log belongs to the store: where it cannot be read, nothing is shown rather than what was before.
func TestLookNeedsTheLog(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "资料")
	path := filepath.Join(folder, "库.db")
	if err := errors.Join(os.Mkdir(folder, 0o777), os.Chmod(filepath.Dir(filepath.Dir(folder)), 0o755)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o777) })
	killAfter(t, path, 0, 1, 0)
	if err := errors.Join(os.Remove(path+"-shm"), os.Chmod(folder, 0o555)); err != nil {
		t.Fatal(err)
	}
	said, err := child(t.Context(), "look", path).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "owner and permissions") {
		t.Errorf("%v, it says %s", err, said)
	}
}
