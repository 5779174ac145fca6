package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

// hubbed is a house whose site has a hub, with these topics to tell, and whose clock goes on as the test says.
type hubbed struct {
	*house
	clock time.Time
}

func newHubbed(t *testing.T, hub string, topics ...string) *hubbed {
	t.Helper()
	h := &hubbed{newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}"), published}
	h.catalogue.Site.Hub = hub
	h.catalogue.Network = feeds.Network{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	h.house.now = func() time.Time { return h.clock }
	h.network = func(o *fetch.Options) { o.Timeouts.Total = 500 * time.Millisecond }
	h.changed(t, topics...)
	return h
}

// changed remembers these topics for the hub.
func (h *hubbed) changed(t *testing.T, topics ...string) {
	t.Helper()
	var addresses []string
	for _, topic := range topics {
		addresses = append(addresses, h.catalogue.Site.Address(topic))
	}
	if _, err := h.store.AddPings(t.Context(), h.catalogue.Site.Hub, addresses, h.clock); err != nil {
		t.Fatal(err)
	}
}

// tells tells the hub and returns the pings that are left, a line for each.
func (h *hubbed) tells(t *testing.T, ctx context.Context) []string {
	t.Helper()
	if err := h.tellHub(ctx); err != nil {
		t.Fatal(err)
	}
	pings, err := h.store.Pings(t.Context(), h.catalogue.Site.Hub)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, p := range pings {
		line := strings.TrimPrefix(p.Topic, h.catalogue.Site.URL)
		if p.Failures > 0 {
			line += fmt.Sprintf(" %d %v", p.Failures, p.NotBefore.Sub(h.clock))
		}
		left = append(left, line)
	}
	slices.Sort(left)
	return left
}

// takes answers as a hub that takes what it is told.
func takes(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func TestHubIsToldOfWhatWasPublished(t *testing.T) {
	var topics []string
	hub, asked := beside(t, func(w http.ResponseWriter, r *http.Request) {
		topics = append(topics, r.PostFormValue("hub.url"))
		takes(w, r)
	})
	h := newHubbed(t, hub, "nongjinwang.xml", "all.atom")
	if left := h.tells(t, t.Context()); len(left) != 0 || asked.Load() != 2 {
		t.Errorf("asked %d times; left %v", asked.Load(), left)
	}
	slices.Sort(topics)
	if diff := cmp.Diff([]string{"https://finews.example.org/all.atom", "https://finews.example.org/nongjinwang.xml"}, topics); diff != "" {
		t.Errorf("topics -want +got:\n%s", diff)
	}
	if h.tells(t, t.Context()); asked.Load() != 2 {
		t.Errorf("with nothing to tell it was asked: %d times in all", asked.Load())
	}
}

// A hub that is down is asked once in a run and not before its time, of what changed meanwhile neither; when it is back it is
// told of everything.
func TestHubThatIsDownIsLeftAlone(t *testing.T) {
	answer := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	hub, asked := beside(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r) })
	h := newHubbed(t, hub, "nongjinwang.xml", "all.atom")
	check := func(after string, times int64, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, h.tells(t, t.Context())); diff != "" || asked.Load() != times {
			t.Errorf("%s: asked %d times, want %d; left -want +got:\n%s", after, asked.Load(), times, diff)
		}
	}
	check("503", 1, " 1 1h0m0s", "/all.atom", "/nongjinwang.xml")
	h.clock = h.clock.Add(time.Hour - time.Second)
	h.changed(t, "all.xml")
	check("before its time", 1, " 1 1s", "/all.atom", "/all.xml", "/nongjinwang.xml")
	h.clock = h.clock.Add(time.Second)
	answer = takes
	check("back", 4)
}

func TestHubThatDoesNotAnswerIsNoError(t *testing.T) {
	closed := httptest.NewServer(http.HandlerFunc(takes))
	closed.Close()
	gone := newHubbed(t, closed.URL+"/?token=s3cret", "nongjinwang.xml", "all.atom")
	mute := newHubbed(t, "http://"+mute(t)+"/", "nongjinwang.xml", "all.atom")
	for name, h := range map[string]*hubbed{"refuses": gone, "hangs": mute} {
		if diff := cmp.Diff([]string{" 1 5m0s", "/all.atom", "/nongjinwang.xml"}, h.tells(t, t.Context())); diff != "" {
			t.Errorf("%s: left -want +got:\n%s", name, diff)
		}
	}
}

