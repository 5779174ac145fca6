package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"finews.withounder.com/feeds"
)

// jekyllTitles and jekyllBodies are what YAML, Liquid or kramdown read as something else than text.
var (
	jekyllTitles = []string{
		"\"\n---\nlayout: x", "农信社: # 注", "!ruby/object:X 农信社", "*农信社*", "&a 农信社", "%TAG 农信社", "@农信社", "`农信社`", "- 农信社", "{% include x %}农信社",
		"农信社{{ site.title }}{% endraw %}", "“农信社” \"三农\" '三农' \\", "农信社\u0085\u2028---", "[农信社](https://boese.example)", "~", "2022-04-11",
	}
	jekyllBodies = []string{
		"<p>{% include x %}{{ site.title }}{% endraw %}{% raw %}</p>", "<p>{::options parse_block_html=\"true\" /}{::comment}{:/}{:/nomarkdown}{:toc}</p>",
		"<p>*斜* _斜_ **粗** `码` ~~删~~ ==标== \\* \\\\ [^1] [链接](https://boese.example) ![图](https://boese.example/x.png)</p>",
		"<p>$$x^2$$ \\\\(x\\\\) &lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &amp;#123; \"引\" '引' -- --- ... &lt;&lt; 农 &gt;&gt;</p>",
		"<pre>一\n\n    二\n\n---\n* 三\n# 四\n&lt;b&gt;</pre><p>后</p>", "<p>前</p>\n\n    四个空格\n\n<p>后</p>\n\n---\n\n# 后\n\n> 后",
		"<table><tbody><tr><td>| 玉米 |</td><td>*2.31*</td></tr><tr><td>---</td><td>1 | 2</td></tr></tbody></table>",
		"<ul><li>1. 一</li><li>- 二\n\n- 三</li></ul><ol><li>+ 四</li></ol>", "<p>一<br>二  \n三<br/><img src=\"https://img.example/a_b_c.png?a=1&amp;b=*\" alt=\"*图* {{ x }}\n\n图\"></p>",
		"<blockquote><p>&gt; 引</p></blockquote><p>[一]: https://boese.example \"二\"</p><p>*[缩写]: 三</p>", "<p>: 定义</p><p>{: .class #id}</p><p>^</p><p>a\n: b</p>",
		"纯文字，没有标签。\n\n* 一\n* 二", "<p>a</p></div></main><p>b</p>", "<p>\r\n一\r二</p><p title=\"\r\n\">三</p><h2>标题 {#id}</h2>",
	}
)

// TestFault54: the front matter of a post says the title that the source sent, to Ruby's YAML and to Go's, and a real Jekyll shows title
// and body as text, whatever Liquid, kramdown and YAML would read in them.
func TestFault54(t *testing.T) {
	p := newPlight(t)
	var items []hostileItem
	for i := range max(len(jekyllTitles), len(jekyllBodies)) {
		title := fmt.Sprintf("%s（%d）", jekyllTitles[i%len(jekyllTitles)], i)
		items = append(items, hostileItem{title: title, body: jekyllBodies[i%len(jekyllBodies)]})
	}
	for _, title := range jekyllTitles { // just so, too
		items = append(items, hostileItem{title: title, body: "<p>农商行" + title + "</p>"})
	}
	sent := hostileRSS(items)
	p.answer = says(sent.contentType, sent.document)
	p.brings(len(items) + 1)
	public := p.path("public")
	if code, told := p.run("publish", "--posts", "--out", public); code != exitWell {
		t.Fatalf("exit %d: %s", code, told)
	}
	entries := shownIn(t, p.path("feeds.yaml"), p.path("finews.db"))
	if len(entries) < len(items) {
		t.Fatalf("%d entries of %d items", len(entries), len(items))
	}
	titles := rubyTitles(t, public)
	for _, e := range entries {
		name := postOf(e)
		if titles[filepath.Base(name)] != e.Title {
			t.Errorf("Ruby reads the title %q, want %q", titles[filepath.Base(name)], e.Title)
		}
		var matter struct{ Title, Layout string }
		text := read(t, filepath.Join(public, name))
		if err := yaml.Unmarshal([]byte(strings.Split(text, "---\n")[1]), &matter); err != nil || matter.Title != e.Title || matter.Layout != "post" {
			t.Errorf("Go reads %+v, want the title %q: %v", matter, e.Title, err)
		}
	}
	readPost(t, p.path("feeds.yaml"), public, entries)
	built := jekyll(t, public)
	for _, e := range entries {
		builtAs(t, built, e)
	}
}

// postOf returns the name of the post of an entry which is the first of its name.
func postOf(e feeds.Entry) string {
	parts := strings.Split(strings.TrimSuffix(e.Path, ".html"), "/")
	return "_posts/" + strings.Join(parts[1:], "-") + ".md"
}

