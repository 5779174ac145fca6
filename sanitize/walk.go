package sanitize

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// walker takes a parsed body to a writer, and notes on the way what is not text.
type walker struct {
	w           *writer
	base        string
	nodes       int    // visited
	lost        int    // bytes of text in elements that are not allowed, which a reader might have seen
	refused     int    // addresses that were dropped
	image       string // first image that is worth showing
	lastImage   string // the one before, to know its noscript copy by
	attribution string // outlet named by an element made for it
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
	if k.nodes++; k.nodes > maxNodes || k.w.full || k.w.deep {
		return
	}
	switch n.Type {
	case html.TextNode:
		k.w.writeText(n.Data)
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

// element decides on one element. Those that no case names are dissolved: the element goes, its text stays.
func (k *walker) element(n *html.Node) {
	switch {
	case n.Namespace != "":
		k.lose(n) // svg and math
	case invisible(n.DataAtom):
		k.w.gone.unseen(n.DataAtom)
	case hidden(n):
		k.w.gone.count(goneHidden)
	case k.isAttribution(n):
	default:
		k.w.gone.attributes(n)
		k.visible(n)
	}
}

func (k *walker) visible(n *html.Node) {
	tag, role := meaning(n.DataAtom)
	switch {
	case role == roleInline:
		k.inline(n, tag, "<"+tag+">")
	case role != roleNone:
		k.block(n, tag, role)
	default:
		k.other(n)
	}
}

func (k *walker) inline(n *html.Node, tag, head string) {
	if tag == "rt" || tag == "rp" {
		// Only in a ruby, and not in one another: a parser would close the outer one.
		if !k.w.inside("ruby") || k.w.inside("rt") || k.w.inside("rp") {
			k.children(n)
			return
		}
	}
	id := k.w.openInline(tag, head)
	k.children(n)
	k.w.closeInline(id)
}

func (k *walker) block(n *html.Node, tag string, r role) {
	outer := k.w.center
	k.w.center = centered(n, outer)
	defer func() { k.w.center = outer }()
	head := "<" + tag + ">"
	switch tag {
	case "p":
		head = k.w.paragraphHead()
	case "td", "th":
		head = cellHead(n, tag)
	}
	id := k.w.open(tag, head, r)
	if id != 0 && (tag == "td" || tag == "th") {
		k.w.cell()
	}
	k.children(n)
	k.w.end(id)
}

// other handles the elements that are neither kept as a block nor as inline.
func (k *walker) other(n *html.Node) {
	switch n.DataAtom {
	case atom.Br:
		k.w.lineBreak()
	case atom.Hr:
		k.w.rule()
	case atom.Img:
		k.picture(n)
	case atom.A:
		k.link(n)
	case atom.Video, atom.Audio:
		k.media(n)
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Select, atom.Canvas:
		k.lose(n)
	default:
		k.dissolve(n)
	}
}

// dissolve writes what is in an element without the element. Only those known to stand inside a line do not
// part what is before them from what is after.
func (k *walker) dissolve(n *html.Node) {
	if n.DataAtom == atom.Span {
		k.w.gone.count(goneSpan)
	} else {
		k.w.gone.count(goneWrapper)
	}
	if !parting(n.DataAtom) {
		k.children(n)
		return
	}
	outer := k.w.center
	k.w.center = centered(n, outer)
	k.w.boundary()
	k.children(n)
	k.w.boundary()
	k.w.center = outer
}

// lose drops an element that readers might have seen text in.
func (k *walker) lose(n *html.Node) {
	k.w.gone.refused(n)
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			k.lost += len(strings.TrimSpace(c.Data))
		}
	}
}

// Bounds of a line that names outlet, author and editor.
const (
	maxCredits      = 60   // characters
	maxCreditsInput = 1024 // bytes, before white space is folded
	maxCreditsNodes = 200  // elements and pieces of text in it
)

// isAttribution takes the outlet from an element that is made to name it. Spans around stock names cut the
// name into pieces, so it is read from the text of the whole.
func (k *walker) isAttribution(n *html.Node) bool {
	if !hasClass(n, "em_media") {
		return false
	}
	text, short := shortText(n)
	if !short {
		return false
	}
	outlet, alone := attributionIn(text)
	if outlet == "" || !alone && utf8.RuneCountInString(text) > maxCredits {
		return false
	}
	k.attribution = outlet
	k.w.gone.credit(text)
	return true
}

// shortText returns the text in an element, and whether it is short enough to be a line of credits. It reads
// no further than that: such elements inside one another would each be read to the end.
func shortText(n *html.Node) (text string, short bool) {
	var b strings.Builder
	nodes := 0
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			if b.Len()+len(c.Data) > maxCreditsInput {
				return "", false
			}
			b.WriteString(c.Data)
		}
		if nodes++; nodes > maxCreditsNodes {
			return "", false
		}
	}
	return fold(b.String()), true
}
