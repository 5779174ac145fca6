package sanitize

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// walker takes a parsed body to a writer, and notes on the way what is not text.
type walker struct {
	w              *writer
	dirty          string // what was parsed
	base           string
	rules          Rules
	took           map[int]int        // how much each selector of the rules took out
	spared         bool               // the rules are not applied: they would take too long
	sheet          sheet              // what the body's own style sheets hide
	open           map[atom.Atom]bool // whether an element of that name is never closed, as far as it was asked
	body           *html.Node         // what is walked
	wrapper        *html.Node         // element that holds all of it, or nil
	view           view               // of the elements around
	nodes          int                // visited
	inNoscript     bool               // what is walked is shown to readers without scripts
	resolved       int                // bytes that were read to make addresses absolute
	offered        offered            // by the picture that was walked last
	flat           bool               // only plain paragraphs are written
	unveil         bool               // nothing is left but what a script unveils
	hidden         int                // more than zero: something was hidden
	weighed        int                // looked at to tell decoys
	size           int                // bytes of text in the body, where they were counted; below zero: not yet
	lost           int                // bytes of text in drawings, formulas and choices, which a reader might have seen
	refused        int                // addresses that were dropped
	image          string             // first image that is worth showing
	lastImage      string             // the one before, without its query, to know its copy in a noscript by
	lastInNoscript bool               // that one stood in a noscript
	attribution    string             // outlet named by an element made for it
}

// faults names what the walk dropped that the operator may want to know of.
func (k *walker) faults() []string {
	if k.refused == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d addresses that are not public http or https ones were dropped from the body", k.refused)}
}

// walk writes a node and what is in it. The parser bounds the recursion: it refuses to nest over 512 deep.
func (k *walker) walk(n *html.Node) {
	if k.nodes++; k.nodes > maxVisited && !k.flat || k.w.stopped() {
		return
	}
	switch n.Type {
	case html.TextNode:
		k.text(n.Data)
	case html.CommentNode:
		k.w.gone.count(goneComment)
	case html.ElementNode:
		k.element(n)
	}
}

func (k *walker) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		k.walk(c)
	}
}

func (k *walker) text(s string) {
	switch {
	case !k.view.blank():
		k.w.writeText(s)
	case strings.TrimSpace(s) != "":
		k.hidden += len(s)
		k.w.gone.count(goneHidden)
	}
}

// element decides on one element. Those that no case names are dissolved: the element goes, its text stays.
func (k *walker) element(n *html.Node) {
	switch {
	case n.Namespace != "" && !k.flat:
		k.lose(n) // svg and math
		return
	case invisible(n.DataAtom):
		k.w.gone.unseen(n.DataAtom)
		return
	}
	whole, s := k.isUnveiled(n), styleOf(n)
	if n.DataAtom == atom.Img && isLate(n) {
		s = nil // it is shown when it has come
	}
	switch {
	case k.hides(n, s, whole):
		k.hidden++
		k.w.gone.count(goneHidden)
	case k.isAttribution(n):
	case k.removes(n):
		k.keepOutlet(n)
	default:
		k.w.gone.attributes(n)
		outer := k.view
		k.view = outer.within(n, s, whole)
		k.visible(n, s)
		k.view = outer
		k.w.center = outer.center
	}
}

func (k *walker) visible(n *html.Node, s style) {
	if k.flat {
		k.flatten(n)
		return
	}
	tag, role := meaning(n.DataAtom)
	if (role == roleInline || role == roleNone) && s.isBlock() && !isVoid(n.DataAtom) {
		k.w.boundary()
		defer k.w.boundary()
	}
	switch {
	case role == roleInline && s.undoes(tag):
		k.dressed(n, s)
	case role == roleInline:
		k.inline(n, tag, "<"+tag+">")
	case role != roleNone:
		k.block(n, s, tag, role)
	default:
		k.other(n, s)
	}
}

func (k *walker) inline(n *html.Node, tag, head string) {
	if tag == "rt" || tag == "rp" {
		// Only in a ruby, and not in one another: a parser would close the outer one.
		if !k.w.inside("ruby") || k.w.inside("rt") || k.w.inside("rp") {
			if size, _ := k.weigh(n); tag == "rp" && size > maxOrnament {
				k.w.gone.unseen(n.DataAtom) // a browser shows no rp: it is for brackets
			} else {
				k.children(n)
			}
			return
		}
	}
	id := k.w.openInline(tag, head)
	k.children(n)
	k.w.closeInline(id)
}

