package sanitize

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds/markup"
)

// Bounds of what is handed to the parser.
const (
	maxTags    = 10_000             // angle brackets: more than these cannot come to less than maxNodes nodes
	littleWork = 2_000_000          // angle brackets × bytes: with no more than these, no markup makes a tree worth fearing
	maxClones  = 50_000             // elements that the parser may have to make again
	maxCopies  = 500_000            // attributes that it may have to copy with them: 24 MB
	maxOpen    = 512                // elements inside one another that the parser bears
	maxLookups = maxNodes * maxOpen // open elements that it may have to look through, tag after tag
	maxRoots   = 4                  // html and body tags with attributes: some sources send a whole page
)

// tooCostly reports whether parsing might take more than it is worth. A formatting element that is never
// closed is made again in every paragraph after it: 84 KB of <b id=1><b id=2>… and x<p>x<p>… become 134 MB.
// The attributes of every <html> are merged into those of the first: 118 KB of <html a0><html a1>… take 8 s.
// Each end tag is looked for among all that is open: 9,400 </p> in 480 <div> take 0.15 s.
func tooCostly(s string) bool {
	tags := strings.Count(s, "<")
	if tags > maxTags || roots(s) > maxRoots {
		return true
	}
	return tags*len(s) > littleWork && estimate(s).tooMuch()
}

// roots counts the html and body tags that have attributes.
func roots(s string) int {
	count := 0
	for i := strings.IndexByte(s, '<'); i >= 0; {
		s = s[i:]
		if n := len("<html"); len(s) > n && s[n] != '>' && (strings.EqualFold(s[:n], "<html") || strings.EqualFold(s[:n], "<body")) {
			count++
		}
		s = s[1:]
		i = strings.IndexByte(s, '<')
	}
	return count
}

// cost is what the parser may have to do beside reading, estimated from above.
type cost struct {
	markup  markup.Cost
	depth   int               // elements that are open, where none is closed but by its end tag
	names   map[atom.Atom]int // of them, by name
	lookups int               // open elements that are looked through, to find the one that a tag closes
	foreign bool              // an svg or a math was seen
	unclear bool              // the parser may read other tags than were counted
}

func (c *cost) tooMuch() bool {
	return c.unclear || c.markup.Clones > maxClones || c.markup.Copies > maxCopies || c.lookups > maxLookups
}

// estimate reads the tags of s, as far as it takes to know that they cost too much.
func estimate(s string) *cost {
	c := &cost{names: make(map[atom.Atom]int)}
	for z := html.NewTokenizer(strings.NewReader(s)); !c.tooMuch(); {
		switch z.Next() {
		case html.ErrorToken:
			return c
		case html.TextToken:
			c.markup.Text()
			// In an svg, <style> and <title> are elements like any other: what is raw text here has tags there.
			c.unclear = c.foreign && bytes.IndexByte(z.Raw(), '<') >= 0
		case html.CommentToken:
			c.unclear = c.foreign && bytes.HasPrefix(z.Raw(), []byte("<![CDATA["))
		case html.StartTagToken, html.SelfClosingTagToken: // to the parser, <b/> is <b>
			name, more := z.TagName()
			a := atom.Lookup(name)
			attrs := 0
			for ; more; attrs++ {
				_, _, more = z.TagAttr()
			}
			if a == atom.Noscript {
				z.NextIsNotRawText() // nor is it to the parser: scripting is off
			}
			c.start(a, attrs)
		case html.EndTagToken:
			name, _ := z.TagName()
			c.end(atom.Lookup(name))
		}
	}
	return c
}

func (c *cost) start(a atom.Atom, attrs int) {
	c.lookups += min(c.depth, maxOpen)
	if !isVoid(a) {
		c.depth++
		c.names[a]++
	}
	c.foreign = c.foreign || a == atom.Svg || a == atom.Math
	c.markup.Start(a, attrs)
}

func (c *cost) end(a atom.Atom) {
	c.lookups += min(c.depth, maxOpen)
	if c.names[a] > 0 {
		c.depth--
		c.names[a]--
	}
	c.markup.End(a)
}

// freeFrames renames the iframes after the last </iframe>: unclosed, the first would turn all that follows
// into its own raw text. An unknown element is dissolved.
func freeFrames(s string) string {
	const start, renamed = "<iframe", "<xframe" // of one length: the bound of the input stays true
	closed := max(lastFold(s, "</iframe"), 0)
	if lastFold(s[closed:], start) < 0 {
		return s
	}
	freed := []byte(s)
	for i := closed; i+len(start) <= len(s); i++ {
		if s[i] == '<' && strings.EqualFold(s[i:i+len(start)], start) {
			copy(freed[i:], renamed)
		}
	}
	return string(freed)
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
		case html.CommentToken:
			k.w.gone.count(goneComment)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if skipped == 0 && kind != html.EndTagToken {
				k.w.gone.tag(a)
			}
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
