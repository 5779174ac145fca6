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
		Title, URL, Language, Timezone, Hub string
	}
	Generator string
	Titles    map[string]string // of the categories that are published, by slug
	Archive   int               // number of the archive document that holds the entries too; 0: none
	Channel   feeds.Channel
}

func (in input) title(slug string) string { return in.Titles[slug] }

func (in input) site(t testing.TB) feeds.Site {
	t.Helper()
	zone, err := time.LoadLocation(in.Site.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	return feeds.Site{Title: in.Site.Title, URL: in.Site.URL, Language: in.Site.Language, Location: zone, Hub: in.Site.Hub}
}

// outputs are all documents of the case.
func (in input) outputs(t testing.TB) []feeds.Output {
	t.Helper()
	outputs := Feeds(in.site(t), in.Channel, in.title, in.Generator)
	if in.Archive > 0 {
		outputs = append(outputs, Archive(in.site(t), in.Channel, in.Archive, in.title, in.Generator))
	}
	return outputs
}

func readCase(t testing.TB, folder string) input {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, "input.json"))
	if err != nil {
		t.Fatal(err)
	}
	var in input
	if err := json.Unmarshal(content, &in); err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	return in
}

// readInput returns the site, channel and generator of a case.
func readInput(t testing.TB, folder string) (feeds.Site, feeds.Channel, string) {
	t.Helper()
	in := readCase(t, folder)
	return in.site(t), in.Channel, in.Generator
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
	return renderAll(t, readCase(t, folder).outputs(t))
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
					if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
						t.Fatal(err)
					}
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
