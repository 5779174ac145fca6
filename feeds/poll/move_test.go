package poll_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// moved is a house whose feed redirects for good, with what was asked at each path.
func moved(t *testing.T) (w *house, asked map[string]int, to *string) {
	w, asked, to = newHouse(t), map[string]int{}, new(string)
	*to = "/new.xml"
	document := rss(item("1", "农商行", "正文"))
	w.reply = func(out http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		if r.URL.Path == "/rss.xml" && *to != "" {
			http.Redirect(out, r, *to, http.StatusMovedPermanently)
			return
		}
		out.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			out.WriteHeader(http.StatusNotModified)
			return
		}
		document(out, r)
	}
	return w, asked, to
}

func (h *house) days(n float64) poll.Result {
	h.t.Helper()
	h.now = h.now.Add(time.Duration(n * 24 * float64(time.Hour)))
	return h.poll(poll.Request{}).Results[0]
}

func (h *house) state() feeds.State {
	h.t.Helper()
	state, err := h.store.State(h.t.Context(), "县域金融")
	if err != nil {
		h.t.Fatal(err)
	}
	return state
}

// TestMoveIsBelievedAfterAWeek: a permanent redirect is followed at once, and asked in place of the old address only
// after it has led to the same place for seven days.
func TestMoveIsBelievedAfterAWeek(t *testing.T) {
	w, asked, _ := moved(t)
	for _, after := range []float64{0, 3, 3.9} {
		if row := w.days(after); row.Failed() {
			t.Fatalf("%+v", row)
		}
	}
	if w.state().Move.Adopted || asked["/rss.xml"] != 3 {
		t.Fatalf("after less than a week: %+v, asked %v", w.state().Move, asked)
	}
	said(t, w.days(0.2), "moved for good to http://127.0.0.1", "/new.xml")
	before := asked["/rss.xml"]
	row := w.days(1)
	if row.Failed() || asked["/rss.xml"] != before || !w.state().Move.Adopted || row.New+row.Updated != 0 {
		t.Errorf("after a week: %+v, asked %v, %+v", row, asked, w.state().Move)
	}
	if row := w.days(1); row.Outcome != poll.Unchanged || asked["/rss.xml"] != before {
		t.Errorf("the new address does not answer 304: %+v, asked %v", row, asked)
	}
	w.poller.Catalogue.Sources[0].URL = strings.Replace(w.url, "/rss.xml", "/other.xml", 1)
	if w.days(1); asked["/other.xml"] != 1 {
		t.Errorf("the operator wrote another address, asked %v", asked)
	}
}

// TestMoveThatWavers: a redirect that changes its mind begins its week anew, and one that ends is forgotten.
func TestMoveThatWavers(t *testing.T) {
	w, asked, to := moved(t)
	w.days(0)
	w.days(6)
	*to = "/newer.xml"
	w.days(0.5)
	w.days(1) // more than a week after the first, and less after the second
	if move := w.state().Move; move.Adopted || !strings.HasSuffix(move.To, "/newer.xml") {
		t.Errorf("%+v", move)
	}
	*to = ""
	w.days(1)
	if move := w.state().Move; move != (feeds.Move{}) {
		t.Errorf("it moved back, and %+v is remembered", move)
	}
	*to = "/new.xml"
	w.days(1)
	w.days(7.1)
	*to = ""
	asked["/new.xml"] = 0
	if w.days(1); asked["/new.xml"] != 1 {
		t.Fatalf("not adopted: %+v", w.state().Move)
	}
}

// TestMoveThatWasNotSeenToStand: two sightings with failures between them are no week.
func TestMoveThatWasNotSeenToStand(t *testing.T) {
	w, _, _ := moved(t)
	w.days(0)
	reply := w.reply
	w.reply = func(out http.ResponseWriter, r *http.Request) { http.Error(out, "坏", http.StatusBadGateway) }
	w.days(6)
	w.reply = reply
	if w.days(5); w.state().Move.Adopted {
		t.Errorf("%+v", w.state().Move)
	}
}

// TestMoveThatLedAstray: where the new address stops to answer, the one in feeds.yaml is asked again.
func TestMoveThatLedAstray(t *testing.T) {
	w, asked, to := moved(t)
	w.days(0)
	w.days(7.1)
	reply := w.reply
	w.reply = func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/new.xml" {
			asked[r.URL.Path]++
			http.Error(out, "没有了", http.StatusGone)
			return
		}
		reply(out, r)
	}
	if row := w.days(1); row.Outcome != poll.Failed || row.Status != http.StatusGone {
		t.Fatalf("%+v", row)
	}
	*to = ""
	if row := w.days(2); row.Failed() || !w.state().Gone.IsZero() {
		t.Errorf("the old address works again, and is not asked: %+v", row)
	}
}

