package main

import (
	"errors"
	"os"
	"slices"
	"testing"

	"finews.withounder.com/feeds/publish/conform"
)

// TestDemoConforms holds every feed, list and sitemap that the demo publishes to the rules of its format.
func TestDemoConforms(t *testing.T) {
	out := publishDemo(t)
	const site = "http://127.0.0.1:8080" // as the demo's feeds.yaml has it
	found, checked, err := conform.Folder(site, os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"all.xml", "all.atom", "all.json", "feed.xml", "feeds.opml", "sitemap.xml", "sitemap-pages.xml", "nongjinwang.xml"} {
		if !slices.Contains(checked, name) {
			t.Errorf("%s was not checked", name)
		}
	}
	said, err := conform.Lint(t.Context(), out, checked)
	if err != nil && !errors.Is(err, conform.ErrNoLint) {
		t.Fatal(err)
	}
	for _, fault := range append(found, said...) {
		t.Error(fault)
	}
}
