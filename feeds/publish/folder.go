package publish

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// makeFolder makes a folder where it is not there, for a file that is put into it now.
func (w *writer) makeFolder(folder string) error {
	if w.touched[folder] {
		return nil // it was made by this run, and what this run removes it forgets
	}
	if err := w.root.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	w.touch(folder)
	return nil
}

// touch remembers a folder, and those that it lies in, because they may be new too: made by this run, or by one that was
// killed before it synced them.
func (w *writer) touch(folder string) {
	for ; !w.touched[folder]; folder = path.Dir(folder) {
		w.touched[folder] = true
	}
}

// syncFolders makes the new names last: a renamed file is not safe from a power cut before its folder is. What a folder
// holds is safe before the folder itself is.
func (w *writer) syncFolders() error {
	folders := slices.SortedFunc(maps.Keys(w.touched), func(a, b string) int {
		return cmp.Or(cmp.Compare(depth(b), depth(a)), strings.Compare(a, b))
	})
	var failed []error
	for _, folder := range folders {
		if err := syncFolder(w.root, folder); err != nil {
			failed = append(failed, fmt.Errorf("publish: sync the folder %s: %w", folder, err))
		}
	}
	return errors.Join(failed...)
}

// depth is the number of folders that a folder lies in, under the output folder and with it.
func depth(folder string) int {
	if folder == "." {
		return 0
	}
	return 1 + strings.Count(folder, "/")
}

func syncFolder(root *os.Root, name string) error {
	folder, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
