package catalog

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// added are the sources that each case of testdata/append is given.
var added = []feeds.Source{
	{Name: "新闻：“快”", Kind: feeds.KindFeed, URL: "https://news.example/rss.xml", Categories: []string{"nongjinwang"}},
	{Name: "- #1: 農信 \"社\"", Kind: feeds.KindFeed, URL: "https://b.example/feed?a=1&b=#x"},
}

// TestAppend adds two sources to each testdata/append/*.yaml, and holds the text or the error against the file beside
// it. Each case is tried with both ends of lines, with a byte order mark, and without the last end of a line.
func TestAppend(t *testing.T) {
	for _, path := range files(t, "testdata/append/*.yaml") {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			text := string(read(t, path))
			got, err := Append(name, []byte(text), added, environment)
			if err != nil {
				got = []byte("error: " + err.Error() + "\n")
			}
			beside := strings.TrimSuffix(path, ".yaml") + ".want"
			if *update {
				if err := os.WriteFile(beside, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want := string(read(t, beside))
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Fatalf("-want +got:\n%s", diff)
			}
			if err != nil {
				return
			}
			for form, change := range map[string]func(string) string{
				"CRLF":            func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
				"byte order mark": func(s string) string { return byteOrderMark + s },
			} {
				got, err := Append(name, []byte(change(text)), added, environment)
				if diff := cmp.Diff(change(want), string(got)); diff != "" {
					t.Errorf("%s: %v -want +got:\n%s", form, err, diff)
				}
			}
			got, err = Append(name, []byte(strings.TrimSuffix(text, "\n")), added, environment)
			if strings.TrimSuffix(string(got), "\n") != strings.TrimSuffix(want, "\n") {
				t.Errorf("without its last end of a line: %v -want +got:\n%s", err, cmp.Diff(want, string(got)))
			}
		})
	}
}

// TestAppendQuotes adds sources of names and addresses that YAML could take for something else. Append itself reads
// back what it wrote.
func TestAppendQuotes(t *testing.T) {
	text := []byte("site: {title: 农金消息, url: \"https://finews.example\"}\nsources: []\n")
	for _, name := range []string{
		"中新网财经", "true", "Null", "~", "2022", "1e3", "2022-04-11", "- 快讯", "# 号", "a: b", "a:", "a #b", "'单'", `"双"`, `反\斜`, "{花}", "[方]",
		"&锚", "*别名", "!标", "%百", "@在", "`反`", "|", ">", "?", "? 问", ",", "农金网（RSSHub）", "a\u2028b", "😀", "${HOME}", "<b>&amp;", "No",
	} {
		s := feeds.Source{Name: name, Kind: feeds.KindFeed, URL: "https://news.example/a?q=[1]&z={2}&c=a:%20b,#!'x"}
		got, err := Append("feeds.yaml", text, []feeds.Source{s}, environment)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		c, err := Parse("feeds.yaml", got, environment)
		if err != nil || c.Sources[0].Name != name {
			t.Errorf("%q came back as %+v, %v", name, c.Sources, err)
		}
	}
}

// TestAppendReadsBack gives Append a file of which it takes the lines wrongly: YAML counts U+2028 as the end of a
// line, and Append does not. Nothing must come of it but the word that the lines are to be written by hand.
func TestAppendReadsBack(t *testing.T) {
	text := "# 注释\u2028# 第二行\nsite: {title: 农金消息, url: \"https://finews.example\"}\nsources:\n  - {name: 县域金融, url: \"https://county.example/\"}\nnetwork:\n  workers: 4\n"
	got, err := Append("feeds.yaml", []byte(text), added[1:], environment)
	if err == nil || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("%v\n%s", err, got)
	}
}

// What a feed calls itself, and where it says that it is, is written so that the operator sees all of it.
func TestAppendShowsWhatIsHidden(t *testing.T) {
	text := []byte("site: {title: 农金消息, url: \"https://finews.example\"}\nsources: []\n")
	hidden := feeds.Source{Name: "农金\u202e网\U000e0041　快讯", Kind: feeds.KindFeed, URL: "https://news.example/rss?x=RED\u202eGNP"}
	got, err := Append("feeds.yaml", text, []feeds.Source{hidden}, environment)
	want := `  - name: "农金\u202e网\U000e0041　快讯"` + "\n" + `    url: "https://news.example/rss?x=RED\u202eGNP"` + "\n"
	if err != nil || !strings.HasSuffix(string(got), "sources:\n"+want) {
		t.Fatalf("%v\n%s", err, got)
	}
	c, err := Parse("feeds.yaml", got, environment)
	if err != nil || c.Sources[0].Name != hidden.Name || c.Sources[0].URL != hidden.URL {
		t.Errorf("came back as %+v, %v", c.Sources, err)
	}
}

func TestAppendOnlyFeeds(t *testing.T) {
	text := []byte("site: {title: 农金消息, url: \"https://finews.example\"}\n")
	if _, err := Append("feeds.yaml", text, []feeds.Source{{Name: "页", Kind: feeds.KindPage, URL: "https://news.example/"}}, environment); err == nil {
		t.Error("a page was added without its selectors")
	}
	twice := []feeds.Source{added[1], {Name: "又", Kind: feeds.KindFeed, URL: added[1].URL}}
	if _, err := Append("feeds.yaml", text, twice, environment); err == nil || !strings.Contains(err.Error(), "asks the same address") {
		t.Errorf("one address twice: %v", err)
	}
}

// FuzzAppend adds a source to any text: nothing that stood there may be lost, and what comes out is the old catalogue
// with the source.
func FuzzAppend(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*/*.yaml")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "快讯", "https://added.example/rss.xml")
	}
	f.Fuzz(func(t *testing.T, text []byte, name, address string) {
		got, err := Append("feeds.yaml", text, []feeds.Source{{Name: name, Kind: feeds.KindFeed, URL: address}}, environment)
		if err != nil {
			return
		}
		old, now := strings.Fields(string(text)), strings.Fields(string(got))
		for _, word := range old {
			at := slices.Index(now, word)
			if at < 0 && !slices.Contains([]string{"[]", "[", "]", "~", "null", "Null", "NULL"}, word) {
				t.Fatalf("%q is lost of\n%s\nin\n%s", word, text, got)
			}
			now = now[at+1:]
		}
		c, err := Parse("feeds.yaml", got, environment)
		if err != nil || c.Sources[len(c.Sources)-1].URL == "" {
			t.Fatalf("%v of\n%s", err, got)
		}
	})
}
