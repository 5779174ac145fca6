package publish

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
)

var leftover = regexp.MustCompile(temporaryPattern)

// sweepMost bounds what one run removes: a batch, many times over.
const sweepMost = 16 * batchFiles

// sweep removes the temporary files that a run left which was killed. They all lie at the top.
func sweep(root *os.Root) error {
	found, err := leftovers(root)
	if err != nil {
		return err
	}
	var failed error
	for _, name := range found {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// leftovers reads the names at the top, a thousand at a time.
func leftovers(root *os.Root) ([]string, error) {
	top, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer top.Close()
	var found []string
	for len(found) < sweepMost {
		entries, err := top.ReadDir(1000)
		for _, entry := range entries {
			if entry.Type().IsRegular() && leftover.MatchString(entry.Name()) {
				found = append(found, entry.Name())
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
