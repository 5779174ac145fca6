package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// lock keeps two runs over one store apart. It is a file of its own beside the store: locking the database itself
// would stop those who only read. The kernel frees it when its holder dies.
type lock struct{ file *flock.Flock }

// takeLock takes the lock of the store. Where another run has it, held says who, and the error is nil.
func takeLock(database, command string, now time.Time) (l *lock, held string, err error) {
	path := lockPath(database)
	l = &lock{file: flock.New(path)}
	taken, err := l.file.TryLock()
	if err != nil {
		return nil, "", lockFault(path, err)
	}
	if !taken {
		return nil, holder(path), nil
	}
	word := fmt.Sprintf("finews %s, pid %d, since %s\n", command, os.Getpid(), now.Format(time.DateTime))
	if err := os.WriteFile(path, []byte(word), 0o644); err != nil {
		l.release()
		return nil, "", lockFault(path, err)
	}
	return l, "", nil
}

func lockFault(path string, err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("lock %s: %w: the disk is full: make room, and run again", path, err)
	}
	return fmt.Errorf("lock %s: %w; is the folder there, and may you write in it?", path, err)
}

// lockInterval is how often a lock that is held is asked for.
const lockInterval = 200 * time.Millisecond

// awaitLock is takeLock that waits for another run to end, and tells once whom it waits for. Its error says who has the
// lock still.
func (h *house) awaitLock(ctx context.Context, command string, patience time.Duration, waiting func(who string)) (*lock, error) {
	tick := time.NewTicker(lockInterval)
	defer tick.Stop()
	tooLong := time.After(patience)
	for first := true; ; first = false {
		l, who, err := takeLock(h.places.database, command, h.local(time.Now()))
		if who == "" || err != nil {
			return l, err
		}
		if first && patience > 0 {
			waiting(who)
		}
		select {
		case <-tick.C:
		case <-tooLong:
			return nil, fmt.Errorf("%s is at work: nothing was done: try again when it has ended", who)
		case <-ctx.Done():
			return nil, fmt.Errorf("interrupted while %s is at work: nothing was done", who)
		}
	}
}

// lockPath names the lock of a store: one store has one, by whatever name it is called.
func lockPath(database string) string {
	if real, err := filepath.EvalSymlinks(database); err == nil {
		database = real
	}
	return database + ".lock"
}

// holder reads who has the lock. The word may be missing for a moment, just after the lock was taken.
func holder(path string) string {
	if who := lockWord(path); who != "" {
		return who
	}
	return "another finews"
}

// lockWord reads what stands in a lock: who has it, or had it when it died; nothing where nobody has.
func lockWord(path string) string {
	const longest = 200
	word, err := os.ReadFile(path)
	if who := strings.TrimSpace(string(word)); err == nil && len(who) < longest {
		return who
	}
	return ""
}

// release frees the lock. Its file stays, empty: removing it would let a third run lock a file that is gone.
func (l *lock) release() {
	os.Truncate(l.file.Path(), 0) // the word is for others to read; a lock without one is a lock all the same
	l.file.Unlock()
}
