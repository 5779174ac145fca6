package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"finews.withounder.com/feeds"
)

// lines is the text of a catalogue, line by line with the ends of the lines, to put further lines between. Lines
// count from 0.
type lines struct {
	text [][]byte
	eol  string // as the file ends its lines
}

func newLines(text []byte) *lines {
	l := &lines{text: slices.Collect(bytes.Lines(text)), eol: "\n"}
	if bytes.Contains(text, []byte("\r\n")) {
		l.eol = "\r\n"
	}
	return l
}

func (l *lines) join() []byte { return bytes.Join(l.text, nil) }

// end is the line after the last one of the document, which ends with the file or at three dots.
func (l *lines) end() int {
	for i, line := range l.text {
		if word := bytes.TrimRight(line, " \t\r\n"); string(word) == "..." || bytes.HasPrefix(line, []byte("... ")) {
			return i
		}
	}
	return len(l.text)
}

// indent is the number of spaces before a line's first word; blank lines have none.
func (l *lines) indent(i int) (spaces int, blank bool) {
	word := bytes.TrimLeft(l.text[i], " ")
	return len(l.text[i]) - len(word), len(bytes.TrimSpace(word)) == 0
}

func (l *lines) comment(i int) bool {
	return bytes.HasPrefix(bytes.TrimLeft(l.text[i], " \t"), []byte("#"))
}

// lastOf returns the last line that belongs to what begins at line from and ends before line end: a comment does if
// it is indented by least spaces at least; one that is not belongs to what follows.
func (l *lines) lastOf(from, end, least int) int {
	last := from
	for i := from; i < end; i++ {
		spaces, blank := l.indent(i)
		if !blank && (!l.comment(i) || spaces >= least) {
			last = i
		}
	}
	return last
}

// addTo adds sources to a list that stands line by line and ends before line end.
func (l *lines) addTo(list *yaml.Node, end int, sources []feeds.Source) {
	dash := list.Column - 1
	if dash == 0 { // a comment right above the next key is that key's, though it is indented like the sources
		for end < l.end() && end > 0 && l.comment(end-1) {
			end--
		}
	}
	spaced := false
	if n := len(list.Content); n > 1 {
		for i := list.Content[n-2].Line; i < list.Content[n-1].Line-1; i++ {
			_, blank := l.indent(i)
			spaced = spaced || blank
		}
	}
	l.addAfter(l.lastOf(list.Line-1, end, dash), dash, spaced, sources)
}

// addAfter adds sources after a line, with an empty line before each where the others have one.
func (l *lines) addAfter(line, indent int, spaced bool, sources []feeds.Source) {
	if !bytes.HasSuffix(l.text[line], []byte("\n")) {
		l.text[line] = append(slices.Clip(l.text[line]), l.eol...)
	}
	var block strings.Builder
	for _, s := range sources {
		if spaced {
			block.WriteString(l.eol)
		}
		block.WriteString(sourceLines(s, indent, l.eol))
	}
	l.text = slices.Insert(l.text, line+1, []byte(block.String()))
}

// addList adds the list itself at the end of a file that has none.
func (l *lines) addList(indent int, sources []feeds.Source) {
	last := l.end() - 1
	if !bytes.HasSuffix(l.text[last], []byte("\n")) {
		l.text[last] = append(slices.Clip(l.text[last]), l.eol...)
	}
	key := l.eol + strings.Repeat(" ", indent) + "sources:" + l.eol
	l.text = slices.Insert(l.text, last+1, []byte(key))
	l.addAfter(last+1, indent+2, false, sources)
}

// emptyList is a list of nothing behind its key, and what stands after it on its line.
var emptyList = regexp.MustCompile(`^(.*?:)[ \t]+(?:\[[ \t]*\]|~|[Nn]ull|NULL)([ \t]*(?:\r?\n)?|[ \t]+#.*(?:\r?\n)?)$`)

