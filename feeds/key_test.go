package feeds_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

func TestKeyIsMadeFromTheBestThatIsThere(t *testing.T) {
	full := feeds.Item{GUID: "1", Link: "http://example.org/a", Title: "农商行", Body: "正文"}
	edited := full
	edited.Title, edited.Body, edited.Link = "农商行（更新）", "新正文", "https://example.org/b"
	if keyOf(t, full) != keyOf(t, edited) {
		t.Error("an item with the same GUID got another key when its text was edited")
	}

	linked := feeds.Item{Link: "http://www.example.org/a/?utm_source=weibo#top", Title: "农商行"}
	moved := feeds.Item{Link: "https://example.org/a", Title: "标题改了"}
	if keyOf(t, linked) != keyOf(t, moved) {
		t.Error("two forms of one link gave two keys")
	}

	bare := feeds.Item{Title: "农商行", Body: "正文"}
	other := feeds.Item{Title: "农商行", Body: "另一篇"}
	if keyOf(t, bare) == keyOf(t, other) {
		t.Error("two texts without GUID and link gave one key")
	}
	if _, ok := feeds.NewKey("源", feeds.Item{Summary: "只有摘要"}); ok {
		t.Error("an item with nothing to tell it apart by got a key")
	}
}

func TestFinerKeysTellApartWhatSharesThePlainOne(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b feeds.Item
		from int // the first of the finer keys that differs; -1: none does
	}{
		{"GUID, other links", feeds.Item{GUID: "1", Link: "https://example.org/a"}, feeds.Item{GUID: "1", Link: "https://example.org/b"}, 0},
		{"GUID, no links", feeds.Item{GUID: "1", Title: "甲"}, feeds.Item{GUID: "1", Title: "乙"}, 0},
		{"GUID and link", feeds.Item{GUID: "1", Link: "https://example.org/a", Title: "甲"}, feeds.Item{GUID: "1", Link: "https://example.org/a", Title: "乙"}, 1},
		{"GUID, link and title", feeds.Item{GUID: "1", Link: "https://example.org/a", Body: "一"}, feeds.Item{GUID: "1", Link: "https://example.org/a", Body: "二"}, -1},
		{"link", feeds.Item{Link: "https://example.org/a", Title: "甲"}, feeds.Item{Link: "https://example.org/a", Title: "乙"}, 0},
		{"link and title", feeds.Item{Link: "https://example.org/a", Body: "一"}, feeds.Item{Link: "https://example.org/a", Body: "二"}, 1},
		{"text", feeds.Item{Title: "甲"}, feeds.Item{Title: "甲"}, -1},
	} {
		a, b := feeds.FinerKeys("源", c.a), feeds.FinerKeys("源", c.b)
		from := -1
		for i := range a {
			if a[i] != b[i] {
				from = i
				break
			}
		}
		if from != c.from || keyOf(t, c.a) != keyOf(t, c.b) {
			t.Errorf("%s: differ from %d on, want %d", c.name, from, c.from)
		}
	}
}

func TestKeyHoldsFieldsApart(t *testing.T) {
	a, _ := feeds.NewKey("源", feeds.Item{Title: "农商", Body: "行"})
	b, _ := feeds.NewKey("源", feeds.Item{Title: "农", Body: "商行"})
	c, _ := feeds.NewKey("源农", feeds.Item{Title: "商", Body: "行"})
	if a == b || a == c || b == c {
		t.Error("fields run into each other: different items share a key")
	}
}

func keyOf(t *testing.T, it feeds.Item) feeds.Key {
	t.Helper()
	key, ok := feeds.NewKey("乡村金融", it)
	if !ok {
		t.Fatalf("no key for %+v", it)
	}
	return key
}

func TestNewID(t *testing.T) {
	key := keyOf(t, feeds.Item{GUID: "1"})
	firstSeen := time.Date(2026, 1, 1, 3, 0, 0, 0, time.FixedZone("", 8*3600)) // 2025 in UTC
	id := feeds.NewID("finews.example.org", firstSeen, key)
	prefix, digits, _ := strings.Cut(id, "2025:")
	if prefix != "tag:finews.example.org," || len(digits) != 16 {
		t.Errorf("id = %q, want tag:finews.example.org,2025: and 16 digits", id)
	}
}

func TestArticlePath(t *testing.T) {
	published := time.Date(2022, 4, 11, 10, 46, 17, 0, time.FixedZone("", 8*3600))
	key := keyOf(t, feeds.Item{GUID: "1"})
	for name, want := range map[string]string{
		"NW202204112338110788": "nongjinwang/2022/04/11/NW202204112338110788.html",
		"../../etc/passwd":     "",
		".htaccess":            "",
		"a/b":                  "",
		"CON":                  "",
		"lpt1.x":               "",
		"":                     "",
	} {
		got := feeds.ArticlePath("nongjinwang", published, name, key)
		if want == "" {
			if ok := len(got) == len("nongjinwang/2022/04/11/.html")+16 && strings.HasPrefix(got, "nongjinwang/2022/04/11/"); !ok {
				t.Errorf("name %q: path %q, want one that the key names", name, got)
			}
		} else if got != want {
			t.Errorf("name %q: path %q, want %q", name, got, want)
		}
	}
}

// TestDigestSeesEveryField changes each field of an item in turn. Faults are of our own making.
func TestDigestSeesEveryField(t *testing.T) {
	base := feeds.Item{Tags: []string{"甲", "乙"}, Published: time.Unix(2, 0)}
	fields := reflect.TypeFor[feeds.Item]()
	for i := range fields.NumField() {
		changed := base
		field := reflect.ValueOf(&changed).Elem().Field(i)
		switch value := field.Addr().Interface().(type) {
		case *string:
			*value = "农商行"
		case *time.Time:
			*value = time.Unix(1, 0)
		case *bool:
			*value = true
		case *[]string:
			*value = []string{"甲乙"}
		case *[]feeds.Enclosure:
			*value = []feeds.Enclosure{{Length: 1}}
		case *feeds.Category:
			value.Title = "农金网新闻"
		default:
			t.Fatalf("no change is known for %s", fields.Field(i).Name)
		}
		if seen := changed.Digest() != base.Digest(); seen != (fields.Field(i).Name != "Faults") {
			t.Errorf("a change of %s is seen: %v", fields.Field(i).Name, seen)
		}
	}
}

// TestDigestOfAnApproximateDate: 10分钟前 is another time at each poll, and no other item.
func TestDigestOfAnApproximateDate(t *testing.T) {
	first := feeds.Item{Title: "农商行", Published: time.Unix(1, 0), Approximate: true}
	second := first
	second.Published = time.Unix(600, 0)
	if first.Digest() != second.Digest() {
		t.Error("the same item has two digests")
	}
}

// TestCharsetName: one charset has one name, whatever it is called.
func TestCharsetName(t *testing.T) {
	for label, want := range map[string]string{
		"GB2312": "gb18030", " x-GBK ": "gb18030", "cp936": "gb18030", "CN-GB": "gb18030", `"gbk"`: "gb18030", "HZ": "hz-gb-2312", "x-sjis": "shift_jis",
		"cp949": "euc-kr", "utf8": "utf-8", "UTF-8": "utf-8", "windows-1251": "windows-1251", "": "", "农": "农",
	} {
		if got := feeds.CharsetName(label); got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
	}
}
