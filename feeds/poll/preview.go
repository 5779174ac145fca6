package poll

import (
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/storage"
)

// Preview returns what Reprocess would store of one entry at that time, and stores nothing. ok is false where today's
// rules would drop what its source sent, so that Reprocess would keep the entry as it is.
func Preview(catalogue feeds.Catalogue, now time.Time, one storage.Stored) (redrafted storage.Redrafted, ok bool, err error) {
	var r reprocessing
	if err := r.begin(catalogue, nil, now); err != nil {
		return storage.Redrafted{}, false, err
	}
	redrafted, ok = r.redraft(one)
	return redrafted, ok, nil
}
