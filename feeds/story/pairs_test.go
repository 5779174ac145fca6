package story

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

// copyClasses are the classes of sections that are copies of the original of their file, and otherClasses those that
// are other stories.
var (
	copyClasses  = []string{"same", "lead", "cut", "headline", "flash"}
	otherClasses = []string{"own-words", "template", "table", "flash-other", "follow-up", "footer"}
)

// originals is the class of pairs of the originals of two files.
const originals = "originals"

// pair is two entries, and whether they are copies of one story.
type pair struct {
	name, class string
	a, b        feeds.Entry
}

func (p pair) isCopy() bool { return slices.Contains(copyClasses, p.class) }

// telling is one text of an event file: an original or a section.
type telling struct {
	class      string
	header     map[string]string
	paragraphs []string
}

func (t telling) entry() feeds.Entry {
	var body strings.Builder
	for _, p := range t.paragraphs {
		body.WriteString("<p>" + html.EscapeString(p) + "</p>")
	}
	return feeds.Entry{Title: t.header["title"], Outlet: t.header["outlet"], Body: feeds.SafeHTML(body.String())}
}

// readEvent reads an event file: an original, and sections that tell it or something like it. A section's header takes
// the place of the original's; {2-4} stands for paragraphs of the original; replace: a=b, c=d is done in those, and in
// a title that is the original's.
func readEvent(file string) (telling, []telling, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return telling{}, nil, err
	}
	parts := strings.Split("\n"+string(text), "\n=== ")
	original := readTelling(strings.TrimSpace(parts[0]))
	var sections []telling
	for _, part := range parts[1:] {
		class, rest, _ := strings.Cut(part, "\n")
		section := readTelling(rest)
		section.class = strings.TrimSpace(class)
		if !slices.Contains(slices.Concat(copyClasses, otherClasses), section.class) {
			return telling{}, nil, fmt.Errorf("%s: no class %q", file, section.class)
		}
		if section, err = section.of(original); err != nil {
			return telling{}, nil, fmt.Errorf("%s: %s: %w", file, section.class, err)
		}
		sections = append(sections, section)
	}
	return original, sections, nil
}

// readTelling reads header lines up to the first line that is none, and then paragraphs.
func readTelling(text string) telling {
	t := telling{header: map[string]string{}}
	inHeader := true
	for line := range strings.SplitSeq(text, "\n") {
		name, value, found := strings.Cut(line, ":")
		if inHeader = inHeader && found && slices.Contains([]string{"title", "outlet", "replace"}, name); inHeader {
			t.header[name] = strings.TrimSpace(value)
		} else if line = strings.TrimSpace(line); line != "" {
			t.paragraphs = append(t.paragraphs, line)
		}
	}
	return t
}

// of returns the section with what it takes of the original.
func (t telling) of(original telling) (telling, error) {
	var swap []string
	for word := range strings.SplitSeq(t.header["replace"], ", ") {
		if from, to, found := strings.Cut(word, "="); found {
			swap = append(swap, from, to)
		}
	}
	replace := func(s string) string {
		for i := 0; i < len(swap); i += 2 {
			s = strings.ReplaceAll(s, swap[i], swap[i+1])
		}
		return s
	}
	if t.header["title"] == "" {
		t.header["title"] = replace(original.header["title"])
	}
	if t.header["outlet"] == "" {
		t.header["outlet"] = original.header["outlet"]
	}
	var paragraphs []string
	for _, p := range t.paragraphs {
		if !strings.HasPrefix(p, "{") {
			paragraphs = append(paragraphs, p)
			continue
		}
		first, last, err := paragraphRange(p, len(original.paragraphs))
		if err != nil {
			return telling{}, err
		}
		for _, q := range original.paragraphs[first-1 : last] {
			paragraphs = append(paragraphs, replace(q))
		}
	}
	t.paragraphs = paragraphs
	return t, nil
}

// paragraphRange reads {2}, {2-4} or {2-}: the first and the last of n paragraphs, counted from 1.
func paragraphRange(s string, n int) (int, int, error) {
	from, to, isRange := strings.Cut(strings.Trim(s, "{} "), "-")
	first, err := strconv.Atoi(from)
	last := first
	if err == nil && isRange {
		if last = n; to != "" {
			last, err = strconv.Atoi(to)
		}
	}
	if err != nil || first < 1 || last < first || last > n {
		return 0, 0, fmt.Errorf("no paragraphs %s of %d", s, n)
	}
	return first, last, nil
}

// readPairs reads the event files of a folder: each section with its original, and the originals with each other.
func readPairs(t *testing.T, folder string) []pair {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no event files in %s", folder)
	}
	var pairs []pair
	var first []feeds.Entry
	for _, file := range files {
		original, sections, err := readEvent(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, section := range sections {
			name := fmt.Sprintf("%s section %d", filepath.Base(file), i+1)
			pairs = append(pairs, pair{name, section.class, original.entry(), section.entry()})
		}
		for i, other := range first {
			name := filepath.Base(file) + " and " + filepath.Base(files[i])
			pairs = append(pairs, pair{name, originals, original.entry(), other})
		}
		first = append(first, original.entry())
	}
	return pairs
}
