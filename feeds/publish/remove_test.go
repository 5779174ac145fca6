package publish

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// gone is an output that must not be there.
func gone(name string) feeds.Output { return feeds.Output{Name: name, Gone: true} }

// lay puts files under root as an earlier run or the operator left them.
func lay(t *testing.T, root string, names ...string) {
	t.Helper()
	for _, name := range names {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("撤下的消息"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// emptyFolders returns the folders under root that hold nothing.
func emptyFolders(t *testing.T, root string) []string {
	t.Helper()
	var empty []string
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if inside, err := os.ReadDir(path); err != nil || len(inside) == 0 {
			name, _ := filepath.Rel(root, path)
			empty = append(empty, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return empty
}

func TestWhatIsGoneIsRemoved(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "nongjinwang/2022/04/11/a.html", "nongjinwang/2022/04/11/a.html.gz", "nongjinwang/2022/04/10/b.html",
		"nongjinwang/2022/04/10/c.html", "xianyu/2021/12/31/d.html", "xianyu/2021/12/31/e.html", "old.xml", "old.xml.gz", "nongjinwang.txt")
	outputs := []feeds.Output{text("index.html", "首页"), gone("nongjinwang/2022/04/11/a.html"), gone("nongjinwang/2022/04/10/b.html"),
		gone("xianyu/2021/12/31/d.html"), gone("xianyu/2021/12/31/e.html"), gone("old.xml"), gone("xianyu/2020/01/01/never.html"), gone("never.html")}
	if got, want := write(t, root, outputs...), (Report{Written: 1, Removed: 5}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	want := []string{"index.html", "nongjinwang.txt", "nongjinwang/2022/04/10/c.html"}
	if diff := cmp.Diff(want, names(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"xianyu"}, emptyFolders(t, root)); diff != "" { // a category's folder stays
		t.Errorf("empty folders (-expected +there):\n%s", diff)
	}
	if got, want := write(t, root, outputs...), (Report{Unchanged: 1}); got != want {
		t.Errorf("the second time: report %+v, want %+v", got, want)
	}
}

// TestGoneAndWritten: an address that a living entry has is its own, in letters of either case.
func TestGoneAndWritten(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "nongjinwang/2022/04/11/NX20220411.html", "nongjinwang/2022/04/11/nx20220411.html.gz", "all.xml")
	got := write(t, root, text("nongjinwang/2022/04/11/nx20220411.html", "新的"), text("all.xml.gz", "压缩"),
		gone("nongjinwang/2022/04/11/nx20220411.html"), gone("nongjinwang/2022/04/11/NX20220411.html"), gone("all.xml"))
	if want := (Report{Written: 2, Removed: 1}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	want := map[string]string{"nongjinwang/2022/04/11/NX20220411.html": "撤下的消息", "nongjinwang/2022/04/11/nx20220411.html": "新的",
		"nongjinwang/2022/04/11/nx20220411.html.gz": "撤下的消息", "all.xml.gz": "压缩"}
	if diff := cmp.Diff(want, files(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
}

// TestRemovedAndWrittenAgain: the folder that went with its last page comes back with the next.
func TestRemovedAndWrittenAgain(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "xianyu/2022/04/11/a.html")
	got := write(t, root, gone("xianyu/2022/04/11/a.html"), text("xianyu/2022/04/11/b.html", "乙"), gone("xianyu/2022/04/11/b.html"))
	if want := (Report{Written: 1, Removed: 1}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	if diff := cmp.Diff([]string{"xianyu/2022/04/11/b.html"}, names(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
}

// TestNothingOutsideIsRemoved: neither by a name nor through a link.
func TestNothingOutsideIsRemoved(t *testing.T) {
	parent := t.TempDir()
	root, outside := filepath.Join(parent, "public"), filepath.Join(parent, "private")
	lay(t, root, "index.html")
	lay(t, outside, "2022/04/11/a.html", "b.html")
	for link, target := range map[string]string{"nongjinwang": outside, "b.html": filepath.Join(outside, "b.html")} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"../private/b.html", "a/../../private/b.html", filepath.Join(outside, "b.html"), "", "."} {
		if _, err := Write(root, sequence(gone(name)), Options{}); err == nil {
			t.Errorf("%q was taken for a name", name)
		}
	}
	got, err := Write(root, sequence(gone("nongjinwang/2022/04/11/a.html"), gone("b.html"), gone("index.html")), Options{})
	if err == nil || !strings.Contains(err.Error(), "nongjinwang/2022/04/11/a.html") || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("the error is %v; want it to name what could not be removed", err)
	}
	if want := (Report{Removed: 2, Failed: 1}); got != want { // the link went, and the index
		t.Errorf("report %+v, want %+v", got, want)
	}
	if diff := cmp.Diff([]string{"2022/04/11/a.html", "b.html"}, names(t, outside)); diff != "" {
		t.Errorf("outside (-expected +there):\n%s", diff)
	}
}

// TestLinkedFoldersStay: a folder of ours that the operator keeps on another disk is no empty folder of a date.
func TestLinkedFoldersStay(t *testing.T) {
	root := t.TempDir()
	lay(t, root, "store/04/11/a.html", "nongjinwang/x.html")
	if err := os.Symlink("../store", filepath.Join(root, "nongjinwang", "2022")); err != nil {
		t.Fatal(err)
	}
	if got, want := write(t, root, gone("nongjinwang/2022/04/11/a.html")), (Report{Removed: 1}); got != want {
		t.Errorf("report %+v, want %+v", got, want)
	}
	if _, err := os.Lstat(filepath.Join(root, "nongjinwang", "2022")); err != nil {
		t.Errorf("the link is gone: %v", err)
	}
}
