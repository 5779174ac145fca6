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
)

// nobody is a user who owns nothing.
const nobody = 65534

// openAsNobody opens the store as somebody for whom permissions count.
func openAsNobody(ctx context.Context, path string) error {
	if err := becomeNobody(); err != nil {
		return err
	}
	_, err := Open(ctx, path)
	return err
}

func becomeNobody() error {
	if os.Getuid() != 0 {
		return nil
	}
	return errors.Join(syscall.Setgroups(nil), syscall.Setgid(nobody), syscall.Setuid(nobody))
}

// What cannot be written is said when the store is opened, with its name and what to look at.
func TestFault63ReadOnly(t *testing.T) {
	newer := func(t *testing.T, path string) {
		other(fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = 999`, applicationID))(t, path)
	}
	store := func(t *testing.T, path string) { save(t, open(t, path), numbered(0)) }
	killed := func(t *testing.T, path string) { killAfter(t, path, 0, 1, 0) }
	cases := []struct {
		name         string
		make         func(t *testing.T, path string)
		file, folder os.FileMode
		want         string
	}{
		{"file", store, 0o444, 0o777, "cannot be written: see to their owner and permissions"},
		{"folder", store, 0o666, 0o555, "owner and permissions"},
		{"both", store, 0o444, 0o555, "owner and permissions"},
		{"both, not closed", killed, 0o444, 0o555, "owner and permissions"},
		{"unreadable file", store, 0, 0o777, "owner and permissions"},
		{"unreadable folder", store, 0o666, 0, "permission denied"},
		{"no file", nil, 0, 0o555, "owner and permissions"},
		{"newer schema", newer, 0o444, 0o777, "run a newer finews"},
		{"newer schema in a folder", newer, 0o444, 0o555, "run a newer finews"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "资料")
			path := filepath.Join(folder, "库.db")
			if err := errors.Join(os.Mkdir(folder, 0o777), os.Chmod(filepath.Dir(filepath.Dir(folder)), 0o755)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(folder, 0o777) })
			if c.make != nil {
				t.Run("make", func(t *testing.T) { c.make(t, path) }) // and close
				if err := os.Chmod(path, c.file); err != nil {
					t.Fatal(err)
				}
			}
			before, _ := os.ReadFile(path)
			if err := os.Chmod(folder, c.folder); err != nil {
				t.Fatal(err)
			}
			said, err := child(t.Context(), "open", path).CombinedOutput()
			if err == nil || !strings.Contains(string(said), c.want) || !strings.Contains(string(said), "open the store: "+path) {
				t.Errorf("%v, it says %swant %q and %s", err, said, c.want, path)
			}
			os.Chmod(folder, 0o777)
			os.Chmod(path, 0o666)
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}
