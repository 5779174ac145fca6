package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

// day has so many days pass since the source was asked last, polls, and asserts that all is well and nothing has changed.
func (p *plight) day(days float64) {
	p.t.Helper()
	before := p.entries(ailing)
	p.now = p.state().LastPoll.Add(time.Duration(days * 24 * float64(time.Hour)))
	if code, told := p.poll(); code != exitWell || told != "" {
		p.t.Fatalf("exit %d: %s", code, told)
	}
	p.wellOthers()
	p.unharmed(before)
}

// asks asserts how often the source's own address was asked since the last time.
func (p *plight) asks(want int) {
	p.t.Helper()
	if p.asked != want {
		p.t.Errorf("its own address was asked %d times, want %d", p.asked, want)
	}
	p.asked = 0
}

// tagged sends the two entries with a validator, or the word that nothing has changed.
func tagged(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"文"`)
	if r.Header.Get("If-None-Match") == `"文"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	says("application/rss+xml", twoEntries)(w, r)
}

// TestFault14MovedForGood: it is followed at once, and asked instead of the old address once it has stood for a week.
func TestFault14MovedForGood(t *testing.T) {
	for _, code := range []int{http.StatusMovedPermanently, http.StatusPermanentRedirect} {
		p := newPlight(t)
		url, asked := beside(t, tagged)
		p.answer, p.asked = to(url+"/neu?key="+ailSecret, code), 0
		for _, days := range []float64{1, 3, 3.99} {
			p.day(days)
			p.asks(1)
		}
		if move := p.state().Move; move.Adopted || move.To != url+"/neu?key="+ailSecret || asked.Load() != 3 {
			t.Fatalf("%d: after less than a week: %+v, asked %d times", code, move, asked.Load())
		}
		p.day(0.02)
		p.asks(1)
		if move := p.state().Move; !move.Adopted {
			t.Fatalf("%d: after a week: %+v", code, move)
		}
		p.day(1)
		p.asks(0)
		if n := asked.Load(); n != 5 {
			t.Errorf("%d: where it has moved to is asked %d times, want 5", code, n)
		}
		// Where it may not be asked any more, it is forgotten, and the address in feeds.yaml counts again.
		p.now = p.state().LastPoll.Add(24 * time.Hour)
		p.network = func(o *fetch.Options) { o.Network.AllowPrivate = nil }
		if exit, told := p.poll(); exit != exitSources || p.state().Move != (feeds.Move{}) {
			t.Errorf("%d: exit %d, %s; remembered is %+v", code, exit, told, p.state().Move)
		}
		p.network, p.answer = nil, tagged
		p.recovers()
		p.asks(1)
	}
}

// TestFault14AnotherSite: it is followed, and never asked instead without a word from the operator.
func TestFault14AnotherSite(t *testing.T) {
	p := newPlight(t)
	url, asked := beside(t, tagged)
	url = strings.Replace(url, "127.0.0.1", "neu.example", 1)
	names := newNameServer(t)
	names.leads("127.0.0.1")
	p.network = names.asked
	p.answer, p.asked = to(url+"/neu?key="+ailSecret, http.StatusMovedPermanently), 0
	for range 5 {
		p.day(4)
		p.asks(1)
	}
	if move := p.state().Move; move.Adopted || asked.Load() != 5 {
		t.Fatalf("%+v, asked %d times", move, asked.Load())
	}
	for _, command := range []string{"sources", "doctor", "accept " + ailing} {
		_, told := p.run(strings.Fields(command)...)
		if !strings.Contains(told, url+"/neu?…") || strings.Contains(told, ailSecret) {
			t.Errorf("finews %s does not tell of the move, or tells too much:\n%s", command, told)
		}
	}
	p.day(0.01)
	p.asks(0)
	if asked.Load() != 6 {
		t.Errorf("accepted, the new address was asked %d times, want 6", asked.Load())
	}
}

