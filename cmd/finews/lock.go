package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// lock keeps two runs over one store apart. It is a file of its own beside the store: locking the database itself
// would stop those who only read. The kernel frees it when its holder dies.
type lock struct{ file *flock.Flock }

// takeLock takes the lock of the store. Where another run has it, held says who, and the error is nil.
func takeLock(database, command string, now time.Time) (l *lock, held string, err error) {
	if real, err := filepath.EvalSymlinks(database); err == nil {
		database = real // one store has one lock, by whatever name it is called
	}
	path := database + ".lock"
	l = &lock{file: flock.New(path)}
	taken, err := l.file.TryLock()
	if err != nil {
		return nil, "", fmt.Errorf("lock %s: %w; is the folder there, and may you write in it?", path, err)
	}
	if !taken {
		return nil, holder(path), nil
	}
	word := fmt.Sprintf("finews %s, pid %d, since %s\n", command, os.Getpid(), now.Format(time.DateTime))
	if err := os.WriteFile(path, []byte(word), 0o644); err != nil {
		l.release()
		return nil, "", fmt.Errorf("lock %s: %w", path, err)
	}
	return l, "", nil
}

// holder reads who has the lock. The word may be missing for a moment, just after the lock was taken.
func holder(path string) string {
	const longest = 200
	word, err := os.ReadFile(path)
	if who := strings.TrimSpace(string(word)); err == nil && who != "" && len(who) < longest {
		return who
	}
	return "another finews"
}

// release frees the lock. Its file stays, empty: removing it would let a third run lock a file that is gone.
func (l *lock) release() {
	os.Truncate(l.file.Path(), 0) // the word is for others to read; a lock without one is a lock all the same
	l.file.Unlock()
}
