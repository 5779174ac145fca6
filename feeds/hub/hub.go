// Package hub tells a WebSub hub which feeds have changed, so that it tells their subscribers.
//
// In go the pings that the store keeps: one for each topic of which the hub has not heard. Out come those that have
// changed: taken, or failed with the time of the next attempt. The hub is asked one topic after the other and seldom,
// and one that does not answer is left alone. A hub is no source: nothing that it says is read or published, and its
// failure is no failure of the cycle.
package hub

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

// Bounds of one run.
const (
	mostTopics = 100              // that are told; those behind them come in the next run
	longestRun = 10 * time.Second // in all, whatever the hub does
)

// A topic is told again after firstWait, twice as long after each further failure, and longestWait at most. One that the hub
// refuses is given up after so long as refusedFor, because it may be of a category or an address of ours that is no more; its
// next change brings it back. While the hub itself fails nothing is given up.
const (
	firstWait   = 5 * time.Minute
	longestWait = 24 * time.Hour
	refusedFor  = 7 * 24 * time.Hour
)

// longestRetryAfter is the longest that package fetch reads of a Retry-After. A wait that ends later was reckoned by a
// clock that was wrong.
const longestRetryAfter = 7 * 24 * time.Hour

// Tell tells the hub at an address of the pings that are due at now, in their order, each by a POST of its own, and
// returns those that are no longer what they were: a ping without Failures was taken, or is given up, and any other waits
// until NotBefore.
//
// A topic that the hub refuses (a status from 400 to 499) waits alone. Where the hub itself fails, nothing more is told in
// this run, and nothing at all before the wait is over: for that Tell returns a ping without Topic, which stands for the
// hub, has to be stored with the others, and is taken when the hub answers again. Failures of the hub are those of the
// network and redirects, and the statuses 407, 408, 425, 429 and 500 and more; a Retry-After is waited for whole.
// What ends because ctx does, or because the time of the run is over, is no failure of anyone.
func Tell(ctx context.Context, client *fetch.Client, address string, pings []feeds.Ping, now time.Time) []feeds.Ping {
	r := run{client: client, address: address, now: now, down: feeds.Ping{Since: now}}
	if i := slices.IndexFunc(pings, OfHub); i >= 0 {
		r.down, r.wasDown = pings[i], true
	}
	if !due(r.down, now) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, longestRun)
	defer cancel()
	for _, p := range pings {
		if OfHub(p) || !due(p, now) {
			continue
		}
		if r.asked++; r.asked > mostTopics || !r.tell(ctx, p) {
			break
		}
	}
	return r.changed
}

// OfHub reports whether a ping stands for the hub itself, which failed, and not for a topic.
func OfHub(p feeds.Ping) bool { return p.Topic == "" }

// run is one Tell.
type run struct {
	client  *fetch.Client
	address string
	now     time.Time
	down    feeds.Ping // of the hub
	wasDown bool       // and it is stored
	asked   int
	changed []feeds.Ping
}

// tell tells of one topic. It reports whether the hub may be told of another.
func (r *run) tell(ctx context.Context, p feeds.Ping) (goOn bool) {
	err := r.client.Tell(ctx, r.address, form(p.Topic))
	failure, _ := errors.AsType[*fetch.Failure](err)
	switch {
	case err == nil:
		r.up()
		r.changed = append(r.changed, taken(p))
	case ctx.Err() != nil:
		return false
	case ofTopic(failure.Status):
		r.up()
		r.changed = append(r.changed, refused(p, failure, r.now))
	default:
		r.changed = append(r.changed, failed(r.down, failure, r.now))
		return false
	}
	return true
}

// up notes that the hub answers.
func (r *run) up() {
	if r.wasDown {
		r.changed = append(r.changed, taken(r.down))
	}
	r.down, r.wasDown = feeds.Ping{Since: r.now}, false
}

// form is what a hub is told. WebSub leaves to the two how (section Publishing); hubs have taken hub.url since
// PubSubHubbub 0.3 (section 7.1), and some ask for hub.topic.
func form(topic string) url.Values {
	return url.Values{"hub.mode": {"publish"}, "hub.url": {topic}, "hub.topic": {topic}}
}

// ofTopic reports whether a status is about the topic that was told, and not about the hub, the proxy before it or now.
func ofTopic(status int) bool {
	switch status {
	case http.StatusProxyAuthRequired, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status >= 400 && status < 500
}

// due reports whether a ping does not wait any longer.
func due(p feeds.Ping, now time.Time) bool {
	return !now.Before(p.NotBefore) || p.NotBefore.Sub(now) > longestRetryAfter
}

func taken(p feeds.Ping) feeds.Ping { return feeds.Ping{Topic: p.Topic, Since: p.Since} }

// refused returns a ping after the hub refused its topic.
func refused(p feeds.Ping, failure *fetch.Failure, now time.Time) feeds.Ping {
	if now.Sub(p.Since) > refusedFor {
		return taken(p)
	}
	return failed(p, failure, now)
}

// failed returns a ping after one more failure.
func failed(p feeds.Ping, failure *fetch.Failure, now time.Time) feeds.Ping {
	wait := longestWait
	if p.Failures < 9 { // doubled nine times, firstWait is more than longestWait
		wait = firstWait << p.Failures
	}
	p.Failures++
	p.NotBefore = now.Add(max(wait, failure.RetryAfter) + time.Second - 1).Truncate(time.Second) // the store keeps whole seconds
	p.Fault = failure.Error()
	return p
}
