// Package browsertest opens pages in a headless Chromium, for the tests of other rooms. In goes an address on loopback;
// out comes what the page showed, what its console said, and what it asked for. It is not in the binary.
//
// The browser reaches nothing but 127.0.0.1: every other name and address fails as one that does not exist.
package browsertest

import (
	"context"
	"net/url"
	"os/exec"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience bounds a visit: a browser starts slowly on a small machine under the race detector.
const patience = 90 * time.Second

// Browser is a headless Chromium. It is safe for use by several goroutines.
type Browser struct{ ctx context.Context }

// Open starts a Chromium that ends with the test. It skips the test where chromium is not installed, and fails it where
// it does not start.
func Open(t testing.TB) Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"))
	allocated, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancelAllocator)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts it, so that it outlives the first tab
		t.Fatalf("start chromium: %v", err)
	}
	return Browser{ctx}
}

// Visited is what a visit of a page showed.
type Visited struct {
	Result string    // what the script of Visit came to
	Faults []Fault   // errors of the console and exceptions, in order
	Asked  []Request // what the page and the frames in it asked for, in order
}

// Fault is an error of the console, or an exception.
type Fault struct {
	Text    string
	Address string // what could not be had, or where the script is; empty where neither is known
	Network bool   // something could not be had
}

// Request is something that a document asked for.
type Request struct {
	Document string // address of the document, without what follows #; for a frame's own page that page
	Address  string // without what follows #
	Image    bool   // it was asked for to be shown as an image
}

// OnLoopback reports whether the request stays on this machine.
func (r Request) OnLoopback() bool {
	u, err := url.Parse(r.Address)
	return err == nil && (u.Hostname() == "127.0.0.1" || u.Scheme == "data" || u.Scheme == "about" || u.Scheme == "blob")
}

// Visit opens an address in a tab of its own, waits until it is loaded, and evaluates a script that comes to a string,
// or to a promise of one. A visit that takes longer than 90 seconds fails the test.
func (b Browser) Visit(t testing.TB, address, script string) Visited {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	ctx, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	var seen Visited
	var lock sync.Mutex
	if err := chromedp.Listen(ctx, func(event any) {
		lock.Lock()
		defer lock.Unlock()
		seen.note(event)
	}); err != nil {
		t.Fatalf("visit %s: listen: %v", address, err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("visit %s: %v", address, err)
	}
	result, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("visit %s: evaluate: %v", address, err)
	}
	lock.Lock()
	defer lock.Unlock()
	seen.Result = result
	return seen
}

func (v *Visited) note(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		v.Asked = append(v.Asked, Request{e.DocumentURL, e.Request.URL, e.Type == network.ResourceTypeImage})
	case *cdplog.EventEntryAdded:
		v.Faults = append(v.Faults, Fault{e.Entry.Text, e.Entry.URL, e.Entry.Source == cdplog.EntrySourceNetwork})
	case *runtime.EventExceptionThrown:
		v.Faults = append(v.Faults, Fault{e.ExceptionDetails.Text, e.ExceptionDetails.URL, false})
	}
}
