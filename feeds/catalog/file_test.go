package catalog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

const smallCatalogue = "# 目录\nsite: {title: 农金消息, url: \"https://finews.example\", timezone: UTC}\nevery: 20m\nsources:\n  - {name: 县域金融, url: \"https://county.example/rss.xml\"}\n"

// openSmall writes a small catalogue and opens it.
func openSmall(t *testing.T) (path string, f File) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "目录.yaml")
	if err := os.WriteFile(path, []byte(smallCatalogue), 0o640); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, environment)
	if err != nil {
		t.Fatal(err)
	}
	return path, f
}

var express = []feeds.Source{{Name: "快讯", Kind: feeds.KindFeed, URL: "https://news.example/rss.xml"}}

func TestAddKeepsModeAndLink(t *testing.T) {
	path, _ := openSmall(t)
	if err := os.Chmod(path, 0o604); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "feeds.yaml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	f, err := Open(link, environment)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Add(express); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o604 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if got := string(read(t, path)); got != smallCatalogue+Lines(express) {
		t.Errorf("got\n%s", got)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file: %v, %v", entries, err)
	}
}

// TestAddLosesNoOtherChange changes the file after it was read.
func TestAddLosesNoOtherChange(t *testing.T) {
	path, f := openSmall(t)
	changed := strings.Replace(smallCatalogue, "20m", "30m", 1)
	if err := os.WriteFile(path, []byte(changed), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(express); err == nil || !strings.Contains(err.Error(), "changed it meanwhile") {
		t.Errorf("got error %v", err)
	}
	if got := string(read(t, path)); got != changed {
		t.Errorf("got\n%s", got)
	}
}

func TestFileSource(t *testing.T) {
	_, f := openSmall(t)
	s, err := f.Source("快讯", "https://news.example/rss.xml")
	if err != nil {
		t.Fatal(err)
	}
	if s.Every.Minutes() != 20 || s.Location.String() != "UTC" || s.MaxItems != defaultItems || s.Kind != feeds.KindFeed {
		t.Errorf("the file's defaults do not hold: %+v", s)
	}
	for address, want := range map[string]string{
		"https://www.county.example/rss.xml": "asks the same address",
		"https://news.example/${TOKEN}":      "does not read the environment",
		"gopher://news.example/":             "http and https alone",
	} {
		if _, err := f.Source("快讯", address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", address, err, want)
		}
	}
	none, err := Unnamed("finews", "https://finews.example")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := none.Source("快讯", "https://news.example/"); err != nil || s.MaxBytes != defaultBytes || s.Location.String() != "Asia/Shanghai" {
		t.Errorf("without a file: %+v, %v", s, err)
	}
}

func TestName(t *testing.T) {
	long := strings.Repeat("农", 40)
	for _, c := range []struct {
		title string
		taken []string
		want  string
	}{
		{"县域金融", nil, "县域金融"},
		{" 县域\n\t金融\u202e\x00 ", nil, "县域 金融"},
		{"", nil, "news.example"},
		{"", []string{"news.example"}, "news.example 2"},
		{"财经", []string{"财经"}, "财经（news.example）"},
		{"财经", []string{"财经", "财经（news.example）", "财经 2"}, "财经 3"},
		{long, nil, strings.Repeat("农", 33)},
		{long, []string{strings.Repeat("农", 33)}, strings.Repeat("农", 27) + "（news.example）"},
	} {
		got := Name(c.title, "https://News.Example/rss.xml", func(name string) bool {
			for _, other := range c.taken {
				if other == name {
					return true
				}
			}
			return false
		})
		if got != c.want || len(got) > maxName {
			t.Errorf("Name(%q) = %q (%d bytes), want %q", c.title, got, len(got), c.want)
		}
	}
}
