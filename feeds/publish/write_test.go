package publish

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// text is an output of that content.
func text(name, content string) feeds.Output {
	return feeds.Output{Name: name, Render: func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}}
}

// failing is an output that writes half of itself and fails.
func failing(name string) feeds.Output {
	return feeds.Output{Name: name, Render: func(w io.Writer) error {
		fmt.Fprint(w, "半个")
		return errors.New("模板坏了")
	}}
}

func sequence(outputs ...feeds.Output) iter.Seq2[feeds.Output, error] {
	return func(yield func(feeds.Output, error) bool) {
		for _, output := range outputs {
			if !yield(output, nil) {
				return
			}
		}
	}
}

func write(t *testing.T, root string, outputs ...feeds.Output) Report {
	t.Helper()
	report, err := Write(root, sequence(outputs...), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// files returns the content of every file under root by name.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(root, name))
		found[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func names(t *testing.T, root string) []string { return slices.Sorted(maps.Keys(files(t, root))) }

func gunzip(t *testing.T, zipped string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("the gzip header names a time or a file: %v %q", z.ModTime, z.Name)
	}
	return string(plain)
}

func TestWritePutsFilesAndGzip(t *testing.T) {
	root := filepath.Join(t.TempDir(), "公开", "public")
	got := write(t, root,
		text("nongjinwang.xml", "<rss>农金网</rss>"), text("nongjinwang/2022/04/11/a.html", "<p>正文</p>"),
		text("embed/nongjinwang.html", "<ul></ul>"), text("embed.js", "'农'"), text("all.atom", "<feed/>"), text("all.json", "{}"))
	if want := (Report{Written: 6}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	want := []string{"all.atom", "all.atom.gz", "all.json", "all.json.gz", "embed.js", "embed.js.gz", "embed/nongjinwang.html",
		"embed/nongjinwang.html.gz", "nongjinwang.xml", "nongjinwang.xml.gz", "nongjinwang/2022/04/11/a.html"}
	if diff := cmp.Diff(want, names(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
	there := files(t, root)
	for _, name := range want {
		if plain, ok := strings.CutSuffix(name, ".gz"); ok && gunzip(t, there[name]) != there[plain] {
			t.Errorf("%s does not hold what %s does", name, plain)
		}
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s: %v, %v; want it readable by the web server", name, info.Mode(), err)
		}
	}
}

func TestSecondWriteTouchesNoFile(t *testing.T) {
	root := t.TempDir()
	site, channel, generator := readInput(t, "testdata/golden/category")
	outputs := Feeds(site, channel, nil, generator)
	outputs = append(outputs, text("index.html", "<p>首页</p>"))
	write(t, root, outputs...)
	before := map[string]os.FileInfo{}
	long := time.Date(2022, 4, 11, 0, 0, 0, 0, time.UTC)
	for _, name := range names(t, root) {
		file := filepath.Join(root, name)
		if err := os.Chtimes(file, long, long); err != nil {
			t.Fatal(err)
		}
		before[name], _ = os.Stat(file)
	}
	got := write(t, root, outputs...)
	if want := (Report{Unchanged: 4}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	for name, old := range before {
		now, err := os.Stat(filepath.Join(root, name))
		if err != nil || !now.ModTime().Equal(old.ModTime()) || !os.SameFile(now, old) {
			t.Errorf("%s was written again (%v)", name, err)
		}
	}
}

func TestWriteReplacesWhatDiffers(t *testing.T) {
	root := t.TempDir()
	write(t, root, text("a.xml", "<旧/>"), text("b.html", "乙"))
	reader, err := os.Open(filepath.Join(root, "a.xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if got, want := write(t, root, text("a.xml", "<新/>"), text("b.html", "乙")), (Report{Written: 1, Unchanged: 1}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	there := files(t, root)
	if there["a.xml"] != "<新/>" || gunzip(t, there["a.xml.gz"]) != "<新/>" {
		t.Errorf("a.xml holds %q, its .gz %q", there["a.xml"], gunzip(t, there["a.xml.gz"]))
	}
	if old, err := io.ReadAll(reader); err != nil || string(old) != "<旧/>" {
		t.Errorf("a reader of the old file got %q, %v: it was written in place", old, err)
	}
}

func TestStaleGzipIsMended(t *testing.T) {
	output := text("a.json", `{"名":"农金网"}`)
	for title, spoil := range map[string]func(file string) error{
		"missing":   os.Remove,
		"truncated": func(file string) error { return os.Truncate(file, 20) },
		"empty":     func(file string) error { return os.Truncate(file, 0) },
		"older":     func(file string) error { return os.WriteFile(file, zip(t, `{"名":"旧的"}`), 0o644) },
	} {
		t.Run(title, func(t *testing.T) {
			root := t.TempDir()
			write(t, root, output)
			if err := spoil(filepath.Join(root, "a.json.gz")); err != nil {
				t.Fatal(err)
			}
			if got, want := write(t, root, output), (Report{Written: 1}); got != want {
				t.Errorf("report %+v, want %+v", got, want)
			}
			if there := files(t, root); gunzip(t, there["a.json.gz"]) != there["a.json"] {
				t.Error("the .gz is still out of step")
			}
		})
	}
}

func zip(t *testing.T, plain string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, plain); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFailedRenderKeepsTheOldFile(t *testing.T) {
	root := t.TempDir()
	write(t, root, text("a.xml", "<旧/>"))
	before := files(t, root)
	got, err := Write(root, sequence(failing("a.xml"), text("b.html", "乙")), Options{})
	if err == nil || !strings.Contains(err.Error(), "a.xml") || !strings.Contains(err.Error(), "模板坏了") {
		t.Errorf("the error is %v; want it to name a.xml and the cause", err)
	}
	if want := (Report{Written: 1, Failed: 1}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	before["b.html"] = "乙"
	if diff := cmp.Diff(before, files(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
}

func TestManyFailuresAreCounted(t *testing.T) {
	var outputs []feeds.Output
	for i := range 25 {
		outputs = append(outputs, failing(fmt.Sprintf("%d.html", i)))
	}
	got, err := Write(t.TempDir(), sequence(outputs...), Options{})
	if got.Failed != 25 || err == nil || strings.Count(err.Error(), "render:") != maxFailures || !strings.Contains(err.Error(), "15 more") {
		t.Errorf("%d failed, error %v", got.Failed, err)
	}
}

func TestWriteStopsAtTheErrorOfItsOutputs(t *testing.T) {
	root, broken := t.TempDir(), errors.New("数据库读不了")
	got, err := Write(root, func(yield func(feeds.Output, error) bool) {
		_ = yield(text("a.html", "甲"), nil) && yield(feeds.Output{}, broken) && yield(text("b.html", "乙"), nil)
	}, Options{})
	if !errors.Is(err, broken) || got.Written != 1 {
		t.Errorf("report %+v, error %v", got, err)
	}
	if diff := cmp.Diff([]string{"a.html"}, names(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../a.xml", "a/../../b", "/etc/a", "a//b", "a/", "./a", `a\b`, "a\x00b", "农\xff"} {
		parent := t.TempDir()
		root := filepath.Join(parent, "public")
		if _, err := Write(root, sequence(text(name, "出界")), Options{}); err == nil {
			t.Errorf("%q was written", name)
		}
		if there := names(t, parent); len(there) != 0 {
			t.Errorf("%q left %v", name, there)
		}
	}
}

func TestLinksOutOfTheFolderAreNotFollowed(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(root, "embed")); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(root, sequence(text("embed/a.html", "出界")), Options{}); err == nil {
		t.Error("a file was written through a link that leaves the folder")
	}
	if there := names(t, outside); len(there) != 0 {
		t.Errorf("outside are %v", there)
	}
}

func TestOneNameTwice(t *testing.T) {
	for _, second := range []string{"a.xml", "a.xml.gz"} {
		_, err := Write(t.TempDir(), sequence(text("a.xml", "甲"), text(second, "乙")), Options{})
		if err == nil || !strings.Contains(err.Error(), second) {
			t.Errorf("a.xml and %s: error %v", second, err)
		}
	}
}

// TestFailedReplacementLeavesNothing puts a folder where a file must be: the last step, the rename, fails.
func TestFailedReplacementLeavesNothing(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "a.html"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(root, sequence(text("a.html", "甲")), Options{}); err == nil || !strings.Contains(err.Error(), "publish a.html") {
		t.Errorf("error %v; want it to name the output", err)
	}
	if there := names(t, root); len(there) != 0 {
		t.Errorf("left behind: %v", there)
	}
}

// TestFolderThatTakesNoFile puts a file where a folder must be, which stops a tester with all rights too.
func TestFolderThatTakesNoFile(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "nongjinwang"), []byte("文件"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Write(root, sequence(text("nongjinwang/a.html", "甲")), Options{})
	if err == nil || !strings.Contains(err.Error(), "publish nongjinwang/a.html") {
		t.Errorf("error %v; want it to name the output", err)
	}
	if diff := cmp.Diff([]string{"nongjinwang"}, names(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
}
