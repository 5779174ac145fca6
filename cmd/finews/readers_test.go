package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"finews.withounder.com/cmd/finews/demo"
	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
	"finews.withounder.com/web/server"
)

// patienceWithReader bounds one run of a reader, which takes a fraction of a second.
const patienceWithReader = 30 * time.Second

// hubOfDemo is the hub that the feeds name. It takes nothing, which is no failure of finews.
const hubOfDemo = "http://hub.demo.invalid/"

// subscribable is what finews publishes, as readers see it: served on loopback at the address that it names as its own.
type subscribable struct {
	t      *testing.T
	folder string
	site   *httptest.Server
	dial   func(*fetch.Options)     // the demo's upstream; nil where nothing is polled
	stock  map[string]feeds.Channel // what lists returned, until a command runs

	mutex   sync.Mutex
	answers map[string]int // the last status, by path
}

// newSubscribable serves a folder into which nothing is published yet.
func newSubscribable(t *testing.T) *subscribable {
	t.Helper()
	s := &subscribable{t: t, folder: t.TempDir(), answers: map[string]int{}}
	s.site = httptest.NewServer(s.recorded(server.Handler(server.Options{Root: s.path("public")})))
	t.Cleanup(s.site.Close)
	return s
}

// newSubscribableDemo polls and publishes the demo.
func newSubscribableDemo(t *testing.T) *subscribable {
	t.Helper()
	s := newSubscribable(t)
	upstream, err := demo.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { upstream.Close() })
	s.dial = func(o *fetch.Options) { o.Dial = upstream.Dial }
	config, err := demo.WriteConfig(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(read(t, config), `url: "http://127.0.0.1:8080"`, `url: "`+s.site.URL+`"`+"\n  hub: "+hubOfDemo, 1)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, told := s.finews("poll"); code != exitSources { // two of the sources are there to fail
		t.Fatalf("finews poll ended with %d:\n%s", code, told)
	}
	return s
}

func (s *subscribable) path(name string) string { return filepath.Join(s.folder, name) }

// recorded remembers the status of each answer.
func (s *subscribable) recorded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &statusRecorder{w, http.StatusOK}
		h.ServeHTTP(answer, r)
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.answers[r.URL.Path] = answer.status
	})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// answered returns the last status that was answered for an address.
func (s *subscribable) answered(address string) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.answers[strings.TrimPrefix(address, s.site.URL)]
}

