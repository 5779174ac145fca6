package poll_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/storage"
)

// upstream is a source of the month, and what its server saw of us.
type upstream struct {
	name   string
	every  time.Duration // in feeds.yaml
	least  time.Duration // between two requests, by the rules
	most   time.Duration // between two requests while all is well: it is not forgotten either
	header map[string]string
	inside string // of the channel

	etag, modified bool
	changes        time.Duration                                                           // how often it has something new
	ill            func(u *upstream, w http.ResponseWriter, r *http.Request, day int) bool // answers in place of the document, on bad days
	path           string                                                                  // that it moved to; empty: none
	moves          int                                                                     // day on which it moves

	requests      []request
	notBefore     time.Time // promised to the server: Retry-After, max-age, ttl …
	version       int       // of what it sent last; 0: nothing
	unconditional int
	faults        []string
}

type request struct {
	at          time.Time
	status      int
	conditional bool
	path        string
}

// month is 30 days of polling: a server that records, and a clock of its own.
type month struct {
	mu      sync.Mutex
	now     time.Time
	begun   time.Time
	sources map[string]*upstream
}

func (m *month) clock() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (u *upstream) fault(at time.Time, format string, args ...any) {
	u.faults = append(u.faults, at.Format("01-02 15:04")+": "+fmt.Sprintf(format, args...))
}

// ServeHTTP answers as the source of the path, and holds the request against the rules.
func (m *month) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out.Header().Set("Date", m.now.UTC().Format(http.TimeFormat))
	name, _, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	u, ok := m.sources[name]
	if !ok || r.Method != http.MethodGet || r.URL.RawQuery != "" || r.Referer() != "" || r.Header.Get("Cookie") != "" ||
		r.Header.Get("Accept-Encoding") != "gzip" || !strings.HasPrefix(r.UserAgent(), "finews/") || !strings.Contains(r.Header.Get("Accept"), "application/atom+xml") {
		m.sources["s00"].fault(m.now, "a request that no source asked for or that says too much: %s %s %v", r.Method, r.URL, r.Header)
		return
	}
	conditional := r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != ""
	before := len(u.requests)
	if m.now.Before(u.notBefore) && !(u.path != "" && before > 0 && u.requests[before-1].at.Equal(m.now)) { // but for a redirect
		u.fault(m.now, "asked before %s", u.notBefore.Format("01-02 15:04:05"))
	}
	recorder := httptest.NewRecorder()
	m.answer(u, recorder, r)
	u.requests = append(u.requests, request{m.now, recorder.Code, conditional, r.URL.Path})
	for key, values := range recorder.Header() {
		out.Header()[key] = values
	}
	out.WriteHeader(recorder.Code)
	out.Write(recorder.Body.Bytes())
}

