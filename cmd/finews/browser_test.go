package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"finews.withounder.com/web/server"
)

// TestPagesInABrowser opens each kind of page of the demo in a real browser: it shows what it should, the console
// stays empty, and nothing but an article's own images is asked of another host.
func TestPagesInABrowser(t *testing.T) {
	site := demoSite(t)
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><title>合作网站</title><link rel="icon" href="data:,">`+
			`<iframe src="%s/embed/nongjinwang.html" width="100%%" height="480"></iframe>`, site.URL)
	}))
	t.Cleanup(partner.Close)
	chromium := openBrowser(t)
	for _, c := range []struct{ name, address, shows string }{
		{"home", site.URL + "/", "农金消息演示"},
		{"categories", site.URL + "/category/", "普惠金融"},
		{"category", site.URL + "/category/nongjinwang.html", "云岭农商行把“田间贷款窗口”开到插秧现场"},
		{"article", site.URL + "/nongjinwang/2026/06/12/NX202606120930110001.html", "来源"},
		{"embed", site.URL + "/embed/nongjinwang.html", "云岭农商行把“田间贷款窗口”开到插秧现场"},
		{"partner", partner.URL, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := chromium.visit(t, c.address)
			if !strings.Contains(seen.text, c.shows) {
				t.Errorf("the page does not show %q but\n%.500s", c.shows, seen.text)
			}
			for _, fault := range seen.faults {
				t.Errorf("console: %s", fault)
			}
			if c.name == "partner" && !seen.asked[site.URL+"/embed/nongjinwang.html"] {
				t.Errorf("the frame was not loaded; asked: %v", seen.asked)
			}
		})
	}
}

// demoSite serves what the demo publishes.
func demoSite(t *testing.T) *httptest.Server {
	t.Helper()
	folder := t.TempDir()
	printed, err := os.Create(filepath.Join(folder, "printed"))
	if err != nil {
		t.Fatal(err)
	}
	defer printed.Close()
	out := filepath.Join(folder, "public")
	p := program{stdout: printed, stderr: printed, getenv: os.Getenv,
		arguments: []string{"demo", "--once", "--db", filepath.Join(folder, "finews.db"), "--out", out}}
	if code := p.run(t.Context()); code != exitWell {
		t.Fatalf("the demo ended with %d:\n%s", code, read(t, printed.Name()))
	}
	site := httptest.NewServer(server.Handler(server.Options{Root: out}))
	t.Cleanup(site.Close)
	return site
}

// browserPatience bounds a visit: a browser starts slowly on a small machine under the race detector.
const browserPatience = 90 * time.Second

// browser is a headless Chromium.
type browser struct{ ctx context.Context }

func openBrowser(t *testing.T) browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocated, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancelAllocator)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts it, so that it outlives the first tab
		t.Fatal(err)
	}
	return browser{ctx}
}

// visited is what a visit of a page showed.
type visited struct {
	text   string          // as a reader sees it
	faults []string        // errors of the console, but for images that cannot be had here
	asked  map[string]bool // addresses that the page asked for
}

func (b browser) visit(t *testing.T, address string) visited {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	ctx, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	seen := visited{asked: map[string]bool{}}
	var lock sync.Mutex
	if err := chromedp.Listen(ctx, func(event any) {
		lock.Lock()
		defer lock.Unlock()
		seen.note(event)
	}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		t.Fatal(err)
	}
	lock.Lock()
	defer lock.Unlock()
	seen.text = text
	return seen
}

func (v *visited) note(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		v.asked[e.Request.URL] = true
		if e.Type != network.ResourceTypeImage && !onLoopback(e.Request.URL) {
			v.faults = append(v.faults, "asked another host: "+e.Request.URL)
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Source == cdplog.EntrySourceNetwork && strings.Contains(e.Entry.URL, ".demo.invalid/") {
			return // an image of the demo's upstream, which no browser can reach
		}
		v.faults = append(v.faults, e.Entry.Text+" "+e.Entry.URL)
	case *runtime.EventExceptionThrown:
		v.faults = append(v.faults, e.ExceptionDetails.Text)
	}
}

func onLoopback(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Hostname() == "127.0.0.1" || u.Scheme == "data")
}