// TestMoveToAnotherSiteIsNotBelieved: it is followed, and shown to the operator, however long it stands.
func TestMoveToAnotherSiteIsNotBelieved(t *testing.T) {
	w, asked, to := moved(t)
	*to = strings.Replace(strings.Replace(w.url, "127.0.0.1", "localhost", 1), "/rss.xml", "/new.xml", 1)
	w.days(0)
	for range 3 {
		if row := w.days(5); row.Failed() {
			t.Fatalf("%+v", row)
		}
	}
	if move := w.state().Move; move.Adopted || move.To != *to || asked["/rss.xml"] != 4 {
		t.Errorf("%+v, asked %v", move, asked)
	}
}

// TestSecretsStayWhereTheyWereWrittenFor: a server that a source has moved to is not sent the headers that the operator
// wrote for the old one; he writes the new address into feeds.yaml first.
func TestSecretsStayWhereTheyWereWrittenFor(t *testing.T) {
	w := newHouse(t)
	var told []string
	other := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		told = append(told, r.Header.Get("Authorization"))
		rss(item("1", "农商行", "正文"))(out, r)
	}))
	t.Cleanup(other.Close)
	w.reply = func(out http.ResponseWriter, r *http.Request) {
		http.Redirect(out, r, other.URL+"/new.xml", http.StatusMovedPermanently)
	}
	w.poller.Catalogue.Sources[0].Headers = map[string]string{"Authorization": "Bearer geheim"}
	w.days(0)
	w.days(7.1)
	asked := w.asked.Load()
	if row := w.days(1); row.Failed() || !w.state().Move.Adopted || w.asked.Load() != asked {
		t.Fatalf("not adopted: %+v", row)
	}
	if diff := cmp.Diff([]string{"", "", ""}, told); diff != "" {
		t.Errorf("the other server was told -want +got:\n%s", diff)
	}
	w.poller.Catalogue.Sources[0].URL = other.URL + "/new.xml"
	if w.days(1); told[len(told)-1] != "Bearer geheim" {
		t.Errorf("the operator wrote it down, and it was told %q", told)
	}
}

// TestGoneIsNotAskedAgain: not by cron, not by force; until the operator says so or writes another address.
func TestGoneIsNotAskedAgain(t *testing.T) {
	w := newHouse(t)
	w.reply = rss(item("1", "农商行", "正文"))
	w.days(0)
	w.reply = func(out http.ResponseWriter, r *http.Request) { http.Error(out, "没有了", http.StatusGone) }
	row := w.days(1)
	if row.Outcome != poll.Failed || !row.Tell || !strings.Contains(row.Cause, "gone") || len(w.channel().Entries) != 1 {
		t.Fatalf("%+v", row)
	}
	asked := w.asked.Load()
	for _, request := range []poll.Request{{}, {Force: true}, {Sources: []string{"县域金融"}, Force: true}} {
		w.now = w.now.Add(48 * time.Hour)
		report := w.poll(request)
		if r := report.Results[0]; r.Outcome != poll.Gone || len(report.Failures()) != 0 {
			t.Errorf("%+v: %+v", request, r)
		}
	}
	w.poller.Catalogue.Sources[0].MaxItems = 7 // another reading is no other address
	w.days(1)
	if w.asked.Load() != asked {
		t.Errorf("a source that is gone was asked %d times", w.asked.Load()-asked)
	}
	w.poller.Catalogue.Sources[0].URL += "?neu"
	w.reply = rss(item("2", "农商行二", "正文"))
	if row := w.days(1); row.New != 1 {
		t.Errorf("at its new address: %+v", row)
	}
}

// TestGoneBehindARedirectOfToday: the source itself has not said that it has ended.
func TestGoneBehindARedirectOfToday(t *testing.T) {
	w := newHouse(t)
	w.reply = func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			http.Error(out, "没有了", http.StatusGone)
			return
		}
		http.Redirect(out, r, "/gone", http.StatusFound)
	}
	if row := w.days(0); row.Status != http.StatusGone || !w.state().Gone.IsZero() {
		t.Errorf("%+v, gone %v", row, w.state().Gone)
	}
}

// TestUnexpected304: where nothing was asked on condition there is nothing that it could mean, and the next document is
// read whatever it is.
func TestUnexpected304(t *testing.T) {
	w := newHouse(t)
	document := rss(item("1", "农商行", "正文"))
	w.reply = document
	w.days(0)
	w.reply = func(out http.ResponseWriter, r *http.Request) { out.WriteHeader(http.StatusNotModified) }
	row := w.days(1)
	if row.Outcome != poll.Failed || !strings.Contains(row.Cause, "unexpected 304") || w.state().Validators.BodyHash != "" {
		t.Errorf("%+v", row)
	}
	w.reply = document
	if row := w.days(1); row.Outcome != poll.Read || row.Unchanged != 1 {
		t.Errorf("afterwards: %+v", row)
	}
}

