package feeds_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// evil are expressions that keep an engine that backtracks busy for longer than the world stands.
var evil = []string{
	`(a+)+$`, `(a*)*$`, `(a|a)*$`, `(a|aa)+$`, `(a|a?)+$`, `(.*)*x`, `(.*a){12}x`, `([a-zA-Z]+)*$`, `^(([a-z])+.)+[A-Z]([a-z])+$`,
	`(x+x+)+y`, `(?:a?){25}a{25}x`, `((农+)+商)+行$`, `(\w*\s*)*：`, `(?s)(.*)(.*)(.*)(.*)x`,
}

// TestFault61ReDoS: an expression takes time linear in the text, whatever it says, and one that would make a huge
// program is refused when it is read.
func TestFault61ReDoS(t *testing.T) {
	texts := map[string]string{"a": strings.Repeat("a", 100<<10) + "!", "农": strings.Repeat("农", 100<<10/3) + "！"}
	for name, text := range texts {
		plain := quickest(t, "aaaaaaaaab", text, 3) // no literal to skip to: it is run as an expression is
		for _, pattern := range evil {
			took := quickest(t, "/"+pattern+"/", text, 1)
			// The constant is the size of the program; what grows with the text is a factor of thousands and more.
			if ratio := float64(took) / float64(plain); ratio > 500 {
				t.Errorf("%s on 100 KB of %s takes %.0f times as long as a word", pattern, name, ratio)
			}
		}
	}
	for _, huge := range []string{
		`a{1000}{1000}`, `((a{100}){100}){100}`, strings.Repeat("a", 1100), strings.Repeat("(a?){1000}", 100), strings.Repeat("(.{0,900})", 3),
	} {
		if _, err := feeds.ParseTerm("/" + huge + "/"); err == nil {
			t.Errorf("%.40s (%d bytes) is taken", huge, len(huge))
		}
	}
	largest := strings.Repeat("a", 1024)
	if _, err := feeds.ParseTerm(largest); err != nil {
		t.Errorf("a word of 1 KB: %v", err)
	}
}

// quickest returns the time of the shortest of some searches, which is the one that was least disturbed.
func quickest(t *testing.T, word, text string, searches int) time.Duration {
	t.Helper()
	term, err := feeds.ParseTerm(word)
	if err != nil {
		t.Fatal(err)
	}
	least := time.Duration(math.MaxInt64)
	for range searches {
		start := time.Now()
		term.Match(text)
		least = min(least, time.Since(start))
	}
	return least
}
