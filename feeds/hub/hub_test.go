package hub

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

var now = time.Date(2026, 4, 11, 2, 46, 17, 0, time.UTC)

// testHub is a hub on loopback that answers as answers say, by the last word of the topic, and 204 to all others.
type testHub struct {
	*httptest.Server
	told    []string
	answers map[string]http.HandlerFunc
}

func newTestHub(t *testing.T) *testHub {
	t.Helper()
	h := &testHub{answers: map[string]http.HandlerFunc{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		topic := r.PostFormValue("hub.url")
		if r.Method != http.MethodPost || r.PostFormValue("hub.mode") != "publish" || r.PostFormValue("hub.topic") != topic {
			t.Errorf("%s %v", r.Method, r.PostForm)
		}
		word := strings.TrimPrefix(topic, site)
		h.told = append(h.told, word)
		if answer, found := h.answers[word]; found {
			answer(w, r)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(h.Close)
	return h
}

const site = "https://finews.example.org/"

// status answers with a status, and asks to be left alone for so many seconds.
func status(code, seconds int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", fmt.Sprint(seconds))
		w.WriteHeader(code)
	}
}

func newClient(t *testing.T, changes ...func(*fetch.Options)) *fetch.Client {
	t.Helper()
	o := fetch.Options{UserAgent: "finews/0.1 (+mailto:ops@example.org)", Now: func() time.Time { return now },
		Network: feeds.Network{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}
	for _, change := range changes {
		change(&o)
	}
	client, err := fetch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	return client
}

// pings are what was never told, in order.
func pings(words ...string) []feeds.Ping {
	var all []feeds.Ping
	for _, word := range words {
		all = append(all, feeds.Ping{Topic: site + word, Since: now.Add(-time.Minute)})
	}
	return all
}

// brief is what became of pings, a line for each.
func brief(changed []feeds.Ping) []string {
	var all []string
	for _, p := range changed {
		line := strings.TrimPrefix(p.Topic, site)
		if OfHub(p) {
			line = "hub"
		}
		if p.Failures == 0 {
			all = append(all, line+" taken")
			continue
		}
		phase, _, _ := strings.Cut(p.Fault, ":")
		all = append(all, fmt.Sprintf("%s failed %d, waits %v, %s", line, p.Failures, p.NotBefore.Sub(now), phase))
	}
	return all
}

func TestTell(t *testing.T) {
	long := pings("甲.xml")[0]
	long.Since, long.Failures, long.Fault = now.Add(-8*24*time.Hour), 20, "http: 400"
	waits, wrongClock := pings("等.xml")[0], pings("钟.xml")[0]
	waits.Failures, waits.NotBefore = 2, now.Add(time.Second)
	wrongClock.Failures, wrongClock.NotBefore = 2, now.Add(8*24*time.Hour)
	down, stillDown := feeds.Ping{Since: now.Add(-time.Hour), Failures: 3, NotBefore: now}, feeds.Ping{Failures: 3, NotBefore: now.Add(1)}
	for _, c := range []struct {
		name    string
		answers map[string]http.HandlerFunc
		pings   []feeds.Ping
		told    []string
		want    []string
	}{
		{"nothing to tell", nil, nil, nil, nil},
		{"all taken, in order", nil, pings("乙.xml", "甲.xml"), []string{"乙.xml", "甲.xml"}, []string{"乙.xml taken", "甲.xml taken"}},
		{"some wait", nil, []feeds.Ping{waits, wrongClock, long}, []string{"钟.xml", "甲.xml"}, []string{"钟.xml taken", "甲.xml taken"}},
		{"one refused", map[string]http.HandlerFunc{"甲.xml": status(400, 9999)}, pings("甲.xml", "乙.xml"), []string{"甲.xml", "乙.xml"},
			[]string{"甲.xml failed 1, waits 5m0s, http", "乙.xml taken"}},
		{"refused for long", map[string]http.HandlerFunc{"甲.xml": status(404, 0)}, []feeds.Ping{long}, []string{"甲.xml"}, []string{"甲.xml taken"}},
		{"overloaded", map[string]http.HandlerFunc{"乙.xml": status(503, 7200)}, pings("甲.xml", "乙.xml", "丙.xml"), []string{"甲.xml", "乙.xml"},
			[]string{"甲.xml taken", "hub failed 1, waits 2h0m0s, http"}},
		{"asked too often", map[string]http.HandlerFunc{"甲.xml": status(429, 60)}, pings("甲.xml", "乙.xml"), []string{"甲.xml"},
			[]string{"hub failed 1, waits 5m0s, http"}},
		{"broken", map[string]http.HandlerFunc{"甲.xml": status(500, 7200)}, pings("甲.xml", "乙.xml"), []string{"甲.xml"},
			[]string{"hub failed 1, waits 5m0s, http"}},
		{"moved", map[string]http.HandlerFunc{"甲.xml": status(301, 0)}, pings("甲.xml", "乙.xml"), []string{"甲.xml"},
			[]string{"hub failed 1, waits 5m0s, redirect"}},
		{"down, and waits", nil, append(pings("甲.xml"), stillDown), nil, nil},
		{"down, and still", map[string]http.HandlerFunc{"甲.xml": status(502, 0)}, append(pings("甲.xml", "乙.xml"), down), []string{"甲.xml"},
			[]string{"hub failed 4, waits 40m0s, http"}},
		{"back", nil, append(pings("甲.xml", "乙.xml"), down), []string{"甲.xml", "乙.xml"}, []string{"hub taken", "甲.xml taken", "乙.xml taken"}},
		{"back, and refuses", map[string]http.HandlerFunc{"甲.xml": status(403, 0)}, append(pings("甲.xml"), down), []string{"甲.xml"},
			[]string{"hub taken", "甲.xml failed 1, waits 5m0s, http"}},
		{"back, and down again", map[string]http.HandlerFunc{"乙.xml": status(503, 0)}, append(pings("甲.xml", "乙.xml"), down), []string{"甲.xml", "乙.xml"},
			[]string{"hub taken", "甲.xml taken", "hub failed 1, waits 5m0s, http"}},
	} {
		hub := newTestHub(t)
		hub.answers = c.answers
		changed := Tell(t.Context(), newClient(t), hub.URL, c.pings, now)
		if diff := cmp.Diff(c.want, brief(changed)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.told, hub.told); diff != "" {
			t.Errorf("%s: told -want +got:\n%s", c.name, diff)
		}
	}
}

// A hub that is not there, or takes a connection and says nothing, is asked once.
func TestHubsThatDoNotAnswer(t *testing.T) {
	gone := newTestHub(t)
	gone.Close()
	var asked atomic.Int64
	mute := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		r.ParseForm() // the server sees who goes away only when all is read
		<-r.Context().Done()
	}))
	t.Cleanup(mute.Close)
	client := newClient(t, func(o *fetch.Options) { o.Timeouts.Total = 500 * time.Millisecond })
	for address, phase := range map[string]string{gone.URL: "connect", mute.URL: "header", "http://10.0.0.1/": "guard"} {
		changed := Tell(t.Context(), client, address, pings("甲.xml", "乙.xml"), now)
		if diff := cmp.Diff([]string{"hub failed 1, waits 5m0s, " + phase}, brief(changed)); diff != "" {
			t.Errorf("%s -want +got:\n%s", phase, diff)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// The wait doubles up to a day, and stays there.
func TestWaits(t *testing.T) {
	p := feeds.Ping{Topic: site}
	var got []string
	for range 12 {
		p = failed(p, &fetch.Failure{Phase: "http", Err: context.Canceled}, now)
		got = append(got, p.NotBefore.Sub(now).String())
	}
	want := []string{"5m0s", "10m0s", "20m0s", "40m0s", "1h20m0s", "2h40m0s", "5h20m0s", "10h40m0s", "21h20m0s", "24h0m0s", "24h0m0s", "24h0m0s"}
	if diff := cmp.Diff(want, got); diff != "" || p.Failures != 12 {
		t.Errorf("-want +got:\n%s", diff)
	}
	whole := now.Add(firstWait + time.Second)
	if p := failed(feeds.Ping{}, &fetch.Failure{Err: context.Canceled}, now.Add(time.Millisecond)); !p.NotBefore.Equal(whole) {
		t.Errorf("waits until %v, in whole seconds no earlier than %v", p.NotBefore, whole)
	}
	p.Failures = 1 << 40
	if p = failed(p, &fetch.Failure{Err: context.Canceled}, now); p.NotBefore.Sub(now) != longestWait {
		t.Errorf("waits %v", p.NotBefore.Sub(now))
	}
}

// A run is bounded in topics; what it did not come to stays as it is. The pace of upstreams is not that of the hub.
func TestTopicsOfARunAreBounded(t *testing.T) {
	hub := newTestHub(t)
	seldom := newClient(t, func(o *fetch.Options) { o.Network.HostInterval = time.Hour })
	var words []string
	for i := range mostTopics + 20 {
		words = append(words, fmt.Sprint("类", i, ".xml"))
	}
	if changed := Tell(t.Context(), seldom, hub.URL, pings(words...), now); len(changed) != mostTopics || !slices.Equal(hub.told, words[:mostTopics]) {
		t.Errorf("%d pings changed, %d topics told", len(changed), len(hub.told))
	}
}

// slow opens a connection to a hub that takes a while for each answer.
func slow(while time.Duration) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			r := bufio.NewReader(there)
			for {
				request, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				io.Copy(io.Discard, request.Body)
				<-time.After(while)
				fmt.Fprint(there, "HTTP/1.1 204 No Content\r\n\r\n")
			}
		}()
		return here, nil
	}
}

