package publish

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSweep: what a killed run left at the top goes with the next run; what is not named just so is the operator's.
func TestSweep(t *testing.T) {
	root := t.TempDir()
	lay(t, root, ".finews-0123456789abcdef.tmp", ".finews-ffffffffffffffff.tmp")
	stays := []string{".DS_Store", ".finews", ".finews-0123456789ABCDEF.tmp", ".finews-0123456789abcdef.tmp~", ".finews-123.tmp", ".finews.tmp", ".git/HEAD",
		".htaccess", ".index.html2022041110461742", ".nongjinwang.xml.swp", ".well-known/security.txt", "finews-0123456789abcdef.tmp",
		"nongjinwang/.finews-0123456789abcdef.tmp", "农金.tmp", "手册.html"}
	lay(t, root, stays...)
	lay(t, root, ".finews-00000000000000aa.tmp/农金.html") // a folder
	if err := os.Symlink("手册.html", filepath.Join(root, ".finews-00000000000000bb.tmp")); err != nil {
		t.Fatal(err)
	}
	write(t, root)
	stays = append([]string{".DS_Store", ".finews", ".finews-00000000000000aa.tmp/农金.html", ".finews-00000000000000bb.tmp"}, stays[2:]...)
	if diff := cmp.Diff(stays, names(t, root)); diff != "" {
		t.Errorf("files (-expected +there):\n%s", diff)
	}
}

// TestSweepIsBounded: a folder of so many leftovers is no folder of ours; the rest goes with the next runs.
func TestSweepIsBounded(t *testing.T) {
	root := t.TempDir()
	folder, err := os.OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for range sweepMost + 1001 {
		left, err := newTemporary(folder, "a.xml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := left.file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	write(t, root)
	if n := len(names(t, root)); n == 0 || n > 1001 {
		t.Errorf("%d files are left", n)
	}
	write(t, root)
	if left := names(t, root); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}
