package publish

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish/conform"
)

// conformant holds outputs to the rules of their formats, and has libxml2 read them.
func conformant(t *testing.T, site feeds.Site, outputs ...feeds.Output) {
	t.Helper()
	root := t.TempDir()
	var names []string
	for name, content := range renderAll(t, outputs) {
		for _, fault := range conform.Check(site.URL, name, content) {
			t.Errorf("%s: %s", name, shortened(fault))
		}
		placeFile(t, filepath.Join(root, filepath.FromSlash(name)), content)
		names = append(names, name)
	}
	lintFiles(t, root, names)
}

// lintFiles has libxml2 read files, where it is installed.
func lintFiles(t *testing.T, root string, names []string) {
	t.Helper()
	said, err := conform.Lint(t.Context(), root, names)
	if errors.Is(err, conform.ErrNoLint) {
		t.Log(err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range said[:min(len(said), 10)] {
		t.Error(shortened(line))
	}
}

func placeFile(t testing.TB, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// shortened keeps a fault of a title of a megabyte readable.
func shortened(text string) string {
	if len(text) > 500 {
		return text[:500] + "…"
	}
	return text
}

// TestConformance holds every golden case to the rules, the hostile one too.
func TestConformance(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			in := readCase(t, folder)
			site := in.site(t)
			day := time.Date(2022, 4, 11, 2, 46, 17, 0, time.UTC)
			pages := []Place{{}, {Name: "category/"}, {Name: "category/农金 网\"<.html", Changed: day}}
			outputs := append(in.outputs(t), OPML(site, []feeds.Channel{in.Channel}))
			conformant(t, site, append(outputs, Sitemap(site, PagesSitemap, pages), SitemapIndex(site, []string{PagesSitemap, SitemapName(1)}))...)
		})
	}
}

// TestTitlesHoldNoMarkup is the rule that a validator has for text. The hostile case is left out: its titles are
// text that looks like markup, and are published as the text that they are.
func TestTitlesHoldNoMarkup(t *testing.T) {
	markup := regexp.MustCompile(`</\w+>|&#?\w+`)
	for _, folder := range []string{"testdata/golden/category", "testdata/golden/union", "testdata/golden/rights", "testdata/golden/story"} {
		for name, content := range render(t, folder) {
			for _, title := range feedTitles(t, name, content) {
				if markup.MatchString(title) {
					t.Errorf("%s %s: the title %q holds markup", folder, name, title)
				}
			}
		}
	}
}

// feedTitles returns the text of every title of an XML feed.
func feedTitles(t *testing.T, name string, content []byte) []string {
	t.Helper()
	if path.Ext(name) == ".json" {
		return nil
	}
	var found []string
	decoder := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "title" {
			var title string
			if err := decoder.DecodeElement(&title, &start); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			found = append(found, title)
		}
	}
}

// ampersandInText finds an ampersand that is escaped by its name in an element that holds no markup.
var ampersandInText = regexp.MustCompile(`<(?:title|subtitle|summary|name|category|source)[^>]*>[^<]*&amp;`)

// TestTextHoldsNothingLikeAnEntity: a validator reads S&amp;P500 in the text of an element as an entity that it does
// not know, and S&#x26;P500 as text.
func TestTextHoldsNothingLikeAnEntity(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		for name, content := range render(t, folder) {
			if found := ampersandInText.Find(content); path.Ext(name) != ".json" && found != nil {
				t.Errorf("%s %s: %s", folder, name, found)
			}
		}
	}
}
