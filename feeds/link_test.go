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
	} {
		got, ok := feeds.WebAddress(c.base, c.address)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("WebAddress(%q, %q) = %q, %v, want %q", c.base, c.address, got, ok, c.want)
		}
	}
}
