package poll

import (
	"hash/fnv"
	"net/http"
	"time"

	"finews.withounder.com/feeds"
)

// When a source is asked again. A server that is asked without being told how often may be asked once an hour;
// one that gives no validators sends all of its bytes each time, and is asked once a day.
const (
	defaultInterval     = time.Hour
	withoutValidators   = 24 * time.Hour
	firstBackoff        = time.Hour
	longestBackoff      = 24 * time.Hour
	longestInterval     = 7 * 24 * time.Hour
	tellOfFailuresEvery = 24 * time.Hour
)

// due reports whether a source may be asked. A last poll that lies ahead means that a clock was wrong: the source
// counts as due, once, rather than silent until the clock gets there.
func due(state feeds.State, now time.Time) bool {
	return !now.Before(state.NextPoll) || state.LastPoll.After(now)
}

// stillWaiting returns until, which a server asked to be left alone to, where that lies ahead, and zero otherwise. More than
// a week ahead means that a clock was wrong.
func stillWaiting(until, now time.Time) time.Time {
	if !now.Before(until) || until.Sub(now) > longestInterval {
		return time.Time{}
	}
	return until
}

// afterSuccess returns when to ask again after an answer that could be used. An interval that the operator gave
// overrules what the server and the document say. It counts from the whole minute, so that a cron job of the same period,
// which starts some milliseconds earlier or later each time, does not miss every other turn. One of our own is the longest
// of all that was said, and lengthened by up to a tenth, by source, so that the sources of one machine do not march in step.
func afterSuccess(now time.Time, source feeds.Source, validators feeds.Validators, fresh time.Duration, hints feeds.Hints) time.Time {
	if source.Every > 0 {
		return now.Truncate(time.Minute).Add(source.Every)
	}
	interval := min(max(normalInterval(source, validators), fresh, hints.Interval), longestInterval)
	return outsideOfSkipped(now.Add(jittered(source, interval)), hints)
}

// normalInterval is the interval where nobody gave one.
func normalInterval(source feeds.Source, validators feeds.Validators) time.Duration {
	if source.Kind != feeds.KindPosts && validators.ETag == "" && validators.LastModified == "" {
		return withoutValidators
	}
	return defaultInterval
}

// outsideOfSkipped returns t, or the first full hour after it that the document does not ask to be spared. A document that
// spares itself always means something else.
func outsideOfSkipped(t time.Time, hints feeds.Hints) time.Time {
	skipped := func(t time.Time) bool {
		t = t.UTC()
		return hints.SkipHours>>t.Hour()&1 == 1 || hints.SkipDays>>t.Weekday()&1 == 1
	}
	later := t
	for range 7 * 24 {
		if !skipped(later) {
			return later
		}
		later = later.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}

// afterFailure returns when to ask again after the failures of state: an hour, doubling up to a day, and never before the
// interval that the operator gave. A server that is overloaded is left alone for at least its normal interval.
func afterFailure(now time.Time, source feeds.Source, state feeds.State, s step) time.Time {
	backoff := longestBackoff
	if doublings := state.Failures - 1; doublings < 5 {
		backoff = min(firstBackoff<<doublings, longestBackoff)
	}
	backoff = max(backoff, source.Every)
	if source.Every == 0 && (s.status == http.StatusTooManyRequests || s.status == http.StatusServiceUnavailable) {
		backoff = max(backoff, normalInterval(source, state.Validators), min(s.fresh, longestInterval))
	}
	return now.Add(jittered(source, backoff))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// jittered lengthens d by up to a tenth, always by as much for one source.
func jittered(source feeds.Source, d time.Duration) time.Duration {
	return d + d*time.Duration(hashOf(source.Name)%1000)/10_000
}

func hashOf(name string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()
}

// TellAgain reports whether the operator is to be told of a failure: when it starts, and once a day. Told in the
// future means that a clock was wrong.
func TellAgain(toldAt, now time.Time) bool {
	return toldAt.IsZero() || toldAt.After(now) || now.Sub(toldAt) >= tellOfFailuresEvery
}
