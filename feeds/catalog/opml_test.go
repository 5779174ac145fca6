package catalog

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// subscriber is the catalogue that the files of testdata/opml are imported into.
var subscriber = feeds.Catalogue{
	Categories: []feeds.Category{{Slug: "nongjinwang", Title: "农金网新闻"}, {Slug: "nongyebaoxian", Title: "农业保险新闻"}},
	Sources:    []feeds.Source{{Name: "老来源", URL: "http://known.example/feed"}},
}

// TestImport holds what is made of each testdata/opml/*.opml against the text beside it.
func TestImport(t *testing.T) {
	for _, path := range files(t, "testdata/opml/*.opml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got := imported(read(t, path))
			beside := strings.TrimSuffix(path, ".opml") + ".want"
			if *update {
				if err := os.WriteFile(beside, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(read(t, beside)), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if strings.Contains(got, "geheim") {
				t.Error("a secret is shown")
			}
		})
	}
}

func imported(text []byte) string {
	outlines, err := ReadOPML(bytes.NewReader(text))
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	sources, skipped := Import(subscriber, outlines, nil)
	said := Lines(sources)
	for _, s := range skipped {
		said += fmt.Sprintf("skipped %s <%s>: %s\n", s.Title, s.URL, s.Why)
	}
	return said
}

// TestOPMLIsBounded gives the reader what would take long or much room.
func TestOPMLIsBounded(t *testing.T) {
	feed := `<outline text="县" xmlUrl="https://county.example/"/>`
	for want, text := range map[string]string{
		"longer than 8 MiB":                "<opml><body>" + strings.Repeat(" ", maxOPML) + "</body></opml>",
		"more than 64 deep":                "<opml>" + strings.Repeat("<outline>", 100_000),
		"more than 5000 outlines":          "<opml><body>" + strings.Repeat(feed, maxOPMLOutlines+1) + "</body></opml>",
		"has an XML declaration within it": "<opml>" + strings.Repeat(`<?xml version="1.0" encoding="gbk"?>`, 12_000),
		"keep the one at its beginning":    ` <?xml version="1.0"?><opml/>`,
		"declarations of its own":          `<!DOCTYPE opml [<!ENTITY a "农">]><opml/>`,
	} {
		if _, err := ReadOPML(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
	if outlines, err := ReadOPML(strings.NewReader("<opml><body>" + strings.Repeat(feed, maxOPMLOutlines) + "</body></opml>")); err != nil || len(outlines) != maxOPMLOutlines {
		t.Errorf("%d outlines, %v", len(outlines), err)
	}
}

// TestImportUnderSlugs files all that is imported where the operator says, whatever its group.
func TestImportUnderSlugs(t *testing.T) {
	sources, _ := Import(subscriber, []Outline{{Title: "县", URL: "https://a.example/", Groups: []string{"nongjinwang"}}}, []string{"nongyebaoxian"})
	if len(sources) != 1 || !cmp.Equal(sources[0].Categories, []string{"nongyebaoxian"}) {
		t.Errorf("got %+v", sources)
	}
}