func (m *month) answer(u *upstream, w http.ResponseWriter, r *http.Request) {
	day := int(m.now.Sub(m.begun) / (24 * time.Hour))
	u.notBefore = m.now.Add(u.least)
	if u.ill != nil && u.ill(u, w, r, day) {
		return
	}
	if u.path != "" && day >= u.moves && r.URL.Path != u.path {
		w.Header().Set("Location", u.path)
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	for name, value := range u.header {
		w.Header().Set(name, value)
	}
	if seconds, ok := u.header["Expires"]; ok {
		after, _ := time.ParseDuration(seconds)
		w.Header().Set("Expires", m.now.Add(after).UTC().Format(http.TimeFormat))
	}
	m.document(u, w, r)
}

// document answers with the present version, or 304 where that is what the client has.
func (m *month) document(u *upstream, w http.ResponseWriter, r *http.Request) {
	version := int(m.now.Sub(m.begun)/u.changes) + 1
	etag := fmt.Sprintf(`W/"%s; %d, é"`, u.name, version) // as odd as a validator may be
	modified := m.begun.Add(time.Duration(version-1) * u.changes).UTC().Format(http.TimeFormat)
	matches := (u.etag || u.modified) && (!u.etag || r.Header.Get("If-None-Match") == etag) && (!u.modified || r.Header.Get("If-Modified-Since") == modified)
	if u.etag {
		w.Header().Set("ETag", etag)
	}
	if u.modified {
		w.Header().Set("Last-Modified", modified)
	}
	switch {
	case matches:
		w.WriteHeader(http.StatusNotModified)
		return
	case u.version == version && (u.etag || u.modified) && u.path == "": // of one that moved, judge counts
		u.fault(m.now, "unchanged, and all of it was asked for: %v", r.Header)
	}
	if r.Header.Get("If-None-Match") == "" && r.Header.Get("If-Modified-Since") == "" {
		u.unconditional++
	}
	u.version = version
	fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>县域%s</title>%s`, u.name, u.inside)
	for v := max(1, version-4); v <= version; v++ {
		fmt.Fprint(w, post{fmt.Sprint(u.name, v), fmt.Sprintf("https://county.example/%s/%d", u.name, v), fmt.Sprintf("农商行支农第%d期", v), "", "正文"})
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// leavesAlone answers 429 or 503 on every third day, asking to be left alone.
func leavesAlone(status int, retryAfter func(now time.Time) string, wait time.Duration) func(*month) func(*upstream, http.ResponseWriter, *http.Request, int) bool {
	return func(m *month) func(*upstream, http.ResponseWriter, *http.Request, int) bool {
		return func(u *upstream, w http.ResponseWriter, r *http.Request, day int) bool {
			if day%3 != 2 {
				return false
			}
			if value := retryAfter(m.now); value != "" {
				w.Header().Set("Retry-After", value)
			}
			u.notBefore = m.now.Add(max(wait, u.least))
			w.WriteHeader(status)
			return true
		}
	}
}

func seconds(n int) func(time.Time) string { return func(time.Time) string { return strconv.Itoa(n) } }

// inTheMonth returns 50 sources, of every way that a server speaks of time.
func inTheMonth(m *month) []*upstream {
	const hour, day = time.Hour, 24 * time.Hour
	var all []*upstream
	add := func(n int, u upstream) {
		for range n {
			one := u
			one.name = fmt.Sprintf("s%02d", len(all))
			if one.changes == 0 {
				one.changes = time.Duration(5+len(all)) * hour
			}
			all = append(all, &one)
		}
	}
	hourly := 70 * time.Minute
	add(2, upstream{least: hour, most: hourly, etag: true})
	add(1, upstream{least: hour, most: hourly, modified: true})
	add(2, upstream{least: hour, most: hourly, etag: true, modified: true})
	add(1, upstream{least: hour, most: hourly, etag: true, changes: 60 * day})
	add(10, upstream{least: day, most: 27 * hour}) // no validators
	add(5, upstream{least: 2 * hour, most: 140 * time.Minute, etag: true, header: map[string]string{"Cache-Control": "public, max-age=7200"}})
	add(6, upstream{least: 3 * hour, most: 205 * time.Minute, modified: true, header: map[string]string{"Expires": "3h"}})
	add(6, upstream{least: 4 * hour, most: 270 * time.Minute, etag: true, inside: "<ttl>240</ttl>"})
	add(4, upstream{least: 12 * hour, most: 14 * hour, etag: true, inside: "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"})
	add(4, upstream{least: 7 * day, most: 8 * day, etag: true, header: map[string]string{"Cache-Control": "max-age=99999999"}})
	add(1, upstream{every: 15 * time.Minute, least: 14 * time.Minute, most: 20 * time.Minute, etag: true, inside: "<ttl>600</ttl>", header: map[string]string{"Cache-Control": "max-age=3600"}})
	add(1, upstream{every: 30 * time.Minute, least: 29 * time.Minute, etag: true, ill: leavesAlone(http.StatusTooManyRequests, seconds(5400), 90*time.Minute)(m)})
	add(1, upstream{least: hour, etag: true, ill: leavesAlone(http.StatusServiceUnavailable,
		func(now time.Time) string { return now.Add(5 * hour).UTC().Format(http.TimeFormat) }, 5*hour)(m)})
	add(1, upstream{least: hour, etag: true, ill: leavesAlone(http.StatusServiceUnavailable, seconds(0), hour)(m)})
	add(1, upstream{least: hour, etag: true, ill: leavesAlone(http.StatusTooManyRequests, func(time.Time) string { return "" }, hour)(m)})
	add(1, upstream{least: hour, etag: true, ill: func(u *upstream, w http.ResponseWriter, r *http.Request, day int) bool { // gone for good
		if day < 10 {
			return false
		}
		u.notBefore = m.now.Add(90 * 24 * hour)
		w.WriteHeader(http.StatusGone)
		return true
	}})
	add(1, upstream{least: hour, etag: true, ill: func(u *upstream, w http.ResponseWriter, r *http.Request, day int) bool {
		if day >= 8 {
			w.WriteHeader(http.StatusNotFound)
		}
		return day >= 8
	}})
	add(1, upstream{least: hour, most: hourly, etag: true, moves: 5})
	all[len(all)-1].path = "/" + all[len(all)-1].name + "/new.xml"
	add(1, upstream{least: hour, etag: true, inside: "<skipHours><hour>1</hour><hour>2</hour><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>"})
	return all
}

// TestThirtyDays: cron asks every five minutes for a month, with a restart now and then and an impatient operator, and no
// server has a reason to complain.
func TestThirtyDays(t *testing.T) {
	t.Parallel()
	begun := time.Date(2022, 4, 1, 0, 0, 7, 0, time.UTC)
	m := &month{now: begun, begun: begun, sources: map[string]*upstream{}}
	all := inTheMonth(m)
	for _, u := range all {
		m.sources[u.name] = u
	}
	if len(all) != 50 {
		t.Fatalf("%d sources", len(all))
	}
	network := feeds.Network{Workers: 8, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	catalogue := feeds.Catalogue{Site: feeds.Site{Title: "农金消息", URL: "https://finews.example", Location: shanghai}, Network: network}
	for _, u := range all {
		server := httptest.NewServer(m) // one each: a Retry-After of one is heeded by others of its host
		t.Cleanup(server.Close)
		catalogue.Sources = append(catalogue.Sources, feeds.Source{
			Name: u.name, Kind: feeds.KindFeed, URL: server.URL + "/" + u.name + "/rss.xml", Location: shanghai, MaxItems: 500, MaxBytes: 1 << 20, Every: u.every,
		})
	}
	file := filepath.Join(t.TempDir(), "finews.db")
	for range 3 { // with restarts: nothing is remembered but what is stored
		m.someDays(t, file, catalogue, 10)
	}
	for _, u := range all {
		for _, fault := range u.faults {
			t.Errorf("%s (every %v, %v, %s): %s", u.name, u.every, u.header, u.inside, fault)
		}
		judge(t, m, u)
	}
}

// someDays polls every five minutes, with a store and a client of their own.
func (m *month) someDays(t *testing.T, file string, catalogue feeds.Catalogue, days int) {
	client, err := fetch.New(fetch.Options{Network: catalogue.Network, UserAgent: "finews/test (+mailto:ops@finews.example)", Now: m.clock})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdle()
	store, err := storage.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	poller := &poll.Poller{Catalogue: catalogue, Store: store, Client: client, Now: m.clock}
	for i := range days * 24 * 12 {
		request := poll.Request{}
		if i%500 == 499 { // by hand, beside cron
			request.Sources = []string{catalogue.Sources[i%50].Name}
		}
		if _, err := poller.Run(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		m.mu.Lock()
		m.now = m.now.Add(5*time.Minute + time.Duration(i%3-1)*time.Millisecond) // cron is not exact
		m.mu.Unlock()
	}
}

// judge holds the month of one source against the rules that only show over time.
func judge(t *testing.T, m *month, u *upstream) {
	unconditional := 1
	if u.path != "" {
		unconditional = 2 // validators belong to an address, and it has had two
	}
	if (u.etag || u.modified) && u.unconditional != unconditional {
		t.Errorf("%s: all of it was asked for %d times, want %d", u.name, u.unconditional, unconditional)
	}
	if u.most == 0 {
		if len(u.requests) < 10 {
			t.Errorf("%s was asked only %d times", u.name, len(u.requests))
		}
	} else {
		for i, r := range u.requests[1:] {
			if wait := r.at.Sub(u.requests[i].at); wait > u.most+5*time.Minute {
				t.Errorf("%s was not asked for %v from %v on", u.name, wait, u.requests[i].at)
			}
		}
		if last := u.requests[len(u.requests)-1]; m.now.Sub(last.at) > u.most+5*time.Minute {
			t.Errorf("%s was asked for the last time at %v", u.name, last.at)
		}
	}
	for _, r := range u.requests {
		if at := r.at.UTC(); strings.Contains(u.inside, "skipHours") && at.Sub(m.begun) > time.Hour && (at.Hour() >= 1 && at.Hour() <= 3 || at.Weekday() == time.Sunday) {
			t.Errorf("%s was asked at %v, which it asked to be spared", u.name, at)
		}
		if days := r.at.Sub(m.begun).Hours() / 24; u.path != "" && (r.path == u.path) != (days >= float64(u.moves)) && days > float64(u.moves)+8 {
			t.Errorf("%s was asked at its old address on day %.1f", u.name, days)
		}
	}
}