// oddCategories are what posts may say that their category is, and the old addresses that are kept of its page and of a post called NX1:
// of those that are none for a file system, or are those of other files, none.
var oddCategories = []struct {
	yaml string
	kept []string
}{
	{`nongjinwang`, nil},
	{`21shijijingjibaodao 21caijingAPP`, []string{
		"21shijijingjibaodao/21caijingapp/2022/04/11/%s.html", "21shijijingjibaodao 21caijingapp/2022/04/11/%s.html"}},
	{`["农村金融（时报）"]`, []string{"category/农村金融（时报）.html", "农村金融（时报）/2022/04/11/%s.html"}},
	{`"../../etc/x"`, nil}, {`"a/b"`, nil}, {`"/etc/x"`, nil}, {`"a\\b"`, nil}, {`"a\0b"`, nil}, {`".."`, nil}, {`"a/../../../b"`, nil}, {`CON`, nil}, {`"nul.html x"`, nil},
	{`Nongjinwang`, nil}, {`NONGJINWANG`, nil}, {`index`, nil}, {`embed`, nil}, {`"_posts a"`, []string{"category/_posts a.html"}}, {`all.xml`, []string{"category/all.xml.html"}},
	{`"nongjinwang x.html"`, []string{"category/nongjinwang x.html.html"}}, {strings.Repeat("农", 100), nil}, {strings.Repeat("a", 300), nil}, {`" .git"`, nil}, {`".htaccess"`, nil},
	{`"21SHIJIJINGJIBAODAO 21CAIJINGAPP"`, []string{"category/21SHIJIJINGJIBAODAO 21CAIJINGAPP.html", // and not that of the other: it is the same file for some systems
		"21shijijingjibaodao/21caijingapp/2022/04/11/%s.html", "21shijijingjibaodao 21caijingapp/2022/04/11/%s.html"}},
}

// oddNames are what posts may be called.
var oddNames = []string{"CON", "nul.x", "..", "a..b", "-", "_x", "农信社", "a b", "NX1.html", "nx0", "a;b'\"`$(x)", "a\\b", "a\x01b",
	strings.Repeat("a", 200), "x-0123456789abcdef"}

// TestFault55: no category and no file name of a post leads out of the folder, takes the place of another file, or stops a run.
func TestFault55(t *testing.T) {
	posts := map[string]string{}
	for i, c := range oddCategories {
		posts[fmt.Sprintf("2022-04-11-NX%d.md", i)] = c.yaml
	}
	for _, name := range oddNames {
		posts["2022-04-11-"+name+".md"] = "nongjinwang"
	}
	more := map[string]string{"2022-04-11-NX0.md": "puhui", "2022-04-11-nx1.md": "puhui"}
	folder, _ := movedIn(t, posts, more)
	entries := shownIn(t, filepath.Join(folder, "feeds.yaml"), filepath.Join(folder, "finews.db"))
	if want := len(posts) + len(more); len(entries) != want {
		t.Errorf("%d entries, want %d", len(entries), want)
	}
	for _, name := range filesIn(t, folder, "public") {
		base, _, _ := strings.Cut(name, "/")
		if !slices.Contains([]string{"_posts", "more", "feeds.yaml", "printed", "finews.db", "finews.db-wal", "finews.db-shm", "finews.db.lock"}, base) {
			t.Errorf("%s was written outside of the output folder", name)
		}
	}
	there := filesIn(t, filepath.Join(folder, "public"), "")
	fileNames(t, there)
	written := 0
	for _, name := range there {
		if strings.HasPrefix(name, "_posts/") {
			written++
		}
	}
	if written != len(entries) {
		t.Errorf("%d posts of %d entries", written, len(entries))
	}
	for _, e := range entries {
		if !slices.Contains(there, e.Path) {
			t.Errorf("%s has no page", e.Path)
		}
	}
	keptAddresses(t, filepath.Join(folder, "public"), there)
}

// fileNames asserts that every system takes the names for those of different files.
func fileNames(t *testing.T, names []string) {
	t.Helper()
	folded := map[string]string{}
	for _, name := range names {
		if name == ".finews" { // no upstream has a part in it
			continue
		}
		small := strings.ToLower(name)
		if other := folded[small]; other != "" {
			t.Errorf("%s and %s are one file for some systems", name, other)
		}
		folded[small] = name
		for part := range strings.SplitSeq(name, "/") {
			if !feeds.IsFileName(part) {
				t.Errorf("%q of %q is no file name for some systems", part, name)
			}
		}
	}
}

// keptAddresses asserts that the old addresses of oddCategories are kept, and no others.
func keptAddresses(t *testing.T, public string, there []string) {
	t.Helper()
	kept := map[string]bool{}
	for i, c := range oddCategories {
		for _, name := range c.kept {
			name = strings.ReplaceAll(name, "%s", fmt.Sprintf("NX%d", i))
			kept[name] = true
			if !slices.Contains(there, name) {
				t.Errorf("the old address %s of %s leads nowhere", name, c.yaml)
			}
		}
	}
	for _, name := range there {
		if !strings.HasSuffix(name, ".html") || kept[name] {
			continue
		}
		if strings.Contains(read(t, filepath.Join(public, name)), `http-equiv="refresh"`) {
			t.Errorf("%s is an old address that was not to be kept", name)
		}
	}
}

// writePosts writes posts of the categories, by name.
func writePosts(t *testing.T, folder, name string, posts map[string]string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
		t.Fatal(err)
	}
	for file, category := range posts {
		text := fmt.Sprintf("---\nlayout: post\ntitle: %q\ndate: 2022-04-11 10:46:17 +0800\ncategories: %s\ntags: 农金网新闻\n---\n<p>%s的农商行消息。</p>\n\n<https://nongjin.example/%x>\n",
			"农商行"+filepath.Base(file), category, name, name+file)
		if err := os.WriteFile(filepath.Join(folder, name, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// filesIn returns the names of the files below a folder, without those below skip.
func filesIn(t *testing.T, folder, skip string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name == skip {
			return fs.SkipDir
		}
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
