package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mistake is one thing that is wrong with the file.
type Mistake struct {
	File string // as it was named to Load or Parse
	Line int    // from 1; 0 where the mistake has no place
	Key  string // such as categories[1].slug, counted from 0; empty where no key is to blame
	Text string // what is wrong, and what to write instead; never a header's value
}

// String returns the mistake as editors and people read it: file:line: key: text.
func (m Mistake) String() string {
	s := m.File + ": "
	if m.Line > 0 {
		s = fmt.Sprintf("%s:%d: ", m.File, m.Line)
	}
	if m.Key != "" {
		s += m.Key + ": "
	}
	return s + m.Text
}

// Mistakes are all the mistakes of a file, in the order of its lines. It holds at least one, and at most
// about a hundred: the last one then says how many more there are.
type Mistakes []Mistake

// Error returns the mistakes, one on each line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, mistake := range m {
		lines[i] = mistake.String()
	}
	return strings.Join(lines, "\n")
}

// maxMistakes bounds what is kept and shown: nobody mends more at once.
const maxMistakes = 100

// fault notes a mistake in v.
func (r *reader) fault(v value, format string, args ...any) {
	r.faultAt(v.line(), v.path, fmt.Sprintf(format, args...))
}

func (r *reader) faultAt(line int, path, text string) {
	if r.full() {
		r.dropped++
		return
	}
	r.mistakes = append(r.mistakes, Mistake{File: r.file, Line: line, Key: path, Text: text})
}

// sorted returns the mistakes in the order of the lines.
func (r *reader) sorted() Mistakes {
	slices.SortStableFunc(r.mistakes, func(a, b Mistake) int { return cmp.Compare(a.Line, b.Line) })
	if r.dropped > 0 {
		r.mistakes = append(r.mistakes, Mistake{File: r.file, Text: fmt.Sprintf("and %d more mistakes", r.dropped)})
	}
	return r.mistakes
}

// quote returns a text of the file as a message shows it, cut where it is long.
func quote(text string) string { return fmt.Sprintf("%q", short(text)) }

// isNo returns the sentence that text is no such thing, where there is a fault in it; it is empty where there is none.
func isNo(thing, text, fault string) string {
	if fault == "" {
		return ""
	}
	return quote(text) + " is no " + thing + ": " + fault
}

// maxShown is the number of characters of a text that a message shows.
const maxShown = 60

func short(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	return string([]rune(text)[:maxShown]) + "…"
}

// meant returns the words that a misspelt one may have been meant for: the nearest of known, or, where none
// is near, all of them if they are few. known is not empty.
func (r *reader) meant(word string, known []string) string {
	const few = 24
	if near, ok := r.nearest(word, known); ok {
		return "did you mean " + near + "?"
	}
	switch {
	case len(known) == 1:
		return "write " + known[0]
	case len(known) <= few:
		return "write one of " + strings.Join(known, ", ")
	}
	return "write one of those that there are"
}

// full reports whether no further mistake will be shown, so that nobody has to think of advice for it: in a
// large file that takes long.
func (r *reader) full() bool { return len(r.mistakes) >= maxMistakes }

// nearest returns the one of known that word is a misspelling of.
func (r *reader) nearest(word string, known []string) (string, bool) {
	const longest = 64 // characters, of a slug and of every key; nothing longer is a misspelling of one
	if r.full() || utf8.RuneCountInString(word) > longest {
		return "", false
	}
	letters := plain(word)
	best, least := "", longest
	for _, k := range known {
		// A third of its letters may be wrong, and in a word as short as url still two be swapped.
		wrong := max(1, len(k)/3)
		if len(letters) > len(k)+wrong {
			continue
		}
		if d := distance(letters, plain(k)); d < least && d <= wrong {
			best, least = k, d
		}
	}
	return best, best != ""
}

// plain takes away the differences between max_items, max-items and maxItems.
func plain(word string) []rune {
	letters := make([]rune, 0, len(word))
	for _, c := range strings.ToLower(word) {
		if !strings.ContainsRune("_- ", c) {
			letters = append(letters, c)
		}
	}
	return letters
}

// distance counts the letters to insert, delete, change or swap with the next to turn a into b.
func distance(a, b []rune) int {
	var before []int // the row of two letters ago
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range b {
			change := row[j]
			if a[i] != b[j] {
				change++
			}
			next[j+1] = min(change, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
