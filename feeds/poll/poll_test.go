package poll_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/storage"
)

var shanghai = time.FixedZone("CST", 8*3600)

// house is a whole finews over a loopback server and a real store, with a clock of its own.
type house struct {
	t      *testing.T
	poller *poll.Poller
	store  *storage.Store
	now    time.Time
	asked  atomic.Int64
	reply  http.HandlerFunc
	url    string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2022, 4, 12, 8, 0, 30, 0, shanghai)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		h.reply(w, r)
	}))
	t.Cleanup(server.Close)
	h.url = server.URL + "/rss.xml"
	network := feeds.Network{Workers: 4, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	client, err := fetch.New(fetch.Options{Network: network, UserAgent: "finews/test (+mailto:ops@finews.example)"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	h.store, err = storage.Open(t.Context(), filepath.Join(t.TempDir(), "finews.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	term, _ := feeds.ParseTerm("农商行")
	h.poller = &poll.Poller{
		Store: h.store, Client: client, Now: func() time.Time { return h.now },
		Catalogue: feeds.Catalogue{
			Site:       feeds.Site{Title: "农金消息", URL: "https://finews.example", Location: shanghai, Language: "zh-CN"},
			Network:    network,
			Categories: []feeds.Category{{Slug: "nongjinwang", Title: "农金网新闻", Outlets: []string{"农金网"}, Any: []feeds.Term{term}, Limit: 50}},
			Sources:    []feeds.Source{h.source("县域金融")},
		},
	}
	return h
}

func (h *house) source(name string) feeds.Source {
	return feeds.Source{Name: name, Kind: feeds.KindFeed, URL: h.url, Location: shanghai, MaxItems: 500, MaxBytes: 1 << 20, Every: 15 * time.Minute}
}

func (h *house) poll(request poll.Request) poll.Report {
	h.t.Helper()
	report, err := h.poller.Run(h.t.Context(), request)
	if err != nil {
		h.t.Fatal(err)
	}
	return report
}

func (h *house) channel() feeds.Channel {
	h.t.Helper()
	channel, err := h.store.Latest(h.t.Context(), feeds.Category{Slug: "nongjinwang"}, 50)
	if err != nil {
		h.t.Fatal(err)
	}
	return channel
}

func rss(items ...string) http.HandlerFunc {
	body := `<?xml version="1.0"?><rss version="2.0"><channel><title>县域</title>` + strings.Join(items, "") + `</channel></rss>`
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, body) }
}

func item(guid, title, body string) string {
	return fmt.Sprintf(`<item><guid isPermaLink="false">%s</guid><link>https://county.example/%s</link><title>%s</title>`+
		`<pubDate>Mon, 11 Apr 2022 10:46:17 +0800</pubDate><description><![CDATA[%s]]></description></item>`, guid, guid, title, body)
}

const attributed = `<p style="display:none">隐藏</p><p>正文一段。</p><p class="em_media">（文章来源：农金网）</p>`

func TestNewUnchangedEdited(t *testing.T) {
	h := newHouse(t)
	h.reply = rss(item("2", "一则消息", attributed), item("1", "甲县农商行支农", "<p>正文</p>"), item("3", "足球赛", "<p>体育</p>"))
	first := h.poll(poll.Request{}).Results[0]
	if first.New != 3 || first.Outcome != poll.Read {
		t.Fatalf("first poll: %+v", first)
	}
	entries := h.channel().Entries
	if len(entries) != 2 || entries[0].Outlet != "农金网" || entries[0].Body != "<p>正文一段。</p>" {
		t.Fatalf("filed %d entries, newest %+v", len(entries), entries[0])
	}

	h.now = h.now.Add(time.Hour)
	if same := h.poll(poll.Request{}).Results[0]; same.Outcome != poll.Unchanged || same.New+same.Updated != 0 {
		t.Errorf("the same body: %+v", same)
	}

	h.now = h.now.Add(time.Hour)
	h.reply = rss(item("1", "甲县农商行支农", "<p>正文</p>"), item("2", "一则消息（更正）", attributed))
	edited := h.poll(poll.Request{}).Results[0]
	if edited.New != 0 || edited.Updated != 1 || edited.Unchanged != 1 {
		t.Errorf("an edit and a reordering: %+v", edited)
	}
	after := h.channel().Entries
	if len(after) != 2 || after[0].ID != entries[0].ID || after[0].Title != "一则消息（更正）" || !after[0].Updated.Equal(h.now) {
		t.Errorf("after the edit: %+v", after[0])
	}
}

func TestNotDueIsNotAsked(t *testing.T) {
	h := newHouse(t)
	h.reply = rss(item("1", "农商行", ""))
	h.poll(poll.Request{})
	h.now = h.now.Add(14 * time.Minute)
	if r := h.poll(poll.Request{}).Results[0]; r.Outcome != poll.NotDue || h.asked.Load() != 1 {
		t.Errorf("polled early: %+v, %d requests", r, h.asked.Load())
	}
	if r := h.poll(poll.Request{Force: true}).Results[0]; r.Outcome != poll.Unchanged || h.asked.Load() != 2 {
		t.Errorf("forced: %+v, %d requests", r, h.asked.Load())
	}
	h.now = h.now.Add(time.Hour)
	h.poll(poll.Request{})
	if h.asked.Load() != 3 {
		t.Error("a due source was not asked")
	}
}

func TestForceAsksConditionally(t *testing.T) {
	h := newHouse(t)
	var condition string
	h.reply = func(w http.ResponseWriter, r *http.Request) {
		condition = r.Header.Get("If-None-Match")
		w.Header().Set("ETag", `W/"农"`)
		if condition != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		rss(item("1", "农商行", ""))(w, r)
	}
	h.poll(poll.Request{})
	r := h.poll(poll.Request{Force: true}).Results[0]
	if condition != `W/"农"` || r.Outcome != poll.Unchanged {
		t.Errorf("If-None-Match %q, %+v", condition, r)
	}
}

func TestOneFailureStopsNoOther(t *testing.T) {
	h := newHouse(t)
	broken := h.source("坏掉的县报")
	broken.URL += "?broken"
	page := h.source("登录页")
	page.URL += "?page"
	h.poller.Catalogue.Sources = append([]feeds.Source{broken, page}, h.poller.Catalogue.Sources...)
	h.reply = func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.RawQuery {
		case "broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "page":
			fmt.Fprint(w, "<!DOCTYPE html><html><title>请登录</title></html>")
		default:
			rss(item("1", "农商行", ""))(w, r)
		}
	}
	report := h.poll(poll.Request{})
	if failures := report.Failures(); len(failures) != 2 || failures[0].Status != 500 || failures[1].Phase != "parse" {
		t.Errorf("failures: %+v", failures)
	}
	if r := report.Results[2]; r.New != 1 {
		t.Errorf("the healthy source: %+v", r)
	}
}

func TestFailureKeepsValidatorsBacksOffAndIsToldOnceADay(t *testing.T) {
	h := newHouse(t)
	h.reply = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		rss(item("1", "农商行", ""))(w, r)
	}
	h.poll(poll.Request{})
	h.reply = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	h.now = h.now.Add(time.Hour)
	if r := h.poll(poll.Request{}).Results[0]; !r.Tell || r.NextPoll.Sub(h.now) < time.Hour {
		t.Errorf("first failure: %+v", r)
	}
	h.now = h.now.Add(2 * time.Hour)
	if r := h.poll(poll.Request{}).Results[0]; r.Tell || r.NextPoll.Sub(h.now) < 2*time.Hour {
		t.Errorf("second failure: %+v", r)
	}
	h.now = h.now.Add(23 * time.Hour)
	if r := h.poll(poll.Request{}).Results[0]; !r.Tell {
		t.Errorf("a day later: %+v", r)
	}
	state, _ := h.store.State(t.Context(), "县域金融")
	if state.Validators.ETag != `"1"` || state.Failures != 3 {
		t.Errorf("state after failures: %+v", state)
	}
	h.reply = rss(item("1", "农商行", ""))
	h.now = h.now.Add(48 * time.Hour)
	if r := h.poll(poll.Request{}).Results[0]; !r.Recovered {
		t.Errorf("recovery: %+v", r)
	}
}