// TestFault14NeverPrivate: however long it stands, and also where the name came to lead there later.
func TestFault14NeverPrivate(t *testing.T) {
	p := newPlight(t)
	server, connections := private(t, "127.0.0.3:0")
	p.global, p.named = onlyServer, "http://"+server+"/innen"
	p.answer = to(p.named, http.StatusPermanentRedirect)
	for range 10 {
		p.now = p.clock().Add(25 * time.Hour)
		p.fails("guard", 0, "127.0.0.3")
	}
	if move := p.state().Move; move != (feeds.Move{}) || connections.Load() != 0 {
		t.Errorf("remembered is %+v, %d connections", move, connections.Load())
	}
	if _, told := p.run("accept", ailing); !strings.Contains(told, "nothing is held") {
		t.Errorf("finews accept says %s", told)
	}
}

func TestFault15MovedForNow(t *testing.T) {
	for _, code := range []int{http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect} {
		p := newPlight(t)
		url, asked := beside(t, tagged)
		p.answer, p.asked = to(url+"/neu", code), 0
		for i, days := range []float64{1, 6, 4} {
			p.day(days)
			p.asks(1)
			if move := p.state().Move; move != (feeds.Move{}) || p.state().Validators.URL != p.url || asked.Load() != int64(i+1) {
				t.Fatalf("%d: poll %d: %+v is remembered", code, i, p.state())
			}
		}
		// What is permanent behind a redirect that is not, says nothing of the source's own address.
		again, _ := beside(t, to(url, http.StatusMovedPermanently))
		p.answer = to(again, code)
		p.day(1)
		p.day(8)
		if move := p.state().Move; move != (feeds.Move{}) {
			t.Errorf("%d: %+v is remembered", code, move)
		}
	}
}

func TestFault16Unexpected304(t *testing.T) {
	p := newPlight(t)
	conditional := func(r *http.Request) string {
		return r.Header.Get("If-None-Match") + r.Header.Get("If-Modified-Since")
	}
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		if got := conditional(r); got != "" {
			t.Errorf("asked on condition of %q, which nobody gave", got)
		}
		w.Header().Set("ETag", `"新"`)
		w.WriteHeader(http.StatusNotModified)
	}
	p.fails("http", http.StatusNotModified, "unexpected 304")
	p.waits(time.Hour)
	if row := p.state(); row.Validators != (feeds.Validators{URL: row.Validators.URL}) {
		t.Errorf("kept are %+v", row.Validators)
	}
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		if got := conditional(r); got != "" {
			t.Errorf("after that, asked on condition of %q", got)
		}
		says("application/rss+xml", twoEntries)(w, r)
	}
	code, told := p.poll("--json")
	if code != exitWell || !strings.Contains(strings.ReplaceAll(told, " ", ""), fmt.Sprintf("%q,\n\"outcome\":\"read\"", ailing)) {
		t.Errorf("the next poll did not read all of it: exit %d, %s", code, told)
	}
	p.unharmed(p.entries(ailing))
}

func TestFault17NewETag(t *testing.T) {
	p := newPlight(t)
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"一"`)
		w.Header().Set("Last-Modified", "Mon, 11 Apr 2022 02:46:17 GMT")
		says("application/rss+xml", twoEntries)(w, r)
	}
	p.day(1)
	var got []string
	next := `"二"`
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("If-None-Match")+" "+r.Header.Get("If-Modified-Since"))
		w.Header().Set("ETag", next)
		w.WriteHeader(http.StatusNotModified)
	}
	p.day(1)
	next = "" // a 304 that gives none leaves what there is
	p.day(1)
	p.day(1)
	const since = " Mon, 11 Apr 2022 02:46:17 GMT"
	if want := []string{`"一"` + since, `"二"` + since, `"二"` + since}; strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("asked on condition of %q, want %q", got, want)
	}
	if row := p.state(); row.Validators.ETag != `"二"` || row.Failing() {
		t.Errorf("kept is %+v", row)
	}
}