// What a hub refuses waits, and nothing else does.
func TestHubThatRefusesATopicHearsOfOthers(t *testing.T) {
	hub, _ := beside(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.PostFormValue("hub.topic"), "nongjinwang") {
			w.WriteHeader(http.StatusForbidden)
		}
	})
	h := newHubbed(t, hub, "nongjinwang.xml", "nongjinwang.atom", "all.atom")
	if diff := cmp.Diff([]string{"/nongjinwang.atom 1 5m0s", "/nongjinwang.xml 1 5m0s"}, h.tells(t, t.Context())); diff != "" {
		t.Errorf("left -want +got:\n%s", diff)
	}
}

// What was told before finews was told to end is not told again.
func TestWhatAHubWasToldIsStoredAtAnEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	first := true
	hub, _ := beside(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if !first {
			cancel()
			<-r.Context().Done()
		}
		first = false
	})
	h := newHubbed(t, hub, "nongjinwang.xml", "all.atom")
	if left := h.tells(t, ctx); len(left) != 1 || strings.Contains(left[0], " ") {
		t.Errorf("left %q, want one that has not failed", left)
	}
}

// A site without a hub has nobody to tell, nor remembers that it had.
func TestWithoutAHubNothingWaits(t *testing.T) {
	hub, asked := beside(t, takes)
	h := newHubbed(t, hub, "nongjinwang.xml")
	h.catalogue.Site.Hub = ""
	h.tells(t, t.Context())
	h.catalogue.Site.Hub = hub
	if left := h.tells(t, t.Context()); asked.Load() != 0 || len(left) != 0 {
		t.Errorf("asked %d times; left %q", asked.Load(), left)
	}
}

func TestDoctorLooksAtTheHub(t *testing.T) {
	now := time.Date(2022, 4, 11, 10, 0, 0, 0, beijing)
	waiting := func(topic string, hours int) feeds.Ping {
		return feeds.Ping{Topic: topic, Since: now.Add(-time.Duration(hours) * time.Hour)}
	}
	failing := func(topic string, hours int) feeds.Ping {
		p := waiting(topic, hours)
		p.Failures, p.NotBefore, p.Fault = 3, now.Add(time.Hour), fmt.Sprintf("http: 50%d", hours)
		return p
	}
	for name, c := range map[string]struct {
		pings []feeds.Ping
		want  string
	}{
		"all told":       {nil, "ok hub https://hub.example/?… was told of every change|"},
		"some to tell":   {[]feeds.Ping{waiting("甲", 30), waiting("乙", 1)}, "ok hub https://hub.example/?… will be told of 2 topics by the next polls|"},
		"one refused":    {[]feeds.Ping{waiting("甲", 30), failing("乙", 2)}, "ok hub https://hub.example/?… has not taken 1 topics since 2022-04-11 08:00: http: 502; asked again 2022-04-11 11:00|"},
		"down":           {[]feeds.Ping{waiting("甲", 30), failing("", 24), failing("乙", 99)}, "ok hub https://hub.example/?… has not taken 2 topics since 2022-04-10 10:00: http: 5024; asked again 2022-04-11 11:00|"},
		"down for long":  {[]feeds.Ping{waiting("甲", 1), failing("", 25)}, "!! hub https://hub.example/?… has not taken 1 topics since 2022-04-10 09:00: http: 5025|asked again 2022-04-11 11:00"},
		"long a refusal": {[]feeds.Ping{failing("甲", 1), failing("乙", 25)}, "!! hub https://hub.example/?… has not taken 2 topics since 2022-04-10 09:00: http: 5025|asked again 2022-04-11 11:00"},
	} {
		d := &doctor{now: now, catalogue: feeds.Catalogue{Site: feeds.Site{Location: beijing, Hub: "https://hub.example/?token=s3cret"}}}
		d.judgeHub(&house{catalogue: d.catalogue}, c.pings)
		got := ""
		for _, f := range d.findings {
			got += map[bool]string{true: "!! ", false: "ok "}[f.Trouble != ""] + f.Check + " " + f.Fact + f.Trouble + "|" + f.Advice
		}
		if got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, c.want)
		}
	}
}
