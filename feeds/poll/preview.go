package poll

import (
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/route"
	"finews.withounder.com/storage"
)

// Preview returns what Reprocess would store of one entry at that time, and stores nothing. ok is false where today's
// rules would drop what its source sent, so that Reprocess would keep the entry as it is.
func Preview(catalogue feeds.Catalogue, now time.Time, one storage.Stored) (redrafted storage.Redrafted, ok bool) {
	var r reprocessing
	r.cycle = cycle{Poller: &Poller{Catalogue: catalogue}, router: route.New(catalogue.Categories), started: now}
	return r.redraft(one)
}
