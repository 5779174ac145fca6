package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

// errUnpublished says that outputs still fail, of which the operator was told within the day: nothing is printed.
var errUnpublished = errors.New("outputs still fail, as finews doctor tells")

// standing is how the outputs of a publication stand: they fail since a while, or did until now, or all is well.
type standing struct {
	failures error     // of the outputs; nil: none failed
	since    time.Time // when they began to fail; zero: all was well before, too
	tell     bool      // failures: the operator is to be told of them now
}

// err is the error of a publication that nobody typed.
func (s standing) err(h *house) error {
	switch {
	case s.failures == nil:
		return nil
	case !s.tell:
		return errUnpublished
	}
	return fmt.Errorf("not all is published since %s: %w", h.minute(s.since), s.failures)
}

// publishTyped publishes for a command that somebody types: who types it is told each time what fails.
func (h *house) publishTyped(ctx context.Context, p program, asked extent) (publish.Report, error) {
	report, s, err := h.publishStanding(ctx, asked)
	if err == nil {
		fmt.Fprint(p.stderr, s.recovery(h.minute))
	}
	return report, errors.Join(s.failures, err)
}

// recovery is the line that tells that outputs which failed do so no longer; empty: none did, or they still do.
func (s standing) recovery(minute func(time.Time) string) string {
	if s.failures != nil || s.since.IsZero() {
		return ""
	}
	return fmt.Sprintf("finews: published again, after outputs failed since %s\n", minute(s.since))
}

// publishStanding publishes, and remembers which outputs fail until one publication succeeds. They are to be told of when that
// starts and once a day, as sources are. err is of all else that can go wrong, which is told each time.
func (h *house) publishStanding(ctx context.Context, asked extent) (report publish.Report, s standing, err error) {
	report, err = h.publish(ctx, asked)
	if failures, only := errors.AsType[publish.Failures](err); only {
		s.failures, err = failures, nil
	}
	if err != nil {
		return report, s, err
	}
	return report, s, h.remember(ctx, &s)
}

// remember brings the store up to how the outputs stand, and finds out since when, and whether that is to be told.
func (h *house) remember(ctx context.Context, s *standing) error {
	folder, err := filepath.Abs(h.places.out)
	if err != nil {
		return fmt.Errorf("find the output folder (see --out): %w", err)
	}
	known, err := h.store.PublicationFault(ctx, folder)
	s.since = known.Since
	switch {
	case err != nil:
		s.tell = true
		return err
	case s.failures == nil && s.since.IsZero():
		return nil
	case s.failures == nil:
		return h.store.PutPublicationFault(ctx, folder, storage.PublicationFault{})
	}
	now := h.clock()
	if s.since.IsZero() {
		s.since = now
	}
	if s.tell = poll.TellAgain(known.ToldAt, now); s.tell {
		known.ToldAt = now
	}
	return h.store.PutPublicationFault(ctx, folder, storage.PublicationFault{Since: s.since, ToldAt: known.ToldAt, Fault: s.failures.Error()})
}

// examinePublication looks at which outputs failed when it was published last into the folder of --out.
func (d *doctor) examinePublication(ctx context.Context, h *house) error {
	folder, err := filepath.Abs(d.places.out)
	if err != nil {
		return fmt.Errorf("find the output folder (see --out): %w", err)
	}
	known, err := h.store.PublicationFault(ctx, folder)
	if err != nil {
		return err
	}
	if known.Since.IsZero() {
		d.note("publication", "no output is refused")
		return nil
	}
	for line := range strings.Lines(known.Fault) {
		d.complain("publication", "the next poll tries again", "failing since %s: %s", h.minute(known.Since), strings.TrimSpace(line))
	}
	return nil
}
