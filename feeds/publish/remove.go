package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// remove sees to it that the file of an output that is gone is not there, and neither is the one beside it. os.Root
// follows no link out of the folder; a link in the place of the file goes, and what it leads to stays.
func (w *writer) remove(name string) {
	if w.owns(name) {
		return
	}
	var failed error
	removed := false
	for _, file := range []string{name, name + gzipExtension} {
		if w.owns(file) {
			continue
		}
		err := w.root.Remove(file)
		switch {
		case err == nil:
			removed = true
		case !errors.Is(err, fs.ErrNotExist):
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil {
		w.fail(fmt.Errorf("publish %s: it was taken down, and cannot be removed: remove it by hand: %w", name, failed))
	}
	if removed {
		w.report.Removed++
		w.touch(w.removeEmpty(path.Dir(name)))
	}
}

// removeEmpty removes a folder that is empty, and those above it that are empty then, up to a folder at the top, which
// is that of a category and stays. It returns the folder at which it ended. Empty folders do no harm: one that cannot
// be removed is left.
func (w *writer) removeEmpty(folder string) string {
	for strings.Contains(folder, "/") {
		info, err := w.root.Lstat(folder)
		if err != nil || !info.IsDir() { // a link to a folder is somebody's own arrangement
			break
		}
		if err := w.root.Remove(folder); err != nil {
			break
		}
		delete(w.touched, folder)
		folder = path.Dir(folder)
	}
	return folder
}
