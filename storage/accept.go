package storage

import (
	"context"
	"time"

	"finews.withounder.com/feeds"
)

// Accepted is what the operator accepted of a source. The zero Accepted is nothing.
type Accepted struct {
	Held    string // why what it sent was held back
	MovedTo string // the address that is asked from now on, whole; empty: the same as before
	Revived bool   // its server had said that it has ended, and is asked again
}

// Accept lets the next poll of the source store whatever it brings, has it ask where the source has moved to, and asks a
// source again that had ended: each where there is something to accept. It makes the source due at once, or as soon as its
// server lets itself be asked. Of a source that was never polled nothing is accepted.
func (s *Store) Accept(ctx context.Context, source string, now time.Time) (accepted Accepted, err error) {
	err = s.write(ctx, now, func(w *writing) error {
		w.source, accepted = source, Accepted{}
		state, polled, err := w.stateNow(ctx)
		if !polled || err != nil {
			return err
		}
		if accepted = accept(&state, now); accepted == (Accepted{}) {
			return nil
		}
		return w.state(ctx, state)
	})
	if err != nil {
		return Accepted{}, s.fault("accept what "+source+" brings", err)
	}
	return accepted, nil
}

// accept changes the state as Accept says.
func accept(state *feeds.State, now time.Time) (accepted Accepted) {
	if state.Held != "" {
		accepted.Held = state.Held
		state.Held, state.HeldSince, state.Accepted = "", time.Time{}, true
		v := &state.Validators
		v.ETag, v.LastModified, v.BodyHash = "", "", "" // what was held is sent again
	}
	if state.Move.To != "" && !state.Move.Adopted {
		accepted.MovedTo = state.Move.To
		state.Move.Adopted = true
	}
	if !state.Gone.IsZero() {
		accepted.Revived = true
		state.Gone = time.Time{}
	}
	if accepted != (Accepted{}) {
		state.NextPoll = now
		if state.NotBefore.After(now) {
			state.NextPoll = state.NotBefore
		}
	}
	return accepted
}
