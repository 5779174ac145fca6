package fetch

import (
	"net/http"
	"time"
)

// retryAfter returns how long the answer asks to be left alone (RFC 9110 section 10.2.3: seconds, or a date),
// from 0 to 7 days. What is neither is ignored, and so is a date in the past.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if wait, ok := deltaSeconds(value); ok {
		return bounded(wait)
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return bounded(until.Sub(sent(header, now)))
}
