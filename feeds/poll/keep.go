package poll

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/parse"
)

// workBytes bounds the documents that are parsed, cleaned and stored at one time, in bytes: an item costs about ten times
// its size on the way. A document that is larger has it alone.
const workBytes = 8 << 20

// step is what one reading of a source gave: a document, a batch of posts, or a failure.
type step struct {
	parsed     parse.Result
	bytes      int
	unchanged  bool // nothing to read: 304, the same body, the same folder
	last       bool // no more steps follow
	validators feeds.Validators
	fresh      time.Duration // how long the server says that its answer is good
	movedTo    string        // where it says that the source has moved for good
	done       func()        // gives back what the document takes of the bytes in flight; nil: nothing

	store      error // of the store: it ends the cycle
	err        error // of the source
	phase      string
	url        string // that was read or failed, without credentials and query
	status     int
	retryAfter time.Duration
}

func (s step) release() {
	if s.done != nil {
		s.done()
	}
}

// leaveAlone returns until when the server asked to be left alone; zero: it did not.
func (s step) leaveAlone(now time.Time) time.Time {
	if s.retryAfter <= 0 {
		return time.Time{}
	}
	return now.Add(s.retryAfter)
}

// notBefore returns until when the source's own server asked to be left alone, in answer to whichever of our requests.
func (k *keeping) notBefore() time.Time {
	return latest(k.step.leaveAlone(k.started), k.asking.notBefore)
}

// atWork calls do when there is room for a document of that many bytes.
func (c *cycle) atWork(ctx context.Context, bytes int, do func() error) error {
	weight := min(max(int64(bytes), 1), workBytes)
	if err := c.work.Acquire(ctx, weight); err != nil {
		return err
	}
	defer c.work.Release(weight)
	return do()
}

// keep turns one step of a source into rows. Validators go in only with the last of the items that they stand
// for, so that a crash in between makes the source be read again rather than believed.
func (c *cycle) keep(ctx context.Context, source feeds.Source, state *feeds.State, s step, result *Result) error {
	if s.store != nil {
		return c.stopped(ctx, s.store, result)
	}
	if s.err != nil {
		return c.fail(ctx, source, *state, s, result)
	}
	k := &keeping{cycle: c, source: source, state: state, step: s, result: result}
	var err error
	if k.items, err = c.recognise(ctx, source.Name, s.parsed.Items, &k.said); err != nil {
		return c.stopped(ctx, err, result)
	}
	held, err := c.suspicion(ctx, source, *state, s, k.items)
	if err != nil {
		return c.stopped(ctx, err, result)
	}
	if held != "" {
		return k.hold(ctx, held)
	}
	if source.Body.Asked() {
		return k.withBodies(ctx)
	}
	return k.whole(ctx)
}

// keeping is the way of one step into the store.
type keeping struct {
	*cycle
	source feeds.Source
	state  *feeds.State
	step   step
	result *Result
	items  recognised
	said   faults
	asking asking
}

// whole stores the items that are new or changed, and the state with them.
func (k *keeping) whole(ctx context.Context) error {
	err := k.atWork(ctx, k.step.bytes, func() error {
		drafts, err := k.drafts(ctx, k.source, k.items.news, k.state.Accepted, &k.said)
		if err != nil {
			return err
		}
		if garbled := k.garbled(drafts); garbled != "" {
			return k.hold(ctx, garbled)
		}
		if k.step.last {
			k.succeed()
		}
		if err := k.save(ctx, feeds.Batch{Drafts: drafts}); err != nil {
			return err
		}
		k.tell()
		return nil
	})
	if err != nil {
		return k.stopped(ctx, err, k.result)
	}
	return nil
}

// saveMidway stores a batch of a source that is not done with. Should it never be, it is asked again when it is due, and not
// at once; and all of it is read, because its validators are those of the last time.
func (k *keeping) saveMidway(ctx context.Context, batch feeds.Batch) error {
	batch.State = *k.state
	batch.State.LastPoll = k.started
	batch.State.NextPoll = latest(afterSuccess(k.started, k.source, k.step.validators, k.step.fresh, k.state.Hints), k.notBefore())
	return k.saveAs(ctx, batch)
}

// save stores a batch of the source, with its state as it is by now.
func (k *keeping) save(ctx context.Context, batch feeds.Batch) error {
	batch.State = *k.state
	return k.saveAs(ctx, batch)
}

func (k *keeping) saveAs(ctx context.Context, batch feeds.Batch) error {
	batch.Source, batch.Keys, batch.Now = k.source.Name, k.items.keys, k.started
	saved, err := k.Store.Save(ctx, batch, k.Catalogue.Site)
	if err != nil {
		return err
	}
	k.result.New += saved.New
	k.result.Updated += saved.Updated
	k.result.Unchanged += saved.Unchanged
	if saved.Hidden > 0 {
		k.said.mended = append(k.said.mended,
			fmt.Sprintf("%d new entries tell a story that was taken down, and are hidden with it: finews entries --hidden", saved.Hidden))
	}
	return nil
}

