// Package poll runs the cycle: it asks every source that is due, and what is new or changed goes, cleaned and
// filed, into the store, together with when the source is to be asked again.
//
// In go the catalogue, the store and the client; out comes a Report, a line for each source. A source's failure is
// a line of the report and never stops the cycle; a failure of the store ends it. What is published is no matter
// of this package: it fills the store, and package publish reads it.
package poll

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/parse"
	"finews.withounder.com/feeds/route"
	"finews.withounder.com/storage"
)

// Poller holds what a cycle needs. All fields but Progress must be set.
type Poller struct {
	Catalogue feeds.Catalogue
	Store     *storage.Store
	Client    *fetch.Client
	Now       func() time.Time
	Progress  func(Result) // called after each source, one call at a time; may be nil
}

// Request says whom to ask.
type Request struct {
	Sources []string // names; empty: all that are not disabled
	Force   bool     // ask although nothing is due, still with validators
}

// Run asks the sources that are due, posts first, Network.Workers of them at a time, and reports on all that were requested, in
// the order of the catalogue. The error is the store's, or a name that the catalogue does not have; a cancelled ctx
// ends the cycle early, with what was stored kept.
func (p *Poller) Run(ctx context.Context, request Request) (Report, error) {
	sources, err := p.choose(request.Sources)
	if err != nil {
		return Report{}, err
	}
	c := cycle{Poller: p, router: route.New(p.Catalogue.Categories), started: p.Now(), force: request.Force}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	report := Report{Started: c.started, Results: make([]Result, len(sources))}
	for _, phase := range phases(sources) {
		c.each(len(phase), func(i int) {
			at := phase[i]
			result, err := c.poll(ctx, sources[at])
			if err != nil {
				cancel(fmt.Errorf("poll %s: %w", sources[at].Name, err))
			}
			report.Results[at] = result
			c.tell(result)
		})
	}
	report.Seconds = p.Now().Sub(c.started).Seconds()
	return report, context.Cause(ctx)
}

// phases returns the places of the sources in two parts, of which the second waits for the first: posts come before all
// others, because an article that a feed has too keeps the address that it had as a post.
func phases(sources []feeds.Source) [2][]int {
	var parts [2][]int
	for at, source := range sources {
		part := 1
		if source.Kind == feeds.KindPosts {
			part = 0
		}
		parts[part] = append(parts[part], at)
	}
	return parts
}

// choose returns the named sources, or all that are not disabled. A disabled source can be asked by its name.
func (p *Poller) choose(names []string) ([]feeds.Source, error) {
	for _, name := range names {
		if _, found := p.Catalogue.Source(name); !found {
			return nil, fmt.Errorf("no source is named %q: feeds.yaml has %s", name, p.names())
		}
	}
	var chosen []feeds.Source
	for _, s := range p.Catalogue.Sources {
		if slices.Contains(names, s.Name) || len(names) == 0 && !s.Disabled {
			chosen = append(chosen, s)
		}
	}
	return chosen, nil
}

