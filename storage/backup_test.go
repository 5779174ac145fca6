package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A backup is the whole store as it was at one moment, though somebody writes all the time.
func TestBackupWhileWriting(t *testing.T) {
	s := openNew(t)
	save(t, s, numbered(0))
	done := make(chan struct{})
	var group sync.WaitGroup
	saved := 0
	defer group.Wait()
	defer close(done)
	group.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			saved++
			if _, err := s.Save(context.Background(), numbered(saved), site); err != nil {
				t.Error(err)
				return
			}
		}
	})
	folder := t.TempDir()
	for i := range 10 {
		file := filepath.Join(folder, fmt.Sprintf("备份 %d?#.db", i))
		if err := s.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		copied := open(t, file)
		state, err := copied.State(t.Context(), source)
		if n := query(t, copied, `SELECT count(*) FROM entries`); err != nil || n != 5*state.Failures+5 {
			t.Errorf("backup %d has %d entries and the state of batch %d, %v", i, n, state.Failures, err)
		}
		sound(t, copied)
		if err := copied.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 10 {
		t.Errorf("%d files in the folder of 10 backups, %v", len(files), err)
	}
}

// A backup is the store again, with the same permissions.
func TestBackupIsTheStore(t *testing.T) {
	s := seven(t)
	if err := os.Chmod(s.path, 0o640); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := s.Backup(t.Context(), "file:备份.db"); err != nil { // a file of that name, and no URI
		t.Fatal(err)
	}
	info, err := os.Stat("file:备份.db")
	if err != nil || info.Mode() != 0o640 {
		t.Errorf("%v, its mode is %v", err, info.Mode())
	}
	path, err := filepath.Abs("file:备份.db")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dump(t, s.path), dump(t, path)); diff != "" {
		t.Errorf("(-store +backup):\n%s", diff)
	}
}

func TestBackupRefuses(t *testing.T) {
	s := seven(t)
	folder := t.TempDir()
	taken, cancelled := filepath.Join(folder, "已有.db"), filepath.Join(folder, "半途.db")
	write(t, taken, "别人的文件")
	dangling := filepath.Join(folder, "链接.db")
	if err := os.Symlink("没有", dangling); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	cases := []struct {
		name, file string
		ctx        context.Context
		is         error
		want       string
	}{
		{"a file", taken, t.Context(), fs.ErrExist, "give a name that is free"},
		{"the store", s.path, t.Context(), fs.ErrExist, "give a name that is free"},
		{"a folder", folder, t.Context(), fs.ErrExist, "give a name that is free"},
		{"a link", dangling, t.Context(), fs.ErrExist, "give a name that is free"},
		{"no folder", filepath.Join(folder, "没有", "备份.db"), t.Context(), fs.ErrNotExist, "create the folder first"},
		{"cancelled", cancelled, ended, context.Canceled, "canceled"},
	}
	for _, c := range cases {
		err := s.Backup(c.ctx, c.file)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: error is %v, want %q and %s in it", c.name, err, c.want, c.file)
		}
	}
	if text, err := os.ReadFile(taken); string(text) != "别人的文件" {
		t.Errorf("the file that was there is %q, %v", text, err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 2 {
		t.Errorf("%d files in the folder, %v; want the 2 that were there", len(files), err)
	}
}

// A name that somebody takes while the copy is made stays theirs.
func TestBackupRace(t *testing.T) {
	folder := t.TempDir()
	unfinished, file := filepath.Join(folder, "新.tmp"), filepath.Join(folder, "新.db")
	write(t, unfinished, "备份")
	write(t, file, "别人的文件")
	if err := name(unfinished, file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error is %v, want fs.ErrExist", err)
	}
	if text, err := os.ReadFile(file); string(text) != "别人的文件" {
		t.Errorf("the file that was there is %q, %v", text, err)
	}
}

// A backup of a damaged store is not made: it would take the place of a good one.
func TestBackupOfDamage(t *testing.T) {
	t.Parallel()
	path := filledFile(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	root := query(t, s, `SELECT rootpage FROM sqlite_schema WHERE name = 'entry_links'`)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	clear(text[4096*(root-1) : 4096*root])
	write(t, path, string(text))
	s = open(t, path)
	folder := t.TempDir()
	err = s.Backup(t.Context(), filepath.Join(folder, "备份.db"))
	if err == nil || !strings.Contains(err.Error(), "damaged") || !strings.Contains(err.Error(), path) {
		t.Errorf("error is %v, want it to say that %s is damaged", err, path)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
		t.Errorf("%d files were left, %v", len(files), err)
	}
}

// A copy that is not whole does not get the name.
func TestCheckCopy(t *testing.T) {
	t.Parallel()
	path := filledFile(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(string) error{
		"cut": func(path string) error { return os.Truncate(path, int64(len(text)/2)) },
		"with a damaged page": func(path string) error {
			text := []byte(string(text))
			clear(text[4096*20 : 4096*21])
			return os.WriteFile(path, text, 0o644)
		},
		"of another program": func(path string) error {
			text := []byte(string(text))
			copy(text[68:], "面")
			return os.WriteFile(path, text, 0o644)
		},
		"of no version": func(path string) error {
			text := []byte(string(text))
			clear(text[60:64])
			return os.WriteFile(path, text, 0o644)
		},
	} {
		file := filepath.Join(t.TempDir(), "备份.db")
		write(t, file, string(text))
		if err := checkCopy(t.Context(), file); err != nil {
			t.Errorf("whole: %v", err)
		}
		if err := damage(file); err != nil {
			t.Fatal(err)
		}
		if err := checkCopy(t.Context(), file); err == nil {
			t.Errorf("%s: it was not noticed", name)
		}
	}
}