// clear takes an empty list from behind the key at line. It reports whether nothing is in the way of a list now.
func (l *lines) clear(line int, list *yaml.Node) bool {
	if list.Kind == yaml.ScalarNode && list.Value == "" {
		return true
	}
	parts := emptyList.FindSubmatch(l.text[line])
	if parts == nil || list.Line-1 != line {
		return false
	}
	l.text[line] = slices.Concat(parts[1], parts[2])
	return true
}

// Lines returns how sources are written in feeds.yaml: name, address and categories of each, as a list.
func Lines(sources []feeds.Source) string {
	var text strings.Builder
	for _, s := range sources {
		text.WriteString(sourceLines(s, 2, "\n"))
	}
	return text.String()
}

// sourceLines writes a source with its dash after indent spaces.
func sourceLines(s feeds.Source, indent int, eol string) string {
	margin := strings.Repeat(" ", indent)
	text := margin + "- name: " + scalarText(s.Name) + eol + margin + "  url: " + scalarText(s.URL) + eol
	if len(s.Categories) > 0 {
		text += margin + "  categories: [" + scalarTexts(s.Categories) + "]" + eol
	}
	return text
}

// byHand is the error of a file that cannot be added to.
func byHand(name, why string, sources []feeds.Source) error {
	return fmt.Errorf("%s was not changed: %s. Write these lines under sources: by hand\n%s", name, why,
		strings.TrimSuffix(Lines(sources), "\n"))
}

// byHandInFlow is byHand for a list between brackets.
func byHandInFlow(name string, sources []feeds.Source) error {
	text := fmt.Sprintf("%s was not changed: its sources stand between [ and ]. Write these lines before the ] by hand, after a comma", name)
	for i, s := range sources {
		text += "\n  {name: " + flowText(s.Name) + ", url: " + flowText(s.URL)
		if len(s.Categories) > 0 {
			text += ", categories: [" + scalarTexts(s.Categories) + "]"
		}
		text += "}"
		if i+1 < len(sources) {
			text += ","
		}
	}
	return errors.New(text)
}

// plainText and plainAddress are what YAML reads as just that text without quotes, far from the edges of what it
// would (YAML 1.2.2 section 7.3.3): a word that begins with a letter, and an address without a comment sign in it.
var (
	plainText    = regexp.MustCompile(`^\p{L}[\p{L}\p{N}._（）·-]*( [\p{L}\p{N}][\p{L}\p{N}._（）·-]*)*$`)
	plainAddress = regexp.MustCompile(`^https?://[\p{L}\p{N}._~/?&=%+:-]*[\p{L}\p{N}_/=]$`)
	// yamlWords are words that some reader of YAML takes for something else than text.
	yamlWords = regexp.MustCompile(`(?i)^(null|true|false|yes|no|on|off|y|n|nan|inf)$`)
)

// scalarText writes a text as a value of its own line.
func scalarText(text string) string {
	if plainAddress.MatchString(text) {
		return text
	}
	return wordText(text)
}

// wordText writes a text as a value anywhere: plain, or else as JSON writes it, which YAML reads too.
func wordText(text string) string {
	if plainText.MatchString(text) && !yamlWords.MatchString(text) {
		return text
	}
	return flowText(text)
}

// flowText writes a text between quotation marks, with escapes for what an operator who reads the file would not see.
func flowText(text string) string {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false) // < and & need no escape here
	if err := encoder.Encode(text); err != nil {
		return `""` // a text is always written
	}
	var seen strings.Builder
	for _, r := range strings.TrimSuffix(quoted.String(), "\n") {
		switch {
		case unicode.IsPrint(r) || unicode.Is(unicode.Zs, r):
			seen.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&seen, `\u%04x`, r)
		default:
			fmt.Fprintf(&seen, `\U%08x`, r) // YAML knows no pairs of surrogates
		}
	}
	return seen.String()
}

func scalarTexts(texts []string) string {
	written := make([]string, len(texts))
	for i, text := range texts {
		written[i] = wordText(text)
	}
	return strings.Join(written, ", ")
}
