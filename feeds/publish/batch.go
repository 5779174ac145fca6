package publish

import (
	"errors"
	"fmt"
	"os"
	"path"
	"sync"
	"time"

	"finews.withounder.com/feeds"
)

// Bounds of a batch. A temporary file is open until it is synced, and some systems let a process have 256; the bytes wait in
// the system's memory. Syncs at the same time share what the disk does for each: of 1, 4, 8 and 16 at a time, more than 8
// brought nothing on the disk of a small machine.
const (
	batchFiles = 128
	batchBytes = 32 << 20
	batchSyncs = 8
)

// batch is what has been rendered and is not in place yet. Disks sync many files together much faster than one after the
// other with a rename after each.
type batch struct {
	outputs []staged
	files   int
	bytes   int
}

// staged is an output whose bytes lie in temporary files.
type staged struct {
	name          string
	topic         bool
	plain, zipped *temporary // nil: the file that is there holds the bytes already
	bytes         int
}

func (b *batch) add(s staged) {
	b.outputs = append(b.outputs, s)
	b.files += len(s.files())
	b.bytes += s.bytes
}

// full reports whether the batch may be without room for the two files of another output.
func (b *batch) full() bool { return b.files+2 > batchFiles || b.bytes > batchBytes }

// files returns the temporary files of an output.
func (s staged) files() []*temporary {
	var files []*temporary
	for _, file := range []*temporary{s.plain, s.zipped} {
		if file != nil {
			files = append(files, file)
		}
	}
	return files
}

// stage writes the bytes in the buffer to temporary files, as far as the files of the output differ from them. same: the
// plain one does not.
func (w *writer) stage(output feeds.Output, same bool) (s staged, err error) {
	s = staged{name: output.Name, topic: output.Topic && !same}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.discard())
		}
	}()
	if !same {
		s.bytes += w.buffer.Len()
		if s.plain, err = newTemporary(w.root, output.Name, w.buffer.Bytes()); err != nil {
			return s, err
		}
	}
	if !compressed(output.Name) {
		return s, nil
	}
	err = w.stageGzip(&s, output.Name+gzipExtension, same)
	return s, err
}

// stageGzip writes the compressed file where it is not in step with the buffer. Where the plain file did not change, the
// checksum and length at the end of the compressed one tell whether it is, without compressing again: a
// publication of thousands of unchanged feeds is most of all this check.
func (w *writer) stageGzip(s *staged, name string, same bool) error {
	if same {
		inStep, err := gzipOf(w.root, name, w.buffer.Bytes())
		if err != nil || inStep {
			return err
		}
	}
	zipped, err := w.zipper.zip(w.buffer.Bytes())
	if err != nil {
		return err
	}
	if there, err := holds(w.root, name, zipped); err != nil || there {
		return err
	}
	s.bytes += len(zipped)
	s.zipped, err = newTemporary(w.root, name, zipped)
	return err
}

// place puts the batch in place: it syncs all of its files, then renames them. After an error what is not in place yet
// is thrown away.
func (w *writer) place() error {
	outputs := w.batch.outputs
	w.batch = batch{}
	err := syncFiles(outputs)
	for _, s := range outputs {
		if err == nil {
			err = w.replace(s)
		}
		if err != nil {
			err = errors.Join(err, s.discard())
		}
	}
	return err
}

// syncFiles syncs the temporary files of the outputs, a few at a time.
func syncFiles(outputs []staged) error {
	errs := make([]error, len(outputs))
	turns := make(chan struct{}, batchSyncs)
	var all sync.WaitGroup
	for i, s := range outputs {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			for _, file := range s.files() {
				if err := file.sync(); err != nil {
					errs[i] = fmt.Errorf("publish %s: sync it to the disk: %w", s.name, err)
				}
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// replace renames the files of an output to where they belong, one right after the other.
func (w *writer) replace(s staged) error {
	if err := w.makeFolder(path.Dir(s.name)); err != nil {
		return fmt.Errorf("publish %s: %w", s.name, err)
	}
	if err := w.date(s); err != nil {
		return fmt.Errorf("publish %s: date it after the file that it replaces: %w", s.name, err)
	}
	if s.plain != nil {
		if err := s.plain.place(); err != nil {
			return fmt.Errorf("publish %s: %w", s.name, err)
		}
		if s.topic { // readers see it, whatever becomes of the rest
			w.topics = append(w.topics, s.name)
		}
	}
	if s.zipped != nil {
		if err := s.zipped.place(); err != nil {
			return fmt.Errorf("publish %s: %w", s.name, errors.Join(err, w.withoutGzip(s)))
		}
	}
	w.report.Written++
	return nil
}

// datedAhead is how far behind the file that it replaces a new one is dated after it all the same; a file that is further ahead
// was dated by a clock that was wrong.
const datedAhead = time.Hour

// date sees to it that a file is at least a second younger than the one that it replaces, and the compressed one no older.
// Last-Modified counts seconds, and readers that go by it (newsboat) would drop the second of two publications in one second, for ever.
func (w *writer) date(s staged) error {
	if s.plain == nil {
		return nil
	}
	old, err := w.root.Stat(s.name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	fresh, err := w.root.Stat(s.plain.name)
	if err != nil {
		return err
	}
	least := old.ModTime().Truncate(time.Second).Add(time.Second)
	if behind := least.Sub(fresh.ModTime()); behind <= 0 || behind > datedAhead {
		return nil
	}
	for _, file := range s.files() {
		if err := w.root.Chtimes(file.name, least, least); err != nil {
			return err
		}
	}
	return nil
}

// withoutGzip removes the compressed file beside a plain one that was replaced: none at all is in step, an old one is not.
func (w *writer) withoutGzip(s staged) error {
	err := w.root.Remove(s.name + gzipExtension)
	if s.plain == nil || errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// discard removes the temporary files of an output that are not in place.
func (s staged) discard() error {
	var failed error
	for _, file := range s.files() {
		failed = errors.Join(failed, file.discard())
	}
	return failed
}
