package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/storage"
)

// jekyllSite are the files of a site like the predecessor's, by name. Its kramdown reads Markdown within HTML where it is let.
var jekyllSite = map[string]string{
	"_config.yml": "title: 旧站\ntimezone: Asia/Shanghai\nfuture: true\npermalink: /:categories/:year/:month/:day/:title.html\n" +
		"kramdown: {parse_block_html: true, auto_ids: true}\n",
	"_layouts/post.html": `<!doctype html><html><head><title>{{ page.title | escape }}</title></head><body><main>{{ content }}</main></body></html>`,
	"category/nongjinwang.html": "---\n---\n" + `<!doctype html><html><body><ul>{% for post in site.categories.nongjinwang %}` +
		`<li><a href="{{ post.url }}">{{ post.title | escape }}</a></li>{% endfor %}</ul></body></html>`,
}

// jekyll builds the site with the posts of a published folder, and returns the folder of what was built.
func jekyll(t *testing.T, published string) string {
	t.Helper()
	if _, err := exec.LookPath("jekyll"); err != nil {
		t.Skip("there is no jekyll to build the posts with")
	}
	folder := t.TempDir()
	for name, content := range jekyllSite {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(folder, "_posts"), os.DirFS(filepath.Join(published, "_posts"))); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("jekyll", "build", "--strict_front_matter", "--disable-disk-cache", "--source", folder, "--destination", filepath.Join(folder, "built"))
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "Warning") || strings.Contains(string(out), "Error") {
		t.Fatalf("jekyll: %v\n%s", err, out)
	}
	return filepath.Join(folder, "built")
}

// builtAs asserts that Jekyll made of an entry what it is: its title as text, and its body with nothing added, taken away or read
// as markup that it is not, at the address of our page.
func builtAs(t *testing.T, built string, e feeds.Entry) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(built, filepath.FromSlash(e.Path)))
	if err != nil {
		t.Errorf("%s has no page: %v", e.Title, err)
		return
	}
	root, err := xhtml.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	for node := range root.Descendants() {
		switch node.Data {
		case "title":
			if got := textOf(node); got != e.Title {
				t.Errorf("the title is %q, want %q", got, e.Title)
			}
		case "main":
			want := rendered(t, string(e.Body)+"<p>（文章来源："+xhtml.EscapeString(e.Outlet)+"）</p>")
			block := node.FirstChild
			for block.Type != xhtml.ElementNode {
				block = block.NextSibling
			}
			if got := inside(t, block); got != want {
				t.Errorf("%s: the body is\n%s\nwant\n%s", e.Title, got, want)
			}
		}
	}
}

// rendered returns HTML as a parser understands it.
func rendered(t *testing.T, body string) string {
	t.Helper()
	root, err := xhtml.Parse(strings.NewReader("<body><div>" + body + "</div>"))
	if err != nil {
		t.Fatal(err)
	}
	return inside(t, root.FirstChild.LastChild.FirstChild)
}

func inside(t *testing.T, node *xhtml.Node) string {
	t.Helper()
	var b strings.Builder
	for child := range node.ChildNodes() {
		if err := xhtml.Render(&b, child); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// demoPosts runs the demo, publishes its posts too, and returns the folder of all that and the entries that are shown.
func demoPosts(t *testing.T) (folder string, entries []feeds.Entry) {
	t.Helper()
	folder = t.TempDir()
	database, out := filepath.Join(folder, "finews.db"), filepath.Join(folder, "public")
	runIn(t, folder, "demo", "--once", "--db", database, "--out", out)
	runIn(t, folder, "publish", "--posts", "--config", database+".demo/feeds.yaml", "--db", database, "--out", out)
	return folder, shownIn(t, database+".demo/feeds.yaml", database)
}

// runIn runs a command of finews, which ends well, and returns what it printed.
func runIn(t *testing.T, folder string, words ...string) string {
	t.Helper()
	printed, err := os.Create(filepath.Join(folder, "printed"))
	if err != nil {
		t.Fatal(err)
	}
	defer printed.Close()
	code := program{stdout: printed, stderr: printed, getenv: os.Getenv, arguments: words}.run(t.Context())
	told := read(t, printed.Name())
	if code != exitWell {
		t.Fatalf("finews %s ended with %d:\n%s", words[0], code, told)
	}
	return told
}

// shownIn returns the entries of a store as their pages show them.
func shownIn(t *testing.T, config, database string) (entries []feeds.Entry) {
	t.Helper()
	catalogue, err := catalog.Load(config, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.OpenToRead(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	declared := func(slug string) feeds.Category {
		for _, c := range catalogue.Categories {
			if c.Slug == slug {
				return c
			}
		}
		return feeds.Category{Slug: slug}
	}
	for e, err := range store.Filed(t.Context(), 0, declared) {
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Categories) > 0 {
			entries = append(entries, e)
		}
	}
	return entries
}

// TestJekyllBuildsPosts: a real Jekyll makes of the demo's posts a page for each entry, at the address of ours, and lists each in the
// page of its category.
func TestJekyllBuildsPosts(t *testing.T) {
	folder, entries := demoPosts(t)
	built := jekyll(t, filepath.Join(folder, "public"))
	list := read(t, filepath.Join(built, "category/nongjinwang.html"))
	listed := 0
	for _, e := range entries {
		builtAs(t, built, e)
		line := fmt.Sprintf(`<a href="/%s">%s</a>`, e.Path, strings.NewReplacer("&#34;", "&quot;").Replace(xhtml.EscapeString(e.Title)))
		if slices.Contains(e.Categories, "nongjinwang") {
			listed++
			if !strings.Contains(list, line) {
				t.Errorf("the page of nongjinwang does not list %s:\n%s", line, list)
			}
		}
	}
	if n := strings.Count(list, "<li>"); n != listed || listed < 5 || len(entries) < 20 {
		t.Errorf("the page of nongjinwang lists %d posts, want %d; there are %d entries", n, listed, len(entries))
	}
}

// said is what a post has to keep.
type said struct {
	Title, Link, Outlet, Category, Path, Text, Published string
	Enclosures                                           []feeds.Enclosure
}

func saidOf(entries []feeds.Entry) map[string]said {
	all := map[string]said{}
	for _, e := range entries {
		all[e.Path] = said{e.Title, feeds.CanonicalLink(e.Link), e.Outlet, e.Categories[0], e.Path, e.Body.Text(), e.Published.UTC().String(), e.Enclosures}
	}
	return all
}

// rubyTitles returns the titles of the posts of a published folder as Jekyll's YAML reads them, by the name of the file.
func rubyTitles(t *testing.T, published string) map[string]string {
	t.Helper()
	if _, err := exec.LookPath("ruby"); err != nil {
		t.Skip("there is no ruby, which jekyll brings")
	}
	const script = `puts JSON.generate(Dir.children(ARGV[0]).to_h { |n|
		[n, YAML.safe_load(File.read(File.join(ARGV[0], n), encoding: "UTF-8").split("---\n")[1], permitted_classes: [Time]).fetch("title")] })`
	out, err := exec.Command("ruby", "-rjson", "-ryaml", "-e", script, filepath.Join(published, "_posts")).Output()
	if err != nil {
		t.Fatalf("ruby: %v", err)
	}
	var titles map[string]string
	if err := json.Unmarshal(out, &titles); err != nil {
		t.Fatal(err)
	}
	return titles
}
