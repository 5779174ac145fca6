package site

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the pages are now to testdata/golden, to be looked at")

var folder = flag.String("pages", "", "write the sample pages to this folder, to be looked at in a browser")

// sample is a site as its test file gives it.
type sample struct {
	Site     feeds.Site
	Channels []feeds.Channel
}

// load reads a sample and gives it the zone that a file cannot.
func load(t testing.TB, file string) sample {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var s sample
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	s.Site.Location = time.FixedZone("CST", 8*60*60)
	return s
}

// latest returns the union of the sample's channels.
func (s sample) latest() feeds.Channel {
	all := feeds.Channel{Category: feeds.Category{Slug: "all", Title: "全部消息", Description: "全部栏目的最新消息"}}
	for i := range s.Channels {
		all.Entries = append(all.Entries, s.Channels[len(s.Channels)-1-i].Entries...)
	}
	return all
}

// outputs returns every page of the sample.
func (s sample) outputs() []feeds.Output {
	r := New(s.Site)
	all := []feeds.Output{r.Home(s.Channels, s.latest()), r.CategoryIndex(headings(s.Channels)), r.NotFound(), r.Style()}
	for _, channel := range s.Channels {
		all = append(all, r.Category(channel), r.Embed(channel))
		for _, e := range channel.Entries {
			all = append(all, r.Article(e, channel.Category))
		}
	}
	return append(all, s.moved(r))
}

// moved returns the page at an address that the predecessor had for the first channel.
func (s sample) moved(r *Renderer) feeds.Output {
	const old = "category/21caijing.APP.html"
	if len(s.Channels) == 0 {
		return r.Moved(old, homeName, s.Site.Title)
	}
	c := s.Channels[0].Category
	return r.Moved(old, categoryName(c.Slug), c.Title)
}

// render returns the pages of a sample by name.
func render(t testing.TB, s sample) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, output := range s.outputs() {
		var page bytes.Buffer
		if err := output.Render(&page); err != nil {
			t.Fatal(err)
		}
		if _, twice := pages[output.Name]; twice {
			t.Errorf("two outputs are named %s", output.Name)
		}
		pages[output.Name] = page.String()
	}
	return pages
}

func TestGolden(t *testing.T) {
	for name, got := range render(t, load(t, "small.json")) {
		if name == styleName {
			continue
		}
		file := filepath.Join("testdata", "golden", strings.ReplaceAll(name, "/", "_"))
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s is not what it was (-want +got; go test ./web/site -update writes it anew):\n%s", name, diff)
		}
	}
}

func TestSameBytes(t *testing.T) {
	s := load(t, "small.json")
	first := render(t, s)
	if diff := cmp.Diff(first, render(t, s)); diff != "" {
		t.Errorf("the same site gave other bytes:\n%s", diff)
	}
}

func TestEmptySite(t *testing.T) {
	s := load(t, "small.json")
	s.Channels = nil
	pages := render(t, s)
	for _, name := range []string{homeName, categoryIndexName} {
		if !strings.Contains(pages[name], "暂时没有") {
			t.Errorf("%s of a site without entries does not say so:\n%s", name, pages[name])
		}
	}
}

// Looking at the pages: go test ./web/site -pages folder.
func TestWritePages(t *testing.T) {
	if *folder == "" {
		return
	}
	for name, page := range render(t, load(t, "small.json")) {
		file := filepath.Join(*folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// headings returns the channels as the index of categories shows them.
func headings(channels []feeds.Channel) []Heading {
	var all []Heading
	for _, channel := range channels {
		heading := Heading{Category: channel.Category}
		if len(channel.Entries) > 0 {
			heading.Newest = channel.Entries[0].Published
		}
		all = append(all, heading)
	}
	return all
}