func TestForcingDoesNotLengthenTheBackoff(t *testing.T) {
	h := newHouse(t)
	h.reply = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	first := h.poll(poll.Request{}).Results[0]
	for range 5 {
		h.now = h.now.Add(time.Minute)
		if r := h.poll(poll.Request{Force: true}).Results[0]; !r.NextPoll.Equal(first.NextPoll.Truncate(time.Second)) {
			t.Fatalf("asked again %v, was to be asked %v", r.NextPoll, first.NextPoll)
		}
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	h := newHouse(t)
	h.reply = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "36000")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if r := h.poll(poll.Request{}).Results[0]; r.NextPoll.Before(h.now.Add(10 * time.Hour)) {
		t.Errorf("asked again at %v, asked to wait 10 h from %v", r.NextPoll, h.now)
	}
}

func TestWhatIsMissingIsMadeAndSaid(t *testing.T) {
	h := newHouse(t)
	h.reply = rss(
		`<item><guid>a</guid><description>某农商行开出首张数字提单。另一句。</description></item>`,
		`<item><guid>b</guid><title>农商行的未来</title><pubDate>2099-01-01 00:00:00</pubDate></item>`,
		`<item><guid>d</guid><title>农商行的钟停了</title><pubDate>Tue, 01 Jan 1980 00:00:00 +0800</pubDate></item>`,
		`<item><guid>c</guid></item>`, `<item><pubDate>2022-04-11</pubDate></item>`)
	r := h.poll(poll.Request{}).Results[0]
	if r.New != 3 || r.Dropped != 2 {
		t.Errorf("%+v", r)
	}
	all := strings.Join(r.Faults, "\n")
	for _, want := range []string{"a: no title: taken from its first sentence", "a: no date that can be read", "b: dated 2099-01-01: dated by first sight", "d: dated 1980-01-01: dated by first sight", "c: dropped: neither a title", "an item without a name: dropped: no GUID"} {
		if !strings.Contains(all, want) {
			t.Errorf("the report does not say %q:\n%s", want, all)
		}
	}
	for _, e := range h.channel().Entries {
		if e.Title == "" || !e.Published.Equal(h.now) {
			t.Errorf("published %+v", e)
		}
	}
}

