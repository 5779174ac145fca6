package story

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// words returns a text of so many characters of an alphabet of so many. A small alphabet repeats itself everywhere.
func words(characters, alphabet int, seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 0))
	var text strings.Builder
	for i := range characters {
		if i%500 == 499 {
			text.WriteByte('\n')
		}
		text.WriteRune('一' + rune(random.IntN(alphabet)))
	}
	return text.String()
}

// crossed returns a text, and its stretches of six characters from both ends in turn: where one is laid along the other,
// every second gap is nearly the whole text.
func crossed(characters int) (text, shuffled string) {
	runes := []rune(strings.ReplaceAll(words(characters, 3000, 1), "\n", ""))
	var b strings.Builder
	for i, j := 0, len(runes)-6; i < j; i, j = i+6, j-6 {
		b.WriteString(string(runes[i:i+6]) + string(runes[j:j+6]))
	}
	return string(runes), b.String()
}

func BenchmarkNew(b *testing.B) {
	for _, size := range []int{600, maxText} {
		e := entry("农金网", "标题", words(size, 3000, 1))
		b.Run(fmt.Sprintf("%d", size), func(b *testing.B) {
			for b.Loop() {
				New(e).Marks()
			}
		})
	}
}

// BenchmarkSame shows that the time grows with the length of the texts and not with its square, whatever they repeat.
func BenchmarkSame(b *testing.B) {
	for _, size := range []int{600, maxText} {
		text := words(size, 3000, 1)
		straight, shuffled := crossed(size)
		for _, c := range []struct{ name, a, b string }{
			{"copy", text, text[:len(text)/6*3]},
			{"half", text, text[:len(text)/2/3*3] + words(size/2, 3000, 2)},
			{"footer", words(size/4, 3000, 3) + text[len(text)/4/3*3:], words(size/4, 3000, 2) + text[len(text)/4/3*3:]},
			{"other", text, words(size, 3000, 2)},
			{"one-character", strings.Repeat("农", size), strings.Repeat("农", size-1)},
			{"two-characters", words(size, 2, 1), words(size, 2, 2)},
			{"crossed", straight, shuffled},
			{"figures", strings.Repeat("1 ", size/2), strings.Repeat("2 1 1 1 1 ", size/10)},
		} {
			p, q := New(entry("甲", "乙", c.a)), New(entry("丙", "丁", c.b))
			b.Run(fmt.Sprintf("%s-%d", c.name, size), func(b *testing.B) {
				for b.Loop() {
					Same(p, q)
				}
			})
		}
	}
}