// TestGarbledEntriesAreHeld: one that cannot be read is stored and published nowhere, until its source mends it.
func TestGarbledEntriesAreHeld(t *testing.T) {
	w := newHouse(t)
	bad := item("1", "农商行锟斤拷锟斤拷锟斤拷", "<p>锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷</p>")
	good := item("2", "农商行支农", "<p>全县春耕贷款按时发放。</p>")
	w.reply = rss(bad, good, item("3", "农商行助学", "<p>助学贷款已经到账。</p>"))
	said(t, w.days(0), "held, and published nowhere")
	if entries := w.channel().Entries; len(entries) != 2 {
		t.Errorf("%d entries are published", len(entries))
	}
	w.reply = rss(item("1", "农商行开门红", "<p>存款增长。</p>"), good, item("3", "农商行助学", "<p>助学贷款已经到账。</p>"))
	if row := w.days(1); row.Updated != 1 || len(w.channel().Entries) != 3 {
		t.Errorf("mended: %+v, %d published", row, len(w.channel().Entries))
	}
}

// TestGarbledDocumentIsHeld: where most of a document cannot be read it is the charset's fault, and the operator hears of it.
func TestGarbledDocumentIsHeld(t *testing.T) {
	w := newHouse(t)
	var items []string
	for i := range 5 {
		items = append(items, item(fmt.Sprint(i), "鍐滀笟閾惰鏀寔涔℃潙鎸叴", "<p>鍐滀笟閾惰鏀寔涔℃潙鎸叴锛屽彂鏀捐捶娆俱€?</p>"))
	}
	w.reply = rss(items...)
	row := w.days(0)
	if row.Outcome != poll.Held || !row.Tell || !strings.Contains(row.Cause, "charset:") || len(w.channel().Entries) != 0 {
		t.Errorf("%+v", row)
	}
}

// TestGarbledIsBelievedWhenAccepted: an article about garbage is none. What the operator accepts is published, and no later
// reprocessing takes it back; and an entry alone is let out by Release.
func TestGarbledIsBelievedWhenAccepted(t *testing.T) {
	w := newHouse(t)
	about := func(n string) string {
		return item(n, "农商行系统升级后出现锟斤拷锟斤拷锟斤拷", "<p>锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷"+n+"</p>")
	}
	w.reply = rss(about("1"), about("2"))
	if row := w.days(0); row.Outcome != poll.Held {
		t.Fatalf("%+v", row)
	}
	if _, err := w.store.Accept(t.Context(), "县域金融", w.now); err != nil {
		t.Fatal(err)
	}
	if row := w.days(1); row.New != 2 || len(w.channel().Entries) != 2 {
		t.Errorf("accepted: %+v, %d published", row, len(w.channel().Entries))
	}
	w.reply = rss(about("1"), about("2"), about("3"))
	if row := w.days(1); row.New != 1 || len(w.channel().Entries) != 2 {
		t.Errorf("a single one: %+v, %d published", row, len(w.channel().Entries))
	}
	released, err := poll.Release(t.Context(), w.poller.Catalogue, w.store, w.now, "县域金融")
	if released != 1 || err != nil || len(w.channel().Entries) != 3 {
		t.Errorf("%d let out, %v, %d published", released, err, len(w.channel().Entries))
	}
	if _, err := poll.Reprocess(t.Context(), w.poller.Catalogue, w.store, w.now, nil, nil); err != nil || len(w.channel().Entries) != 3 {
		t.Errorf("after reprocessing: %v, %d published", err, len(w.channel().Entries))
	}
}

// TestBackoff: an hour, doubling to a day, and an hour again after a success.
func TestBackoff(t *testing.T) {
	w := newHouse(t)
	w.poller.Catalogue.Sources[0].Every = 0
	fail := func(out http.ResponseWriter, r *http.Request) { http.Error(out, "坏", http.StatusBadGateway) }
	w.reply = fail
	wait := func() time.Duration {
		row := w.days(2)
		return row.NextPoll.Sub(w.now)
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 24, 24, 24} {
		if got := wait(); got < want*time.Hour || got > want*time.Hour*11/10 {
			t.Errorf("waits %v, want %d h and up to a tenth more", got, want)
		}
	}
	w.reply = rss(item("1", "农商行", ""))
	wait()
	w.reply = fail
	if got := wait(); got > 70*time.Minute {
		t.Errorf("after a success it waits %v", got)
	}
}