// finews runs a command of finews, in the summer of which the demo's sources tell.
func (s *subscribable) finews(command string, more ...string) (code int, told string) {
	s.t.Helper()
	s.stock = nil
	printed, err := os.Create(s.path("printed"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer printed.Close()
	words := append([]string{command, "--config", s.path("feeds.yaml"), "--db", s.path("finews.db"), "--out", s.path("public")}, more...)
	now := func() time.Time { return time.Date(2026, 7, 1, 4, 0, 0, 0, time.UTC) }
	code = program{stdout: printed, stderr: printed, getenv: os.Getenv, arguments: words, network: s.dial, now: now}.run(s.t.Context())
	return code, read(s.t, printed.Name())
}

// republish publishes once more.
func (s *subscribable) republish() {
	s.t.Helper()
	if code, told := s.finews("publish"); code != exitWell {
		s.t.Fatalf("finews publish ended with %d:\n%s", code, told)
	}
}

// aMinuteAgo makes all that was published a minute older. Readers built on curl drop the body of a file whose Last-Modified
// is of the same second as the one that they have, though its ETag is another one.
func (s *subscribable) aMinuteAgo() {
	s.t.Helper()
	err := filepath.WalkDir(s.path("public"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		then := info.ModTime().Add(-time.Minute)
		return os.Chtimes(name, then, then)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// arrive stores drafts as one poll of the source brings them, all of them new, and publishes them.
func (s *subscribable) arrive(source string, now time.Time, drafts ...feeds.Draft) {
	s.t.Helper()
	s.store(func(store *storage.Store) error {
		saved, err := store.Save(s.t.Context(), feeds.Batch{Source: source, Now: now, Drafts: drafts}, feeds.Site{URL: s.site.URL, Location: time.UTC})
		if err == nil && saved.New != len(drafts) {
			s.t.Errorf("stored as new: %d, want %d", saved.New, len(drafts))
		}
		return err
	})
	s.republish()
}

// store opens the store, which no command uses at that time, and calls do.
func (s *subscribable) store(do func(*storage.Store) error) {
	s.t.Helper()
	store, err := storage.Open(s.t.Context(), s.path("finews.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := errors.Join(do(store), store.Close()); err != nil {
		s.t.Fatal(err)
	}
}

// get reads an address.
func (s *subscribable) get(address string) (body []byte, contentType string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.site.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s %v", address, answer.Status, err)
	}
	return body, answer.Header.Get("Content-Type")
}

// subscriptions returns the addresses that feeds.opml names, after it has seen that they are those of all.* and of every
// category.
func (s *subscribable) subscriptions() []string {
	s.t.Helper()
	var list struct {
		Outlines []struct {
			Feed string `xml:"xmlUrl,attr"`
		} `xml:"body>outline"`
	}
	text, _ := s.get(s.site.URL + "/feeds.opml")
	if err := xml.Unmarshal(text, &list); err != nil {
		s.t.Fatal(err)
	}
	var addresses, want []string
	for _, o := range list.Outlines {
		addresses = append(addresses, o.Feed)
	}
	for slug := range s.lists() {
		want = append(want, s.site.URL+"/"+slug+".xml")
	}
	slices.Sort(want)
	if !slices.Equal(want, slices.Sorted(slices.Values(addresses))) {
		s.t.Fatalf("feeds.opml names %q, want %q", addresses, want)
	}
	return addresses
}

// withAtom returns the addresses of RSS feeds and of the Atom feeds beside them, and that of the predecessor's feed.
func (s *subscribable) withAtom(addresses []string) []string {
	for _, address := range slices.Clone(addresses) {
		addresses = append(addresses, strings.TrimSuffix(address, ".xml")+".atom")
	}
	return append(addresses, s.site.URL+"/feed.xml")
}

// lists returns what the store has of each channel, by slug.
func (s *subscribable) lists() map[string]feeds.Channel {
	s.t.Helper()
	if s.stock != nil {
		return s.stock
	}
	h, err := newHouse(program{getenv: os.Getenv}, places{config: s.path("feeds.yaml"), database: s.path("finews.db")})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx := s.t.Context()
	if err := h.openToRead(ctx); err != nil {
		s.t.Fatal(err)
	}
	defer h.store.Close()
	made, err := h.store.Categories(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	s.stock = map[string]feeds.Channel{}
	for _, c := range slices.Concat(made, h.catalogue.Categories) { // what is declared takes the place of what was made
		channel, err := h.store.Latest(ctx, c, 50)
		if err != nil {
			s.t.Fatal(err)
		}
		channel.Category = c
		s.stock[c.Slug] = channel
	}
	all, err := h.store.LatestOfAll(ctx, func(string) bool { return true }, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	all.Category.Title = h.catalogue.Site.Title
	s.stock[publish.Union] = all
	return s.stock
}

// list returns what the store has of the channel that an address is of.
func (s *subscribable) list(address string) feeds.Channel {
	s.t.Helper()
	name := path.Base(address)
	slug := strings.TrimSuffix(name, path.Ext(name))
	if name == "feed.xml" {
		slug = publish.Union
	}
	channel, there := s.lists()[slug]
	if !there || len(channel.Entries) == 0 {
		s.t.Fatalf("%s: the store has no such list, or nothing in it", address)
	}
	return channel
}

// reads runs a reader, with a home of its own and without the proxies of this machine, and returns what it prints.
func (s *subscribable) reads(input []byte, name string, arguments ...string) string {
	s.t.Helper()
	found, err := exec.LookPath(name)
	if err != nil {
		s.t.Skipf("no %s is installed: what it shows was not compared", name)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), patienceWithReader)
	defer cancel()
	cmd := exec.CommandContext(ctx, found, arguments...)
	cmd.WaitDelay = time.Second
	cmd.Env = []string{"HOME=" + s.folder, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC", "TERM=dumb"}
	cmd.Stdin = bytes.NewReader(input)
	var printed, complained bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &complained
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("%s %q: %v\n%s%s", name, arguments, err, &printed, &complained)
	}
	return printed.String()
}

// TestEveryFeedIsSubscribable: the demo has lists of more than one kind, or the tests of readers would show little.
func TestEveryFeedIsSubscribable(t *testing.T) {
	s := newSubscribableDemo(t)
	lists := s.lists()
	if len(lists) < 5 || len(lists["nongjinwang"].Entries) < 10 || len(lists[publish.Union].Entries) < 30 {
		t.Errorf("the demo has %v", slices.Collect(maps.Keys(lists)))
	}
	for _, address := range s.withAtom(s.subscriptions()) {
		if body, contentType := s.get(address); len(body) == 0 || !strings.Contains(contentType, "xml") {
			t.Errorf("%s is %d bytes of %s", address, len(body), contentType)
		}
	}
}
