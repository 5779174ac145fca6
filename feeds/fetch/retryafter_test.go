package fetch

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	for _, line := range lines(t, "testdata/retryafter.txt") {
		fields := strings.Split(line, " | ")
		header := http.Header{}
		for i, name := range []string{"Retry-After", "Date"} {
			if fields[i] != "-" {
				header.Set(name, fields[i])
			}
		}
		if got := retryAfter(header, clock).String(); got != fields[2] {
			t.Errorf("%s: got %s, want %s", line, got, fields[2])
		}
	}
}

// Of a 429 or a 503 a Retry-After is a wish to be left alone; of any other failure it says nothing, and must not keep us away.
func TestStatuses(t *testing.T) {
	for status, words := range map[int]string{
		401: "refused", 403: "refused", 404: "not found", 410: "gone", 429: "too many requests",
		500: "the server failed", 502: "the server failed", 503: "not available now", 504: "the server failed",
		204: "unexpected status", 206: "unexpected status", 300: "unexpected status", 418: "unexpected status",
	} {
		asked := 0
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
		})
		_, err := get(newClient(t), server.URL)
		failure := wantFailure(t, err, phaseHTTP, fmt.Sprint(status), words)
		wait := map[int]time.Duration{429: 2 * time.Minute, 503: 2 * time.Minute}[status]
		if failure.Status != status || failure.RetryAfter != wait || asked != 1 {
			t.Errorf("%d: status %d, retry after %v, asked %d times", status, failure.Status, failure.RetryAfter, asked)
		}
	}
}
