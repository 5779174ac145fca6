package poll

import (
	"hash/fnv"
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
	tellOfFailuresEvery = 24 * time.Hour
)

// due reports whether a source may be asked. A last poll that lies ahead means that a clock was wrong: the source
// counts as due, once, rather than silent until the clock gets there.
func due(state feeds.State, now time.Time) bool {
	return !now.Before(state.NextPoll) || state.LastPoll.After(now)
}

// afterSuccess returns when to ask again after an answer that could be used. An interval that the operator gave
// counts from the whole minute, so that a cron job of the same period, which starts some milliseconds earlier or
// later each time, does not miss every other turn. One of our own is lengthened by up to a tenth, by source, so
// that the sources of one machine do not march in step.
func afterSuccess(now time.Time, source feeds.Source, validators feeds.Validators) time.Time {
	if source.Every > 0 {
		return now.Truncate(time.Minute).Add(source.Every)
	}
	return now.Add(jittered(source, normalInterval(source, validators)))
}

// normalInterval is the interval where the operator gave none.
func normalInterval(source feeds.Source, validators feeds.Validators) time.Duration {
	if source.Kind != feeds.KindPosts && validators.ETag == "" && validators.LastModified == "" {
		return withoutValidators
	}
	return defaultInterval
}

// afterFailure returns when to ask again after the given number of failures in a row: an hour, doubling up to a
// day, and never before the interval that the operator gave.
func afterFailure(now time.Time, source feeds.Source, failures int) time.Time {
	backoff := longestBackoff
	if doublings := failures - 1; doublings < 5 {
		backoff = min(firstBackoff<<doublings, longestBackoff)
	}
	return now.Add(jittered(source, max(backoff, source.Every)))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// jittered lengthens d by up to a tenth, always by as much for one source.
func jittered(source feeds.Source, d time.Duration) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(source.Name))
	return d + d*time.Duration(h.Sum32()%1000)/10_000
}

// tellAgain reports whether the operator is to be told of a failure: when it starts, and once a day. Told in the
// future means that a clock was wrong.
func tellAgain(toldAt, now time.Time) bool {
	return toldAt.IsZero() || toldAt.After(now) || now.Sub(toldAt) >= tellOfFailuresEvery
}
