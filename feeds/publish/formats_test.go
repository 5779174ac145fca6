package publish

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
)

// readFeed is a JSON Feed as a reader reads it.
type readFeed struct {
	Version, Title string
	HomePage       string `json:"home_page_url"`
	FeedURL        string `json:"feed_url"`
	Language       string
	Authors        []struct{ Name string }
	Items          []readItem
}

type readItem struct {
	ID, Title, URL string
	HTML           string `json:"content_html"`
	Text           string `json:"content_text"`
	Published      string `json:"date_published"`
	Modified       string `json:"date_modified"`
	Authors        []struct{ Name string }
	Attachments    []struct {
		URL  string
		Type string `json:"mime_type"`
	}
	Extension *struct {
		About  string
		Copies []struct{ ID, Outlet, URL string }
	} `json:"_finews"`
}

// checkJSON returns what is wrong with a JSON Feed 1.1 that is served at address, by the specification.
func checkJSON(t testing.TB, content []byte, address string) faults {
	t.Helper()
	var f faults
	var document readFeed
	if err := json.Unmarshal(content, &document); err != nil {
		t.Fatalf("no JSON: %v", err)
	}
	f.check(document.Version == "https://jsonfeed.org/version/1.1", "version %q", document.Version)
	f.check(document.Title != "", "the title is empty")
	f.check(document.Items != nil, "items is absent")
	f.check(document.FeedURL == address, "feed_url is %q and not %q", document.FeedURL, address)
	f.uri("home_page_url", document.HomePage)
	f.check(langPattern.MatchString(document.Language), "language %q", document.Language)
	f.check(strings.IndexFunc(string(content), unfit) < 0, "it holds a character that no feed may")
	var ids []string
	for _, item := range document.Items {
		ids = append(ids, item.ID)
		f.check(item.Title != "", "an item's title is empty")
		f.check((item.HTML == "") != (item.Text == ""), "an item has not one content")
		f.html("content_html", item.HTML)
		f.uri("url", item.URL)
		f.rfc3339("date_published", item.Published)
		if item.Modified != "" {
			f.rfc3339("date_modified", item.Modified)
		}
		f.check(len(item.Authors) > 0, "an item has no author")
		for _, file := range item.Attachments {
			f.uri("attachment", file.URL)
			f.mediaType("attachment", file.Type)
		}
		f.extension(item)
	}
	f.unique("id", ids)
	return f
}

// extension checks what JSON Feed has no key for.
func (f *faults) extension(item readItem) {
	if item.Extension == nil {
		return
	}
	f.check(item.Extension.About != "" && len(item.Extension.Copies) > 0, "_finews says nothing: %+v", *item.Extension)
	for _, c := range item.Extension.Copies {
		f.uri("id of a copy", c.ID)
		f.check(!blank(c.Outlet), "a copy has no outlet")
		if c.URL != "" {
			f.uri("url of a copy", c.URL)
		}
	}
}

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
		_, channel, _ := readInput(t, folder)
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
	site, channel, generator := readInput(t, "testdata/golden/category")
	first := channel.Entries[1]
	channel.Entries = nil
	for i := range 200 {
		e := first
		e.ID = fmt.Sprintf("tag:finews.example.org,2022:%016x", i*7919)
		channel.Entries = append(channel.Entries, e)
	}
	content := renderAll(t, Feeds(site, channel, generator))["nongjinwang.atom"]
	report(t, "nongjinwang.atom", checkAtom(t, content, site.Address("nongjinwang.atom")))
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