// names lists the first of the sources, for an error.
func (p *Poller) names() string {
	const most = 20
	var names []string
	for _, s := range p.Catalogue.Sources {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// cycle is one run.
type cycle struct {
	*Poller
	router  *route.Router
	started time.Time
	force   bool
	telling sync.Mutex
}

// each calls do for 0 to n-1, as many at a time as there are workers.
func (c *cycle) each(n int, do func(int)) {
	var group sync.WaitGroup
	slots := make(chan struct{}, max(c.Catalogue.Network.Workers, 1))
	for i := range n {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	group.Wait()
}

func (c *cycle) tell(result Result) {
	if c.Progress != nil {
		c.telling.Lock()
		defer c.telling.Unlock()
		c.Progress(result)
	}
}

// poll is the flow for one source: ask, parse, keep what is new or changed, clean, file, store. The error is the
// store's; everything else that goes wrong is in the result.
func (c *cycle) poll(ctx context.Context, source feeds.Source) (result Result, err error) {
	begun := c.Now()
	result = Result{Source: source.Name}
	defer func() { result.Seconds = c.Now().Sub(begun).Seconds() }()

	state, err := c.Store.State(ctx, source.Name)
	if err != nil || ctx.Err() != nil {
		result.Outcome = Stopped
		return result, err
	}
	state.Rights = source.Rights
	if state.Validators.Reading != source.Reading() {
		state.Validators = feeds.Validators{} // what was left out the last time may be let in now
	}
	if !c.force && !due(state, c.started) {
		result.Outcome, result.NextPoll = NotDue, state.NextPoll
		return result, nil
	}
	defer func() {
		if p := recover(); p != nil { // a bug that one source wakes must not end the cycle of all
			result.Stack = string(debug.Stack())
			bug := fmt.Errorf("finews has a bug that this source wakes: %v; please report it with the stack of --json", p)
			err = c.fail(ctx, source, state, step{phase: "internal", err: bug}, &result)
		}
	}()
	for step := range c.read(ctx, source, state) {
		if err := c.keep(ctx, source, &state, step, &result); err != nil {
			return result, err
		}
	}
	return result, nil
}

// keep turns one step of a source into rows. Validators go in only with the last of the entries that they stand
// for, so that a crash in between makes the source be read again rather than believed.
func (c *cycle) keep(ctx context.Context, source feeds.Source, state *feeds.State, s step, result *Result) error {
	if s.err != nil {
		return c.fail(ctx, source, *state, s, result)
	}
	var said faults
	items, err := c.recognise(ctx, source.Name, s.parsed.Items, &said)
	if err != nil {
		return c.stopped(ctx, err, result)
	}
	held, err := c.suspicion(ctx, source, *state, s, items)
	if err != nil {
		return c.stopped(ctx, err, result)
	}
	if held != "" {
		return c.hold(ctx, source, *state, s, held, result)
	}
	drafts, err := c.drafts(ctx, source, items, &said)
	if err != nil {
		return c.stopped(ctx, err, result)
	}
	if s.last {
		c.succeed(source, state, s, result)
	}
	saved, err := c.Store.Save(ctx, feeds.Batch{
		Source: source.Name, State: *state, Drafts: drafts, Keys: items.keys, Now: c.started,
	}, c.Catalogue.Site)
	if err != nil {
		return c.stopped(ctx, err, result)
	}
	result.Bytes += s.bytes
	result.New += saved.New
	result.Updated += saved.Updated
	result.Unchanged += len(s.parsed.Items) - saved.New - saved.Updated - len(said.dropped)
	result.Dropped += len(said.dropped)
	result.Faults = append(result.Faults, s.parsed.Faults...)
	if saved.Hidden > 0 {
		result.Faults = append(result.Faults,
			fmt.Sprintf("%d new entries tell a story that was taken down, and are hidden with it: finews entries --hidden", saved.Hidden))
	}
	result.Faults = append(result.Faults, said.all()...)
	return nil
}

// succeed writes into state and result that the source was read to its end.
func (c *cycle) succeed(source feeds.Source, state *feeds.State, s step, result *Result) {
	result.Outcome = Read
	if s.unchanged {
		result.Outcome = Unchanged
	}
	result.Recovered = state.Failing() || state.Held != "" || state.Accepted
	s.validators.Reading = source.Reading()
	empty := len(s.parsed.Items) == 0 && (!s.unchanged || state.Empty)
	*state = feeds.State{Validators: s.validators, LastPoll: c.started, LastSuccess: c.started, Empty: empty, Rights: source.Rights}
	state.NextPoll = afterSuccess(c.started, source, s.validators)
	result.NextPoll = state.NextPoll
}

// fail stores the failure and when to ask again, and leaves validators and entries as they are.
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
		next = afterFailure(c.started, source, state.Failures)
	}
	state.LastPoll, state.LastError = c.started, s.phase+": "+s.err.Error()
	state.NextPoll = latest(next, c.started.Add(s.retryAfter))
	if result.Tell = tellAgain(state.ToldAt, c.started); result.Tell {
		state.ToldAt = c.started
	}
	result.Outcome, result.NextPoll = Failed, state.NextPoll
	result.Phase, result.Cause, result.Status, result.URL = s.phase, s.err.Error(), s.status, s.url
	result.FailingSince = state.FailingSince
	_, err := c.Store.Save(ctx, feeds.Batch{Source: source.Name, State: state, Now: c.started}, c.Catalogue.Site)
	return err
}

// stopped is the end of a source whose cycle was cancelled: that is no failure of the source, nor of the store.
func (c *cycle) stopped(ctx context.Context, err error, result *Result) error {
	result.Outcome = Stopped
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// step is what one reading of a source gave: a document, a batch of posts, or a failure.
type step struct {
	parsed     parse.Result
	bytes      int
	unchanged  bool // nothing to read: 304, the same body, the same folder
	last       bool // no more steps follow
	validators feeds.Validators

	err        error
	phase      string
	url        string // that was read or failed, without credentials and query
	status     int
	retryAfter time.Duration
}
