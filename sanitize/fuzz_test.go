package sanitize

import (
	"strings"
	"testing"
)

// FuzzClean looks for markup that is dangerous, unstable, or unbounded after cleaning.
func FuzzClean(f *testing.F) {
	for _, dirty := range inputs(f) {
		f.Add(dirty)
	}
	for _, v := range vectors(f) {
		f.Add(v.markup)
	}
	f.Fuzz(func(t *testing.T, dirty string) {
		r := Clean(dirty, base)
		if found := dangers(t, string(r.HTML)); found != nil {
			t.Errorf("%q in %q", found, r.HTML)
		}
		if again := Clean(string(r.HTML), "").HTML; again != r.HTML {
			t.Errorf("once %q, twice %q", r.HTML, again)
		}
		if strings.ContainsFunc(string(r.HTML), func(c rune) bool { return forbidden(c) && !isSpace(c) }) {
			t.Errorf("forbidden characters in %q", r.HTML)
		}
		if len(r.HTML) > min(2*len(dirty)+slack+4096, maxInput) {
			t.Errorf("%d bytes became %d", len(dirty), len(r.HTML))
		}
		Text(dirty)
	})
}
