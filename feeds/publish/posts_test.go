package publish

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// TestPosts compares the posts of testdata/posts/<case>/input.json with the files beside it; -update writes them.
func TestPosts(t *testing.T) {
	folders, err := filepath.Glob("testdata/posts/*")
	if err != nil || len(folders) != 2 {
		t.Fatalf("%d cases: %v", len(folders), err)
	}
	for _, folder := range folders {
		site, channel, _ := readInput(t, folder)
		for _, e := range channel.Entries {
			name := PostName(e, false)
			got := renderAll(t, []feeds.Output{Post(site, e, channel.Category, name)})[name]
			file := filepath.Join(folder, path.Base(name))
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-expected +published):\n%s", file, diff)
			}
		}
	}
}

func TestPostWithoutCategory(t *testing.T) {
	e := feeds.Entry{Title: "农信社", Outlet: "农金网", Path: "nongjin/2022/04/11/a.html"}
	post := string(renderAll(t, []feeds.Output{Post(feeds.Site{URL: "https://finews.example"}, e, feeds.Category{}, "a")})["a"])
	if !strings.HasSuffix(post, "</div>\n\n[返回首页](https://finews.example/)\n") || !strings.Contains(post, "\ncategories: []\ntags: []\n") {
		t.Errorf("got\n%s", post)
	}
}

func TestPostName(t *testing.T) {
	const own = "_posts/2022-04-11-NX202204111046170001.md"
	for _, test := range []struct {
		path   string
		second bool
		want   string // where it ends in -, 16 digits follow
	}{
		{"nongjinwang/2022/04/11/NX202204111046170001.html", false, own},
		{"nongjinwang/2022/04/11/NX202204111046170001.html", true, "_posts/2022-04-11-NX202204111046170001-"},
		{"puhui/2022/04/11/a.b_c.html", false, "_posts/2022-04-11-a.b_c.md"},
		{"puhui/2022/04/11/a-0123456789abcdef.html", false, "_posts/2022-04-11-a-0123456789abcdef-"},
		{"", false, ""}, {"", true, ""}, {"puhui/a.html", false, ""}, {"puhui/2022/04/11/a/b.html", true, ""},
	} {
		got := PostName(feeds.Entry{ID: "tag:x,2022:y", Path: test.path}, test.second)
		if before, digits := strings.CutSuffix(test.want, "-"); digits {
			if !strings.HasPrefix(got, before+"-") || !regexp.MustCompile(`-[0-9a-f]{16}\.md$`).MatchString(got[len(before):]) {
				t.Errorf("%s, %v: %s", test.path, test.second, got)
			}
		} else if got != test.want {
			t.Errorf("%s, %v: %q, want %q", test.path, test.second, got, test.want)
		}
	}
	first, other := feeds.Entry{Path: "a/2022/04/11/x.html"}, feeds.Entry{Path: "b/2022/04/11/x.html"}
	if PostName(first, true) == PostName(other, true) {
		t.Error("two entries have one name")
	}
	chosen := feeds.Entry{Path: "c/2022/04/11/" + strings.TrimSuffix(path.Base(PostName(other, true))[len("2022-04-11-"):], ".md") + ".html"}
	if PostName(chosen, false) == PostName(other, true) {
		t.Error("the name of a second one can be chosen")
	}
}

// titles are texts of every character of the Basic Multilingual Plane and some beyond, and what begins something in YAML.
func titles() []string {
	all := []string{
		"\"\n---\nlayout: x", ": #", "# 注", "!坏", "*坏", "&坏", "%坏", "@坏", "`坏", "- 坏", "? 坏", "|", ">", "{a: b}", "[a, b]", "~", "null", "yes", "1e3",
		"2022-04-11", "0x10", "坏: 坏", "坏 # 坏", "\\", "\\\"", "'", "\\x41\\/", "...", "<<", "=", "👩‍🌾𠮷\U000e0001\U0010fffd",
	}
	for start := rune(0); start <= 0xFFFF; start += 256 {
		var b strings.Builder
		for r := start; r < start+256; r++ {
			if r < 0xD800 || r > 0xDFFF {
				b.WriteString(string(r))
			}
		}
		all = append(all, "农"+b.String()+"金")
	}
	return all
}

// Go's YAML and Ruby's, which Jekyll reads front matter with, read each title as it was published: as all that may be published of it.
func TestPostsAreYAML(t *testing.T) {
	var want []string
	folder := t.TempDir()
	for i, title := range titles() {
		e := feeds.Entry{ID: "x", Title: title, Outlet: title, Tags: []string{title}, Published: time.Unix(1649645177, 0), Path: "a/2022/04/11/b.html"}
		want = append(want, strings.TrimSpace(clean(title)))
		post := renderAll(t, []feeds.Output{Post(feeds.Site{URL: "https://finews.example"}, e, feeds.Category{Slug: "a", Title: "甲"}, "post")})["post"]
		_, matter, _ := strings.Cut(string(post), "---\n")
		matter, _, _ = strings.Cut(matter, "\n---\n")
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d", i)), []byte(matter), 0o644); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Title string
			Tags  []string
		}
		if err := yaml.Unmarshal([]byte(matter), &read); err != nil {
			t.Fatalf("%v:\n%s", err, matter)
		}
		if len(read.Tags) != 2 || read.Tags[1] != want[i] || read.Title != want[i] {
			t.Errorf("Go reads %q and tags %q, want %q", read.Title, read.Tags, want[i])
		}
	}
	if diff := cmp.Diff(want, psych(t, folder)); diff != "" {
		t.Errorf("titles as Ruby reads them, -want +got:\n%s", diff)
	}
}

// psych returns the titles in files of YAML, in the order of their names.
func psych(t *testing.T, folder string) []string {
	t.Helper()
	if _, err := exec.LookPath("ruby"); err != nil {
		t.Skip("there is no ruby, which Jekyll brings")
	}
	const script = `puts JSON.generate(Dir.children(ARGV[0]).sort.map { |n|
		YAML.safe_load(File.read(File.join(ARGV[0], n), encoding: "UTF-8"), permitted_classes: [Time]).fetch("title") })`
	out, err := exec.Command("ruby", "-rjson", "-ryaml", "-e", script, folder).Output()
	if err != nil {
		t.Fatalf("ruby: %v", err)
	}
	var titles []string
	if err := json.Unmarshal(out, &titles); err != nil {
		t.Fatal(err)
	}
	return titles
}
