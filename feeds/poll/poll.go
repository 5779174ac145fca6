// Package poll runs the cycle: it asks every source that is due, and what is new or changed goes, cleaned and
// filed, into the store, together with when the source is to be asked again.
//
// In go the catalogue, the store and the client; out comes a Report, a line for each source. A source's failure is
// a line of the report and never stops the cycle; a failure of the store ends it. What is published is no matter
// of this package: it fills the store, and package publish reads it.
package poll

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/route"
	"finews.withounder.com/sanitize"
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
	c, err := p.newCycle(ctx, request.Force)
	if err != nil {
		return Report{}, err
	}
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

func (p *Poller) newCycle(ctx context.Context, force bool) (*cycle, error) {
	states, err := p.Store.States(ctx)
	if err != nil {
		return nil, err
	}
	leftAlone, err := p.Store.LeftAlone(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := rulesOf(p.Catalogue)
	if err != nil {
		return nil, err
	}
	return &cycle{
		Poller: p, states: states, hosts: hosts{until: leftAlone}, router: route.New(p.Catalogue.Categories), rules: rules,
		work: semaphore.NewWeighted(workBytes), started: p.Now(), force: force,
	}, nil
}

// phases returns the places of the sources in two parts, of which the second waits for the first: posts come before all
// others, because an article that a feed has too keeps the address that it had as a post. Within a part they come in the
// order of a hash: sources of one host, which often stand side by side in feeds.yaml, would have all workers wait for one
// turn.
func phases(sources []feeds.Source) [2][]int {
	var parts [2][]int
	for at, source := range sources {
		part := 1
		if source.Kind == feeds.KindPosts {
			part = 0
		}
		parts[part] = append(parts[part], at)
	}
	for _, part := range parts {
		slices.SortFunc(part, func(a, b int) int { return cmp.Compare(hashOf(sources[a].Name), hashOf(sources[b].Name)) })
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
	states  map[string]feeds.State // as the cycle began
	hosts   hosts
	router  *route.Router
	rules   map[string]sanitize.Rules // for the bodies of each source that has some
	work    *semaphore.Weighted       // bytes of documents that are parsed, cleaned and stored at one time
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

	state := c.states[source.Name]
	if ctx.Err() != nil {
		result.Outcome = Stopped
		return result, nil
	}
	state = resume(&source, state)
	if !c.asks(source, state, &result) {
		return result, nil
	}
	defer func() {
		if p := recover(); p != nil { // a bug that one source wakes must not end the cycle of all
			result.Stack = string(debug.Stack())
			bug := fmt.Errorf("finews has a bug that this source wakes: %v; please report it with the stack of --json", p)
			err = c.fail(ctx, source, state, step{phase: "internal", err: bug, url: fetch.Shown(source.URL)}, &result)
		}
	}()
	for step := range c.read(ctx, source, state) {
		if err := c.keepAndRelease(ctx, source, &state, step, &result); err != nil {
			return result, err
		}
	}
	return result, nil
}

// keepAndRelease is keep, after which the document is not needed any more, also where a bug ends it.
func (c *cycle) keepAndRelease(ctx context.Context, source feeds.Source, state *feeds.State, s step, result *Result) error {
	defer s.release()
	return c.keep(ctx, source, state, s, result)
}

// resume returns what is remembered of the source as far as it still holds, and has the source asked where it has moved.
func resume(source *feeds.Source, state feeds.State) feeds.State {
	home := source.URL
	if state.Move.From != home {
		state.Move = feeds.Move{}
	}
	if state.Move.Adopted {
		source.URL, source.Home = state.Move.To, home
	}
	if last := state.Validators.URL; last != "" && last != home && last != source.URL { // all that was said, another server said
		state.Gone, state.NotBefore, state.NextPoll, state.Hints = time.Time{}, time.Time{}, time.Time{}, feeds.Hints{}
	}
	if state.Validators.Reading != source.Reading() {
		state.Validators = feeds.Validators{URL: state.Validators.URL} // what was left out the last time may be let in now
	}
	state.Rights = source.Rights
	return state
}

// asks reports whether the source is asked in this cycle, and writes into the result why not. A server's word that it has
// ended, or that it wants to be left alone, is not overruled by force.
func (c *cycle) asks(source feeds.Source, state feeds.State, result *Result) bool {
	// Or another source of that host was told so.
	wait := latest(stillWaiting(state.NotBefore, c.started), c.hosts.leftUntil(hostOf(source.URL), c.started))
	switch {
	case !state.Gone.IsZero():
		result.Outcome, result.FailingSince = Gone, state.Gone
	case !wait.IsZero():
		result.Outcome, result.NextPoll = NotDue, latest(wait, state.NextPoll)
	case !c.force && !due(state, c.started):
		result.Outcome, result.NextPoll = NotDue, state.NextPoll
	default:
		return true
	}
	return false
}

// stopped is the end of a source whose cycle was cancelled: that is no failure of the source, nor of the store.
func (c *cycle) stopped(ctx context.Context, err error, result *Result) error {
	result.Outcome = Stopped
	if ctx.Err() != nil {
		return nil
	}
	return err
}
