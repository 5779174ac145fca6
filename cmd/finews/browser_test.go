package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finews.withounder.com/web/browsertest"
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
	chromium := browsertest.Open(t)
	for _, c := range []struct{ name, address, shows string }{
		{"home", site.URL + "/", "农金消息演示"},
		{"categories", site.URL + "/category/", "普惠金融"},
		{"category", site.URL + "/category/nongjinwang.html", "云岭农商行把“田间贷款窗口”开到插秧现场"},
		{"article", site.URL + "/nongjinwang/2026/06/12/NX202606120930110001.html", "来源"},
		{"embed", site.URL + "/embed/nongjinwang.html", "云岭农商行把“田间贷款窗口”开到插秧现场"},
		{"partner", partner.URL, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := chromium.Visit(t, c.address, `document.body.innerText`)
			if !strings.Contains(seen.Result, c.shows) {
				t.Errorf("the page does not show %q but\n%.500s", c.shows, seen.Result)
			}
			for _, fault := range seen.Faults {
				// An image of the demo's upstream is one that no browser can reach.
				if !fault.Network || !strings.Contains(fault.Address, ".demo.invalid/") {
					t.Errorf("console: %s %s", fault.Text, fault.Address)
				}
			}
			framed := false
			for _, asked := range seen.Asked {
				framed = framed || asked.Address == site.URL+"/embed/nongjinwang.html"
				if !asked.Image && !asked.OnLoopback() {
					t.Errorf("asked another host: %s", asked.Address)
				}
			}
			if c.name == "partner" && !framed {
				t.Errorf("the frame was not loaded; asked: %v", seen.Asked)
			}
		})
	}
}

// demoSite serves what the demo publishes.
func demoSite(t *testing.T) *httptest.Server {
	t.Helper()
	site := httptest.NewServer(server.Handler(server.Options{Root: publishDemo(t)}))
	t.Cleanup(site.Close)
	return site
}

// publishDemo has the demo publish, and returns the folder.
func publishDemo(t *testing.T) string {
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
	return out
}
