package poll_test

import (
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/storage"
)

// post is an item as an upstream writes it. What is empty is left out.
type post struct{ guid, link, title, date, body string }

const monday = "Mon, 11 Apr 2022 10:46:17 +0800"

func (p post) String() string {
	var b strings.Builder
	for _, field := range [][2]string{{"guid", p.guid}, {"link", p.link}, {"title", p.title}, {"pubDate", p.date}, {"description", p.body}} {
		if field[1] != "" {
			fmt.Fprintf(&b, "<%s>%s</%[1]s>", field[0], html.EscapeString(field[1]))
		}
	}
	return "<item>" + b.String() + "</item>"
}

// county returns n items that are good in every way.
func county(n int) []post {
	var posts []post
	for i := range n {
		posts = append(posts, post{fmt.Sprint("NW", i), fmt.Sprintf("https://county.example/%d.html", i), fmt.Sprintf("农商行支农第%d期", i), monday, fmt.Sprintf("<p>第%d期正文。</p>", i)})
	}
	return posts
}

// town is a house with two sources of its own beside the one that a test is about: they must complete whatever that
// one does. Its address carries a secret, which must be told nowhere.
type town struct {
	*house
	sends  map[string][]post           // what each path sends
	speaks map[string]http.HandlerFunc // instead of that
	polls  int
}

const (
	subject = "县域金融"
	secret  = "geheim"
)

func newTown(t *testing.T) *town {
	w := &town{house: newHouse(t), sends: map[string][]post{}, speaks: map[string]http.HandlerFunc{}}
	w.reply = func(out http.ResponseWriter, r *http.Request) {
		if speak, ok := w.speaks[r.URL.Path]; ok {
			speak(out, r)
			return
		}
		fmt.Fprintf(out, `<?xml version="1.0"?><rss version="2.0"><channel><title>县域</title><description>第%d次</description>`, w.polls)
		for _, p := range w.sends[r.URL.Path] {
			fmt.Fprint(out, p)
		}
		fmt.Fprint(out, `</channel></rss>`)
	}
	base := strings.TrimSuffix(w.url, "/rss.xml")
	var sources []feeds.Source
	for _, s := range [][2]string{{"甲报", "/first.xml"}, {subject, "/subject.xml"}, {"乙报", "/last.xml"}} {
		source := w.source(s[0])
		source.URL = base + s[1] + "?token=" + secret
		sources = append(sources, source)
	}
	w.poller.Catalogue.Sources = sources
	return w
}

// brings polls once, an hour later, with the subject sending posts, and returns the report's row of it. It asserts
// what every row of faults promises: the other sources complete, nothing is told without its cause, no secret is told,
// and where the subject fails, what is stored and published stays what it was.
func (w *town) brings(posts ...post) poll.Result {
	w.t.Helper()
	w.sends["/subject.xml"] = posts
	w.polls++
	w.now = w.now.Add(time.Hour)
	for _, path := range []string{"/first.xml", "/last.xml"} {
		id := fmt.Sprint(path, w.polls)
		w.sends[path] = []post{{id, "https://other.example" + id, "别家农商行" + id, monday, ""}}
	}
	before := w.snapshot()
	report := w.poll(poll.Request{Force: true})
	row := report.Results[1]
	for i, other := range []poll.Result{report.Results[0], report.Results[2]} {
		if other.Outcome != poll.Read || other.New != 1 {
			w.t.Errorf("poll %d: the other source %d did not complete: %+v", w.polls, i, other)
		}
	}
	if strings.Contains(fmt.Sprintf("%+v", report), secret) {
		w.t.Errorf("poll %d: the report tells the secret of an address: %+v", w.polls, report)
	}
	if row.Source != subject || !row.NextPoll.After(w.now) {
		w.t.Errorf("poll %d: the row lacks its source or when it is asked again: %+v", w.polls, row)
	}
	if row.New+row.Updated+row.Unchanged+row.Dropped != len(posts) && !row.Failed() {
		w.t.Errorf("poll %d: %d items came, and the row counts otherwise: %+v", w.polls, len(posts), row)
	}
	if failed := len(report.Failures()) > 0; failed != row.Failed() { // what the exit code is made of
		w.t.Errorf("poll %d: the report fails: %t, its row: %+v", w.polls, failed, row)
	}
	if row.Failed() {
		w.failsAsPromised(row, before)
	}
	return row
}

func (w *town) failsAsPromised(row poll.Result, before []feeds.Entry) {
	w.t.Helper()
	if !strings.HasSuffix(row.URL, "/subject.xml?…") || row.Phase == "" || row.Cause == "" || row.Status == 0 || row.FailingSince.IsZero() {
		w.t.Errorf("poll %d: the row lacks address, phase, cause, code or time: %+v", w.polls, row)
	}
	if diff := cmp.Diff(before, w.snapshot()); diff != "" {
		w.t.Errorf("poll %d: what is stored and published changed, -before +after:\n%s", w.polls, diff)
	}
}

// snapshot returns what is stored of the subject, whole, in order of first sight, and of one poll in that of its document,
// which is stored from its end.
func (w *town) snapshot() []feeds.Entry {
	w.t.Helper()
	entries, err := w.store.Entries(w.t.Context(), storage.Filter{Source: subject})
	if err != nil {
		w.t.Fatal(err)
	}
	byNumber := make([]feeds.Entry, 0, len(entries))
	for _, e := range entries {
		at := 0
		for at < len(byNumber) && (byNumber[at].FirstSeen.Before(e.FirstSeen) || byNumber[at].FirstSeen.Equal(e.FirstSeen) && byNumber[at].Number > e.Number) {
			at++
		}
		byNumber = append(byNumber[:at], append([]feeds.Entry{e}, byNumber[at:]...)...)
	}
	return byNumber
}

// titles returns the titles of what is stored of the subject, in order of first sight.
func (w *town) titles() []string {
	var titles []string
	for _, e := range w.snapshot() {
		titles = append(titles, e.Title)
	}
	return titles
}

// counted asserts the numbers of a row.
func counted(t *testing.T, r poll.Result, fresh, updated, unchanged, dropped int) {
	t.Helper()
	if r.New != fresh || r.Updated != updated || r.Unchanged != unchanged || r.Dropped != dropped {
		t.Errorf("%d new, %d updated, %d unchanged, %d dropped; want %d, %d, %d, %d: %+v",
			r.New, r.Updated, r.Unchanged, r.Dropped, fresh, updated, unchanged, dropped, r)
	}
}

func said(t *testing.T, r poll.Result, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(strings.Join(r.Faults, "\n"), word) {
			t.Errorf("the report does not say %q:\n%s", word, strings.Join(r.Faults, "\n"))
		}
	}
}

func (w *town) sightings(e feeds.Entry) []storage.Sighting {
	w.t.Helper()
	sightings, err := w.store.Sightings(w.t.Context(), e.Number)
	if err != nil {
		w.t.Fatal(err)
	}
	return sightings
}
