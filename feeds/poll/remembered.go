package poll

import (
	"time"

	"finews.withounder.com/feeds"
)

// Remembered returns a source as the next poll would ask it, and what still holds of that which is remembered of it: the
// source at the address that it has moved to, and a state whose Gone and NotBefore are zero where nothing stands in the
// way of a request. Nothing of it is stored.
func Remembered(source feeds.Source, state feeds.State, now time.Time) (feeds.Source, feeds.State) {
	state = resume(&source, state)
	state.NotBefore = stillWaiting(state.NotBefore, now)
	return source, state
}
