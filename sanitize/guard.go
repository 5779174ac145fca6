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
	maxTags    = 40_000                   // angle brackets: more than these cannot come to less than maxVisited nodes
	littleWork = 2_000_000                // angle brackets × bytes: with no more than these, no markup makes a tree worth fearing
	maxClones  = 50_000                   // elements that the parser may have to make again
	maxCopies  = 500_000                  // attributes that it may have to copy with them: 24 MB
	maxOpen    = 512                      // elements inside one another that the parser bears
	maxLookups = maxVisited * maxOpen / 4 // open elements that it may have to look through, tag after tag
	maxRoots   = 4                        // html and body tags with attributes: some sources send a whole page
)

// tooCostly reports whether parsing might take more than it is worth. A formatting element that is never
// closed is made again in every paragraph after it: 84 KB of <b id=1><b id=2>… and x<p>x<p>… become 134 MB.
// The attributes of every <html> are merged into those of the first: 118 KB of <html a0><html a1>… take 8 s.
// Each end tag is looked for among all that is open: 9,400 </p> in 480 <div> take 0.15 s.
func tooCostly(s string) bool {
	tags := strings.Count(s, "<")
	if tags > maxTags || begins(s, "<html ", "<body ") > maxRoots {
		return true
	}
	return tags*len(s) > littleWork && estimate(s).tooMuch()
}

// begins counts the places in s that one of some start tags begins at. A tag is in small letters, and with a blank at its
// end where it is meant with attributes only.
func begins(s string, tags ...string) int {
	count := 0
	for i := strings.IndexByte(s, '<'); i >= 0; i = strings.IndexByte(s, '<') {
		s = s[i:]
		for _, tag := range tags {
			if beginsWith(s, tag) {
				count++
			}
		}
		s = s[1:]
	}
	return count
}

func beginsWith(s, tag string) bool {
	name := strings.TrimSuffix(tag, " ")
	switch {
	case len(s) <= len(name) || s[1]|0x20 != name[1]: // as nearly all of them
		return false
	case name != tag && s[len(name)] == '>':
		return false
	}
	return strings.EqualFold(s[:len(name)], name)
}

// cost is what the parser may have to do beside reading, estimated from above.
type cost struct {
	markup  markup.Cost
	depth   int               // elements that are open, where none is closed but by its end tag
	names   map[atom.Atom]int // of them, by name
	lookups int               // open elements that are looked through, to find the one that a tag closes
	raw     bool              // the last tag began an element whose text is no markup, as the tokenizer reads it
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
			c.unclear = c.raw && c.markup.Foreign() && bytes.IndexByte(z.Raw(), '<') >= 0
			c.raw = false
		case html.CommentToken:
			c.unclear = c.markup.Foreign() && bytes.HasPrefix(z.Raw(), []byte("<![CDATA["))
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
	c.raw = isRaw(a)
	c.markup.Start(a, attrs)
}

// isRaw reports whether a tokenizer reads no tags in an element but its own end (HTML, 13.2.6.2).
func isRaw(a atom.Atom) bool {
	switch a {
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Plaintext, atom.Script, atom.Style, atom.Textarea,
		atom.Title, atom.Xmp:
		return true
	}
	return false
}

func (c *cost) end(a atom.Atom) {
	c.raw = false
	c.lookups += min(c.depth, maxOpen)
	if c.names[a] > 0 {
		c.depth--
		c.names[a]--
	}
	c.markup.End(a)
}

// freeFrames renames the iframes after the last </iframe>: unclosed, the first would turn all that follows
// into its own raw text. An unknown element is dissolved. So with the other elements of raw text that readers see.
func freeFrames(s string) string {
	if begins(s, "<iframe", "<noembed", "<noframes") == 0 {
		return s
	}
	for _, name := range []string{"iframe", "noembed", "noframes"} {
		s = freed(s, "<"+name, "</"+name)
	}
	return s
}

// freed renames the start tags after the last end tag.
func freed(s, start, end string) string {
	closed := max(lastFold(s, end), 0)
	if lastFold(s[closed:], start) < 0 {
		return s
	}
	renamed := []byte(s)
	for i := closed; i+len(start) <= len(s); i++ {
		if s[i] == '<' && strings.EqualFold(s[i:i+len(start)], start) {
			renamed[i+1] = 'x' // of one length: the bound of the input stays true
		}
	}
	return string(renamed)
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
