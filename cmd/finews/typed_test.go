package main

import (
	"strings"
	"testing"
)

func TestTypedAddress(t *testing.T) {
	for word, want := range map[string]string{
		"county.example":                       "https://county.example",
		"  county.example/新闻 ":                 "https://county.example/%E6%96%B0%E9%97%BB",
		"//county.example/a?token=1&b=2#头":     "https://county.example/a?token=1&b=2",
		"localhost:1200/农金网":                   "https://localhost:1200/%E5%86%9C%E9%87%91%E7%BD%91",
		"http://county.example/":               "http://county.example/",
		"HTTPS://County.example/@user":         "https://County.example/@user",
		"ftp://county.example/":                "error: of http or https",
		"https://user:geheim@county.example/":  "error: name or password",
		"user:geheim@county.example/":          "error: name or password",
		"https://user:ge%heim@county.example/": "error: name or password",
		"https://user:ge?heim@county.example/": "error: no address",
		"javascript:alert(1)":                  "error: no address",
		"file:///etc/passwd":                   "error: of http or https",
		"":                                     "error: no address that finews asks",
		"https://" + strings.Repeat("农", 1000): "error: at most 2048 bytes",
	} {
		got, err := typedAddress(word)
		if err != nil {
			got = "error: " + err.Error()
		}
		if message, bad := strings.CutPrefix(want, "error: "); bad && (err == nil || !strings.Contains(got, message)) || !bad && got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
		if err != nil && (strings.Contains(got, "heim") || len(got) > 500) {
			t.Errorf("%q: the error shows a password, or too much: %s", word, got)
		}
	}
}

func TestLooksLikeAddress(t *testing.T) {
	for word, want := range map[string]bool{
		"county.example": true, "https://localhost/": true, "county.example/新闻": true, "127.0.0.1:80": true,
		"中新网财经": false, "U.S. 新闻": false, "农金网（RSSHub）": false, "...": false, "财经/要闻": false, "": false,
	} {
		if got := looksLikeAddress(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
}

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{
		"县域金融": "县域金融", "农金网（RSSHub）": "'农金网（RSSHub）'", "-快讯": "-- -快讯", "it's": `'it'\''s'`, "": "''",
		"https://a.example/x": "https://a.example/x", "https://a.example/?a=1&b=$HOME": "'https://a.example/?a=1&b=$HOME'", "- `id`": "-- '- `id`'",
	} {
		if got := shellWord(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}
