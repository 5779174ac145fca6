package publish

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMark: a mark is read where it is whole and the folder holds what every publication writes.
func TestMark(t *testing.T) {
	root := filepath.Join(t.TempDir(), "public")
	if got := ReadMark(root); got != "" {
		t.Errorf("a folder that is not there has the mark %q", got)
	}
	mark := strings.Repeat("0123456789abcdef", 2)
	if err := WriteMark(root, mark); err != nil {
		t.Fatal(err)
	}
	if got := ReadMark(root); got != "" {
		t.Errorf("a folder without a page has the mark %q", got)
	}
	if _, err := Write(root, sequence(text("all.json", "{}"), text("index.html", "首页"), text("category/index.html", "栏目"), text(styleName, "*{}")), Options{}); err != nil {
		t.Fatal(err)
	}
	if got := ReadMark(root); got != mark {
		t.Errorf("the mark is %q, not %q", got, mark)
	}
	for name, content := range map[string]string{"empty": "", "short": "0123456789abcdef\n", "capitals": strings.ToUpper(mark), "far": strings.Repeat("甲", 5000) + "\n" + mark} {
		if err := os.WriteFile(filepath.Join(root, markName), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := ReadMark(root); got != "" {
			t.Errorf("%s: the mark is %q", name, got)
		}
	}
	if err := WriteMark(root, "../../etc/passwd"); err == nil {
		t.Error("what is no mark is written")
	}
}
