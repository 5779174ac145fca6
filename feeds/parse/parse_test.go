package parse_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

var update = flag.Bool("update", false, "write the golden files anew")

var shanghai = time.FixedZone("CST", 8*3600)

func source() feeds.Source {
	return feeds.Source{Name: "县域金融", Kind: feeds.KindFeed, Location: shanghai, MaxItems: 500, MaxBytes: 1 << 20}
}

// TestFeedFiles reads each document of testdata/feed and compares with what stands beside it.
func TestFeedFiles(t *testing.T) {
	files, _ := filepath.Glob("testdata/feed/*.*ml")
	for _, pattern := range []string{"testdata/feed/*.rdf", "testdata/feed/*.json"} {
		more, _ := filepath.Glob(pattern)
		files = append(files, more...)
	}
	if len(files) < 10 {
		t.Fatalf("testdata/feed holds only %q", files)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			result, err := parse.Feed(source(), parse.Document{Body: body, URL: "https://county.example/feeds/a.xml"})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, file+".golden", describe(result))
		})
	}
}

func TestPostFiles(t *testing.T) {
	posts := source()
	posts.Kind, posts.Path = feeds.KindPosts, "testdata/posts"
	golden(t, "testdata/posts.golden", describe(readAll(t, posts)))
}

func readAll(t *testing.T, source feeds.Source) parse.Result {
	t.Helper()
	var all parse.Result
	for batch, err := range parse.Posts(source) {
		if err != nil {
			t.Fatal(err)
		}
		all.Items = append(all.Items, batch.Items...)
		all.Faults = append(all.Faults, batch.Faults...)
	}
	return all
}

func golden(t *testing.T, file, got string) {
	t.Helper()
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
		t.Errorf("%s: -want +got\n%s", file, diff)
	}
}

// describe writes what was read as a person would check it: a line for each field that is not empty.
func describe(r parse.Result) string {
	var b strings.Builder
	for _, it := range r.Items {
		fmt.Fprintf(&b, "item\n")
		for _, f := range []struct{ name, value string }{
			{"guid", it.GUID}, {"link", it.Link}, {"title", it.Title}, {"published", moment(it.Published)},
			{"updated", moment(it.Updated)}, {"authors", strings.Join(it.Authors, " | ")}, {"tags", strings.Join(it.Tags, " | ")},
			{"outlet", it.Outlet}, {"outlet link", it.OutletLink}, {"image", it.Image}, {"name", it.Name}, {"category", it.Category.Slug + " " + it.Category.Title},
			{"base", it.Base}, {"summary", it.Summary}, {"body", it.Body},
		} {
			if strings.TrimSpace(f.value) != "" {
				fmt.Fprintf(&b, "  %s: %s\n", f.name, strings.ReplaceAll(strings.TrimSpace(f.value), "\n", "\n    "))
			}
		}
		for _, e := range it.Enclosures {
			fmt.Fprintf(&b, "  enclosure: %s %s %d\n", e.URL, e.Type, e.Length)
		}
	}
	if r.Hints != (feeds.Hints{}) {
		fmt.Fprintf(&b, "hints: %+v\n", r.Hints)
	}
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "fault: %s\n", f)
	}
	return b.String()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
