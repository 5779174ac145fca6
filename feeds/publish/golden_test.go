package publish

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is published now as what is expected")

// input is a golden case as testdata/golden/<case>/input.json holds it.
type input struct {
	Site struct {
		Title, URL, Language, Timezone string
	}
	Generator string
	Channel   feeds.Channel
}

func readInput(t testing.TB, folder string) (feeds.Site, feeds.Channel, string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, "input.json"))
	if err != nil {
		t.Fatal(err)
	}
	var in input
	if err := json.Unmarshal(content, &in); err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	zone, err := time.LoadLocation(in.Site.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	site := feeds.Site{Title: in.Site.Title, URL: in.Site.URL, Language: in.Site.Language, Location: zone}
	return site, in.Channel, in.Generator
}

// goldenFolders are the cases; to add one is to add a folder and run the test with -update.
func goldenFolders(t testing.TB) []string {
	t.Helper()
	folders, err := filepath.Glob("testdata/golden/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	return folders
}

// render returns the outputs of a case by name.
func render(t testing.TB, folder string) map[string][]byte {
	t.Helper()
	site, channel, generator := readInput(t, folder)
	return renderAll(t, Feeds(site, channel, generator))
}

func renderAll(t testing.TB, outputs []feeds.Output) map[string][]byte {
	t.Helper()
	rendered := map[string][]byte{}
	for _, output := range outputs {
		var b bytes.Buffer
		if err := output.Render(&b); err != nil {
			t.Fatalf("%s: %v", output.Name, err)
		}
		rendered[output.Name] = b.Bytes()
	}
	return rendered
}

func TestGolden(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			for name, got := range render(t, folder) {
				golden := filepath.Join(folder, name)
				if *update {
					if err := os.WriteFile(golden, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s (-expected +published):\n%s", name, diff)
				}
			}
		})
	}
}

func TestSameBytesTwice(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		first, second := render(t, folder), render(t, folder)
		for name := range first {
			if !bytes.Equal(first[name], second[name]) {
				t.Errorf("%s: %s differs from one rendering to the next", folder, name)
			}
		}
	}
}
