// Package markup reckons what an HTML parser will have to do before it does it. In go the tags of a document, one after
// the other; out comes how many elements the parser may make again. Formatting that is not closed is made again in each
// block after it, so that 84 KB can become 134 MB, and what is closed is for the parser to say: an end tag counts for
// nothing behind a cell, an object or a table.
//
// The reckoning is from above: where it differs from the parser, it counts more. What it follows is the tree
// construction of the HTML standard, as golang.org/x/net/html does it.
package markup

import "golang.org/x/net/html/atom"

// Bounds of one step. None of them makes the count smaller than what the parser does.
const (
	maxReach = 8  // blocks that an end tag is taken past: the parser's adoption agency gives up after as many
	maxWalk  = 64 // elements that are looked through for the one that an end tag closes
)

// Cost is what the parser will have to do for the tags so far. The zero value is of no tags. Time is at most in the
// order of Open for each tag; whoever feeds it stops at a number of Clones, which keeps Open below its root.
type Cost struct {
	Clones int // elements that are made again, at most
	Copies int // attributes that are copied with them, at most

	attrs   int // that the open formatting has
	formats []format
	frames  []frame
	seen    map[atom.Atom]int // frames, by tag
	ended   bool              // the last tag was an end tag: the text behind it may be in a block of its own
	drawing int               // svg elements that are open, with nothing in them but shapes
	titled  bool              // the title of a drawing is open
	foreign bool              // a formula, or a drawing with HTML in it, was seen, in which other rules hold: where it ends is uncertain
}

// format is a formatting element that may be open.
type format struct {
	tag   atom.Atom
	attrs int
	depth int // number of frames around it; beyond is what no end tag is taken to reach
}

const beyond = -1

// frame is an element that may be open and that stands in the way of end tags. One without a tag is never closed: it
// stands where the parser and this package may have parted.
type frame struct {
	tag  atom.Atom
	kind kind
}

// Open returns the number of formatting elements that may be open.
func (c *Cost) Open() int { return len(c.formats) }

// Start takes a start tag with a number of attributes. To the parser, <b/> is <b>.
func (c *Cost) Start(tag atom.Atom, attrs int) {
	c.ended = false
	c.remake(1)
	c.draw(tag)
	if tag == atom.A || tag == atom.Nobr { // it closes another
		c.closeFormat(tag)
	}
	switch k := kindOf(tag); {
	case isFormatting(tag):
		c.formats = append(c.formats, format{tag: tag, attrs: attrs, depth: len(c.frames)})
		c.attrs += attrs
	case isTablePart(tag):
		c.leaveCell()
		if k != none {
			c.push(frame{tag: tag, kind: k})
		}
	case k != none:
		c.push(frame{tag: tag, kind: k})
	}
}

// Foreign reports whether what comes next may stand in a drawing or a formula: there the parser reads tags where it reads
// raw text elsewhere.
func (c *Cost) Foreign() bool { return c.foreign || c.drawing > 0 }

// draw follows a start tag into a drawing. Shapes have no names that HTML knows. A drawing of such alone ends with its end
// tag; any other name may lead back to HTML in it, or out of it.
func (c *Cost) draw(tag atom.Atom) {
	switch {
	case tag == atom.Math, c.titled, c.drawing > 0 && tag != 0 && tag != atom.Svg && tag != atom.Title:
		c.foreign = true
	case tag == atom.Svg:
		c.drawing++
	case tag == atom.Title:
		c.titled = c.drawing > 0
	}
}

// Text takes a run of text.
func (c *Cost) Text() {
	if c.ended {
		c.remake(1)
	}
	c.ended = false
}

// End takes an end tag.
func (c *Cost) End(tag atom.Atom) {
	c.ended = true
	k := kindOf(tag)
	switch {
	case tag == atom.Svg && !c.titled:
		c.drawing = max(c.drawing-1, 0)
	case tag == atom.Title:
		c.titled = false
	case tag == atom.Br:
		c.remake(1) // to the parser it is a start tag
	case isFormatting(tag):
		c.closeFormat(tag)
	case c.Foreign() || k == none || c.seen[tag] == 0:
	case k == block:
		c.closeBlock(tag)
	default:
		c.closeScope(tag)
	}
}

