package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// parsedFeed is what testdata/readers/show.py prints of a feed.
type parsedFeed struct {
	Status   int
	Again    []int // statuses of conditional requests
	Bozo     bool  // it is not well-formed, or not what it says it is
	Fault    string
	Version  string
	Title    string
	Language string
	Links    []parsedLink
	Entries  []parsedEntry
}

type parsedLink struct{ Rel, Href string }

type parsedEntry struct {
	ID, Title, Link    string
	Published, Updated int64 // unix seconds
	Authors, Tags      []string
	Type, Content      string
	Enclosures         []string
}

func (e parsedEntry) shown(t *testing.T) shown {
	return shown{ID: e.ID, Title: e.Title, Link: e.Link, Published: e.Published, Authors: e.Authors, Tags: e.Tags, Enclosures: e.Enclosures,
		Text: withoutSource(t, e.Content)}
}

// python returns a Python that has feedparser: Debian's where the one on the path has none.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import feedparser").Run() == nil {
			return name
		}
	}
	t.Skip("no python3 here has feedparser: what it shows was not compared")
	return ""
}

// feedparser reads the addresses with feedparser.
func (s *subscribable) feedparser(addresses ...string) []parsedFeed {
	s.t.Helper()
	printed := s.reads(nil, python(s.t), append([]string{"testdata/readers/show.py"}, addresses...)...)
	var parsed []parsedFeed
	if err := json.Unmarshal([]byte(printed), &parsed); err != nil {
		s.t.Fatal(err)
	}
	if len(parsed) != len(addresses) {
		s.t.Fatalf("%d feeds were read, want %d", len(parsed), len(addresses))
	}
	return parsed
}

func TestFeedparserShowsWhatIsStored(t *testing.T) {
	s := newSubscribableDemo(t)
	s.latecomer()
	addresses := s.withAtom(s.subscriptions())
	for i, feed := range s.feedparser(addresses...) {
		address := addresses[i]
		channel := s.list(address)
		s.wellFormed(address, feed, channel)
		var got []shown
		for _, e := range feed.Entries {
			got = append(got, e.shown(t))
			if e.Type != "text/html" {
				t.Errorf("%s: the content of %s is %s", address, e.Title, e.Type)
			}
		}
		compare(t, address, changed(s.meant(address), byFormat(address, inRSS, func(*shown) {})), got)
		if byFormat(address, false, true) {
			compareUpdated(t, address, channel.Entries, feed.Entries)
		}
	}
}

// wellFormed holds the feed itself to what it is meant to be.
func (s *subscribable) wellFormed(address string, feed parsedFeed, channel feeds.Channel) {
	s.t.Helper()
	version := byFormat(address, "rss20", "atom10")
	if feed.Bozo || feed.Version != version || feed.Status != http.StatusOK {
		s.t.Errorf("%s: status %d, read as %q, want %q; %s", address, feed.Status, feed.Version, version, feed.Fault)
	}
	if want := []int{http.StatusNotModified, http.StatusNotModified, http.StatusNotModified}; !slices.Equal(feed.Again, want) {
		s.t.Errorf("%s: asked again with both validators, the ETag and the date alone: %d, want 304 each time", address, feed.Again)
	}
	if feed.Title != channel.Category.Title || feed.Language != "zh-CN" {
		s.t.Errorf("%s: titled %q, in the language %q", address, feed.Title, feed.Language)
	}
	for _, want := range []parsedLink{{"self", address}, {"alternate", s.site.URL + pageOf(channel)}, {"hub", hubOfDemo}} {
		if !slices.Contains(feed.Links, want) {
			s.t.Errorf("%s: no link %v among %v", address, want, feed.Links)
		}
	}
}

// pageOf returns the path of the page that shows a channel.
func pageOf(channel feeds.Channel) string {
	if channel.Category.Slug == "" {
		return "/"
	}
	return "/category/" + channel.Category.Slug + ".html"
}

// inRSS makes of what is meant what there is room for in RSS: the authors are one, and so is the enclosure.
func inRSS(one *shown) {
	one.Authors = []string{strings.Join(one.Authors, "、")}
	one.Enclosures = one.Enclosures[:min(len(one.Enclosures), 1)]
}

// compareUpdated holds the dates of the last change.
func compareUpdated(t *testing.T, address string, want []feeds.Entry, got []parsedEntry) {
	t.Helper()
	var wanted, found []int64
	for _, e := range want {
		wanted = append(wanted, e.Updated.Unix())
	}
	for _, e := range got {
		found = append(found, e.Updated)
	}
	if diff := cmp.Diff(wanted, found); diff != "" {
		t.Errorf("%s: updated (-store +reader):\n%s", address, diff)
	}
}
