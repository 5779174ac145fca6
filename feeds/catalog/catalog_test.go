package catalog

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

var update = flag.Bool("update", false, "write the expected messages in testdata/bad")

// environment is what the test cases find in the environment.
func environment(name string) string {
	return map[string]string{"FINEWS_TOKEN": "s3cret-令牌", "FINEWS_PASSWORD": "s3cret", "FINEWS_BROKEN": "one\r\nX-Evil: two", "FINEWS_NESTED": "${FINEWS_TOKEN}"}[name]
}

// TestBad holds the mistakes of each testdata/bad/*.yaml against the .txt beside it.
func TestBad(t *testing.T) {
	for _, path := range files(t, "testdata/bad/*.yaml") {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			_, err := Parse(name, read(t, path), environment)
			var mistakes Mistakes
			if !errors.As(err, &mistakes) {
				t.Fatalf("got error %v, want Mistakes", err)
			}
			got, expected := mistakes.Error()+"\n", strings.TrimSuffix(path, ".yaml")+".txt"
			if *update {
				if err := os.WriteFile(expected, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(read(t, expected)), got); diff != "" {
				t.Errorf("messages differ (-want +got):\n%s", diff)
			}
			if strings.Contains(got, "s3cret") {
				t.Error("a message shows a secret")
			}
		})
	}
}

// TestGood reads each testdata/good/*.yaml without a mistake.
func TestGood(t *testing.T) {
	for _, path := range files(t, "testdata/good/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if _, err := Load(path, environment); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestOurs reads the catalogue that comes with finews.
func TestOurs(t *testing.T) {
	c, err := Load("../../feeds.yaml", environment)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Categories[0]; got.Slug != "nongjinwang" || got.Title != "农金网新闻" || !slices.Contains(got.Outlets, "农金网") {
		t.Errorf("first category is %s %s %v", got.Slug, got.Title, got.Outlets)
	}
	want := map[string]bool{"中新网财经": true, "人民网财经": true, "新华网财富": true, "农金网（RSSHub）": false,
		"县域金融网（示例）": false, "快讯（示例）": false, "摘要报（示例）": false}
	got := map[string]bool{}
	for _, s := range c.Sources {
		got[s.Name] = !s.Disabled
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources that are asked differ (-want +got):\n%s", diff)
	}
	if !slices.ContainsFunc(c.Categories[1].Any, func(term feeds.Term) bool { return term.Match("全省推广水稻完全成本保险") }) {
		t.Errorf("no term of %s matches 水稻完全成本保险", c.Categories[1].Slug)
	}
}

// TestEveryKey puts each key of testdata/keys.txt into a file of its own: each is known, and none of the same
// name with a letter more.
func TestEveryKey(t *testing.T) {
	for path := range strings.FieldsSeq(string(read(t, "testdata/keys.txt"))) {
		if text := faults(nest(path)); strings.Contains(text, "unknown key") {
			t.Errorf("%s is not known: %s", path, text)
		}
		if text := faults(nest(path + "x")); !strings.Contains(text, "unknown key") {
			t.Errorf("%sx is known: %s", path, text)
		}
	}
}

// nest writes the file in which one key stands: a[].b becomes {a: [{b: }]}.
func nest(path string) string {
	first, rest, deeper := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(first, "[]")
	inner := ""
	if deeper {
		inner = nest(rest)
	}
	if isList {
		inner = "[" + inner + "]"
	}
	return "{" + name + ": " + inner + "}"
}

func faults(text string) string {
	if _, err := Parse("feeds.yaml", []byte(text), environment); err != nil {
		return err.Error()
	}
	return ""
}

// TestDefaults reads the least that a catalogue can say.
func TestDefaults(t *testing.T) {
	c, err := Load("testdata/good/least.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	shanghai := c.Site.Location
	if shanghai.String() != "Asia/Shanghai" {
		t.Errorf("time zone is %s", shanghai)
	}
	want := feeds.Catalogue{
		Site:       feeds.Site{Title: "金融消息", URL: "https://finews.example.org", Language: "zh-CN", Location: shanghai},
		Network:    feeds.Network{Workers: 8, HostInterval: time.Second},
		Categories: []feeds.Category{{Slug: "nongjinwang", Title: "农金网新闻", Limit: 50}},
		Sources: []feeds.Source{
			{Name: "县域快讯", Kind: feeds.KindFeed, URL: "https://county.example/rss.xml", Location: shanghai, MaxItems: 500, MaxBytes: 8 << 20, Rights: feeds.RightsFull},
			{Name: "旧站", Kind: feeds.KindPosts, Path: filepath.Join("testdata", "good", "_posts"), Location: shanghai, MaxItems: 100_000, MaxBytes: 8 << 20, Rights: feeds.RightsFull},
		},
	}
	if diff := cmp.Diff(want, c, compareZones, compareTerms); diff != "" {
		t.Errorf("catalogue differs (-want +got):\n%s", diff)
	}
}

// TestEverything reads a file in which every supported key says something else than its default.
func TestEverything(t *testing.T) {
	c, err := Load("testdata/good/everything.yaml", environment)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Site, "https://finews.example.org/小站"; got.Address("a.xml") != "https://finews.example.org/%E5%B0%8F%E7%AB%99/a.xml" {
		t.Errorf("site address is %s, want that of %s", got.URL, want)
	}
	if c.Site.Hub != "http://HUB.example:8080/%E5%8F%91%E5%B8%83?key=甲" || !c.Site.Posts {
		t.Errorf("hub is %s, posts %t", c.Site.Hub, c.Site.Posts)
	}
	s, _ := c.Source("银行报")
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	want := feeds.Source{
		Name: "银行报", Kind: feeds.KindFeed, URL: "https://bank.example/%E9%93%B6%E8%A1%8C.xml?b=2&a=1", Categories: []string{"nongjinwang", "xianyu"},
		Every: 36 * time.Hour, Location: tokyo, Charset: "gb18030",
		Headers:  map[string]string{"Authorization": "Bearer s3cret-令牌", "X-Note": "costs $5 ${FINEWS_TOKEN}"},
		Remove:   []string{".share", "div#ad > p", "a[title='责任编辑'], .编辑"},
		MaxItems: 20, MaxBytes: 512 << 10, Rights: feeds.RightsExcerpt, Disabled: true,
	}
	if diff := cmp.Diff(want, s, compareZones); diff != "" {
		t.Errorf("source differs (-want +got):\n%s", diff)
	}
	if s, _ := c.Source("快讯"); s.Every != 10*time.Minute || !s.ByOutlet || s.Location.String() != "UTC" {
		t.Errorf("快讯 has every %s, by outlet %t, zone %s", s.Every, s.ByOutlet, s.Location)
	}
	if s, _ := c.Source("快讯"); !slices.Equal(s.Remove, []string{"div.ad, .share"}) {
		t.Errorf("快讯 has %q removed", s.Remove)
	}
	if !c.Categories[0].EveryCopy || c.Categories[1].EveryCopy {
		t.Errorf("each copy is shown: %s %t, %s %t; want it of the first alone",
			c.Categories[0].Slug, c.Categories[0].EveryCopy, c.Categories[1].Slug, c.Categories[1].EveryCopy)
	}
	if got := c.Network.AllowPrivate[0].String(); got != "192.168.0.0/16" {
		t.Errorf("first network is %s, want 192.168.0.0/16", got)
	}
}

var (
	compareZones = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	compareTerms = cmp.Comparer(func(a, b feeds.Term) bool { return a.String() == b.String() })
)

// TestLoadNamesTheFile wants the path and the flag in the error of a file that is not there.
func TestLoadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "没有.yaml")
	_, err := Load(path, environment)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "--config") {
		t.Errorf("error is %v", err)
	}
}

