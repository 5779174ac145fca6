package demo

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// longAgo is a time that no write gives a file.
var longAgo = time.Date(2021, 12, 1, 13, 33, 50, 0, time.UTC)

// age gives every file under dir the time longAgo and returns their names.
func age(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, filepath.ToSlash(name))
		if err != nil {
			return err
		}
		return os.Chtimes(path, longAgo, longAgo)
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestWriteConfigTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "演示")
	path, err := WriteConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "feeds.yaml"); path != want {
		t.Errorf("the path is %s, want %s", path, want)
	}
	want := []string{
		"_posts/-NX202604211030450009.md",
		"_posts/2026-04-15-NX202604150800030003.md",
		"_posts/2026-05-06-NX202605061415520007.md",
		"_posts/2026-06-12-NX202606120930110001.md",
		"feeds.yaml",
	}
	if diff := cmp.Diff(want, age(t, dir)); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	if _, err := WriteConfig(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range want {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !info.ModTime().Equal(longAgo) {
			t.Errorf("%s was written again", name)
		}
	}
}

func TestWriteConfigMendsAChangedFile(t *testing.T) {
	dir := t.TempDir()
	path, err := WriteConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("site: {title: 改过}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteConfig(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("feeds.yaml (-want +got):\n%s", diff)
	}
}

func TestWriteConfigSaysWhereItFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "文件")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteConfig(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("the error is %v, want one that names %s", err, file)
	}
}

func TestMeantToFail(t *testing.T) {
	for name, want := range map[string]bool{"故障：压缩炸弹": true, "乡村金融观察": false, "清除故障日报": false, "": false} {
		if got := MeantToFail(name); got != want {
			t.Errorf("MeantToFail(%q) = %v, want %v", name, got, want)
		}
	}
}
