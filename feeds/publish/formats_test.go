package publish

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
)

// told is what a reader must read alike in every format.
type told struct {
	ID, Title, Link, Content string
	Published                time.Time
	Authors, Tags            string
}

// TestFormatsTellTheSame reads the three formats with a feed parser and compares what it found.
func TestFormatsTellTheSame(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		read := map[string][]told{}
		channel := readCase(t, folder).Channel
		for name, content := range render(t, folder) {
			read[strings.TrimPrefix(name, channel.Category.Slug)] = readBack(t, content)
		}
		if len(read[".xml"]) != len(channel.Entries) {
			t.Errorf("%s: RSS holds %d of %d entries", folder, len(read[".xml"]), len(channel.Entries))
		}
		for extension, entries := range read {
			if diff := cmp.Diff(read[".xml"], entries); diff != "" {
				t.Errorf("%s: RSS and %s differ:\n%s", folder, extension, diff)
			}
		}
	}
}

func readBack(t *testing.T, content []byte) []told {
	t.Helper()
	parsed, err := gofeed.NewParser().ParseString(string(content))
	if err != nil {
		t.Fatal(err)
	}
	var entries []told
	for _, item := range parsed.Items {
		published, err := time.Parse(time.RFC3339, item.Published)
		if err != nil {
			published, err = time.Parse(time.RFC1123Z, item.Published)
		}
		if err != nil {
			t.Fatal(err)
		}
		entry := told{ID: item.GUID, Title: item.Title, Link: item.Link, Content: item.Content, Published: published.UTC()}
		if entry.Content == "" { // JSON Feed knows no entry without content
			entry.Content = item.Description
		}
		var names []string
		for _, author := range item.Authors {
			names = append(names, author.Name)
		}
		entry.Authors, entry.Tags = strings.Join(names, "、"), strings.Join(item.Categories, "、")
		entries = append(entries, entry)
	}
	return entries
}

// TestUpdatedApart publishes a poll's worth of entries that a source dated by the day alone.
func TestUpdatedApart(t *testing.T) {
	in := readCase(t, "testdata/golden/category")
	first := in.Channel.Entries[1]
	in.Channel.Entries = nil
	for i := range 200 {
		e := first
		e.ID = fmt.Sprintf("tag:finews.example.org,2022:%016x", i*7919)
		in.Channel.Entries = append(in.Channel.Entries, e)
	}
	conformant(t, in.site(t), in.outputs(t)...)
}

func TestUnionIsAlsoAtThePredecessorsAddress(t *testing.T) {
	rendered := render(t, "testdata/golden/union")
	old := strings.Replace(string(rendered["feed.xml"]), "/feed.xml\"", "/all.atom\"", 1) // the self link names the file
	if diff := cmp.Diff(string(rendered["all.atom"]), old); diff != "" || len(rendered) != 4 {
		t.Errorf("%d outputs; feed.xml is not all.atom:\n%s", len(rendered), diff)
	}
}

// TestBodyLettersStayApart: what a control character keeps apart in a clean body must not become a tag.
func TestBodyLettersStayApart(t *testing.T) {
	got := publication{}.body(feeds.Entry{Body: "a < \x01script 农\x01商", Outlet: "农金网"})
	if want := "a <  script 农 商\n<p>来源：农金网</p>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestURI(t *testing.T) {
	for given, want := range map[string]string{
		"https://a.example/路?q=农":          "https://a.example/%E8%B7%AF?q=%E5%86%9C",
		"http://[2001:db8::1]:80/a[1]?b=|": "http://[2001:db8::1]:80/a%5B1%5D?b=%7C",
		"https://a.example?x=[1]":          "https://a.example?x=%5B1%5D",
		"https://a.example/%E8%B7%AF#片":    "https://a.example/%E8%B7%AF#%E7%89%87",
		"https://农.example/":               "https://%E5%86%9C.example/",
		"农":                                "%E5%86%9C",
	} {
		if got := uri(given); got != want {
			t.Errorf("uri(%q) = %q, want %q", given, got, want)
		}
	}
}
