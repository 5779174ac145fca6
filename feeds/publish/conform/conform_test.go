package conform

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	site = "https://finews.example"
	good = "testdata/good"
)

// broken is a good document with one thing wrong, as testdata/broken/<name, with dots for slashes>.txt holds it, one in a line.
type broken struct {
	name, from, to string
	words          string // of the fault
}

// brokenDocuments reads all of them; to add one is to add a line.
func brokenDocuments(t *testing.T) []broken {
	t.Helper()
	var all []broken
	for _, name := range goodNames(t) {
		table := filepath.Join("testdata", "broken", strings.ReplaceAll(name, "/", ".")+".txt")
		content, err := os.ReadFile(table)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			parts := strings.Split(strings.TrimSpace(line), "⇒")
			if len(parts) != 3 {
				t.Fatalf("%s: %q has not three parts", table, line)
			}
			all = append(all, broken{name, strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2])})
		}
	}
	return all
}

// content returns the document with what is wrong.
func (b broken) content(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(good, b.name))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(content, []byte(b.from)) {
		t.Fatalf("%s does not hold %q", b.name, b.from)
	}
	to := b.to
	if raw, err := strconv.Unquote(`"` + to + `"`); err == nil && strings.HasPrefix(to, `\x`) {
		to = raw // bytes that are no text
	}
	return bytes.ReplaceAll(content, []byte(b.from), []byte(to))
}

func goodNames(t *testing.T) []string {
	t.Helper()
	found, checked, err := Folder(site, os.DirFS(good))
	if err != nil || len(found) > 0 || len(checked) != 8 {
		t.Fatalf("the good documents: %d, %q, %v", len(checked), found, err)
	}
	return checked
}

func TestGoodDocuments(t *testing.T) {
	said, err := Lint(t.Context(), good, goodNames(t))
	if errors.Is(err, ErrNoLint) {
		t.Skip(err)
	}
	if err != nil || len(said) > 0 {
		t.Errorf("%q, %v", said, err)
	}
}

func TestBrokenDocuments(t *testing.T) {
	for _, b := range brokenDocuments(t) {
		found := Check(site, b.name, b.content(t))
		if !slices.ContainsFunc(found, func(fault string) bool { return strings.Contains(fault, b.words) }) {
			t.Errorf("%s with %q for %q: %q, and not %q", b.name, b.to, b.from, found, b.words)
		}
	}
}

// bounds are documents that are too large for a line of a table.
func bounds() map[string]string {
	place := func(n int) string { return fmt.Sprintf("<url><loc>%s/%d</loc></url>", site, n) }
	set := func(places string) string {
		return `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="` + sitemapNamespace + `">` + places + `</urlset>`
	}
	var many strings.Builder
	for n := range maxPlaces + 1 {
		many.WriteString(place(n))
	}
	return map[string]string{
		"it holds 50001 addresses, more than 50000": set(many.String()),
		"bytes, more than 52428800":                 set(place(1) + "<!--" + strings.Repeat("农", maxSitemap/3) + "-->"),
		"loc has 2":                                 set("<url><loc>" + site + "/" + strings.Repeat("a", maxPlace) + "</loc></url>"),
	}
}

func TestBounds(t *testing.T) {
	for words, content := range bounds() {
		found := Check(site, "sitemap-000001.xml", []byte(content))
		if len(found) != 1 || !strings.Contains(found[0], words) {
			t.Errorf("%q, and not %q", found, words)
		}
	}
}

// TestEachRuleIsSeenToFail: a rule that no broken document breaks may be one that nothing breaks.
func TestEachRuleIsSeenToFail(t *testing.T) {
	var found []string
	for _, b := range brokenDocuments(t) {
		found = append(found, Check(site, b.name, b.content(t))...)
	}
	for _, content := range bounds() {
		found = append(found, Check(site, "sitemap-000001.xml", []byte(content))...)
	}
	found = append(found, Check(site, "nongjinwang.json", []byte(`{}`))...)
	found = append(found, Check(site, "nongjinwang.atom", []byte(`<rss/>`))...)
	found = append(found, missing(site, "nongjinwang.xml", readGood(t, "nongjinwang.xml"), fstest.MapFS{})...)
	for format, place := range rules(t) {
		if !slices.ContainsFunc(found, pattern(format).MatchString) {
			t.Errorf("%s: no broken document is told %q", place, format)
		}
	}
}

