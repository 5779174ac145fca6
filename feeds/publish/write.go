package publish

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// Report counts outputs. A file and the .gz beside it are one output.
type Report struct {
	Written   int `json:"written"`   // one of its two files, or both, were not there or differed
	Unchanged int `json:"unchanged"` // no file was touched
	Removed   int `json:"removed"`   // it was gone, and one of its two files, or both, were there
	Failed    int `json:"failed"`    // it could not be rendered, and its last good file stays; or not removed
}

// maxFailures is the number of failures that an error tells; the rest is counted.
const maxFailures = 10

// Write renders the outputs, one at a time, and puts them under the folder root, which it makes where it is
// not there. A file is replaced only when its bytes differ, by a file beside it that is synced and then renamed,
// so that a reader, or a power cut, finds the old file whole or the new one whole. Feeds, JSON and embeds get a
// .gz beside them that is always in step. Last, the folders that changed are synced.
//
// An output that is gone is removed, with the .gz beside it and the folders of its date that are empty then. Gone
// outputs come last: a name that this run writes is not removed, whatever the case of its letters, because on some
// file systems it would be the same file.
//
// An output that fails to render leaves its file as it was and does not stop the others, and neither does one that
// cannot be removed; the error names it at the end. Write stops at an error that outputs yields, such as that of a
// cancelled context, at a name that is no relative path of slashes inside root or that was given before, and at a disk
// that does not take a file. The report is good in each case.
func Write(root string, outputs iter.Seq2[feeds.Output, error]) (Report, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return Report{}, fmt.Errorf("publish: make the output folder (see --out): %w", err)
	}
	folder, err := os.OpenRoot(root)
	if err != nil {
		return Report{}, fmt.Errorf("publish: open the output folder (see --out): %w", err)
	}
	defer folder.Close()
	w := &writer{root: folder, names: map[string]bool{}, touched: map[string]bool{}}
	err = w.writeAll(outputs)
	return w.report, errors.Join(err, w.failure(), w.syncFolders())
}

// writer is one run of Write.
type writer struct {
	root     *os.Root
	names    map[string]bool // files that this run owns, in small letters
	touched  map[string]bool // folders in which a name changed
	buffer   bytes.Buffer    // of the output at hand
	failures []error         // the first maxFailures
	report   Report
}

func (w *writer) writeAll(outputs iter.Seq2[feeds.Output, error]) error {
	for output, err := range outputs {
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		if fault := nameFault(output.Name); fault != "" {
			return fmt.Errorf("publish %q: %s", output.Name, fault)
		}
		if output.Gone {
			w.remove(output.Name)
			continue
		}
		if err := w.claim(output.Name); err != nil {
			return err
		}
		w.buffer.Reset()
		if err := output.Render(&w.buffer); err != nil {
			w.fail(fmt.Errorf("publish %s: render: %w", output.Name, err))
			continue
		}
		if err := w.put(output.Name); err != nil {
			return fmt.Errorf("publish %s: %w", output.Name, err)
		}
	}
	return nil
}

// claim takes the names that an output needs: no two outputs may write one file.
func (w *writer) claim(name string) error {
	files := []string{name}
	if compressed(name) {
		files = append(files, name+gzipExtension)
	}
	for _, file := range files {
		if w.owns(file) {
			return fmt.Errorf("publish %q: two outputs have this name: give one another slug or path", file)
		}
		w.names[strings.ToLower(file)] = true
	}
	return nil
}

// owns reports whether this run writes a file, under this name or under one that some file systems take for it.
func (w *writer) owns(file string) bool { return w.names[strings.ToLower(file)] }

// nameFault says what is wrong with an output's name; it is empty for a good one. os.Root refuses to leave the
// folder too; here the mistake is told by its cause, and before anything is rendered.
func nameFault(name string) string {
	switch {
	case name == "." || !fs.ValidPath(name):
		return "no relative path with slashes, without empty parts, . and .."
	case strings.ContainsAny(name, "\\\x00"):
		return "a file name may hold no backslash and no NUL"
	}
	return ""
}

// put puts the bytes in the buffer into the files of an output, where they differ.
func (w *writer) put(name string) error {
	changed, err := w.replace(name, w.buffer.Bytes())
	if err != nil {
		return err
	}
	if compressed(name) {
		zipped, err := w.putGzip(name+gzipExtension, changed)
		if err != nil {
			return err
		}
		changed = changed || zipped
	}
	if changed {
		w.report.Written++
	} else {
		w.report.Unchanged++
	}
	return nil
}

func (w *writer) fail(err error) {
	w.report.Failed++
	if len(w.failures) < maxFailures {
		w.failures = append(w.failures, err)
	}
}

func (w *writer) failure() error {
	if more := w.report.Failed - len(w.failures); more > 0 {
		return errors.Join(append(slices.Clone(w.failures), fmt.Errorf("publish: %d more outputs could not be rendered or removed", more))...)
	}
	return errors.Join(w.failures...)
}

// touch remembers a folder, and those that it lies in, because they may be new too.
func (w *writer) touch(folder string) {
	for ; !w.touched[folder]; folder = path.Dir(folder) {
		w.touched[folder] = true
	}
}

// syncFolders makes the new names last: a renamed file is not safe from a power cut before its folder is.
func (w *writer) syncFolders() error {
	var failed []error
	for _, folder := range slices.Sorted(maps.Keys(w.touched)) {
		if err := syncFolder(w.root, folder); err != nil {
			failed = append(failed, fmt.Errorf("publish: sync the folder %s: %w", folder, err))
		}
	}
	return errors.Join(failed...)
}
