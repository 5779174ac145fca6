package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"finews.withounder.com/feeds"
)

const stateColumns = `name, url, reading, etag, last_modified, body_hash, last_poll, last_success, next_poll,
	failures, failing_since, told_at, last_error, held, held_since, accepted, empty, rights,
	not_before, gone, move_from, move_to, move_since, move_adopted, hints, last_status, last_url`

// State returns what is remembered of the named source: the zero State where nothing is. Its times are in UTC
// and whole seconds.
func (s *Store) State(ctx context.Context, source string) (feeds.State, error) {
	states, err := s.states(ctx, `SELECT `+stateColumns+` FROM sources WHERE name = ?`, source)
	return states[source], s.fault("read the state of "+source, err)
}

// States returns what is remembered of every source, by name; also of those that feeds.yaml no longer names.
func (s *Store) States(ctx context.Context) (map[string]feeds.State, error) {
	states, err := s.states(ctx, `SELECT `+stateColumns+` FROM sources`)
	return states, s.fault("read the states of the sources", err)
}

func (s *Store) states(ctx context.Context, query string, args ...any) (map[string]feeds.State, error) {
	rows, err := s.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	states := make(map[string]feeds.State)
	for rows.Next() {
		name, state, err := scanState(rows.Scan)
		if err != nil {
			return nil, err
		}
		states[name] = state
	}
	return states, rows.Err()
}

func scanState(scan func(...any) error) (name string, state feeds.State, err error) {
	var lastPoll, lastSuccess, nextPoll, failingSince, toldAt, heldSince, notBefore, gone, moveSince int64
	var hints string
	v, move := &state.Validators, &state.Move
	err = scan(&name, &v.URL, &v.Reading, &v.ETag, &v.LastModified, &v.BodyHash, &lastPoll, &lastSuccess, &nextPoll,
		&state.Failures, &failingSince, &toldAt, &state.LastError,
		&state.Held, &heldSince, &state.Accepted, &state.Empty, &state.Rights,
		&notBefore, &gone, &move.From, &move.To, &moveSince, &move.Adopted, &hints, &state.LastStatus, &state.LastURL)
	if err != nil {
		return name, state, err
	}
	state.LastPoll, state.LastSuccess, state.NextPoll = fromUnix(lastPoll), fromUnix(lastSuccess), fromUnix(nextPoll)
	state.FailingSince, state.ToldAt, state.HeldSince = fromUnix(failingSince), fromUnix(toldAt), fromUnix(heldSince)
	state.NotBefore, state.Gone, move.Since = fromUnix(notBefore), fromUnix(gone), fromUnix(moveSince)
	if err := json.Unmarshal([]byte(hints), &state.Hints); err != nil {
		return name, state, damage(fmt.Sprintf("what %s said about itself cannot be read: %v", name, err))
	}
	return name, state, nil
}

// stateNow reads the state of the transaction's source, and says whether there is one.
func (w *writing) stateNow(ctx context.Context) (state feeds.State, polled bool, err error) {
	_, state, err = scanState(w.tx.QueryRowContext(ctx, `SELECT `+stateColumns+` FROM sources WHERE name = ?`, w.source).Scan)
	if found(err) == ErrNotFound {
		return feeds.State{}, false, nil
	}
	return state, err == nil, err
}

// SetRights stores the rights of sources whose stored ones differ; of a source that was never polled nothing is stored.
func (s *Store) SetRights(ctx context.Context, rights map[string]feeds.Rights) error {
	states, err := s.States(ctx)
	if err != nil {
		return err
	}
	for name, state := range states {
		granted, named := rights[name]
		if !named || granted == state.Rights {
			continue
		}
		err := s.write(ctx, time.Time{}, func(w *writing) error {
			_, err := w.exec(ctx, `UPDATE sources SET rights = ? WHERE name = ?`, string(granted), name)
			return err
		})
		if err != nil {
			return s.fault("store the rights of "+name, err)
		}
	}
	return nil
}

// state stores the state of the transaction's source.
func (w *writing) state(ctx context.Context, state feeds.State) error {
	v := state.Validators
	hints, err := json.Marshal(state.Hints)
	if err != nil {
		return fmt.Errorf("its hints: %w", err)
	}
	_, err = w.exec(ctx, `
		INSERT OR REPLACE INTO sources (`+stateColumns+`) VALUES (
			?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.source, v.URL, v.Reading, v.ETag, v.LastModified, v.BodyHash,
		unix(state.LastPoll), unix(state.LastSuccess), unix(state.NextPoll),
		state.Failures, unix(state.FailingSince), unix(state.ToldAt), state.LastError,
		state.Held, unix(state.HeldSince), state.Accepted, state.Empty, string(state.Rights),
		unix(state.NotBefore), unix(state.Gone),
		state.Move.From, state.Move.To, unix(state.Move.Since), state.Move.Adopted,
		string(hints), state.LastStatus, state.LastURL)
	if err != nil {
		return fmt.Errorf("its state: %w", err)
	}
	return nil
}
