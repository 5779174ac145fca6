package sanitize

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of what is handed to the parser.
const (
	maxTags   = 10_000 // angle brackets: more than these cannot come to less than maxNodes nodes
	fewTags   = 600    // with no more than these, no markup makes a tree worth fearing
	maxClones = 50_000 // elements that the parser may have to make again
)

// tooCostly reports whether parsing might take more than it is worth. A formatting element that is never
// closed is made again in every paragraph after it: 84 KB of <b id=1><b id=2>… and x<p>x<p>… become 134 MB.
func tooCostly(s string) bool {
	tags := strings.Count(s, "<")
	return tags > maxTags || tags > fewTags && clones(s) > maxClones
}

// clones estimates, from above, how many elements the parser makes again.
func clones(s string) int {
	var open formatting
	total := 0
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return total
		case html.StartTagToken:
			name, _ := z.TagName()
			total += open.count
			open.start(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			open.end(atom.Lookup(name))
		}
	}
}

// formatting counts the formatting elements that are open. An end tag ends only what was opened in the same
// scope (cell, object …), as in the parser; where the two differ, this one counts more.
type formatting struct {
	count  int
	scopes []map[atom.Atom]int
}

func (f *formatting) start(a atom.Atom) {
	switch {
	case isScope(a):
		f.scopes = append(f.scopes, nil)
	case isFormatting(a):
		f.count++
		if len(f.scopes) == 0 {
			f.scopes = append(f.scopes, nil)
		}
		last := len(f.scopes) - 1
		if f.scopes[last] == nil {
			f.scopes[last] = make(map[atom.Atom]int)
		}
		f.scopes[last][a]++
	}
}

func (f *formatting) end(a atom.Atom) {
	last := len(f.scopes) - 1
	switch {
	case last < 0:
	case isScope(a) && last > 0:
		f.scopes = f.scopes[:last]
	case isFormatting(a) && f.scopes[last][a] > 0:
		f.scopes[last][a]--
		f.count--
	}
}

func isFormatting(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small,
		atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

func isScope(a atom.Atom) bool {
	switch a {
	case atom.Td, atom.Th, atom.Caption, atom.Applet, atom.Object, atom.Marquee, atom.Template, atom.Select:
		return true
	}
	return false
}

// freeFrames renames the iframes after the last </iframe>: unclosed, the first would turn all that follows
// into its own raw text. An unknown element is dissolved.
func freeFrames(s string) string {
	const start = "<iframe"
	closed := max(lastFold(s, "</iframe"), 0)
	for i := lastFold(s, start); i >= closed; i = lastFold(s[:i], start) {
		s = s[:i] + "<x-frame" + s[i+len(start):]
	}
	return s
}

// lastFold returns where sub, of ASCII letters in any case, is last found in s, or -1.
func lastFold(s, sub string) int {
	for i := strings.LastIndexByte(s, sub[0]); i >= 0; i = strings.LastIndexByte(s[:i], sub[0]) {
		if i+len(sub) <= len(s) && strings.EqualFold(s[i:i+len(sub)], sub) {
			return i
		}
	}
	return -1
}

// fromText writes the text of a body, without building a tree, as plain paragraphs.
func fromText(dirty string, limit int) *walker {
	k := &walker{w: &writer{limit: limit}}
	skipped := atom.Atom(0)
	for z := html.NewTokenizer(strings.NewReader(dirty)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return k
		case html.TextToken:
			if skipped == 0 {
				k.w.writeText(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			skipped = skippedAfter(a, kind, skipped)
			if skipped == 0 {
				z.NextIsNotRawText()
			}
			if endsLine(a) {
				k.w.boundary()
			}
		}
	}
}

// skippedAfter returns the element whose raw text is not text, after a tag: script, style, or none.
func skippedAfter(a atom.Atom, kind html.TokenType, skipped atom.Atom) atom.Atom {
	switch {
	case kind == html.StartTagToken && (a == atom.Script || a == atom.Style):
		return a
	case kind == html.EndTagToken && a == skipped:
		return 0
	}
	return skipped
}

func endsLine(a atom.Atom) bool {
	_, r := meaning(a)
	return r != roleNone && r != roleInline || parting(a) || a == atom.Br || a == atom.Hr
}
