package sanitize

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// spare is how many nodes are left over for the last paragraphs of a plain text.
const spare = 100

// flatten writes a tree whose markup cannot be kept as plain paragraphs, with its images: what is hidden stays so.
func (k *walker) flatten(n *html.Node) {
	if n.Namespace != "" {
		k.flatDrawing(n)
		return
	}
	switch {
	case n.DataAtom == atom.Img:
		if k.w.nodes < maxNodes-spare {
			k.picture(n)
		}
	case isReplaced(n.DataAtom):
		if k.swallows(n) {
			k.children(n)
		}
	default:
		k.flatBreak(n.DataAtom)
		k.children(n)
		k.flatBreak(n.DataAtom)
	}
}

// flatDrawing writes the text in a drawing.
func (k *walker) flatDrawing(n *html.Node) {
	switch n.Data {
	case "style", "script", "title", "desc", "metadata":
	default:
		k.children(n)
	}
}

// flatBreak ends a line of plain text where a tag does. A row of a table is a line. Near the bound of nodes all that
// follows is one paragraph.
func (k *walker) flatBreak(a atom.Atom) {
	switch {
	case a == atom.Td || a == atom.Th || endsLine(a) && k.w.nodes > maxNodes-spare:
		k.w.addSpace(' ')
	case endsLine(a):
		k.w.boundary()
	}
}

// fromText writes the text and the images of a body that cannot be parsed, as plain paragraphs. What is hidden is found by
// its tags alone. Where that leaves nothing, a tag was misread, and only scripts and the like are left out.
func (r Rules) fromText(dirty, base string, limit int) *walker {
	k := r.readTags(dirty, base, limit, true)
	if k.w.visible == 0 && k.hidden > 0 {
		k = r.readTags(dirty, base, limit, false)
	}
	return k
}

func (r Rules) readTags(dirty, base string, limit int, heed bool) *walker {
	k := &walker{w: &writer{limit: limit}, dirty: dirty, base: base, rules: r}
	unseen := passage{hides: func(n *html.Node) bool { return heed && k.tagHides(n) }}
	for z := html.NewTokenizer(strings.NewReader(dirty)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return k
		case html.TextToken:
			if !unseen.open() {
				k.w.writeText(string(z.Text()))
			}
		case html.CommentToken:
			k.w.gone.count(goneComment)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			k.tag(z.Token(), &unseen)
			if unseen.raw == 0 {
				z.NextIsNotRawText()
			}
		}
	}
}

// tag takes a tag of a body that is not parsed.
func (k *walker) tag(t html.Token, unseen *passage) {
	was := unseen.open()
	unseen.pass(t)
	switch {
	case unseen.open() && !was:
		k.hidden++
	case !was && t.Type != html.EndTagToken:
		k.w.gone.tag(t.DataAtom)
	}
	k.flatBreak(t.DataAtom)
	if t.DataAtom == atom.Img && !unseen.open() && k.w.nodes < maxNodes-spare {
		k.picture(nodeOf(t))
	}
}

func nodeOf(t html.Token) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
}

// tagHides reports whether no reader sees what is in an element, as far as its tag alone tells.
func (k *walker) tagHides(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Template, atom.Title, atom.Datalist, atom.Progress, atom.Meter:
		return true
	}
	if isReplaced(n.DataAtom) {
		return !k.swallows(n)
	}
	return hiddenByItself(n) || k.removesAlone(n)
}

// hiddenByItself reports whether an element hides what it holds, whatever is around it.
func hiddenByItself(n *html.Node) bool {
	s := styleOf(n)
	k := walker{size: 0}
	return k.hides(n, s, false) || view{}.within(n, s, false).blank()
}

func endsLine(a atom.Atom) bool {
	_, r := meaning(a)
	return r != roleNone && r != roleInline || parting(a) || a == atom.Br || a == atom.Hr
}
