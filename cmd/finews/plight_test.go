package main

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/storage"
)

// plight is a whole finews in a folder of its own, as a test of a fault needs it: a source that ails, asked between two that
// are well. What every fault promises, whichever it is, is asserted by fails.
type plight struct {
	t       *testing.T
	folder  string
	server  *httptest.Server
	others  *httptest.Server     // of the two that are well
	answer  http.HandlerFunc     // of the ailing source, at /subject
	keys    string               // further keys of the ailing source in feeds.yaml, such as "charset: gbk"
	url     string               // of the ailing source; at first the server's /subject, with a secret in its query
	global  string               // further keys at the top of feeds.yaml
	network func(*fetch.Options) // for what loopback cannot show: names, certificates, short timeouts
	now     time.Time            // that the program takes it to be; zero: the machine's clock
	named   string               // address that the line of a failure tells; empty: url without its query
	polls   int
	asked   int // requests of the ailing source

	feed []byte // huaibao.xml, as it was published when the source was well
}

const (
	ailing     = "坏报"
	ailSecret  = "geheim"
	twoEntries = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>坏报</title>` +
		`<item><guid isPermaLink="false">1</guid><link>https://huaibao.example/1</link><title>甲县农商行发放春耕贷款</title><pubDate>Mon, 11 Apr 2022 10:46:17 +0800</pubDate><description>正文一。</description></item>` +
		`<item><guid isPermaLink="false">2</guid><link>https://huaibao.example/2</link><title>乙县农信社改制</title><pubDate>Tue, 12 Apr 2022 10:46:17 +0800</pubDate><description>正文二。</description></item></channel></rss>`
)

// newPlight returns a finews that has polled once while all three sources were well, and published what they sent.
func newPlight(t *testing.T) *plight {
	t.Helper()
	p := &plight{t: t, folder: t.TempDir()}
	mux := http.NewServeMux()
	mux.HandleFunc("/subject", func(w http.ResponseWriter, r *http.Request) { p.asked++; p.answer(w, r) })
	for _, name := range []string{"甲", "乙"} {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, wellDocument(name, p.polls)) })
	}
	p.server, p.others = httptest.NewServer(mux), httptest.NewServer(mux) // a Retry-After holds for the others of a host
	t.Cleanup(p.server.Close)
	t.Cleanup(p.others.Close)
	p.url = p.server.URL + "/subject?token=" + ailSecret
	p.answer = says("application/rss+xml", twoEntries)
	if code, told := p.poll(); code != exitWell || told != "" {
		t.Fatalf("while all is well: exit %d, and it says %s", code, told)
	}
	p.feed = p.published("huaibao.xml")
	if !bytes.Contains(p.feed, []byte("甲县农商行发放春耕贷款")) {
		t.Fatalf("the first poll published %s", p.feed)
	}
	return p
}

func wellDocument(name string, polls int) string {
	title := fmt.Sprintf("%s报农商行消息第%d期", name, polls)
	return fmt.Sprintf(`<rss version="2.0"><channel><title>%s报</title><item><guid>%s%d</guid><link>https://%x.example/%[3]d</link><title>%[5]s</title><pubDate>Mon, 11 Apr 2022 10:46:17 +0800</pubDate></item></channel></rss>`,
		name, name, polls, name, html.EscapeString(title))
}

// says answers with a document.
func says(contentType, document string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, document)
	}
}

// status answers with a status and nothing more.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) }
}

func (p *plight) clock() time.Time {
	if p.now.IsZero() {
		return time.Now()
	}
	return p.now
}

