package feeds

import (
	"testing"
	"unicode"
)

func TestIdeographs(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "农": 3, "农商行，": 9, "a农": 0, "一鿿": 6, "䷿农": 0, "ꀀ": 0, "、": 0, "农\xe5\x86": 3, "\xe5\x86a": 0, "\xe4\xb7\xbf": 0, "\xe5\x20\x9c": 0, "\xe5\xc0\x9c": 0,
	} {
		if got := Ideographs(text); got != want {
			t.Errorf("Ideographs(%q) = %d, want %d", text, got, want)
		}
	}
	for r := rune(0x4000); r < 0xa100; r++ {
		if got := Ideographs(string(r)) == 3; got != (r >= 0x4e00 && r <= 0x9fff) {
			t.Fatalf("%U: %v", r, got)
		}
	}
}

func TestSignsAreNoLetters(t *testing.T) {
	for r := rune(0); r < 0x20000; r++ {
		if IsSign(r) && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)) {
			t.Errorf("%U", r)
		}
	}
	for _, r := range " ，。“”、：；（）《》！？……—·,.%" {
		if !IsSign(r) && r != '·' {
			t.Errorf("%c is none", r)
		}
	}
}