// remake counts all open formatting as made again.
func (c *Cost) remake(times int) {
	c.Clones += times * len(c.formats)
	c.Copies += times * c.attrs
}

// closeFormat closes the last such formatting, if the parser does so for certain: within the same scope, and with few
// blocks begun since. The parser makes it again in each of those, which was counted when they began.
func (c *Cost) closeFormat(tag atom.Atom) {
	reach := min(c.reach(), maxReach-1)
	for i := len(c.formats) - 1; i >= 0 && !c.Foreign(); i-- {
		f := c.formats[i]
		if blocks := len(c.frames) - f.depth; f.tag == tag && f.depth != beyond && blocks <= reach {
			c.attrs -= f.attrs
			c.formats = append(c.formats[:i], c.formats[i+1:]...)
			return
		}
	}
}

// reach returns the number of blocks from the innermost frame out to the next scope.
func (c *Cost) reach() int {
	for i := range min(maxReach, len(c.frames)) {
		if c.frames[len(c.frames)-1-i].kind != block {
			return i
		}
	}
	return min(maxReach, len(c.frames))
}

func (c *Cost) push(f frame) {
	if c.seen == nil {
		c.seen = make(map[atom.Atom]int)
	}
	c.seen[f.tag]++
	c.frames = append(c.frames, f)
}

// part pushes a frame that is never closed.
func (c *Cost) part() { c.push(frame{kind: scope}) }

// closeBlock closes a block if it is the innermost. The parser may close it where it is not; then this counts more.
func (c *Cost) closeBlock(tag atom.Atom) {
	if c.frames[len(c.frames)-1].tag == tag {
		c.popTo(len(c.frames) - 1)
	} else if tag == atom.Form {
		c.part() // the parser forgets which form is open, and closes none by the next tag
	}
}

// closeScope closes a scope, with what the parser closes in it. Where anything else stands between, what the parser
// closes is uncertain.
func (c *Cost) closeScope(tag atom.Atom) {
	for i := len(c.frames) - 1; i >= max(0, len(c.frames)-maxWalk); i-- {
		f := c.frames[i]
		if f.tag == tag {
			c.popTo(i)
			return
		}
		if f.kind != block && !endsWith(f, tag) {
			break
		}
	}
	c.part()
}

// endsWith reports whether a part of a table ends where a larger one does. A caption ends by no row, and neither does a
// cell by another cell's tag.
func endsWith(f frame, tag atom.Atom) bool {
	switch kindOf(tag) {
	case table:
		return f.kind == cell || f.kind == rows
	case rows:
		return f.kind == cell && f.tag != atom.Caption || f.tag == atom.Tr
	}
	return false
}

// leaveCell closes the cell that a part of a table begins in, as the parser does.
func (c *Cost) leaveCell() {
	for i := len(c.frames) - 1; i >= max(0, len(c.frames)-maxWalk); i-- {
		switch c.frames[i].kind {
		case cell:
			c.popTo(i)
			return
		case rows, table:
			return
		case scope:
			if c.frames[i].tag != 0 {
				c.part()
			}
			return
		}
	}
	if len(c.frames) > maxWalk {
		c.part()
	}
}

// popTo closes all frames from a number on. The formatting in a scope is out of reach then, though the parser forgets
// it; that in a block or a table stays open.
func (c *Cost) popTo(depth int) {
	for len(c.frames) > depth {
		last := len(c.frames) - 1
		f := c.frames[last]
		c.frames = c.frames[:last]
		c.seen[f.tag]--
		for i := range c.formats {
			switch {
			case c.formats[i].depth <= last:
			case f.kind == scope || f.kind == cell:
				c.formats[i].depth = beyond
			default:
				c.formats[i].depth = last
			}
		}
	}
}
