package main

import (
	"testing"

	"finews.withounder.com/feeds"
)

// TestAddressBelowTheSite: a site may lie in a folder of its host, and the paths of pages begin below it.
func TestAddressBelowTheSite(t *testing.T) {
	const page = "nongjinwang/2022/04/11/a.html"
	for _, c := range []struct{ site, word, want string }{
		{"https://county.example/news", "https://county.example/news/" + page, page},
		{"https://county.example/news", " https://county.example/news/" + page + "?from=qq ", page},
		{"https://county.example/news", "https://other.example/news/" + page, "https://other.example/news/" + page},
		{"https://county.example/news", "https://county.example/newspaper", "https://county.example/newspaper"},
		{"https://county.example", "https://county.example/" + page, "https://county.example/" + page},
		{"", "1", "1"},
	} {
		h := &house{catalogue: feeds.Catalogue{Site: feeds.Site{URL: c.site}}}
		if got := h.belowSite(c.word); got != c.want {
			t.Errorf("%q at %q is %q, want %q", c.word, c.site, got, c.want)
		}
	}
}
