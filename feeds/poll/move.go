package poll

import (
	"fmt"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/route"
)

// stableMove is how long a permanent redirect has to lead to the same place before it is asked there in its stead: a
// server that is misconfigured for an afternoon must not take a source over for good.
const stableMove = 7 * 24 * time.Hour

// move returns what is to be remembered of permanent redirects after an answer. One to another site is remembered, so that
// the operator can accept it, and never adopted without that word.
func (k *keeping) move(before feeds.Move) feeds.Move {
	to := k.step.movedTo
	switch {
	case to == "" && before.Adopted:
		return before // it was asked there, and is there
	case to == "":
		return feeds.Move{}
	case before.Adopted: // on and on: the address in feeds.yaml leads the whole way
		return feeds.Move{From: before.From, To: to, Since: k.started}
	case before.To != to:
		return feeds.Move{From: k.source.URL, To: to, Since: k.started}
	}
	if k.started.Sub(before.Since) >= stableMove && route.Site(before.From) == route.Site(to) && route.Site(to) != "" {
		before.Adopted = true
		k.said.mended = append(k.said.mended,
			fmt.Sprintf("it has moved for good to %s and is asked there from now on: write that address into feeds.yaml", fetch.Shown(to)))
	}
	return before
}
