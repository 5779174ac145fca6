package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
)

// listening is a house with a hub that takes all that it is told, and what that was.
type listening struct {
	*hubbed
	topics []string
}

// newListening has published an entry of the category nongjinwang, of which the hub was told.
func newListening(t *testing.T) *listening {
	t.Helper()
	l := &listening{}
	hub, _ := beside(t, l.takes)
	l.hubbed = newHubbed(t, hub)
	keep(t, l.house, telling("支农", "农金网", "一条短消息。", 1, "nongjinwang"))
	l.publishes(t, extent{}, listsOf("all", "feed.xml", "nongjinwang"))
	return l
}

func (l *listening) takes(w http.ResponseWriter, r *http.Request) {
	l.topics = append(l.topics, strings.TrimPrefix(r.PostFormValue("hub.url"), l.catalogue.Site.URL+"/"))
	takes(w, r)
}

// publishes fails the test unless a publication tells the hub of this, and nothing is left to tell.
func (l *listening) publishes(t *testing.T, asked extent, want []string) {
	t.Helper()
	if _, err := l.publish(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	l.heard(t, want)
	if pings, err := l.store.Pings(t.Context(), l.catalogue.Site.Hub); len(pings) != 0 || err != nil {
		t.Errorf("left are %v, %v", pings, err)
	}
}

// heard fails the test unless the hub was told of this since it was asked the last time.
func (l *listening) heard(t *testing.T, want []string) {
	t.Helper()
	slices.Sort(l.topics)
	if diff := cmp.Diff(want, l.topics); diff != "" {
		t.Errorf("told -want +got:\n%s", diff)
	}
	l.topics = nil
}

// listsOf are the names of the feeds of categories, in order; what has an ending is a name already.
func listsOf(slugs ...string) []string {
	var names []string
	for _, slug := range slugs {
		if strings.Contains(slug, ".") {
			names = append(names, slug)
			continue
		}
		names = append(names, slug+".atom", slug+".json", slug+".xml")
	}
	return names
}

// What was written is told once, and what is as it was is not.
func TestOnlyWhatChangedIsTold(t *testing.T) {
	l := newListening(t)
	l.publishes(t, extent{}, nil)
	l.publishes(t, extent{all: true}, nil)
	keep(t, l.house, telling("春耕", "农金网", "另一条短消息。", 2, "chunbo"))
	l.catalogue.Categories = append(l.catalogue.Categories, feeds.Category{Slug: "chunbo", Title: "春播", Limit: 50})
	l.publishes(t, extent{}, listsOf("all", "chunbo", "feed.xml"))
}

// TestTopicsOfAKilledRunAreTold: what a run wrote that was killed before it could say so, the next one finds as it should be.
func TestTopicsOfAKilledRunAreTold(t *testing.T) {
	l := newListening(t)
	keep(t, l.house, telling("春耕", "农金网", "另一条短消息。", 2, "nongjinwang"))
	p, due, err := l.newPublication(t.Context(), extent{})
	if err != nil || !due {
		t.Fatal(due, err)
	}
	if _, err := publish.Write(l.places.out, p.outputs(t.Context()), p.options(t.Context())); err != nil {
		t.Fatal(err)
	}
	l.publishes(t, extent{}, listsOf("all", "feed.xml", "nongjinwang"))
	l.publishes(t, extent{}, nil)
}

// TestTopicsOfARunThatFailedAreTold, by that run: one file that cannot be written does not silence the hub.
func TestTopicsOfARunThatFailedAreTold(t *testing.T) {
	l := newListening(t)
	keep(t, l.house, telling("春耕", "农金网", "另一条短消息。", 2, "nongjinwang"))
	remove(t, l.house, "all.atom")
	blocked := filepath.Join(l.places.out, "all.atom")
	if err := os.MkdirAll(filepath.Join(blocked, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := l.publish(t.Context(), extent{}); err == nil || !strings.Contains(err.Error(), "all.atom") {
		t.Fatalf("a folder in the place of a feed is %v", err)
	}
	l.heard(t, []string{"all.xml", "nongjinwang.atom", "nongjinwang.json", "nongjinwang.xml"}) // those in place before it
	if err := os.RemoveAll(blocked); err != nil {
		t.Fatal(err)
	}
	l.publishes(t, extent{}, []string{"all.atom", "all.json", "feed.xml"})
}

// TestAfterAnEndNothingIsTold, and what there is to tell waits for the next run.
func TestAfterAnEndNothingIsTold(t *testing.T) {
	l := newListening(t)
	l.changed(t, "nongjinwang.xml")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if left := l.tells(t, ended); !slices.Equal(left, []string{"/nongjinwang.xml"}) {
		t.Errorf("left %q", left)
	}
	l.heard(t, nil)
	l.publishes(t, extent{}, []string{"nongjinwang.xml"})
}

// TestAnotherHubIsToldOfEverything, however the one before failed.
func TestAnotherHubIsToldOfEverything(t *testing.T) {
	l := newListening(t)
	other := l.catalogue.Site.Hub + "/枢纽"
	l.catalogue.Site.Hub, _ = beside(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	if _, err := l.publish(t.Context(), extent{}); err != nil {
		t.Fatal(err)
	}
	if pings, err := l.store.Pings(t.Context(), l.catalogue.Site.Hub); len(pings) != 8 || err != nil {
		t.Errorf("of the hub that is down and 7 topics, wait %v, %v", pings, err)
	}
	l.catalogue.Site.Hub = other
	l.publishes(t, extent{}, listsOf("all", "feed.xml", "nongjinwang"))
}

// TestTopicsOfAnotherAddressAreDropped: the feeds are there no longer.
func TestTopicsOfAnotherAddressAreDropped(t *testing.T) {
	l := newListening(t)
	l.changed(t, "nongjinwang.xml")
	l.catalogue.Site.URL += ".cn"
	l.publishes(t, extent{}, listsOf("all", "feed.xml", "nongjinwang"))
}