// TestBounds reads what is made to use up time or memory.
func TestBounds(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"long file":     {strings.Repeat("# 农信社\n", maxFile/11+1), "the file is longer than 4 MiB"},
		"deep":          {strings.Repeat("[", 100_000), "exceeded max depth"},
		"bomb":          {"a: &a [农, 农]\nb: &b [*a, *a]\nc: [*b, *b]\n", "feeds.yaml:1: finews reads no YAML anchors and aliases"},
		"many mistakes": {strings.Repeat("农: 金\n", 1000), "and 1900 more mistakes"},
		"long key":      {strings.Repeat("农", 100_000) + ": 金\n", "unknown key"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := faults(c.text)
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", short(got), c.want)
			}
			if len(got) > 64<<10 {
				t.Errorf("the messages take %d bytes", len(got))
			}
		})
	}
}

// TestByteOrderMark reads a file as some editors of Windows write it.
func TestByteOrderMark(t *testing.T) {
	text := "\uFEFF" + strings.ReplaceAll(string(read(t, "testdata/good/least.yaml")), "\n", "\r\n")
	if _, err := Parse("feeds.yaml", []byte(text), environment); err != nil {
		t.Error(err)
	}
}

// FuzzParse holds that no text makes Parse panic, that its error is always Mistakes of a bounded number, and
// that what it accepts keeps the promises that other rooms build on.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yaml", "testdata/good/*.yaml", "../../feeds.yaml"} {
		for _, path := range files(f, pattern) {
			f.Add(read(f, path))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse("feeds.yaml", text, environment)
		if err != nil {
			var mistakes Mistakes
			if !errors.As(err, &mistakes) || len(mistakes) == 0 || len(mistakes) > maxMistakes+1 {
				t.Fatalf("error is %T %v", err, err)
			}
			return
		}
		if c.Site.Title == "" || c.Site.Host() == "" || strings.HasSuffix(c.Site.URL, "/") || c.Site.Location == nil {
			t.Fatalf("site is %+v", c.Site)
		}
		for _, category := range c.Categories {
			if feeds.SlugFault(category.Slug) != "" || category.Title == "" {
				t.Fatalf("category is %+v", category)
			}
		}
		for _, s := range c.Sources {
			if s.Name == "" || (s.URL == "") == (s.Path == "") || s.Location == nil || s.MaxItems < 1 || s.MaxBytes < 1 {
				t.Fatalf("source is %+v", s)
			}
			if s.Kind == feeds.KindPage && (cssFault(s.Item.List.CSS) != "" || s.Item.Title == feeds.Selector{} || s.Item.Link == feeds.Selector{}) ||
				s.Kind == feeds.KindJSON && (pathFault(s.Item.List.Path) != "" || s.Item.Title == feeds.Selector{}) {
				t.Fatalf("items of %+v", s)
			}
			inRecord := s.Kind == feeds.KindJSON && s.Body == feeds.BodyRules{Path: s.Body.Path}
			if ways := []bool{s.Body.Path != "", s.Body.CSS != "", s.Body.FullText}; !inRecord && s.Body.Asked() != slices.Contains(ways, true) || s.Body.Follow && s.Body.URL != "" {
				t.Fatalf("bodies of %+v", s)
			}
		}
	})
}

func files(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return paths
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
