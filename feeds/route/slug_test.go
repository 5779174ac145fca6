package route

import (
	"os"
	"strings"
	"testing"
	"unicode"

	"finews.withounder.com/feeds"
)

func TestSlugs(t *testing.T) {
	table, err := os.ReadFile("testdata/slugs.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := 0
	for line := range strings.Lines(string(table)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndexByte(line, ' ')
		outlet, want := line[:max(at, 0)], line[at+1:]
		if got := Slug(outlet); got != want {
			t.Errorf("Slug(%q) = %s, want %s", outlet, got, want)
		}
		names++
	}
	if names < 150 {
		t.Errorf("%d names are no broad table", names)
	}
}

// What gives no slug of its own gives a stable one: these are addresses, and must never change.
func TestSlugsThatNeedAHash(t *testing.T) {
	for outlet, want := range map[string]string{
		"all":                   "all-",
		"ALL":                   "all-",
		"！！":                    "outlet-",
		"":                      "outlet-",
		"\U00020bb7\U00020bb7":  "outlet-",
		"../../etc/x\x00":       "etc-x",
		"CON":                   "con",
		strings.Repeat("农", 40): "nongnongnongnong",
		strings.Repeat("a", 54) + "·报告报告": strings.Repeat("a", 54) + "-",
	} {
		got := Slug(outlet)
		if !strings.HasPrefix(got, want) || feeds.SlugFault(got) != "" || got != Slug(outlet) || strings.Contains(got, "--") {
			t.Errorf("Slug(%q) = %q, want %s… (%s)", outlet, got, want, feeds.SlugFault(got))
		}
	}
	if Slug("all") == Slug("ALL") || Slug("！！") == Slug("？？") || Slug(strings.Repeat("农", 40)) == Slug(strings.Repeat("农", 41)) {
		t.Error("two names have the slug of one")
	}
	if got := Slug("all"); got != "all-5ef5ef03" {
		t.Errorf("the slug of all is %s now: it must stay", got)
	}
}

// Whatever the library says of a character, a slug stays safe.
func TestEveryCharacterIsSafe(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r > 0x3000 && !unicode.Is(unicode.Han, r) {
			continue
		}
		if spelled := spellRune(r); spelled != "-" && !feeds.SlugPattern.MatchString(spelled) {
			t.Errorf("%q is spelled %q", r, spelled)
		}
	}
}

func TestHeteronymsAreInTheirWords(t *testing.T) {
	for word, readings := range words() {
		if size := len([]rune(word)); size < 2 || size > longestWord {
			t.Errorf("%s has %d characters", word, size)
		}
		for r := range readings {
			if !strings.ContainsRune(word, r) {
				t.Errorf("%s does not hold %c", word, r)
			}
		}
	}
}
