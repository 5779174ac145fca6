package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/storage"
)

// TestPublishIsInterrupted: a publication that somebody ended is no success, and goes on when it is asked for again.
func TestPublishIsInterrupted(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	text := `{site: {title: 农金消息, url: "https://finews.example"}, sources: [{name: 县域金融, url: "https://county.example/rss.xml"}]}`
	if err := os.WriteFile(at("feeds.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), at("finews.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	said, err := os.Create(at("said"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	ended, end := context.WithCancel(t.Context())
	end()
	p := program{stdout: said, stderr: said, getenv: func(string) string { return "" }, now: func() time.Time { return published },
		arguments: []string{"publish", "--config", at("feeds.yaml"), "--db", at("finews.db"), "--out", at("public")}}
	if exit := p.run(ended); exit != exitFatal {
		t.Errorf("the exit code is %d, want %d", exit, exitFatal)
	}
	got, err := os.ReadFile(at("said"))
	if err != nil {
		t.Fatal(err)
	}
	if line := string(got); !strings.HasPrefix(line, "finews: interrupted: ") || !strings.HasSuffix(line, ": run finews publish\n") {
		t.Errorf("it says %q", line)
	}
}

// TestServeTellsOnceOfWhatIsRefused: so it is of poll, by a script; serve prints all errors of a cycle but errUnpublished.
func TestServeTellsOnceOfWhatIsRefused(t *testing.T) {
	h := newTestHouse(t, threeCategories)
	h.now = func() time.Time { return published.Add(time.Hour) }
	keep(t, h, telling("支农", "农金网", "一条短消息。", 1, "nongjinwang"))
	put(t, h)
	overwrite(t, h, "nongjinwang.xml", `<rss version="2.0"><channel><item><guid>谁也不知道的</guid><title>旧闻</title></item></channel></rss>`)
	keep(t, h, telling("春耕", "农金网", "另一条短消息。", 3, "nongjinwang"))
	h.catalogue.Sources = nil
	printer := h.newPrinter(program{}, reportStyle{quiet: true}, 0)
	if _, err := h.serveCycle(t.Context(), printer); err == nil || !strings.HasPrefix(err.Error(), "not all is published since ") {
		t.Errorf("at first: %v", err)
	}
	if _, err := h.serveCycle(t.Context(), printer); err != errUnpublished {
		t.Errorf("again: %v", err)
	}
}
