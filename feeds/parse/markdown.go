package parse

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/renderer/html"
)

// What the Markdown of a post may be. goldmark takes time and memory that grow with the square of some of these: one
// post of 100 kB could cost minutes, or gigabytes.
const (
	maxMarkdown    = 256 << 10 // bytes
	maxRendered    = 1 << 20   // bytes of HTML
	maxLevels      = 64        // quotes and lists within each other
	maxDefinitions = 200       // [name]: address
	maxBrackets    = 2_000
	maxEmphasis    = 5_000     // * and _
	maxLinking     = 100 << 20 // brackets times bytes: each bracket may look to the end of its paragraph
	maxReferring   = 10 << 20  // the same where names are defined: each bracket may write an address out once more
)

// markdown renders the Markdown of a post, which holds HTML as it likes. What is too long is cut, and what goldmark
// would choke on is kept as paragraphs of text; faults say so.
func markdown(body []byte) (rendered string, faults []string) {
	if len(body) > maxMarkdown {
		faults = append(faults, fmt.Sprintf("its Markdown is longer than %d bytes: cut", maxMarkdown))
		body = cutAtLine(body[:maxMarkdown])
	}
	out := bounded{left: maxRendered}
	converter := goldmark.New(goldmark.WithRendererOptions(html.WithUnsafe()))
	if isIntricate(body) || converter.Convert(body, &out) != nil {
		return paragraphs(string(body)), append(faults, "its Markdown is too intricate: kept as text")
	}
	return out.text.String(), faults
}

// cutAtLine cuts off the last line, which is torn, or where there is one line only, the character that is.
func cutAtLine(text []byte) []byte {
	if end := bytes.LastIndexByte(text, '\n'); end >= 0 {
		return text[:end+1]
	}
	for i := 1; i < utf8.UTFMax && i < len(text); i++ {
		if last := text[len(text)-i:]; utf8.RuneStart(last[0]) && !utf8.FullRune(last) {
			return text[:len(text)-i]
		}
	}
	return text
}

// isIntricate finds what costs goldmark far more than its size.
func isIntricate(body []byte) bool {
	definitions, brackets := bytes.Count(body, []byte("]:")), bytes.Count(body, []byte("["))
	emphasis := bytes.Count(body, []byte("*")) + bytes.Count(body, []byte("_"))
	if definitions > maxDefinitions || brackets > maxBrackets || emphasis > maxEmphasis {
		return true
	}
	if linking := brackets * len(body); linking > maxLinking || definitions > 0 && linking > maxReferring {
		return true
	}
	for line := range bytes.Lines(body) {
		if levels(line) > maxLevels {
			return true
		}
	}
	return false
}

// levels returns how many quotes and lists the start of a line can stand in: one for each >, and one for each two
// columns of indent and list markers, which is the least that a list takes.
func levels(line []byte) int {
	columns, marked := 0, false
	for i, c := range line {
		switch {
		case c == ' ':
			columns++
		case c == '\t':
			columns += 4
		case c == '>':
			columns += 2
			marked = true
		case bytes.IndexByte([]byte("-*+.)"), c) >= 0 && (i+1 == len(line) || isBlank(line[i+1])):
			columns++
			marked = true
		case c >= '0' && c <= '9':
			columns++
		default:
			return levelsOf(columns, marked)
		}
	}
	return levelsOf(columns, marked)
}

// levelsOf leaves out indent alone: it is code, or HTML that was written prettily.
func levelsOf(columns int, marked bool) int {
	if !marked {
		return 0
	}
	return columns / 2
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// bounded takes so many bytes and then fails.
type bounded struct {
	text bytes.Buffer
	left int
}

var errTooLong = errors.New("the HTML is too long")

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooLong
	}
	return b.text.Write(p)
}
