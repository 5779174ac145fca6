// Package story recognises the same wire story at several outlets, and says which copy of a story is shown. It is pure:
// entries go in; prints, marks and one entry to show come out.
//
// # How a copy is recognised
//
// The text of an entry is brought to a normal form that editors leave alone: half width, lower case, without white
// space and punctuation, without the lines and brackets that name sources, reporters and risks. It is then read as
// tokens: a character is one, and so is a whole figure, whatever its length.
//
// [Print.Marks] finds candidates in an index: the smallest hashes of all runs of five tokens, of which a copy that was
// cut or has a new lead still has some. [Same] then decides, by laying one text along the other. It asks three things:
//
//   - Is most of the shorter text literally equal? A copy may be cut, and may have a lead of its own.
//   - Do the places where they differ tell other news? An edited copy lacks or adds whole stretches. A form letter, a
//     price table and another day's report are equal everywhere but in short places, and there stand other figures
//     and other names.
//   - Does what is not equal tell the same? The equal part may be a paragraph that ends all releases of one bank, or
//     begins a series: it proves nothing alone, however long it is. Where both have text of their own beside it, these
//     have to share words that the equal part does not have, as a lead that was rewritten does, or both headlines have
//     to speak of the equal part.
//
// A flash, of about a hundred characters, has no word to spare: one is wholly in the other, in the same order, and what
// the other has besides are whole clauses, without a word that may turn the rest, such as not, intended, up or down. A
// few words are equal, with their title, or they are not.
//
// The thresholds were chosen on one half of the pairs in testdata/pairs; the other half gives the figures.
package story

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// Window is how far apart copies of one story are published at most.
const Window = 72 * time.Hour

// LeastShared is how many marks copies of one story share at least; all, where one of them has fewer. What shares fewer
// need not be compared.
const LeastShared = 3

const (
	maxText   = 20_000 // characters of a text that count
	maxLine   = 200    // characters of a title or an outlet that count
	maxMarks  = 16     // marks of one print
	gram      = 5      // tokens of a shingle
	flashSize = 100    // characters of normal text: under it every word counts
	aloneSize = 20     // characters of normal text: under it the title is part of what is compared
	wholeSize = 12     // characters of normal text, with the title: under it there is nothing to recognise
)

// Print is what the text of an entry is recognised by. The zero Print is nobody's copy.
type Print struct {
	by    string // the outlet, in normal form
	title string // in normal form; empty where the title is all there is, and so is the text
	text  string // in normal form, without boilerplate, at most maxText characters
	day   string // of the month, as the dateline says; empty where there is none
}

// New takes the print of an entry: of its title, the text of its body and its outlet. Of a long body the first 20,000
// characters count. A title without a body is a text.
func New(e feeds.Entry) Print { return Read(e.Body.Text()).Print(e.Title, e.Outlet) }

// Text is what the text of a body gives to a print: it can be taken before title and outlet are known. The zero Text says
// nothing.
type Text struct {
	lines []string // in normal form, without boilerplate, none empty
	day   string   // of the month, as the dateline says; empty where there is none
}

// Read takes what a text, of lines that \n separates, gives to a print. Of a long one the first 20,000 characters count.
func Read(body string) Text {
	var t Text
	for line := range strings.SplitSeq(clip(body, maxText), "\n") {
		line, day := unframed(strings.TrimSpace(fold(line)))
		if t.day == "" {
			t.day = day
		}
		if line = reduced(line); line != "" {
			t.lines = append(t.lines, line)
		}
	}
	return t
}

// Print returns the print of an entry of that text. A line that says what the title says does not count; where there is
// no other, the title is the text.
func (t Text) Print(title, outlet string) Print {
	p := Print{by: normalLine(outlet), title: normalLine(title), day: t.day}
	if p.text = t.without(p.title); p.text != "" {
		return p
	}
	alone := Read(title)
	p.text, p.day = cmp.Or(alone.without(""), p.title), alone.day
	p.title = ""
	return p
}

// without returns the lines in a row, but for those that say what the title says. Two figures that touch are kept apart.
func (t Text) without(title string) string {
	var b strings.Builder
	figure := false
	for _, line := range t.lines {
		if line == title {
			continue
		}
		if figure && isDigit(line[0]) {
			b.WriteByte(' ')
		}
		b.WriteString(line)
		figure = isDigit(line[len(line)-1])
	}
	return clip(b.String(), maxText)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// normalLine returns the normal form of a title or an outlet.
func normalLine(s string) string { return clip(normal(clip(s, maxLine)), maxLine) }

// clip returns the first n characters of s.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// Size returns how many characters of the text count, 20,000 at most. [Same] takes time in proportion to the sizes of
// both prints together, so that a budget of characters bounds what many comparisons cost.
func (p Print) Size() int { return utf8.RuneCountInString(p.text) }

// isFlash reports whether one of two texts is so short that every word counts, or both are hardly longer.
func isFlash(a, b Print) bool {
	return min(a.Size(), b.Size()) < flashSize || 4*max(a.Size(), b.Size()) < 5*flashSize
}

// isShort reports whether the text is only a few words, which alone say nothing ("点击查看全文"): it is compared whole,
// and the title with it.
func (p Print) isShort() bool { return p.Size() < aloneSize }

// whole returns what is compared of a short print. It is empty where there is too little to recognise.
func (p Print) whole() string {
	if whole := p.title + p.text; utf8.RuneCountInString(whole) >= wholeSize {
		return whole
	}
	return ""
}

// Marks returns what to look the print up by in an index: copies of one story share at least one, and what shares one
// may be a copy, as Same tells. There are at most 16, in ascending order, and none where there is too little to
// recognise. They are the same on every machine.
func (p Print) Marks() []int64 {
	hashes := shingles(tokens(p.text))
	if p.isShort() {
		hashes = nil
		if whole := p.whole(); whole != "" {
			hashes = []uint64{mix(tokens(whole))}
		}
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	var marks []int64
	for _, h := range hashes[:min(len(hashes), maxMarks)] {
		marks = append(marks, int64(h))
	}
	slices.Sort(marks)
	return marks
}

// version is of the normal form: what was kept in another one cannot be compared.
const version = "1"

// Encode returns the print as text to keep. Decode reads it back.
func (p Print) Encode() string {
	return strings.Join([]string{version, p.by, p.day, p.title, p.text}, "\n")
}

// maxEncoded is the longest encoded print, in bytes, with room for its version and its day.
const maxEncoded = utf8.UTFMax*(maxText+2*maxLine) + 100

// Decode reads what Encode wrote. It is an error where s is of another version or no print at all.
func Decode(s string) (Print, error) {
	if len(s) > maxEncoded || !utf8.ValidString(s) {
		return Print{}, fmt.Errorf("decode a print: %d bytes are too long or no UTF-8: take the print anew", len(s))
	}
	lines := strings.Split(s, "\n")
	if lines[0] != version {
		return Print{}, fmt.Errorf("decode a print: version %.10q is not %s: take the print anew", lines[0], version)
	}
	if len(lines) != 5 {
		return Print{}, fmt.Errorf("decode a print: %d lines are not 5: take the print anew", len(lines))
	}
	return Print{by: lines[1], day: lines[2], title: lines[3], text: lines[4]}, nil
}