// A run is bounded in time; a hub that is slow and takes all has not failed then. The test runs in a bubble, where the clock
// stands until all wait.
func TestTimeOfARunIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const while = 4 * time.Second
		client := newClient(t, func(o *fetch.Options) { o.Dial = slow(while) })
		start := time.Now()
		changed := Tell(t.Context(), client, "http://hub.example/", pings("甲.xml", "乙.xml", "丙.xml", "丁.xml"), now)
		if diff := cmp.Diff([]string{"甲.xml taken", "乙.xml taken"}, brief(changed)); diff != "" || time.Since(start) != longestRun {
			t.Errorf("after %v -want +got:\n%s", time.Since(start), diff)
		}
		client.CloseIdle()
		<-time.After(while) // the hub sees then that nobody listens
	})
}

// Who ends finews while a hub is being told has found no fault with the hub.
func TestAnEndIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	hub := newTestHub(t)
	hub.answers["乙.xml"] = func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
	changed := Tell(ctx, newClient(t), hub.URL, pings("甲.xml", "乙.xml", "丙.xml"), now)
	if diff := cmp.Diff([]string{"甲.xml taken"}, brief(changed)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A hub's address may hold a token, and what it says anything.
func TestFaultsHoldNoSecret(t *testing.T) {
	hub := newTestHub(t)
	hub.answers["甲.xml"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/新\u202e?token=s3cret")
		w.WriteHeader(http.StatusFound)
	}
	for _, address := range []string{hub.URL + "/?token=s3cret", "http://127.0.0.1:1/?token=s3cret", "http://u:s3cret@hub.example/"} {
		for _, p := range Tell(t.Context(), newClient(t), address, pings("甲.xml"), now) {
			if p.Fault == "" || strings.Contains(p.Fault, "s3cret") || strings.Contains(p.Fault, "\u202e") {
				t.Errorf("%+v", p)
			}
		}
	}
}
