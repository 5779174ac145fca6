package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// ErrNotFound is returned where the store has no entry of the id that was asked for.
var ErrNotFound = errors.New("there is no such entry")

// found returns err, in the words of this package where there was no row.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// The primary result codes of SQLite that somebody can do something about (https://www.sqlite.org/rescode.html).
const (
	codeBusy     = 5
	codeReadOnly = 8
	codeIO       = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotDB    = 26

	codeSharedSize = 4874 // SQLITE_IOERR_SHMSIZE: the index of the log could not be made long enough
)

// advice says what to do, by result code.
var advice = map[int]string{
	codeBusy:     "another process keeps the file locked: wait for it to end, or see who has it open",
	codeReadOnly: "the file or its folder cannot be written: see to their owner and permissions",
	codeIO:       "the disk failed: look at the system's log, and copy the file to a sound disk",
	codeCorrupt:  "the file is damaged: stop finews, put a backup in its place, and remove the -wal and -shm files beside it",
	codeFull:     "the disk is full: make room, and run again",
	codeCantOpen: "the file cannot be opened: see to the owner and permissions of it and its folder",
	codeNotDB:    "the file is no SQLite database: give the path of a store of finews, or put a backup in its place",
}

// Damaged reports whether an error of this package says that the file is damaged, or is no database: nothing but a backup
// helps.
func Damaged(err error) bool {
	code := resultCode(err) & 0xff
	return code == codeCorrupt || code == codeNotDB
}

// damage is a damage that SQLite does not see.
type damage string

func (d damage) Error() string { return string(d) }

// Code makes it one of the damages that SQLite does see.
func (d damage) Code() int { return codeCorrupt }

// fault returns err as a sentence: what could not be done, in which file, why, and what to do about it. It
// returns nil for nil.
func (s *Store) fault(operation string, err error) error { return faultIn(operation, s.path, err) }

func faultIn(operation, path string, err error) error {
	if err == nil {
		return nil
	}
	if todo := adviceFor(err); todo != "" {
		return fmt.Errorf("%s: %s: %w: %s", operation, path, err, todo)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %s: %w: create the folder first", operation, path, err)
	}
	return fmt.Errorf("%s: %s: %w", operation, path, err)
}

func adviceFor(err error) string {
	code := resultCode(err)
	switch {
	case code == codeSharedSize: // SQLite does not tell one from the other
		return advice[codeFull] + "; or, where it is not, " + advice[codeIO]
	case errors.Is(err, syscall.ENOSPC):
		return advice[codeFull]
	}
	return advice[code&0xff] // the low byte is the primary code
}

// resultCode returns SQLite's code of an error, 0 where it is none of SQLite's.
func resultCode(err error) int {
	var coded interface {
		error
		Code() int
	}
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return 0
}
