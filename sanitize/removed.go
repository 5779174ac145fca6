package sanitize

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// removal is a kind of thing that is taken out of a body. What is inside a thing that was taken out is not counted.
type removal int

const (
	goneHidden removal = iota
	goneScript
	goneStyle
	goneUnseen
	goneFrame
	goneDrawing
	goneRefused
	goneSpan
	goneStockLink
	goneLink
	goneWrapper
	goneTag
	goneCounter
	goneChart
	goneCopy
	goneImage
	gonePlayer
	goneComment
	goneEmpty
	goneCharacter
	goneAction
	goneClass
	removals // how many kinds there are
)

// removedWords says each kind of thing for one and for several of them, in the order in which they are told.
var removedWords = [removals]struct{ one, many string }{
	goneHidden:    {"%d hidden element", "%d hidden elements"},
	goneScript:    {"%d script", "%d scripts"},
	goneStyle:     {"%d style sheet", "%d style sheets"},
	goneUnseen:    {"%d element that no reader sees", "%d elements that no reader sees"},
	goneFrame:     {"%d frame", "%d frames"},
	goneDrawing:   {"%d drawing (svg, math or canvas)", "%d drawings (svg, math or canvas)"},
	goneRefused:   {"%d element that is not allowed, with its text", "%d elements that are not allowed, with their text"},
	goneSpan:      {"%d span (kept its text)", "%d spans (kept their text)"},
	goneStockLink: {"%d link around a stock's name (kept its text)", "%d links around stocks' names (kept their text)"},
	goneLink:      {"%d link that leads nowhere (kept its text)", "%d links that lead nowhere (kept their text)"},
	goneWrapper:   {"%d other element (kept its text)", "%d other elements (kept their text)"},
	goneTag:       {"%d tag (kept the text)", "%d tags (kept the text)"},
	goneCounter:   {"%d tracking image", "%d tracking images"},
	goneChart:     {"%d chart with an access token", "%d charts with access tokens"},
	goneCopy:      {"%d copy of the image before it", "%d copies of the image before them"},
	goneImage:     {"%d image without a public address", "%d images without a public address"},
	gonePlayer:    {"%d player without a public address", "%d players without a public address"},
	goneComment:   {"%d comment", "%d comments"},
	goneEmpty:     {"%d empty element", "%d empty elements"},
	goneCharacter: {"%d character that cannot be seen or written", "%d characters that cannot be seen or written"},
	goneAction:    {"on* and style attributes: %d", "on* and style attributes: %d"},
	goneClass:     {"class and id attributes: %d", "class and id attributes: %d"},
}

// Bounds of what is told.
const (
	maxRemoved     = 20 // lines
	maxCreditsTold = 3  // lines that named an outlet
)

// removed counts what was taken out of a body.
type removed struct {
	counts  [removals]int
	credits []string // the first lines that named an outlet
	lines   int      // that named an outlet
}

func (r *removed) count(kind removal) { r.counts[kind]++ }

// credit notes a line that named an outlet. Such a line is short: see namedAlone and maxCredits.
func (r *removed) credit(text string) {
	if r.lines++; r.lines <= maxCreditsTold {
		r.credits = append(r.credits, text)
	}
}

// attributes counts those that act or dress: the rest of what is not written is harmless.
func (r *removed) attributes(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			r.count(goneAction)
		case a.Key == "class" || a.Key == "id":
			r.count(goneClass)
		}
	}
}

// unseen counts an element of those that invisible reports.
func (r *removed) unseen(a atom.Atom) {
	switch a {
	case atom.Script:
		r.count(goneScript)
	case atom.Style:
		r.count(goneStyle)
	default:
		r.count(goneUnseen)
	}
}

// refused counts an element that is dropped with what is in it.
func (r *removed) refused(n *html.Node) {
	switch {
	case n.Namespace != "" || n.DataAtom == atom.Canvas:
		r.count(goneDrawing)
	case n.DataAtom == atom.Iframe:
		r.count(goneFrame)
	default:
		r.count(goneRefused)
	}
}

// tag counts a start tag of a body that is kept as plain text.
func (r *removed) tag(a atom.Atom) {
	if a == atom.Script || a == atom.Style {
		r.unseen(a)
	} else {
		r.count(goneTag)
	}
}

// words says all of it, always in the same order. byRule says what the source's rules took out.
func (r *removed) words(byRule string) []string {
	var lines []string
	if byRule != "" {
		lines = append(lines, "by remove: "+byRule)
	}
	for _, credit := range r.credits {
		lines = append(lines, "attribution line "+credit)
	}
	if more := r.lines - len(r.credits); more > 0 {
		lines = append(lines, fmt.Sprintf("attribution lines beside these: %d", more))
	}
	for kind, words := range removedWords {
		switch n := r.counts[kind]; {
		case n == 1:
			lines = append(lines, fmt.Sprintf(words.one, n))
		case n > 1:
			lines = append(lines, fmt.Sprintf(words.many, n))
		}
	}
	if more := len(lines) - maxRemoved + 1; more > 1 {
		lines = append(slices.Clip(lines[:maxRemoved-1]), fmt.Sprintf("%d more kinds of things", more))
	}
	return lines
}
