package publish

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

// Report counts outputs. A file and the .gz beside it are one output.
type Report struct {
	Written   int `json:"written"`   // one of its two files, or both, were not there or differed
	Unchanged int `json:"unchanged"` // no file was touched
	Removed   int `json:"removed"`   // it was gone, and one of its two files, or both, were there
	Failed    int `json:"failed"`    // it could not be rendered, or did not pass the gate, and its last good file stays; or not removed
}

// Options say what a feed has to pass before it takes the place of the one that is published, and who is told. The zero Options let
// everything pass.
type Options struct {
	// Read reads a feed back: what it lists, in order. nil: nothing is read back.
	Read func(name string, content []byte) ([]feeds.Listed, error)
	// Left says what became of entries that a list does not hold any more, by their ids; one that is not in the map is Unknown. nil: all are.
	Left func(listing feeds.Listing, ids []string) (map[string]Standing, error)
	// Now is the time that no new entry may lie more than a day ahead of; zero: none is too far.
	Now time.Time
	// Changed is told the name of each topic whose file has other bytes now, at the end, also of a run that failed. nil: nobody is.
	Changed func(name string)
}

// Standing is what the store says of an entry that a list held.
type Standing int

// An entry that was taken down has to leave, whatever else is missing.
const (
	Unknown Standing = iota // the store does not have it
	Listed                  // it belongs into the list
	Left                    // it was pruned or filed elsewhere, or another copy tells its story
	Down                    // it was taken down, or is held back
)

// Write renders the outputs, one at a time, and puts them under the folder root, which it makes where it is
// not there. A file is replaced only when its bytes differ, by a temporary file that is synced and then renamed,
// so that a reader, or a power cut, finds the old file whole or the new one whole. Feeds, JSON and embeds get a
// .gz beside them that is always in step. The temporary files lie at the top of the folder, whose parts must all be on
// one disk; they are synced and renamed a batch at a time. Last, the folders that changed are synced. What a run that
// was killed left behind is removed first.
//
// A feed that does not pass the gate of the options leaves its file, and the .gz, as they were.
//
// An output that is gone is removed, with the .gz beside it and the folders of its date that are empty then, after all
// that came before it is in place. Gone outputs come last: a name that this run writes is not removed, whatever the case
// of its letters, because on some file systems it would be the same file.
//
// An output that fails to render or is refused does not stop the others, and neither does one that cannot be removed; the
// error names it at the end, and is Failures where nothing else went wrong. Where a format of a list is refused, those that
// come after it are refused with it, so that they keep telling the same; the error names the first. Write stops at an error
// that outputs yields, such as that of a cancelled context, at a name that is no relative path of slashes inside root or that
// was given before, and at a disk that does not take a file. What was rendered before is put in place, if the disk takes it,
// and no temporary file stays. The report is good in each case.
func Write(root string, outputs iter.Seq2[feeds.Output, error], options Options) (Report, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return Report{}, fmt.Errorf("publish: make the output folder (see --out): %w", err)
	}
	folder, err := os.OpenRoot(root)
	if err != nil {
		return Report{}, fmt.Errorf("publish: open the output folder (see --out): %w", err)
	}
	defer folder.Close()
	if err := sweep(folder); err != nil {
		return Report{}, fmt.Errorf("publish: remove what a run that was killed left in the output folder (see --out): %w", err)
	}
	w := &writer{root: folder, options: options, names: map[string]bool{}, touched: map[string]bool{}}
	err = errors.Join(w.writeAll(outputs), w.place())
	err = errors.Join(err, w.syncFolders())
	w.tell()
	return w.report, w.withFailures(err)
}

// writer is one run of Write.
type writer struct {
	root     *os.Root
	options  Options
	names    map[string]bool // files that this run owns, in small letters
	touched  map[string]bool // folders in which a name changed
	buffer   bytes.Buffer    // of the output at hand
	zipper   zipper
	batch    batch
	topics   []string // that were written
	failures failures
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
		if err := w.write(output); err != nil {
			return err
		}
	}
	return nil
}

// write takes one output as far as the batch. Its error is one that stops the run.
func (w *writer) write(output feeds.Output) error {
	if output.Gone {
		err := w.place()
		if err == nil {
			w.remove(output.Name)
		}
		return err
	}
	if err := w.claim(output.Name); err != nil {
		return err
	}
	w.buffer.Reset()
	if err := output.Render(&w.buffer); err != nil {
		w.fail(fmt.Errorf("publish %s: render: %w", output.Name, err))
		return nil
	}
	if err := w.put(output); err != nil {
		return fmt.Errorf("publish %s: %w", output.Name, err)
	}
	if w.batch.full() {
		return w.place()
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

// put brings the bytes in the buffer into the batch, where the files of an output differ from them.
func (w *writer) put(output feeds.Output) error {
	content := w.buffer.Bytes()
	same, err := holds(w.root, output.Name, content)
	if err != nil {
		return err
	}
	if !same && !w.pass(output, content) {
		return nil
	}
	next, err := w.stage(output, same)
	if err != nil {
		return err
	}
	if next.plain == nil && next.zipped == nil {
		w.report.Unchanged++
		return nil
	}
	w.batch.add(next)
	return nil
}

// tell says which topics have other bytes now.
func (w *writer) tell() {
	if w.options.Changed == nil {
		return
	}
	for _, name := range w.topics {
		w.options.Changed(name)
	}
}