// tell writes into the result what was read in this step.
func (k *keeping) tell() {
	k.result.Bytes += k.step.bytes
	k.result.Dropped += len(k.said.dropped)
	k.result.Unchanged += k.items.unchanged()
	k.result.Waiting += k.asking.waiting
	k.result.Faults = append(k.result.Faults, k.step.parsed.Faults...)
	k.result.Faults = append(k.result.Faults, k.said.all()...)
}

// succeed writes into state and result that the source was read to its end.
func (k *keeping) succeed() {
	s, before, result := k.step, *k.state, k.result
	result.Outcome = Read
	if s.unchanged {
		result.Outcome = Unchanged
	}
	result.Recovered = before.Failing() || before.Held != "" || before.Accepted
	after := feeds.State{LastPoll: k.started, LastSuccess: k.started, Rights: k.source.Rights, Hints: s.parsed.Hints, NotBefore: k.notBefore()}
	if s.unchanged {
		after.Hints = before.Hints
	}
	after.Empty = len(s.parsed.Items) == 0 && (!s.unchanged || before.Empty)
	after.Move = k.move(before.Move)
	after.NextPoll = latest(afterSuccess(k.started, k.source, s.validators, s.fresh, after.Hints), after.NotBefore)
	after.Validators = feeds.Validators{URL: k.source.URL}
	if !s.parsed.Torn && !k.asking.crowded { // else there is more to read in what these would call unchanged
		after.Validators = s.validators
		after.Validators.Reading = k.source.Reading()
	}
	result.NextPoll = after.NextPoll
	*k.state = after
}

// fail stores the failure and when to ask again, and leaves the entries as they are.
func (c *cycle) fail(ctx context.Context, source feeds.Source, state feeds.State, s step, result *Result) error {
	if ctx.Err() != nil {
		return c.stopped(ctx, nil, result)
	}
	if state.Failures == 0 {
		state.FailingSince = c.started
	}
	next := state.NextPoll
	if !state.Failing() || due(state, c.started) { // somebody who tries again and again by hand does not lengthen the wait
		state.Failures++
		next = afterFailure(c.started, source, state, s)
	}
	state.NotBefore = s.leaveAlone(c.started)
	state.NextPoll = latest(next, state.NotBefore)
	c.remember(source, &state, s)
	if result.Tell = TellAgain(state.ToldAt, c.started); result.Tell {
		state.ToldAt = c.started
	}
	result.Outcome, result.NextPoll = Failed, state.NextPoll
	result.Phase, result.Cause, result.Status, result.URL = s.phase, s.err.Error(), s.status, s.url
	result.FailingSince = state.FailingSince
	if panicked, ok := errors.AsType[*parse.PanicError](s.err); ok {
		result.Stack = string(panicked.Stack)
	}
	if !state.Gone.IsZero() {
		result.NextPoll = time.Time{}
	}
	_, err := c.Store.Save(ctx, feeds.Batch{
		Source: source.Name, State: state, Now: c.started, LeftAlone: c.leaveHost(source, s),
	}, c.Catalogue.Site)
	return err
}

// longestForOthers is how long one source's Retry-After keeps the others of its host from being asked: the server spoke of
// one address, and may have meant all.
const longestForOthers = time.Hour

// leaveHost has the other sources of a host left alone for a while, where it asked this one for that.
func (c *cycle) leaveHost(source feeds.Source, s step) map[string]time.Time {
	until := s.leaveAlone(c.started)
	if until.IsZero() {
		return nil
	}
	if most := c.started.Add(longestForOthers); until.After(most) {
		until = most
	}
	host := hostOf(source.URL)
	c.hosts.leave(host, until)
	return map[string]time.Time{host: until}
}

// remember writes into the state what failed, and what the status means for the next request.
func (c *cycle) remember(source feeds.Source, state *feeds.State, s step) {
	state.LastPoll, state.LastError = c.started, s.phase+": "+s.err.Error()
	state.LastStatus, state.LastURL = s.status, s.url
	if !state.Move.Adopted {
		state.Move = feeds.Move{} // who knows what it leads to meanwhile
	}
	if state.Validators.URL != source.URL { // at another address they are worth nothing, and what is remembered belongs to this one
		state.Validators = feeds.Validators{URL: source.URL}
	}
	switch {
	case state.Move.Adopted && (s.status == http.StatusGone || s.status == http.StatusNotFound || unreachable(s.phase)):
		state.Move = feeds.Move{} // the address in feeds.yaml may know better
	case s.status == http.StatusGone && s.url == fetch.Shown(source.URL): // and not where a redirect of today led
		state.Gone = c.started
		state.Validators = feeds.Validators{URL: source.URL, Reading: source.Reading()}
	case s.status == http.StatusNotModified:
		state.Validators = feeds.Validators{URL: source.URL} // the server compares with something that we do not have
	}
}

// unreachable reports whether a phase ends before the server has said a word.
func unreachable(phase string) bool {
	return slices.Contains([]string{"dns", "guard", "connect", "tls"}, phase)
}