// pattern matches what a format comes to.
func pattern(format string) *regexp.Regexp {
	verb := regexp.MustCompile(`%[a-z]`)
	return regexp.MustCompile("(?s)^" + verb.ReplaceAllString(regexp.QuoteMeta(format), ".*") + "$")
}

// rules returns the words of all calls of check, and where each is.
func rules(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found, set := map[string]string{}, token.NewFileSet()
	for _, name := range files {
		parsed, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			if method, ok := call.Fun.(*ast.SelectorExpr); ok && method.Sel.Name == "check" {
				if literal, ok := call.Args[1].(*ast.BasicLit); ok {
					format, _ := strconv.Unquote(literal.Value)
					found[format] = set.Position(call.Pos()).String()
				}
			}
			return true
		})
	}
	if len(found) < 60 {
		t.Fatalf("only %d rules", len(found))
	}
	return found
}

func readGood(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(good, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// A link of an archive that leads nowhere is a fault of the folder, and of no file alone.
func TestFolderMissesDocuments(t *testing.T) {
	const older = "archive/nongjinwang/000001.xml"
	files := fstest.MapFS{}
	for _, name := range goodNames(t) {
		files[name] = &fstest.MapFile{Data: readGood(t, name)}
	}
	files["category/nongjinwang.xml"] = &fstest.MapFile{Data: []byte("<不是订阅源")} // of no format that is checked
	delete(files, older)
	found, _, err := Folder(site, files)
	want := "archive/nongjinwang/000002.xml: prev-archive leads to " + site + "/" + older + ", which is not there"
	if err != nil || len(found) != 1 || found[0] != want {
		t.Errorf("%q, %v, want %q", found, err, want)
	}
}

// Each grammar refuses what its format does not allow.
func TestGrammarsRefuse(t *testing.T) {
	for name, change := range map[string][2]string{
		"nongjinwang.xml":   {"</channel>", ""},
		"nongjinwang.atom":  {"<author><name>李禾</name></author>", "<author><mail>李禾</mail></author>"},
		"feeds.opml":        {`type="rss"`, ""},
		"sitemap.xml":       {"<loc>https://finews.example/sitemap-pages.xml</loc>", ""},
		"sitemap-pages.xml": {"2022-04-11T10:46:17+08:00", "昨天"},
	} {
		content := bytes.ReplaceAll(readGood(t, name), []byte(change[0]), []byte(change[1]))
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		said, err := Lint(t.Context(), root, []string{name})
		if errors.Is(err, ErrNoLint) {
			t.Skip(err)
		}
		if err != nil || len(said) == 0 || !strings.Contains(strings.Join(said, "\n"), name) {
			t.Errorf("%s: %q, %v", name, said, err)
		}
	}
}

// Extensions of other namespaces stand where RFC 4287 section 6 allows them, and the grammar with it.
func TestAtomExtensions(t *testing.T) {
	root := t.TempDir()
	content := strings.ReplaceAll(string(readGood(t, "nongjinwang.atom")), "<icon>",
		`<x:more xmlns:x="https://x.example/" a="1"><x:deep><id xmlns="">农</id></x:deep></x:more><icon>`)
	if err := os.WriteFile(filepath.Join(root, "a.atom"), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	said, err := Lint(t.Context(), root, []string{"a.atom"})
	if errors.Is(err, ErrNoLint) {
		t.Skip(err)
	}
	if err != nil || len(said) > 0 {
		t.Errorf("%q, %v", said, err)
	}
}

func TestKinds(t *testing.T) {
	want := map[string]bool{
		"all.xml": true, "feed.xml": true, "all.atom": true, "all.json": true, "feeds.opml": true, "sitemap.xml": true, "sitemap-000001.xml": true,
		"archive/nongjinwang/000001.xml": true, "index.html": false, "category/a.xml": false, "all.xml.gz": false, "embed/a.json": false,
	}
	got := map[string]bool{}
	for name := range want {
		got[name] = Checks(name)
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if found := Check(site, "index.html", []byte("<")); found != nil {
		t.Errorf("a page: %q", found)
	}
}
