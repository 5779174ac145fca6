package feeds_test

import (
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

func TestIsFileName(t *testing.T) {
	for name, good := range map[string]bool{
		"21shijijingjibaodao 21caijingAPP": true, "农金网（北京）": true, "a.b": true, "concord": true, "a..b": true, strings.Repeat("a", 200): true,
		"": false, ".": false, "..": false, "../etc": false, "a/b": false, `a\b`: false, "a\x00b": false, "a\nb": false, "a\u0085b": false,
		".git": false, "a.": false, "a ": false, " a": false, "CON": false, "con.html": false, "NUL .txt": false, "lpt1": false, "Com¹": false,
		"a:b": false, "a?": false, strings.Repeat("农", 67): false, "a\xff": false,
	} {
		if got := feeds.IsFileName(name); got != good {
			t.Errorf("IsFileName(%q) = %v", name, got)
		}
	}
}