func TestSharedGUIDsAreToldApartByLink(t *testing.T) {
	h := newHouse(t)
	h.reply = rss(strings.ReplaceAll(item("1", "农商行甲", "")+item("2", "农商行乙", ""), `isPermaLink="false">2<`, `isPermaLink="false">1<`))
	if r := h.poll(poll.Request{}).Results[0]; r.New != 2 {
		t.Errorf("two items under one GUID: %+v", r)
	}
}

func TestSharedGUIDStaysSharedWhenTheOtherItemIsGone(t *testing.T) {
	h := newHouse(t)
	second := strings.ReplaceAll(item("2", "农商行乙", ""), `isPermaLink="false">2<`, `isPermaLink="false">1<`)
	h.reply = rss(item("1", "农商行甲", ""), second)
	h.poll(poll.Request{})
	h.reply = rss(strings.ReplaceAll(second, "农商行乙", "农商行乙（更正）"))
	if r := h.poll(poll.Request{Force: true}).Results[0]; r.New != 0 || r.Updated != 1 {
		t.Errorf("the second item alone: %+v", r)
	}
}

func TestRaisedLimitIsReadAgain(t *testing.T) {
	h := newHouse(t)
	h.reply = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		rss(item("1", "农商行甲", ""), item("2", "农商行乙", ""))(w, r)
	}
	h.poller.Catalogue.Sources[0].MaxItems = 1
	if r := h.poll(poll.Request{}).Results[0]; r.New != 1 || len(r.Faults) != 1 {
		t.Errorf("limited to one: %+v", r)
	}
	h.poller.Catalogue.Sources[0].MaxItems = 500
	if r := h.poll(poll.Request{Force: true}).Results[0]; r.New != 1 || r.Unchanged != 1 {
		t.Errorf("the limit was raised, as the report said: %+v", r)
	}
	if r := h.poll(poll.Request{Force: true}).Results[0]; r.Outcome != poll.Unchanged {
		t.Errorf("and nothing after that: %+v", r)
	}
}

