package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "finews.withounder.com/"

// rooms is the table of who may import what besides the standard library. A name without a dot in its first element
// is a room of ours; any other is a library, with all that is below it.
var rooms = map[string][]string{
	"feeds":          {},
	"feeds/catalog":  {"feeds", "go.yaml.in/yaml/v4", "golang.org/x/text", "github.com/andybalholm/cascadia", "github.com/tidwall/gjson", "github.com/google/renameio/v2"},
	"feeds/discover": {"feeds", "feeds/fetch", "feeds/parse"},
	"feeds/fetch":    {"feeds", "code.dny.dev/ssrf", "golang.org/x/time", "golang.org/x/sync", "golang.org/x/net"},
	"feeds/hub":      {"feeds", "feeds/fetch"},
	"feeds/markup":   {"golang.org/x/net"},
	"feeds/parse": {"feeds", "feeds/markup", "github.com/mmcdole/gofeed", "github.com/andybalholm/cascadia",
		"github.com/tidwall/gjson", "codeberg.org/readeck/go-readability/v2", "github.com/yuin/goldmark", "go.yaml.in/yaml/v4", "golang.org/x/net", "golang.org/x/text"},
	"feeds/route":           {"feeds", "github.com/mozillazg/go-pinyin", "golang.org/x/net"},
	"feeds/story":           {"feeds"},
	"feeds/poll":            {"feeds", "feeds/story", "feeds/fetch", "feeds/parse", "feeds/route", "sanitize", "storage", "golang.org/x/sync"},
	"feeds/publish":         {"feeds", "github.com/gorilla/feeds", "github.com/klauspost/compress"},
	"feeds/publish/conform": {},
	"sanitize":              {"feeds", "feeds/markup", "feeds/story", "github.com/microcosm-cc/bluemonday", "github.com/andybalholm/cascadia", "golang.org/x/net"},
	"storage":               {"feeds", "feeds/story", "modernc.org/sqlite", "github.com/klauspost/compress"},
	"web/browsertest":       {"github.com/chromedp"},
	"web/site":              {"feeds"},
	"web/server":            {"feeds"},
	"cmd/finews/demo":       {},
	"cmd/finews/bench":      {},
	"cmd/finews":            nil, // everything
}

// alone are the libraries that one room wraps, so that another can take their place.
var alone = map[string]string{
	"github.com/mmcdole/gofeed":          "feeds/parse",
	"github.com/gorilla/feeds":           "feeds/publish",
	"github.com/microcosm-cc/bluemonday": "sanitize",
	"modernc.org/sqlite":                 "storage",
	"github.com/spf13/cobra":             "cmd/finews",
	"github.com/chromedp":                "web/browsertest",
}

func TestImportsPointOneWay(t *testing.T) {
	listed := list(t)
	if len(listed) != len(rooms) {
		t.Errorf("%d packages, and %d rooms in the table", len(listed), len(rooms))
	}
	for room, imports := range listed {
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is a room that the table does not have", room)
		}
		for _, name := range imports {
			if name = strings.TrimPrefix(name, module); isStandard(name) {
				continue
			}
			for library, owner := range alone {
				if within(name, library) && room != owner {
					t.Errorf("%s imports %s, which %s alone may", room, name, owner)
				}
			}
			if allowed != nil && !slices.ContainsFunc(allowed, func(a string) bool { return allows(a, name) }) {
				t.Errorf("%s imports %s, which its row of the table does not name", room, name)
			}
		}
	}
}

// isStandard reports whether a name without our module's prefix is of the standard library: its first element has no
// dot, and it is no room of ours.
func isStandard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	_, ours := rooms[name]
	return !ours && !strings.Contains(first, ".")
}

// allows reports whether a word of the table allows the import: a room only itself, a library all below it.
func allows(word, name string) bool {
	_, room := rooms[word]
	return name == word || !room && within(name, word)
}

func within(name, library string) bool {
	return name == library || strings.HasPrefix(name, library+"/")
}

// list returns the imports of every package of the module, without those of tests.
func list(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	listed := map[string][]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		listed[strings.TrimPrefix(p.ImportPath, module)] = p.Imports
	}
	return listed
}

// TestTrustIsGivenInOnePlace holds the words of trust: feeds.SafeHTML is made in sanitize and in the row scan of
// storage, once each, and becomes template.HTML in web/site, once. It looks for conversions in every spelling, and for
// the ways around one: a literal given to a Body, and another name for the packages that hold the types.
func TestTrustIsGivenInOnePlace(t *testing.T) {
	want := map[string]int{"SafeHTML in sanitize": 1, "SafeHTML in storage": 1, "HTML in web/site": 1}
	got := map[string]int{}
	for _, file := range sources(t) {
		room := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(file, "../../")))
		parsed := parseFile(t, file)
		for _, spec := range parsed.Imports {
			if path := strings.Trim(spec.Path.Value, `"`); spec.Name != nil && (path == module+"feeds" || path == "html/template") {
				t.Errorf("%s imports %s by another name", file, path)
			}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if word := trusting(n); word != "" {
				got[word+" in "+room]++
			}
			return true
		})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conversions -want +got\n%s", diff)
	}
}

// trusted are the types whose values are believed.
var trusted = []string{"SafeHTML", "HTML", "JS", "CSS", "URL", "HTMLAttr", "JSStr", "Srcset"}

// trusting returns the type's name where n makes a value that is believed.
func trusting(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CallExpr:
		switch fun := n.Fun.(type) {
		case *ast.SelectorExpr:
			pkg, ok := fun.X.(*ast.Ident)
			if ok && (pkg.Name == "feeds" || pkg.Name == "template") && slices.Contains(trusted, fun.Sel.Name) {
				return fun.Sel.Name
			}
		case *ast.Ident:
			if fun.Name == "SafeHTML" {
				return fun.Name
			}
		}
	case *ast.KeyValueExpr:
		key, named := n.Key.(*ast.Ident)
		value, literal := n.Value.(*ast.BasicLit)
		if named && literal && key.Name == "Body" && value.Value != `""` {
			return "a literal Body"
		}
	}
	return ""
}

func parseFile(t *testing.T, file string) *ast.File {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// sources returns the Go files of the module that are no tests.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestEveryRoomSaysWhatItIsFor holds the package comments.
func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	said := map[string]bool{}
	for _, file := range sources(t) {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		room := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(file, "../../")))
		said[room] = said[room] || parsed.Doc != nil
	}
	for room := range rooms {
		if !said[room] {
			t.Errorf("%s has no package comment", room)
		}
	}
}
