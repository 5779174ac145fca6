package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// onTime polls at a time as cron does: whoever is due is asked, and nobody else.
func (p *plight) onTime(now time.Time) (code int, told string) {
	p.t.Helper()
	p.now = now
	p.polls++
	p.configure()
	return p.run("poll")
}

// files returns what is published, with what shows that a file was written anew.
func (p *plight) files() map[string]string {
	p.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(p.path("public"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		files[path] = fmt.Sprint(info.ModTime().UnixNano(), info.Size())
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return files
}

func TestFault18SameBody(t *testing.T) {
	p := newPlight(t)
	entries, files, body := p.entries(ailing), p.files(), p.state().Validators.BodyHash
	for i, validators := range []feeds.Validators{
		{ETag: `"一"`}, {ETag: `W/"二"`, LastModified: "Mon, 11 Apr 2022 02:46:17 GMT"}, {LastModified: "Tue, 12 Apr 2022 02:46:17 GMT"}, {},
	} {
		p.answer = func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", validators.ETag)
			w.Header().Set("Last-Modified", validators.LastModified)
			says("application/rss+xml", twoEntries)(w, r)
		}
		p.polls = 0 // the others send what they sent
		p.now = p.state().LastPoll.Add(25 * time.Hour)
		code, told := p.poll("--json")
		var report struct {
			Sources   []struct{ New, Updated int }
			Published struct{ Written, Removed int }
		}
		if err := json.Unmarshal([]byte(told), &report); err != nil || code != exitWell {
			t.Fatalf("exit %d, %v: %s", code, err, told)
		}
		if report.Published.Written+report.Published.Removed != 0 || report.Sources[1] != (struct{ New, Updated int }{}) {
			t.Errorf("poll %d: %+v", i, report)
		}
		got := p.state().Validators
		if got.ETag != validators.ETag || got.LastModified != validators.LastModified || got.BodyHash != body || got.URL != p.url {
			t.Errorf("poll %d gave %+v, and kept is %+v", i, validators, got)
		}
	}
	if diff := cmp.Diff(entries, p.entries(ailing)); diff != "" {
		t.Errorf("rows, -before +after:\n%s", diff)
	}
	if diff := cmp.Diff(files, p.files()); diff != "" {
		t.Errorf("files, -before +after:\n%s", diff)
	}
}

func TestFault19Refused(t *testing.T) {
	for _, code := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		p := newPlight(t)
		p.answer = status(code)
		p.fails("http", code, "refused")
		p.recovers()
		p.backsOff(code)
	}
}

// backsOff asserts that the source is asked again after an hour, then two, and so on to a day, each lengthened by what is
// the source's own; that it is not asked before; and that a success ends that.
func (p *plight) backsOff(code int) {
	p.t.Helper()
	p.answer = status(code)
	at := p.state().NextPoll
	for _, hours := range []time.Duration{1, 2, 4, 8, 16, 24, 24, 24} {
		p.asked = 0
		if exit, told := p.onTime(at.Add(-time.Second)); p.asked != 0 || exit != exitWell || told != "" {
			p.t.Fatalf("%d: asked %d times before it is due: exit %d, %s", code, p.asked, exit, told)
		}
		if exit, _ := p.onTime(at); p.asked != 1 || exit != exitSources {
			p.t.Fatalf("%d: asked %d times when it is due: exit %d", code, p.asked, exit)
		}
		p.waits(hours * time.Hour)
		row := p.state()
		at = row.NextPoll
		if at.Sub(row.LastPoll) == hours*time.Hour {
			p.t.Errorf("%d: waits exactly %d h, as all would", code, hours)
		}
	}
	p.now = at
	p.recovers()
	p.answer, p.now = status(code), p.now.Add(25*time.Hour)
	p.poll()
	p.waits(time.Hour)
}

// TestFault20NotFound: after a week the operator is told to look, by who looks for trouble.
func TestFault20NotFound(t *testing.T) {
	p := newPlight(t)
	p.now = p.clock()
	p.answer = status(http.StatusNotFound)
	p.fails("http", http.StatusNotFound, "not found")
	since := p.now
	for day := 1; day <= 8; day++ {
		p.now = since.Add(time.Duration(day)*24*time.Hour + time.Minute)
		p.fails("http", http.StatusNotFound, "not found") // told of once a day
		_, told := p.run("doctor")
		if flagged := strings.Contains(told, fmt.Sprintf("%s: not found for %d days", ailing, day)); flagged != (day >= 7) {
			t.Errorf("on day %d:\n%s", day, told)
		}
	}
	p.recovers()
	p.backsOff(http.StatusNotFound)
}

