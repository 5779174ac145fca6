package sanitize

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"finews.withounder.com/web/browsertest"
)

const (
	framesAtOnce  = 40  // vectors that are open in the browser at a time: most of that time they wait
	framesPerPage = 240 // vectors in one visit, which is bounded in time
)

// TestHostileVectorsInABrowser opens every vector in a real browser, each in a page of its own: as part of the
// document, and then through innerHTML twice. Once it was cleaned, none may run a script, leave its container, take a
// name of the page's, cover anything, or ask for anything but its images. That the harness sees all that is known by what
// the same vectors do as they came.
func TestHostileVectorsInABrowser(t *testing.T) {
	all := vectors(t)
	var raw, cleaned []string
	for _, v := range all {
		raw = append(raw, v.markup)
		cleaned = append(cleaned, string(Clean(v.markup, base).HTML))
	}
	chromium := browsertest.Open(t)
	control, strays := openAll(t, chromium, raw)
	result, left := openAll(t, chromium, cleaned)
	t.Logf("as they came: %s; cleaned: %s", figures(raw, control), figures(cleaned, result))
	if n := count(raw, control, outcome.executed); n*4 < len(all) {
		t.Errorf("as they came, only %d of %d vectors are executed: the harness does not see", n, len(all))
	}
	if count(raw, control, outcome.brokeOut) == 0 || count(raw, control, outcome.requests) == 0 || len(strays) == 0 {
		t.Error("as they came, no vector breaks out, or none asks for anything: the harness does not see")
	}
	if len(left) > 0 {
		t.Errorf("cleaned, they ask for %q", left)
	}
	for i, v := range all {
		if o := result[cleaned[i]]; len(o.said)+len(o.asked) > 0 {
			t.Errorf("%s: %q\n\tdirty %q\n\tclean %q", v.name, slices.Concat(o.said, o.asked), v.markup, cleaned[i])
		}
	}
}

// outcome is what became of a markup in the browser.
type outcome struct {
	said  []string // by its page: "executed", "innerHTML: the title is another"
	asked []string // addresses that it asked for, but for those of its images on other hosts
}

func (o outcome) executed() bool { return slices.Contains(o.said, "executed") }

func (o outcome) brokeOut() bool {
	return slices.ContainsFunc(o.said, func(s string) bool { return s != "executed" })
}

func (o outcome) requests() bool { return len(o.asked) > 0 }

// count returns of how many of the markups something is true.
func count(markups []string, outcomes map[string]outcome, is func(outcome) bool) int {
	n := 0
	for _, markup := range markups {
		if is(outcomes[markup]) {
			n++
		}
	}
	return n
}

func figures(markups []string, outcomes map[string]outcome) string {
	return fmt.Sprintf("%d of %d executed, %d broke out, %d asked for more than their images",
		count(markups, outcomes, outcome.executed), len(markups),
		count(markups, outcomes, outcome.brokeOut), count(markups, outcomes, outcome.requests))
}

// openAll opens each of the markups once. It returns what became of each, and what was asked for that cannot be told to
// be one's: of the server, and by documents that are not its pages.
func openAll(t *testing.T, chromium browsertest.Browser, markups []string) (outcomes map[string]outcome, strays []string) {
	t.Helper()
	script, err := os.ReadFile("testdata/browser/frame.js")
	if err != nil {
		t.Fatal(err)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(markups)))
	outcomes = make(map[string]outcome)
	for some := range slices.Chunk(distinct, framesPerPage) {
		site := &vectorSite{markups: some, script: string(script)}
		for i, o := range open(t, chromium, site) {
			outcomes[some[i]] = o
		}
		strays = append(strays, site.strays...) // its server is closed
	}
	return outcomes, strays
}

// open opens every page of a site, and returns what became of each.
func open(t *testing.T, chromium browsertest.Browser, site *vectorSite) []outcome {
	t.Helper()
	server := httptest.NewServer(site)
	defer server.Close()
	seen := chromium.Visit(t, server.URL+"/", fmt.Sprintf("run(%d, %d)", len(site.markups), framesAtOnce))
	var pages []pageSaid
	if err := json.Unmarshal([]byte(seen.Result), &pages); err != nil || len(pages) != len(site.markups) {
		t.Fatalf("what the browser says of %d of %d pages: %v", len(pages), len(site.markups), err)
	}
	outcomes := make([]outcome, len(pages))
	for _, page := range pages {
		outcomes[site.number(page.Address)].said = page.faults()
	}
	for _, r := range seen.Asked {
		i := site.number(strings.TrimPrefix(r.Document, server.URL))
		switch {
		case i < 0 && r.Document != server.URL+"/":
			site.stray(r.Document + " → " + r.Address)
		case i >= 0 && isKnob(r.Address, site.markups[i]):
		case i >= 0 && r.Address != r.Document && (r.OnLoopback() || !r.Image || !hasImage(site.markups[i], r.Address)):
			outcomes[i].asked = append(outcomes[i].asked, r.Address)
		}
	}
	return outcomes
}

// hasImage reports whether markup holds an image of that address, as sanitize writes it.
func hasImage(markup, address string) bool {
	return strings.Contains(markup, "<img"+attribute("src", address)) || strings.Contains(markup, attribute("poster", address))
}

// isKnob reports whether an address is that of a drawing on the browser's own knobs of a player.
func isKnob(address, markup string) bool {
	return strings.HasPrefix(address, "data:image/svg+xml;base64,") && strings.Contains(markup, " controls") && !strings.Contains(markup, "data:")
}

// pageSaid is what a page said of itself: faults, and "done" at its end or "left" where another took its place.
type pageSaid struct {
	Address string
	Said    []string
}

func (p pageSaid) faults() []string {
	if slices.Contains(p.Said, "done") {
		return slices.DeleteFunc(p.Said, func(s string) bool { return s == "done" })
	}
	if slices.Contains(p.Said, "left") {
		return p.Said
	}
	return append(p.Said, "the page never ended")
}

// vectorSite serves a page for each of some markups, /0, /1 …, and the page that opens them in frames, /.
type vectorSite struct {
	markups []string
	script  string // of each page
	lock    sync.Mutex
	strays  []string // what else was asked for
}

// number returns which of the markups has a path, or -1.
func (s *vectorSite) number(path string) int {
	i, err := strconv.Atoi(strings.TrimPrefix(path, "/"))
	if err != nil || i >= len(s.markups) {
		return -1
	}
	return i
}

func (s *vectorSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if i := s.number(r.URL.Path); i >= 0 {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, s.page(s.markups[i]))
		return
	}
	if r.URL.Path == "/" {
		http.ServeFile(w, r, "testdata/browser/run.html")
		return
	}
	s.stray(r.URL.String())
	http.NotFound(w, r)
}

func (s *vectorSite) stray(address string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.strays = append(s.strays, address)
}

// page returns a page that holds markup in its container, and as a string for its script.
func (s *vectorSite) page(markup string) string {
	encoded, _ := json.Marshal(markup) // a string can always be encoded
	return `<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>农金网</title>` +
		`<script type="application/json" id="markup">` + string(encoded) + `</script><script>` + s.script + `</script></head>` +
		`<body><article><div id="ours">` + markup + `</div><i id="after">后文</i></article><p id="end">文末</p></body></html>`
}