func (k *walker) block(n *html.Node, s style, tag string, r role) {
	k.centre(n, s)
	head := "<" + tag + ">"
	switch tag {
	case "p":
		head = k.w.paragraphHead()
	case "td", "th":
		head = cellHead(n, tag)
	case "ol", "li":
		head = numberedHead(n, tag)
	}
	id := k.w.open(tag, head, r)
	if id != 0 && (tag == "td" || tag == "th") {
		k.w.cell()
	}
	k.dressed(n, s.ofBlock(tag))
	k.w.end(id)
}

// centre has what stands in n centred, or not. Whoever calls it sees to it that this ends with n.
func (k *walker) centre(n *html.Node, s style) {
	k.view.center = centered(n, s, k.view.center)
	k.w.center = k.view.center
}

// other handles the elements that are neither kept as a block nor as inline.
func (k *walker) other(n *html.Node, s style) {
	switch n.DataAtom {
	case atom.Br:
		k.w.lineBreak()
	case atom.Hr:
		if !k.view.veiled {
			k.w.rule()
		}
	case atom.Img:
		k.picture(n)
	case atom.A:
		k.link(n)
	case atom.Video, atom.Audio:
		k.media(n)
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Select, atom.Canvas:
		k.lose(n)
	default:
		k.dissolve(n, s)
	}
}

// dissolve writes what is in an element without the element. Only those known to stand inside a line do not
// part what is before them from what is after.
func (k *walker) dissolve(n *html.Node, s style) {
	switch {
	case k.view.blank(), s.emphasis() != nil: // its text is counted as hidden, or it is not gone
	case n.DataAtom == atom.Span:
		k.w.gone.count(goneSpan)
	default:
		k.w.gone.count(goneWrapper)
	}
	if n.DataAtom == atom.Noscript {
		k.withoutScript(n)
		return
	}
	if !parting(n.DataAtom) {
		k.dressed(n, s)
		return
	}
	k.centre(n, s)
	k.w.boundary()
	k.dressed(n, s.ofBlock(""))
	k.w.boundary()
}

// withoutScript writes the images that stand for those that a script loads. What else is said to readers without scripts
// is no part of the article, unless it is most of it or was never closed.
func (k *walker) withoutScript(n *html.Node) {
	if size, _ := k.weigh(n); !k.isMost(size) && !k.swallows(n) {
		k.view.tiny = true
	}
	outer := k.inNoscript
	k.inNoscript = true
	k.children(n)
	k.inNoscript = outer
}

// dressed writes what is in an element, with the elements that mean what its style says, and without those around it that
// its style undoes.
func (k *walker) dressed(n *html.Node, s style) {
	if s == nil {
		k.children(n)
		return
	}
	outer := k.w.inlines
	k.w.inlines = slices.DeleteFunc(slices.Clone(outer), func(in element) bool { return s.undoes(in.tag) })
	var ids []int
	for _, tag := range s.emphasis() {
		ids = append(ids, k.w.openInline(tag, "<"+tag+">"))
	}
	k.children(n)
	for _, id := range slices.Backward(ids) {
		k.w.closeInline(id)
	}
	k.w.inlines = outer
}

// lose drops an element that readers might have seen text in, unless it has swallowed what follows it.
func (k *walker) lose(n *html.Node) {
	if n.Namespace == "" && k.swallows(n) {
		k.dissolve(n, nil)
		return
	}
	k.w.gone.refused(n)
	if n.Namespace != "" || n.DataAtom == atom.Select { // what is shown in place of the others is shown to nobody
		k.drawn(n)
	}
}

// drawn counts the text in a drawing, and writes the HTML that stands in it: whole cards with text are laid out so.
func (k *walker) drawn(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			k.lost += len(strings.TrimSpace(c.Data))
		case c.Type == html.ElementNode && c.Namespace == "" && n.Namespace != "":
			k.walk(c)
		default:
			k.drawn(c)
		}
	}
}

// swallows reports whether an element holds what follows it, since it was never closed.
func (k *walker) swallows(n *html.Node) bool {
	open, known := k.open[n.DataAtom]
	if !known {
		open = begins(k.dirty, "<"+n.Data) > begins(k.dirty, "</"+n.Data)
		if k.open == nil {
			k.open = map[atom.Atom]bool{}
		}
		k.open[n.DataAtom] = open
	}
	return open
}
