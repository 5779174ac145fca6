package publish

import (
	"errors"
	"fmt"
	"slices"

	"finews.withounder.com/feeds"
)

// maxFailures is the number of failures that an error tells; the rest is counted.
const maxFailures = 10

// Failures is the error of a publication that is in place but for some outputs, which failed each by itself. Publishing again
// fails again until somebody has done what it says. It is no error of the disk, and not that the store did not answer.
type Failures struct{ error }

// Unwrap returns what failed.
func (f Failures) Unwrap() error { return f.error }

// failures are the outputs that failed in a run.
type failures struct {
	told       []error // the first maxFailures
	more       int     // that are only counted
	lists      map[list]bool
	unanswered bool // the store was asked and did not answer: that is no failure of an output
}

// list is what several formats tell.
type list struct {
	slug    string
	archive int
}

func (w *writer) fail(err error) {
	w.report.Failed++
	if len(w.failures.told) == maxFailures {
		w.failures.more++
		return
	}
	w.failures.told = append(w.failures.told, err)
}

// pass reports whether an output passes the gate, and remembers why it does not. The formats of one list fail for one reason, and
// it is told once.
func (w *writer) pass(output feeds.Output, content []byte) bool {
	var of list
	if output.Listing != nil {
		of = list{output.Listing.Slug, output.Listing.Archive}
		if w.failures.lists[of] {
			w.report.Failed++
			return false
		}
	}
	err := w.gate(output, content)
	if err == nil {
		return true
	}
	w.fail(fmt.Errorf("publish %s: %w", output.Name, err))
	if w.failures.lists == nil {
		w.failures.lists = make(map[list]bool)
	}
	w.failures.lists[of] = true
	return false
}

// withFailures returns what went wrong: err, which is none of an output, and the failures.
func (w *writer) withFailures(err error) error {
	failed := slices.Clone(w.failures.told)
	if len(failed) == 0 {
		return err
	}
	if w.failures.more > 0 {
		failed = append(failed, fmt.Errorf("publish: %d more outputs could not be rendered or removed, or were refused", w.failures.more))
	}
	if err == nil && !w.failures.unanswered {
		return Failures{errors.Join(failed...)}
	}
	return errors.Join(err, errors.Join(failed...))
}
