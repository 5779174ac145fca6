package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"finews.withounder.com/feeds"
	"finews.withounder.com/storage"
)

// TestMain lets the scripts run the program itself as the command finews.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"finews": main, "finews-at": mainAt})
}

// corpus is where real posts of the predecessor lie, where they are at hand.
const corpus = "../../../shared/corpus/posts"

// TestScripts runs testdata/script/*.txtar. Each has an upstream of its own on loopback, $UPSTREAM, which serves the
// script's folder upstream/ and a few addresses that misbehave.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Condition: func(condition string) (bool, error) {
			switch condition {
			case "corpus":
				_, err := os.Stat(corpus)
				return err == nil, nil
			case "namespaces": // of mounts that this user may make
				return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", os.TempDir()).Run() == nil, nil
			}
			return false, fmt.Errorf("no condition is named %q", condition)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"expand":   expand,
			"remember": remember,
			"record":   record,
			"same":     same,
			"await":    await,
			"get":      get,
			"release":  release,
			"lacks":    lacks,
			"parses":   parses,
		},
	})
}

type key int

const (
	gateKey key = iota
	recordKey
)

// setup starts the upstream of a script.
func setup(env *testscript.Env) error {
	folder, err := filepath.Abs(corpus)
	if err != nil {
		return err
	}
	gate := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/", serveFile(filepath.Join(env.WorkDir, "upstream")))
	mux.HandleFunc("/status/503", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	mux.HandleFunc("/later", func(w http.ResponseWriter, _ *http.Request) { // overloaded, and wants to be left alone
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	mux.HandleFunc("/hold", func(_ http.ResponseWriter, r *http.Request) { // answers when the script says release
		os.WriteFile(filepath.Join(env.WorkDir, "asked"), []byte("hold"), 0o644)
		select {
		case <-gate:
		case <-r.Context().Done():
		}
	})
	upstream := httptest.NewServer(mux)
	env.Defer(upstream.Close)
	taken, err := net.Listen("tcp", "127.0.0.1:0") // a port that somebody else has
	if err != nil {
		return err
	}
	env.Defer(func() { taken.Close() })
	free, err := net.Listen("tcp", "127.0.0.1:0") // a port for the script to serve on
	if err != nil {
		return err
	}
	free.Close()
	env.Setenv("ADDR", free.Addr().String())
	env.Setenv("UPSTREAM", upstream.URL)
	env.Setenv("TAKEN", taken.Addr().String())
	env.Setenv("CORPUS", folder)
	env.Setenv("TZ", "Asia/Shanghai")
	env.Setenv("HOME", env.WorkDir)
	env.Values[gateKey] = sync.OnceFunc(func() { close(gate) })
	env.Values[recordKey] = map[string]string{}
	return nil
}

// serveFile serves the files of a folder with an ETag of their bytes: a script changes them within a second.
func serveFile(folder string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := os.ReadFile(filepath.Join(folder, filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(text)))
		http.ServeContent(w, r, r.URL.Path, time.Time{}, bytes.NewReader(text))
	}
}

// lacks PATTERN FILE...: fails where a file holds the pattern, or is not there.
func lacks(ts *testscript.TestScript, _ bool, args []string) {
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	for _, name := range args[1:] {
		if found := pattern.FindString(ts.ReadFile(name)); found != "" {
			ts.Fatalf("%s holds %q", name, found)
		}
	}
}

// expand FILE...: replaces $UPSTREAM and $CORPUS in files, for a feeds.yaml that must name them.
func expand(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text := ts.ReadFile(name)
		for _, variable := range []string{"UPSTREAM", "CORPUS"} {
			text = strings.ReplaceAll(text, "$"+variable, ts.Getenv(variable))
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
	}
}

// remember STORE FILE...: stores batches that a poll may have brought, each a feeds.Batch as JSON; its State is one that no
// upstream on loopback can bring about in seconds.
func remember(ts *testscript.TestScript, _ bool, args []string) {
	store, err := storage.Open(context.Background(), ts.MkAbs(args[0]))
	ts.Check(err)
	defer store.Close()
	for _, name := range args[1:] {
		var batch feeds.Batch
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &batch))
		_, err := store.Save(context.Background(), batch, feeds.Site{URL: "https://finews.example"})
		ts.Check(err)
	}
}

// record FOLDER: remembers bytes and times of all files below it, for `same`.
func record(ts *testscript.TestScript, _ bool, args []string) {
	ts.Value(recordKey).(map[string]string)[args[0]] = listing(ts, args[0])
}

// same FOLDER: fails unless no file below it was touched since `record`.
func same(ts *testscript.TestScript, not bool, args []string) {
	before, now := ts.Value(recordKey).(map[string]string)[args[0]], listing(ts, args[0])
	if (before == now) == not {
		ts.Fatalf("%s: was\n%s\nand is\n%s", args[0], before, now)
	}
}

func listing(ts *testscript.TestScript, folder string) string {
	var b strings.Builder
	err := filepath.WalkDir(ts.MkAbs(folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %s %x\n", path, info.ModTime(), text)
		return err
	})
	ts.Check(err)
	if b.Len() == 0 {
		ts.Fatalf("%s holds no file", folder)
	}
	return b.String()
}

// patience bounds what a script waits for.
const patience = 20 * time.Second

// await FILE TEXT: waits until the file holds the text; an empty text, until it is empty.
func await(ts *testscript.TestScript, _ bool, args []string) {
	if !eventually(func() bool {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		return err == nil && strings.Contains(string(text), args[1]) && (args[1] != "" || len(text) == 0)
	}) {
		ts.Fatalf("%s does not come to hold %q", args[0], args[1])
	}
}

// get URL FILE: reads an address into a file, as soon as somebody answers there.
func get(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var body []byte
	if !eventually(func() bool {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, args[0], nil)
		ts.Check(err)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		defer response.Body.Close()
		body, err = io.ReadAll(response.Body)
		return err == nil && response.StatusCode == http.StatusOK
	}) {
		ts.Fatalf("%s does not answer", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o644))
}

func eventually(met func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); ; {
		if met() {
			return true
		}
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
}

// release: lets $UPSTREAM/hold answer.
func release(ts *testscript.TestScript, _ bool, _ []string) {
	open, ok := ts.Value(gateKey).(func())
	if !ok {
		ts.Check(errors.New("the script has no gate"))
	}
	open()
}

// parses FILE...: fails unless each holds one value of JSON.
func parses(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		if text := ts.ReadFile(name); !json.Valid([]byte(text)) {
			ts.Fatalf("%s is no JSON:\n%s", name, text)
		}
	}
}