// TestFault21Gone: the operator is told once, and the source is not asked again, by cron or by force, until the operator says so.
func TestFault21Gone(t *testing.T) {
	p := newPlight(t)
	p.answer = status(http.StatusGone)
	p.fails("http", http.StatusGone, "410 gone", "not asked again; finews accept 坏报 asks it again")
	row, entries := p.state(), p.entries(ailing)
	if row.Gone.IsZero() || row.LastStatus != http.StatusGone || row.Validators.BodyHash != "" {
		t.Errorf("the row is %+v", row)
	}
	p.asked = 0
	for day := range 9 {
		p.now = row.LastPoll.Add(time.Duration(day*24+1) * time.Hour)
		for _, more := range []string{"--json", "--source=" + ailing} {
			if exit, told := p.poll(more); exit != exitWell {
				t.Errorf("day %d: exit %d, %s", day, exit, told)
			}
		}
	}
	p.asks(0)
	p.unharmed(entries)
	for _, words := range [][]string{{"sources", "--failing"}, {"doctor"}} {
		if _, told := p.run(words...); !strings.Contains(told, ailing) || !strings.Contains(told, "gone since") {
			t.Errorf("finews %s does not tell of it:\n%s", words[0], told)
		}
	}
	if exit, told := p.run("accept", ailing); exit != exitWell || !strings.Contains(told, "the next poll asks it again") {
		t.Errorf("finews accept: exit %d, %s", exit, told)
	}
	p.answer = says("application/rss+xml", twoEntries)
	p.poll()
	p.asks(1)
	p.unharmed(entries)
}

func TestFault22RetryAfter(t *testing.T) {
	const day, week = 24 * time.Hour, 7 * 24 * time.Hour
	date := time.Date(2026, 4, 11, 2, 46, 17, 0, time.UTC)
	at := func(wait time.Duration) string { return date.Add(wait).Format(http.TimeFormat) }
	for i, test := range []struct {
		name, value string
		wait        time.Duration // that the server asks for
		every       string        // of the operator
		normal      time.Duration // interval without that
	}{
		{"none, to one who asks too much", "", 0, "", day},
		{"none, of one who is overloaded", "", 0, "", day},
		{"seconds", "7200", 2 * time.Hour, "", day},
		{"seconds beyond the interval", "172800", 2 * day, "", day},
		{"date", at(36 * time.Hour), 36 * time.Hour, "", day},
		{"date that is over", at(-time.Hour), 0, "", day},
		{"year 9999", "Fri, 31 Dec 9999 23:59:59 GMT", week, "", day},
		{"0", "0", 0, "", day},
		{"negative", "-5", 0, "", day},
		{"huge", "99999999999", week, "", day},
		{"beyond 64 bits", "99999999999999999999999999", week, "", day},
		{"garbage", "明天再来", 0, "", day},
		{"the operator is in a hurry", "7200", 2 * time.Hour, "5m", time.Hour},
		{"the operator has time", "60", time.Minute, "6h", 6 * time.Hour},
	} {
		code := []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}[i%2]
		t.Run(test.name, func(t *testing.T) {
			p := newPlight(t)
			if test.every != "" {
				p.keys = "    every: " + test.every
			}
			p.answer = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", date.Format(http.TimeFormat))
				if test.value != "" {
					w.Header().Set("Retry-After", test.value)
				}
				w.WriteHeader(code)
			}
			p.fails("http", code)
			p.leftAlone(test.wait, test.normal)
			p.recovers()
		})
	}
}

// leftAlone asserts that the server's wait is kept, also against --force, and at least the normal interval otherwise; and
// leaves the clock at the end of both.
func (p *plight) leftAlone(wait, normal time.Duration) {
	p.t.Helper()
	row := p.state()
	next := row.NextPoll.Sub(row.LastPoll)
	if least := max(wait, normal); next < least || next > max(wait, normal*11/10) {
		p.t.Errorf("it is asked again after %v, want %v", next, least)
	}
	p.asked = 0
	if wait == 0 {
		if !row.NotBefore.IsZero() {
			p.t.Errorf("it is left alone until %v, which nobody asked for", row.NotBefore)
		}
	} else {
		if got := row.NotBefore.Sub(row.LastPoll); got != wait {
			p.t.Errorf("it is left alone for %v, want %v", got, wait)
		}
		p.now = row.NotBefore.Add(-time.Second)
		for _, more := range []string{"--force", "--source=" + ailing} {
			if code, told := p.poll(more); code != exitWell || told != "" {
				p.t.Errorf("within that time: exit %d, %s", code, told)
			}
		}
	}
	p.onTime(row.NextPoll.Add(-time.Second))
	p.asks(0)
	p.now = row.NextPoll
}

func TestFault23ServerFails(t *testing.T) {
	for _, code := range []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout} {
		p := newPlight(t)
		p.answer = func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(code)
			fmt.Fprint(w, "<html><title>坏了</title></html>")
		}
		p.fails("http", code, fmt.Sprint(code), "the server failed")
		p.recovers()
		p.backsOff(code)
	}
}
