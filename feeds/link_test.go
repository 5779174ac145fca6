package feeds_test

import (
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

func TestCanonicalLink(t *testing.T) {
	for link, want := range map[string]string{
		"http://www.example.org/a/":                           "example.org/a",
		"https://example.org/a#part":                          "example.org/a",
		"https://Example.org:443/A?b=2&a=1&utm_medium=weixin": "example.org/A?a=1&b=2",
		"http://example.org":                                  "example.org",
		"http://example.org/新闻?id=1&spm=a2.1":                 "example.org/%E6%96%B0%E9%97%BB?id=1",
		"http://example.org/a?x=甲\u202e":                      "example.org/a?x=甲\u202e",
		"http://example.org/a?x=%E7%94%B2%e2%80%AE%B2":        "example.org/a?x=%E7%94%B2\u202e%B2",
		"不是地址":                                                "不是地址",
	} {
		if got := feeds.CanonicalLink(link); got != want {
			t.Errorf("CanonicalLink(%q) = %q, want %q", link, got, want)
		}
	}
}

func TestWebAddress(t *testing.T) {
	for _, c := range []struct {
		base, address, want string
	}{
		{"https://example.org/news/", "a.html", "https://example.org/news/a.html"},
		{"https://example.org/news/", "//img.example.org/b.png", "https://img.example.org/b.png"},
		{"", "https://example.org/a", "https://example.org/a"},
		{"https://example.org/", "javascript:alert(1)", ""},
		{"https://example.org/", "data:text/html,x", ""},
		{"https://example.org/", "https://user:secret@example.org/", ""},
		{"", "/a", ""},
		{"https://example.org/news/", " ", ""},
		{"https://example.org/", "http://", ""},
		{"", "https://example.org/" + strings.Repeat("a", 2028), "https://example.org/" + strings.Repeat("a", 2028)},
		{"", "https://example.org/" + strings.Repeat("a", 2029), ""},
		{"https://example.org/", strings.Repeat("a", 2029), ""},
		{"https://example.org/", strings.Repeat("../", 1000), ""},
		{"", "https://example.org/" + strings.Repeat("农", 600), ""}, // 5400 bytes once escaped
		{"", "https://example.org/feed?x=RED\u202eGNP", "https://example.org/feed?x=RED%E2%80%AEGNP"},
		{"https://example.org/", "?农=\u200b甲\u2066\ufeff\u3164\U000e0041\x85", "https://example.org/?农=%E2%80%8B甲%E2%81%A6%EF%BB%BF%E3%85%A4%F3%A0%81%81%85"},
		{"https://example.org/\u202e/?\u202e", "a#\u202e", "https://example.org/%E2%80%AE/a#%E2%80%AE"},
		{"", "https://example.org/?k=农　贷&l=%E5%86%9C", "https://example.org/?k=农　贷&l=%E5%86%9C"},
	} {
		got, ok := feeds.WebAddress(c.base, c.address)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("WebAddress(%q, %q) = %q, %v, want %q", c.base, c.address, got, ok, c.want)
		}
	}
}

// An item without a GUID has its key from its link: one that was stored before WebAddress escaped anything in queries is
// recognised by the link that it returns now, whichever form the source gives it.
func TestKeysOfLinksWithAQueryStay(t *testing.T) {
	for _, stored := range []string{
		"https://example.org/list?栏目=农金&id=1", "https://example.org/list?%E6%A0%8F%E7%9B%AE=%e5%86%9C&id=1",
		"https://example.org/list?k=%C5%A9%D2%B5", "https://example.org/list?k=农\u200b业", "https://example.org/list?k=农\u202e",
		"https://example.org/list?k=农　业", "https://example.org/list?k=a%20b+c%2B",
	} {
		now, ok := feeds.WebAddress("", stored)
		before, _ := feeds.NewKey("县域金融", feeds.Item{Link: stored})
		if after, _ := feeds.NewKey("县域金融", feeds.Item{Link: now}); !ok || after != before {
			t.Errorf("%q is now %q, and compared as %q", stored, now, feeds.CanonicalLink(now))
		}
	}
	if plain := "https://example.org/list?栏目=农金&b=%E5%86%9C&a=%C5%A9"; feeds.CanonicalLink(plain) != "example.org/list?a=%C5%A9&b=%E5%86%9C&栏目=农金" {
		t.Errorf("stored links compare as %q", feeds.CanonicalLink(plain))
	}
}
