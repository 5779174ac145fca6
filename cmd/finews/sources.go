package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

// newSources returns `finews sources`: how each source does.
func newSources(p program) *cobra.Command {
	var l looking
	var failing bool
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List the sources: when each was asked, and what became of it",
		Long: `sources lists each source that feeds.yaml names, and after them those of which only the store
knows: how it does, when it was asked last, gave something last and is asked next, the HTTP
status of its failure, and the cause. A source is ok, failing, held, gone (its server says
that it has ended), moved (to an address that is not asked yet), not asked yet, disabled, or
unnamed (feeds.yaml names it no more). On a pipe each is a line of fields between tabs.`,
		Example: `  finews sources
  finews sources --failing
  finews sources --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := newLookingHouse(p, cmd, l.places)
			if err != nil {
				return err
			}
			return h.look(cmd.Context(), func() error { return h.listSources(cmd.Context(), p, failing, l.json) })
		},
	}
	l.add(cmd)
	cmd.Flags().BoolVar(&failing, "failing", false, "only those that give nothing: failing, held or gone")
	return cmd
}

// The conditions of a source.
const (
	isOK         = "ok"
	isFailing    = "failing"
	isHeld       = "held"
	isGone       = "gone"
	isMoved      = "moved"
	isNotAsked   = "not asked yet"
	isDisabled   = "disabled"
	isUnnamed    = "unnamed"
	causeOfGone  = "its server says that it has ended"
	causeOfMoved = "moved to "
)

// sourceJSON is what there is to say about a source. Addresses are without user, password and query.
type sourceJSON struct {
	Name  string     `json:"name"`
	Kind  feeds.Kind `json:"kind,omitempty"`
	URL   string     `json:"url,omitempty"` // or the folder of posts, as feeds.yaml has it
	State string     `json:"state"`
	Since time.Time  `json:"since,omitzero"` // of that state, where it has a beginning

	LastPoll    time.Time `json:"last_poll,omitzero"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	NextPoll    time.Time `json:"next_poll,omitzero"`  // not before; zero: it is due, or is not asked at all
	NotBefore   time.Time `json:"not_before,omitzero"` // its server asked to be left alone until then

	Phase     string `json:"phase,omitempty"` // that failed
	Status    int    `json:"status,omitempty"`
	Failures  int    `json:"failures,omitempty"`   // in a row
	FailedURL string `json:"failed_url,omitempty"` // that failed
	Cause     string `json:"cause,omitempty"`
	MovedTo   string `json:"moved_to,omitempty"`
}

func (h *house) listSources(ctx context.Context, p program, failing, asJSON bool) error {
	states, err := h.store.States(ctx)
	if err != nil {
		return err
	}
	all := h.conditions(states)
	if failing {
		all = slices.DeleteFunc(all, func(one sourceJSON) bool { return !one.givesNothing() })
	}
	if asJSON {
		return p.printJSON(map[string][]sourceJSON{"sources": all})
	}
	rows := make([][]string, len(all))
	for i, one := range all {
		rows[i] = h.sourceRow(one)
	}
	p.printRows([]string{"source", "kind", "state", "asked", "gave something", "asked next", "HTTP", "cause"}, rows)
	return nil
}

// givesNothing reports whether the operator has to see to the source, or has lost it.
func (one sourceJSON) givesNothing() bool {
	return one.State == isFailing || one.State == isHeld || one.State == isGone
}

// conditions returns the sources of the catalogue in its order, and then those that only the store knows by name; never
// nil.
func (h *house) conditions(states map[string]feeds.State) []sourceJSON {
	all := []sourceJSON{}
	for _, source := range h.catalogue.Sources {
		one := h.condition(source.Name, states[source.Name])
		one.Kind, one.URL = source.Kind, cmp.Or(fetch.Shown(source.URL), source.Path)
		if source.Disabled {
			one.State, one.Since, one.NextPoll = isDisabled, time.Time{}, time.Time{}
		}
		all = append(all, one)
	}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		if _, named := h.catalogue.Source(name); named {
			continue
		}
		one := h.condition(name, states[name])
		if h.configured() {
			one.State, one.Since, one.NextPoll = isUnnamed, time.Time{}, time.Time{}
		}
		all = append(all, one)
	}
	return all
}

// condition says what the store knows of a source.
func (h *house) condition(name string, state feeds.State) sourceJSON {
	one := sourceJSON{
		Name: name, LastPoll: h.local(state.LastPoll), LastSuccess: h.local(state.LastSuccess),
		NextPoll: h.local(later(state.NextPoll, state.NotBefore)), NotBefore: h.local(state.NotBefore),
		Status: state.LastStatus, Failures: state.Failures, FailedURL: fetch.Shown(state.LastURL), MovedTo: fetch.Shown(state.Move.To),
	}
	one.Phase, one.Cause, _ = strings.Cut(state.LastError, ": ")
	switch {
	case !state.Gone.IsZero():
		one.State, one.Since, one.NextPoll = isGone, h.local(state.Gone), time.Time{}
		one.Cause = cmp.Or(one.Cause, causeOfGone)
	case state.Held != "":
		one.State, one.Since, one.Phase, one.Cause = isHeld, h.local(state.HeldSince), isHeld, state.Held
	case state.Failing():
		one.State, one.Since = isFailing, h.local(state.FailingSince)
	case state.LastPoll.IsZero():
		one.State = isNotAsked
	case state.Move.To != "" && !state.Move.Adopted:
		one.State, one.Since, one.Cause = isMoved, h.local(state.Move.Since), causeOfMoved+one.MovedTo
	default:
		one.State = isOK
	}
	return one
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (h *house) sourceRow(one sourceJSON) []string {
	state, next, status := one.State, h.minute(one.NextPoll), ""
	if !one.Since.IsZero() {
		state += " since " + h.minute(one.Since)
	}
	if one.NextPoll.IsZero() && (one.State == isNotAsked || one.State == isOK) {
		next = "now"
	}
	if one.Status != 0 {
		status = strconv.Itoa(one.Status)
	}
	cause := one.Cause
	if one.Phase != "" && one.Phase != one.State {
		cause = fmt.Sprintf("%s: %s", one.Phase, one.Cause)
	}
	return []string{one.Name, string(one.Kind), state, h.minute(one.LastPoll), h.minute(one.LastSuccess), next, status, cause}
}
