package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes a copy of the store to file, as it is at one moment, while others go on writing. The copy is a store
// itself: to restore, put it in the place of the store while nothing runs, and remove the -wal and -shm files beside it.
// A file that exists is not replaced: then the error is fs.ErrExist. The name appears when the copy is whole, checked
// and safe on the disk; after an error nothing stays. The copy has the store's permissions, and its owner may write it. It needs room for the store.
func (s *Store) Backup(ctx context.Context, file string) error {
	err := s.backup(ctx, file)
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("%w: give a name that is free", err)
	}
	return s.fault("write a backup to "+file, ended(ctx, err))
}

func (s *Store) backup(ctx context.Context, file string) error {
	file, err := filepath.Abs(file) // a relative one that starts with file: would be a URI
	if err != nil {
		return err
	}
	if _, err := os.Lstat(file); err == nil {
		return &fs.PathError{Op: "create", Path: file, Err: fs.ErrExist}
	}
	unfinished, err := s.createBeside(file)
	if err != nil {
		return err
	}
	defer os.Remove(unfinished)
	defer os.Remove(unfinished + "-journal")
	if err := s.copyTo(ctx, unfinished); err != nil {
		return err
	}
	if err := checkCopy(ctx, unfinished); err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	if err := syncFile(unfinished); err != nil {
		return err
	}
	if err := name(unfinished, file); err != nil {
		return err
	}
	return syncFile(filepath.Dir(file))
}

// createBeside makes an empty file with the permissions of the store in the folder of file; its owner may write it.
func (s *Store) createBeside(file string) (string, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*.tmp")
	if err != nil {
		return "", err
	}
	return f.Name(), errors.Join(f.Chmod(info.Mode().Perm()|0o200), f.Close())
}

// copyTo copies the store into the empty file, within one read transaction of a connection of its own: those of the
// pool are query_only, which keeps SQLite from writing the copy too.
func (s *Store) copyTo(ctx context.Context, file string) error {
	db, err := connect(ctx, s.readAddress([]pragma{busyTimeout}), 1, []pragma{busyTimeout})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, file)
	return err
}

// checkCopy makes sure that the file is a whole store of today's schema.
func checkCopy(ctx context.Context, file string) error {
	db, err := connect(ctx, address(file, readOnly, readerPragmas), 1, readerPragmas)
	if err != nil {
		return err
	}
	defer db.Close()
	steps, err := migrationSteps()
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if version != len(steps) {
		return fmt.Errorf("its schema is version %d and not %d: look at the disk, and run again", version, len(steps))
	}
	var said string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		return fmt.Errorf("%s: run finews doctor, and look at the disk", said)
	}
	return nil
}

// syncFile makes a file, or the names in a folder, survive a power cut.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// name gives a finished file its name, unless another has it. Disks that know no second name for a file, as memory
// sticks do, cannot do both in one step.
func name(unfinished, file string) error {
	err := os.Link(unfinished, file)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(file); err == nil {
		return &fs.PathError{Op: "create", Path: file, Err: fs.ErrExist}
	}
	return os.Rename(unfinished, file)
}