func (p *plight) configure() {
	p.t.Helper()
	global := p.global
	if !strings.Contains(global, "network:") {
		global += "\nnetwork: {host_interval: 0s, allow_private: [127.0.0.0/8]}"
	}
	text := fmt.Sprintf(`site: {title: 农金消息, url: "https://finews.example"}
%s
categories:
  - {slug: nongjin, title: 农金}
  - {slug: huaibao, title: 坏报}
sources:
  - {name: 甲报, url: "%s/甲", categories: [nongjin]}
  - name: %s
    url: %q
    categories: [huaibao]
%s
  - {name: 乙报, url: "%[2]s/乙", categories: [nongjin]}
`, global, p.others.URL, ailing, p.url, p.keys)
	if err := os.WriteFile(p.path("feeds.yaml"), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *plight) path(name string) string { return filepath.Join(p.folder, name) }

// poll runs `finews poll --force` as cron does, and returns the exit code and what was printed.
func (p *plight) poll(more ...string) (code int, told string) {
	p.t.Helper()
	p.polls++
	p.configure()
	return p.run(append([]string{"poll", "--force"}, more...)...)
}

// run runs a command of finews in the folder, within this process.
func (p *plight) run(words ...string) (code int, told string) {
	p.t.Helper()
	printed, err := os.Create(p.path("printed"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer printed.Close()
	words = append(words, "--config", p.path("feeds.yaml"), "--db", p.path("finews.db"))
	if words[0] == "poll" {
		words = append(words, "--out", p.path("public"))
	}
	begun := time.Now()
	code = program{stdout: printed, stderr: printed, getenv: os.Getenv, arguments: words, network: p.network, now: p.clock}.run(p.t.Context())
	if took := time.Since(begun); took > 30*time.Second {
		p.t.Errorf("finews %s took %v", words[0], took)
	}
	text, err := os.ReadFile(printed.Name())
	if err != nil {
		p.t.Fatal(err)
	}
	return code, string(text)
}

func (p *plight) published(name string) []byte {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.folder, "public", name))
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

// store calls do with the store open to be read.
func (p *plight) store(do func(*storage.Store)) {
	p.t.Helper()
	store, err := storage.OpenToRead(p.t.Context(), p.path("finews.db"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer store.Close()
	do(store)
}

func (p *plight) state() (state feeds.State) {
	p.t.Helper()
	p.store(func(s *storage.Store) {
		var err error
		if state, err = s.State(p.t.Context(), ailing); err != nil {
			p.t.Fatal(err)
		}
	})
	return state
}

// entries returns what is stored of a source.
func (p *plight) entries(source string) (entries []feeds.Entry) {
	p.t.Helper()
	p.store(func(s *storage.Store) {
		var err error
		if entries, err = s.Entries(p.t.Context(), storage.Filter{Source: source}); err != nil {
			p.t.Fatal(err)
		}
	})
	return entries
}

// fails polls once, with the source ailing, and asserts what every fault promises: one line that tells of it and a row
// in the store, both with phase, cause, address, HTTP status and next request and without the secret of the address; the
// other sources complete; what is stored and published of this one stays as it is; exit code 1. It returns the line.
// code is the HTTP status, 0 where there is none; words stand in the line.
func (p *plight) fails(phase string, code int, words ...string) string {
	p.t.Helper()
	before := p.entries(ailing)
	exit, told := p.poll()
	if exit != exitSources {
		p.t.Errorf("exit code %d, want %d", exit, exitSources)
	}
	line, rest, _ := strings.Cut(told, "\n")
	if !strings.HasPrefix(line, "finews: "+ailing+": "+phase+": ") || rest != "" {
		p.t.Errorf("want one line that begins with source and phase %s, got:\n%s", phase, told)
	}
	for _, word := range append(words, "failing since", "asked again", cmp.Or(p.named, strings.SplitN(p.url, "?", 2)[0])) {
		if !strings.Contains(line, word) {
			p.t.Errorf("the line lacks %q:\n%s", word, line)
		}
	}
	row := p.state()
	if !strings.HasPrefix(row.LastError, phase+": ") || row.LastStatus != code || row.LastURL == "" ||
		!row.NextPoll.After(p.clock()) || row.FailingSince.IsZero() || row.Failures == 0 {
		p.t.Errorf("the row in the store lacks phase, cause, status %d, address or next request: %+v", code, row)
	}
	p.wellOthers()
	p.unharmed(before)
	if strings.Contains(told+fmt.Sprintf("%+v", row.LastError+row.LastURL), ailSecret) {
		p.t.Errorf("the secret of the address is told:\n%s\n%+v", told, row)
	}
	return line
}

// wellOthers asserts that the two others completed this poll, and were published.
func (p *plight) wellOthers() {
	p.t.Helper()
	feed := p.published("nongjin.xml")
	for _, name := range []string{"甲", "乙"} {
		if title := fmt.Sprintf("%s报农商行消息第%d期", name, p.polls); !bytes.Contains(feed, []byte(title)) {
			p.t.Errorf("the other source %s报 was not completed", name)
		}
	}
}

// unharmed asserts that what is stored and published of the ailing source is what it was when it was well.
func (p *plight) unharmed(before []feeds.Entry) {
	p.t.Helper()
	if after := p.entries(ailing); len(after) != len(before) || len(after) > 0 && after[0].Title != before[0].Title {
		p.t.Errorf("%d entries are stored, and were %d", len(after), len(before))
	}
	feed := p.published("huaibao.xml")
	if !bytes.Equal(feed, p.feed) {
		p.t.Errorf("huaibao.xml has changed:\n%s", feed)
	}
	if err := xml.Unmarshal(feed, new(struct{ XMLName xml.Name })); err != nil {
		p.t.Errorf("huaibao.xml is no XML: %v", err)
	}
}

// recovers polls once more, with the source well again.
func (p *plight) recovers() {
	p.t.Helper()
	p.answer = says("application/rss+xml", twoEntries)
	if exit, told := p.poll(); exit != exitWell || !strings.Contains(told, ailing+": works again") {
		p.t.Errorf("after it is well again: exit %d, and it says %s", exit, told)
	}
	p.unharmed(p.entries(ailing))
}
