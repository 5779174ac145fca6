package sanitize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// Where in a body a line may name its outlet. Lines of frame (责任编辑：李四) and those that do nothing but name an
// outlet are not counted.
const (
	leading   = 3  // of the first paragraphs
	trailing  = 3  // of the last paragraphs
	maxFrames = 15 // lines of frame that are passed over to find the last paragraphs
	maxAlone  = 30 // lines that do nothing but name an outlet: a body of more is one that none is taken out of
)

// Bounds of a name that neither its label nor its ending tells to be that of a medium, in characters.
const maxUnsure = 24

// attributionIn returns the outlet that the text of an element made for it names, and whether it says nothing else.
func attributionIn(text string) (outlet string, alone bool) {
	n, _ := namingIn(text)
	return n.outlet, n.alone
}

// withoutAttribution returns what was written without the paragraphs that do nothing but name the outlet, and the
// outlet. No paragraph is taken out where that would leave another one to be taken out next time: those of a body
// that names several outlets all stay.
func (w *writer) withoutAttribution() (markup, text, outlet string) {
	outlet, lines := w.credited(nil)
	if len(lines) > 0 {
		gone := make([]bool, len(w.paragraphs))
		for _, i := range lines {
			gone[i] = true
		}
		if _, more := w.credited(gone); len(more) > 0 {
			lines = nil
		}
	}
	var cut []paragraph // from the back to the front
	for _, i := range slices.Backward(lines) {
		cut = append(cut, w.paragraphs[i])
		w.gone.credit(w.line(i))
	}
	markup, text = w.without(cut)
	return strings.TrimPrefix(markup, "\n"), strings.TrimPrefix(text, "\n"), outlet
}

// line returns the text of a paragraph.
func (w *writer) line(i int) string {
	p := w.paragraphs[i]
	return strings.TrimSpace(w.text.String()[p.from.text:p.to.text])
}

// credited returns the outlet that the paragraphs name that are not gone, and those that do nothing but name it, in
// their order. The one that is named last counts, and one at the beginning only where none is named at the end.
func (w *writer) credited(gone []bool) (outlet string, lines []int) {
	found := crediting{writer: w, gone: gone}
	found.first(found.last())
	for i, name := range found.alone {
		if name == found.outlet {
			lines = append(lines, i)
		}
	}
	slices.Sort(lines)
	return found.outlet, lines
}

// crediting is a search for the outlet among the paragraphs of a body.
type crediting struct {
	*writer
	gone   []bool // paragraphs that are passed over, or nil
	outlet string
	alone  map[int]string // outlets that a paragraph names that says nothing else
}

// without reports whether a paragraph is passed over.
func (c *crediting) without(i int) bool { return c.gone != nil && c.gone[i] }

// last searches from the end, and returns before which paragraph it ended.
func (c *crediting) last() (end int) {
	end = len(c.paragraphs)
	others, more := c.moreBelow()
	kept, frames, last := 0, 0, true
	for end > 0 && kept < trailing {
		if end--; c.without(end) {
			continue
		}
		n, ok := namingIn(c.line(end))
		last = last && c.above(end+1) == ""
		switch {
		case ok && n.counts(last, func() bool { return c.captions(end) }):
			if !c.take(end, n) {
				kept, last = kept+1, false
			}
		case more && end >= others, frames < maxFrames && isFrame(c.line(end)):
			frames++
		default:
			kept, last = kept+1, false
		}
	}
	return end
}

// first searches from the beginning for a line that surely names an outlet, up to a paragraph.
func (c *crediting) first(end int) {
	kept := 0
	for i := 0; i < end && kept < leading; i++ {
		if c.without(i) {
			continue
		}
		n, ok := namingIn(c.line(i))
		if ok = ok && n.begins && n.counts(false, func() bool { return c.captions(i) }); !ok || !c.take(i, n) {
			kept++
		}
	}
}

// take notes what a paragraph names, and reports whether it says nothing else.
func (c *crediting) take(i int, n naming) (alone bool) {
	if c.outlet == "" {
		c.outlet = n.outlet
	}
	p := c.paragraphs[i]
	if !n.alone || p.from.images != p.to.images || len(c.alone) == maxAlone {
		return false
	}
	if c.alone == nil {
		c.alone = map[int]string{}
	}
	c.alone[i] = n.outlet
	return true
}

// moreBelow returns the paragraph near the end below which other articles are named (往期推荐), and whether there is one.
func (c *crediting) moreBelow() (at int, found bool) {
	for i, seen := len(c.paragraphs)-1, 0; i >= 0 && seen < maxFrames; i-- {
		if c.without(i) {
			continue
		}
		if seen++; namesOthers(c.line(i)) {
			at, found = i, true
		}
	}
	return at, found
}

// above returns the end of the markup between a paragraph and the one before it: that of a table, list or quotation.
func (w *writer) above(i int) string {
	from, to := 0, w.out.Len()
	if i > 0 {
		from = w.paragraphs[i-1].to.html
	}
	if i < len(w.paragraphs) {
		to = w.paragraphs[i].from.html
	}
	return w.out.String()[max(from, to-len("\n</figure>")):to]
}

// captions reports whether a paragraph says where an image or table is from: it is centred, it has an image in it or
// begins as captions do, or it follows an image, a table, or such a caption.
func (c *crediting) captions(i int) bool {
	p := c.paragraphs[i]
	centred := strings.HasPrefix(strings.TrimPrefix(c.out.String()[p.from.html:p.to.html], "\n"), `<p align="center">`)
	if centred || p.from.images != p.to.images || captionStart.MatchString(feeds.CutBytes(c.line(i), maxNaming)) {
		return true
	}
	for ; i >= 0; i-- {
		if gap := c.above(i); gap != "" {
			return strings.HasSuffix(gap, "</table>") || strings.HasSuffix(gap, "</figure>")
		}
		if i > 0 && !c.without(i-1) {
			return c.pictures(i - 1)
		}
	}
	return false
}

// pictures reports whether a paragraph is an image with no more than a line of text, ends with one, or is the line
// that says what is seen.
func (w *writer) pictures(i int) bool {
	p, line := w.paragraphs[i], w.line(i)
	if p.from.images == p.to.images {
		return captionStart.MatchString(feeds.CutBytes(line, maxNaming)) && !strings.Contains(line, "来源") // it names its own
	}
	markup := w.out.String()[p.from.html:p.to.html]
	_, below, _ := strings.Cut(markup[max(strings.LastIndex(markup, "<img"), 0):], ">")
	return len(line) <= maxNaming && utf8.RuneCountInString(line) <= maxCredits || strings.HasPrefix(below, "</")
}

// without returns what was written without some paragraphs, which are given from the back to the front. All
// are taken out in one pass: a body may consist of thousands.
func (w *writer) without(cut []paragraph) (markup, text string) {
	if len(cut) == 0 {
		return w.out.String(), w.text.String()
	}
	var out, plain strings.Builder
	var done mark
	for _, p := range slices.Backward(cut) {
		out.WriteString(w.out.String()[done.html:p.from.html])
		plain.WriteString(w.text.String()[done.text:p.from.text])
		done = p.to
	}
	out.WriteString(w.out.String()[done.html:])
	plain.WriteString(w.text.String()[done.text:])
	return out.String(), plain.String()
}