func TestBugThatASourceWakesStopsNoOther(t *testing.T) {
	h := newHouse(t)
	h.reply = rss(item("1", "农商行", ""))
	h.poller.Client = nil // a bug
	posts := h.source("旧站")
	posts.Kind, posts.URL, posts.Path = feeds.KindPosts, "", t.TempDir()
	h.poller.Catalogue.Sources = append(h.poller.Catalogue.Sources, posts)
	results := h.poll(poll.Request{}).Results
	if r := results[0]; r.Outcome != poll.Failed || r.Phase != "internal" || r.Stack == "" || r.URL == "" || strings.Contains(r.Cause, "\n") {
		t.Errorf("the bug: %+v", r)
	}
	if results[1].Outcome != poll.Read {
		t.Errorf("the other: %+v", results[1])
	}
}

func TestIntervalOfASourceThatGaveNoneOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		name     string
		etag     string
		from, to time.Duration
	}{
		{"with validators", `"1"`, time.Hour, 66 * time.Minute},
		{"without", "", 24 * time.Hour, 27 * time.Hour},
	} {
		h := newHouse(t)
		h.poller.Catalogue.Sources[0].Every = 0
		h.reply = func(w http.ResponseWriter, r *http.Request) {
			if c.etag != "" {
				w.Header().Set("ETag", c.etag)
			}
			rss(item("1", "农商行", ""))(w, r)
		}
		if wait := h.poll(poll.Request{}).Results[0].NextPoll.Sub(h.now); wait < c.from || wait > c.to {
			t.Errorf("%s: asked again after %v, want %v to %v", c.name, wait, c.from, c.to)
		}
	}
}

func TestClockThatWasAheadSilencesNothing(t *testing.T) {
	h := newHouse(t)
	h.reply = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	h.now = h.now.AddDate(5, 0, 0)
	h.poll(poll.Request{})
	h.now = h.now.AddDate(-5, 0, 0)
	if r := h.poll(poll.Request{}).Results[0]; r.Outcome != poll.Failed || !r.Tell {
		t.Errorf("after the clock was put right: %+v", r)
	}
}

