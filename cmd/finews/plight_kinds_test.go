package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// shape is how a source of a kind publishes the two entries of a plight, and what feeds.yaml says of it.
type shape struct{ keys, contentType, well string }

var shapes = map[feeds.Kind]shape{
	feeds.KindFeed: {contentType: "application/rss+xml", well: twoEntries},
	feeds.KindPage: {
		keys: `    kind: page
    item: {list: ul.news li, id: {css: a, attr: data-id}, title: a, link: a, published: span}`,
		contentType: "text/html; charset=utf-8",
		well: `<!DOCTYPE html><html><head><title>坏报</title></head><body><ul class="news">` +
			`<li><a data-id="1" href="https://huaibao.example/1">甲县农商行发放春耕贷款</a> <span>2022-04-11 10:46:17</span></li>` +
			`<li><a data-id="2" href="https://huaibao.example/2">乙县农信社改制</a> <span>2022-04-12 10:46:17</span></li></ul></body></html>`,
	},
	feeds.KindJSON: {
		keys: `    kind: json
    item: {list: data.list, id: id, title: title, link: url, published: time}`,
		contentType: "application/json",
		well: `{"code":0,"data":{"list":[` +
			`{"id":"1","title":"甲县农商行发放春耕贷款","url":"https://huaibao.example/1","time":"2022-04-11 10:46:17"},` +
			`{"id":"2","title":"乙县农信社改制","url":"https://huaibao.example/2","time":"2022-04-12 10:46:17"}]}}`,
	},
}

// newPlightOf is newPlight with a source of another kind, which sends the same two entries.
func newPlightOf(t *testing.T, kind feeds.Kind) *plight {
	t.Helper()
	p := newPlight(t)
	p.keys = shapes[kind].keys
	p.answer = says(shapes[kind].contentType, shapes[kind].well)
	if code, told := p.poll(); code != exitWell || told != "" || len(p.entries(ailing)) != 2 {
		t.Fatalf("as a source of kind %s: exit %d, %d entries, and it says %s", kind, code, len(p.entries(ailing)), told)
	}
	p.feed = p.published("huaibao.xml")
	return p
}

// wellAgain polls once more, with a source of that kind well again.
func (p *plight) wellAgain(kind feeds.Kind) {
	p.t.Helper()
	p.answer = says(shapes[kind].contentType, shapes[kind].well)
	before := p.entries(ailing)
	if exit, told := p.poll(); exit != exitWell || told != "finews: "+ailing+": works again\n" {
		p.t.Errorf("after it is well again: exit %d, and it says %s", exit, told)
	}
	p.unharmed(before)
}

// holds polls once and asserts that what came is held back: one line with the words and with what to do, the reason in
// the store, exit code 1, the others complete, and nothing that was stored, published or remembered of the source moved.
func (p *plight) holds(words ...string) {
	p.t.Helper()
	before, validators := p.entries(ailing), p.state().Validators
	exit, told := p.poll()
	line, rest, _ := strings.Cut(told, "\n")
	if exit != exitSources || !strings.HasPrefix(line, "finews: "+ailing+": held: ") || rest != "" {
		p.t.Errorf("exit code %d, want %d and one line of what is held, got:\n%s", exit, exitSources, told)
	}
	for _, word := range append(words, "finews accept "+ailing, "asked again", strings.SplitN(p.url, "?", 2)[0]) {
		if !strings.Contains(line, word) {
			p.t.Errorf("the line lacks %q:\n%s", word, line)
		}
	}
	row := p.state()
	if row.Held == "" || !strings.Contains(line, row.Held) || row.HeldSince.IsZero() || !row.NextPoll.After(time.Now()) || row.Validators != validators {
		p.t.Errorf("the row in the store: %+v, and its validators were %+v", row, validators)
	}
	if strings.Contains(told+row.Held, ailSecret) {
		p.t.Errorf("the secret of the address is told:\n%s", told)
	}
	p.wellOthers()
	p.unharmed(before)
}

// reads polls once and returns what the report says of the ailing source. The others must be completed.
func (p *plight) reads() (exit int, row poll.Result) {
	p.t.Helper()
	exit, told := p.poll("--json")
	var report poll.Report
	if err := json.Unmarshal([]byte(told), &report); err != nil || len(report.Results) != 3 {
		p.t.Fatalf("the report: %v\n%s", err, told)
	}
	if strings.Contains(told, ailSecret) {
		p.t.Errorf("the report tells the secret of the address:\n%s", told)
	}
	p.wellOthers()
	return exit, report.Results[1]
}

// brings polls once and asserts that so many entries are new, and that nothing failed. It returns what was mended.
func (p *plight) brings(entries int) (faults []string) {
	p.t.Helper()
	exit, row := p.reads()
	if exit != exitWell || row.Failed() || row.New != entries {
		p.t.Errorf("exit code %d, want %d new entries: %+v", exit, entries, row)
	}
	return row.Faults
}

// warned asserts that one of the faults begins as it should.
func warned(t *testing.T, faults []string, start string) {
	t.Helper()
	if !slices.ContainsFunc(faults, func(fault string) bool { return strings.HasPrefix(fault, start) }) {
		t.Errorf("no fault begins with %q: %q", start, faults)
	}
}

// saysBytes answers with a document in any charset; without a type where that is empty.
func saysBytes(contentType string, document []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil // otherwise the server would tell one from the bytes
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.Write(document)
	}
}

// bodies answers with a list, and with the text of each id where one is asked for.
func bodies(list string, texts map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		document := list
		if id := r.URL.Query().Get("text"); id != "" {
			document = texts[id]
		}
		says("application/json", document)(w, r)
	}
}
