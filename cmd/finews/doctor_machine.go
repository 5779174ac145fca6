package main

import (
	"errors"
	"os"
	"path/filepath"
)

// What a disk must have free, in bytes. Of a large disk 5 % are plenty.
const (
	leastFree  = 100 << 20
	plentyFree = 10 << 30
	leastShare = 0.05
)

// examineDisk looks at the room on the disk of a file or folder, or, where it is not there, of the folder above it.
func (d *doctor) examineDisk(check, path string) {
	if _, err := os.Stat(path); err != nil {
		path = filepath.Dir(path)
	}
	free, all, err := diskSpace(path)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		d.note(check, "cannot be told on this system")
	case err != nil:
		d.complain(check, "see to it that it can be read", "%v", err)
	case free < leastFree, free < plentyFree && float64(free) < leastShare*float64(all):
		d.complain(check, "make room", "only %s of %s are free", size(free), size(all))
	default:
		d.note(check, "%s of %s free", size(free), size(all))
	}
}

// examineOutput looks at the folder that is published into.
func (d *doctor) examineOutput() {
	info, err := os.Stat(d.places.out)
	switch {
	case errors.Is(err, os.ErrNotExist):
		d.note("output", "%s is not there yet: the first poll makes it", d.places.out)
		return
	case err != nil:
		d.complain("output", "see to its owner and permissions", "%v", err)
		return
	case !info.IsDir():
		d.complain("output", "name a folder with --out", "%s is no folder", d.places.out)
		return
	}
	if err := writable(d.places.out); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		d.complain("output", "see to its owner and permissions", "%s cannot be written: %v", d.places.out, err)
	} else {
		d.note("output", "%s can be written", d.places.out)
	}
	d.examineDisk("disk of the output", d.places.out)
}

// examineLock says who is at work. It reads who wrote the lock, and takes it only where that run may have died: a poll
// that came in that moment would go away again.
func (d *doctor) examineLock() {
	who := lockWord(lockPath(d.places.database))
	if who == "" {
		d.note("lock", "nobody is at work")
		return
	}
	l, held, err := takeLock(d.places.database, "doctor", d.now)
	switch {
	case err != nil:
		d.complain("lock", "see to its owner and permissions", "%v", err)
	case held != "":
		d.note("lock", "%s is at work", held)
	default:
		l.release()
		d.note("lock", "nobody is at work; %s ended without tidying up", who)
	}
}