func TestPostThatCouldNotBeReadIsReadLater(t *testing.T) {
	h := newHouse(t)
	folder := t.TempDir()
	text := "---\ntitle: 长长的农商行\ndate: 2022-04-11 10:46:17\n---\n" + strings.Repeat("正文。", 100)
	if err := os.WriteFile(filepath.Join(folder, "2022-04-11-a.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	posts := h.source("旧站")
	posts.Kind, posts.URL, posts.Path, posts.MaxBytes = feeds.KindPosts, "", folder, 100
	h.poller.Catalogue.Sources = []feeds.Source{posts}
	for range 2 { // it stays said, too
		if r := h.poll(poll.Request{Force: true}).Results[0]; r.Outcome != poll.Read || len(r.Faults) != 1 {
			t.Errorf("a post over the limit: %+v", r)
		}
	}
	h.poller.Catalogue.Sources[0].MaxBytes = 1 << 20
	if r := h.poll(poll.Request{Force: true}).Results[0]; r.New != 1 {
		t.Errorf("the limit was raised: %+v", r)
	}
}

func TestMissingFolderOfPostsIsAFailure(t *testing.T) {
	h := newHouse(t)
	posts := h.source("旧站")
	posts.Kind, posts.URL, posts.Path = feeds.KindPosts, "", filepath.Join(t.TempDir(), "没有")
	h.poller.Catalogue.Sources = []feeds.Source{posts}
	if r := h.poll(poll.Request{}).Results[0]; r.Outcome != poll.Failed || r.Phase != "read" || !strings.Contains(r.Cause, "没有") {
		t.Errorf("%+v", r)
	}
}

func TestPostsAreReadOnceAndAgainWhenTheFolderChanges(t *testing.T) {
	h := newHouse(t)
	folder := t.TempDir()
	write := func(name, title string) {
		text := fmt.Sprintf("---\ntitle: %q\ndate: 2022-04-11 10:46:17 +0800\ncategories: nongjinwang\ntags: 农金网新闻\n---\n<p>正文。</p>\n\n<https://share.example/%s>\n", title, name)
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("2022-04-11-QH1.md", "敬老专窗")
	posts := h.source("旧站")
	posts.Kind, posts.URL, posts.Path = feeds.KindPosts, "", folder
	h.poller.Catalogue.Sources = []feeds.Source{posts}
	if r := h.poll(poll.Request{}).Results[0]; r.New != 1 {
		t.Fatalf("%+v", r)
	}
	if got := h.channel().Entries[0].Path; got != "nongjinwang/2022/04/11/QH1.html" {
		t.Errorf("path %q is not the predecessor's", got)
	}
	if r := h.poll(poll.Request{Force: true}).Results[0]; r.Outcome != poll.Unchanged {
		t.Errorf("unchanged folder: %+v", r)
	}
	write("2022-04-12-QH2.md", "春耕贷")
	if r := h.poll(poll.Request{Force: true}).Results[0]; r.New != 1 || r.Unchanged != 1 {
		t.Errorf("one more post: %+v", r)
	}
}

func TestUnknownSourceIsSaid(t *testing.T) {
	h := newHouse(t)
	_, err := h.poller.Run(t.Context(), poll.Request{Sources: []string{"没有"}})
	if err == nil || !strings.Contains(err.Error(), "没有") {
		t.Errorf("error %v", err)
	}
}

func TestCancelledCycleIsNoFailureOfTheSource(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	h.reply = func(w http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
	report, err := h.poller.Run(ctx, poll.Request{})
	if err == nil || report.Results[0].Outcome != poll.Stopped {
		t.Errorf("%+v, %v", report.Results[0], err)
	}
	state, _ := h.store.State(t.Context(), "县域金融")
	if state.Failing() {
		t.Error("the source is blamed for our stop")
	}
}

func TestStoreFailureEndsTheCycle(t *testing.T) {
	h := newHouse(t)
	document := rss(item("1", "农商行", ""))
	h.reply = func(w http.ResponseWriter, r *http.Request) { h.store.Close(); document(w, r) }
	if _, err := h.poller.Run(t.Context(), poll.Request{}); err == nil || !strings.Contains(err.Error(), "县域金融") {
		t.Errorf("closed while the source answers: error %v", err)
	}
	asked := h.asked.Load()
	if _, err := h.poller.Run(t.Context(), poll.Request{Force: true}); err == nil || h.asked.Load() != asked {
		t.Errorf("closed before: error %v, %d more requests", err, h.asked.Load()-asked)
	}
}

// TestPostsComeFirst: an article that a feed has too keeps the address that it had as a post, whatever their order in
// feeds.yaml.
func TestPostsComeFirst(t *testing.T) {
	h := newHouse(t)
	folder := t.TempDir()
	text := "---\ntitle: 农商行支农\ndate: 2022-04-11 10:46:17 +0800\ncategories: nongjinwang\ntags: 农金网新闻\n---\n<p>正文。</p>\n\n<https://county.example/1>\n"
	if err := os.WriteFile(filepath.Join(folder, "2022-04-11-QH1.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	h.reply = rss(item("1", "农商行支农", "<p>正文。</p>"))
	posts := h.source("旧站")
	posts.Kind, posts.URL, posts.Path = feeds.KindPosts, "", folder
	h.poller.Catalogue.Sources = []feeds.Source{h.source("甲报"), h.source("乙报"), posts}
	h.poller.Catalogue.Network.Workers = 1
	report := h.poll(poll.Request{})
	var names []string
	for _, r := range report.Results {
		names = append(names, r.Source)
	}
	if !slices.Equal(names, []string{"甲报", "乙报", "旧站"}) || report.Results[2].New != 1 {
		t.Errorf("the report is not in the order of the catalogue: %+v", report.Results)
	}
	if entries := h.channel().Entries; len(entries) != 1 || entries[0].Path != "nongjinwang/2022/04/11/QH1.html" {
		t.Errorf("%+v; want one entry with the path of the post", entries)
	}
}
