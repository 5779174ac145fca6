package poll

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
	"finews.withounder.com/feeds/route"
	"finews.withounder.com/sanitize"
)

// suspicion says why a document is to be held back, or nothing. Two are: one without items from a source that had
// some, and one in which nothing is left of the source that was known. A first document, and one that the operator
// accepted, are believed, and so is a folder of posts, which is the operator's own.
func (c *cycle) suspicion(ctx context.Context, source feeds.Source, state feeds.State, s step, items recognised) (string, error) {
	empty := len(s.parsed.Items) == 0
	if s.unchanged || state.Accepted || source.Kind == feeds.KindPosts || empty && state.Empty || len(items.known) > 0 {
		return "", nil
	}
	hosts, any, err := c.Store.Hosts(ctx, source.Name)
	switch {
	case err != nil || !any:
		return "", err
	case empty:
		return "sent no entries where it had some: a template error or a moved feed?", nil
	}
	before, now := sitesOf(hosts), sitesOfItems(s.parsed.Items)
	if len(before)+len(now) == 0 || slices.ContainsFunc(now, func(site string) bool { return slices.Contains(before, site) }) {
		return "", nil
	}
	return fmt.Sprintf("none of its %d entries was there before, and they link to %s where they linked to %s: was the feed taken over?",
		len(s.parsed.Items), namesOf(now), namesOf(before)), nil
}

// garbled says why a document is to be held back whose new entries are mostly unreadable, or nothing: one of them may be
// the fault of its author, most of them are that of a charset.
func (k *keeping) garbled(drafts []feeds.Draft) string {
	var faults []string
	for _, draft := range drafts {
		faults = append(faults, draft.Entry.Held)
	}
	return k.mostlyGarbled(faults)
}

// garbledTitles is garbled of a list whose bodies stand elsewhere, and are not asked for where it cannot be read.
func (k *keeping) garbledTitles() string {
	var faults []string
	for _, p := range k.items.news {
		faults = append(faults, parse.Garbled(p.item.Title))
	}
	return k.mostlyGarbled(faults)
}

// mostlyGarbled is told of each new entry why it cannot be read; nothing where it can.
func (k *keeping) mostlyGarbled(faults []string) string {
	bad, why := 0, ""
	for _, fault := range faults {
		if fault != "" {
			bad++
			why = fault
		}
	}
	if bad < 2 || 2*bad <= len(faults) || k.state.Accepted {
		return ""
	}
	return fmt.Sprintf("%d of its %d new entries cannot be read: %s; set charset: for this source if it stays", bad, len(faults), why)
}

// sitesOf returns the sites of hosts, sorted: a feed that moves from www. to news. is no other one.
func sitesOf(hosts map[string]bool) []string {
	var sites []string
	for host := range hosts {
		if strings.Contains(host, ":") {
			host = "[" + host + "]" // an IPv6 address
		}
		if site := route.Site("https://" + host); site != "" && !slices.Contains(sites, site) {
			sites = append(sites, site)
		}
	}
	slices.Sort(sites)
	return sites
}

func sitesOfItems(items []feeds.Item) []string {
	var sites []string
	for _, it := range items {
		if site := route.Site(it.Link); site != "" && !slices.Contains(sites, site) {
			sites = append(sites, site)
		}
	}
	slices.Sort(sites)
	return sites
}

// namesOf lists the first of the sites, for a sentence.
func namesOf(sites []string) string {
	const most, longest = 3, 60
	if len(sites) == 0 {
		return "nothing"
	}
	var names []string
	for _, site := range sites[:min(len(sites), most)] {
		names = append(names, cut(sanitize.Text(site), longest))
	}
	if len(sites) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// hold stores that a document is held back, and why, and nothing of the document: not its validators either, so that
// the next poll reads it again. The operator is told when it starts, and once a day.
func (k *keeping) hold(ctx context.Context, why string) error {
	state, s, result := *k.state, k.step, k.result
	if state.Held == "" {
		state.HeldSince, state.ToldAt = k.started, time.Time{}
	}
	state.Held, state.LastPoll = why, k.started
	state.Failures, state.FailingSince, state.LastError = 0, time.Time{}, ""
	state.LastStatus, state.LastURL = 0, ""
	state.Move, state.NotBefore = k.move(state.Move), k.notBefore()
	state.NextPoll = latest(afterSuccess(k.started, k.source, s.validators, s.fresh, state.Hints), state.NotBefore)
	if result.Tell = TellAgain(state.ToldAt, k.started); result.Tell {
		state.ToldAt = k.started
	}
	result.Outcome, result.NextPoll = Held, state.NextPoll
	result.Phase, result.Cause, result.Status, result.URL = "held", why, s.status, s.url
	result.FailingSince = state.HeldSince
	result.Bytes = s.bytes
	_, err := k.Store.Save(ctx, feeds.Batch{Source: k.source.Name, State: state, Now: k.started}, k.Catalogue.Site)
	if err != nil {
		return k.stopped(ctx, err, result)
	}
	return nil
}
