package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

func TestFresh(t *testing.T) {
	for _, line := range lines(t, "testdata/fresh.txt") {
		fields := strings.Split(line, " | ")
		header := http.Header{}
		for i, name := range []string{"Cache-Control", "Age", "Expires", "Date"} {
			if fields[i] != "-" {
				header.Set(name, fields[i])
			}
		}
		if got := fresh(header, clock).String(); got != fields[4] {
			t.Errorf("%s: got %s, want %s", line, got, fields[4])
		}
	}
}

// A header that stands twice is one list.
func TestFreshOfTwoHeaders(t *testing.T) {
	header := http.Header{"Cache-Control": {"public", "max-age=60"}, "Expires": {"0"}}
	if got := fresh(header, clock); got != time.Minute {
		t.Errorf("got %s, want 1m", got)
	}
}

func TestFreshByStatus(t *testing.T) {
	for status, want := range map[int]time.Duration{200: time.Hour, 304: time.Hour, 429: time.Hour, 503: time.Hour, 403: 0, 404: 0, 500: 0} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "max-age=3600")
			w.WriteHeader(status)
			if status != http.StatusNotModified {
				fmt.Fprint(w, document)
			}
		})
		answer, err := newClient(t).Get(context.Background(), source(server.URL), feeds.Validators{URL: server.URL, ETag: `"一"`})
		got := answer.Fresh
		if status >= 400 {
			got = wantFailure(t, err, phaseHTTP).Fresh
		}
		if got != want {
			t.Errorf("%d: good for %s, want %s", status, got, want)
		}
	}
}
