package feeds

import (
	"html"
	"slices"
	"strings"
)

// SafeHTML is HTML that may stand in other people's pages. Package sanitize makes it; package storage reads
// back what sanitize made; a test looks for any other place that does.
type SafeHTML string

// inlineElements do not end a line of text.
var inlineElements = []string{"a", "abbr", "b", "code", "em", "i", "img", "mark", "q", "rp", "rt", "ruby", "s", "small", "strong", "sub", "sup", "u"}

// Text returns what a reader sees of it: paragraphs, items and cells separated by line breaks, without empty lines
// and without white space at the ends of lines. The link within a player is for those who see no player. It relies on
// the normal form that package sanitize writes, in which every < begins a tag and every > ends one.
func (h SafeHTML) Text() string {
	var text strings.Builder
	for rest := string(h); rest != ""; {
		before, tag, found := strings.Cut(rest, "<")
		text.WriteString(html.UnescapeString(before))
		if !found {
			break
		}
		tag, rest, _ = strings.Cut(tag, ">")
		switch name, _, _ := strings.Cut(strings.Trim(tag, "/ "), " "); {
		case tag != "/"+name && (name == "audio" || name == "video"):
			_, rest, _ = strings.Cut(rest, "</"+name+">")
		case !slices.Contains(inlineElements, name):
			text.WriteByte('\n')
		}
	}
	var lines []string
	for line := range strings.SplitSeq(text.String(), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
