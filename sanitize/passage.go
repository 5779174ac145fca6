package sanitize

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// passage is what is read over in a run of tags, because no reader sees it.
type passage struct {
	hides  func(*html.Node) bool // whether an element hides what it holds
	raw    atom.Atom             // script or style, whose text is no markup; 0: neither
	hidden atom.Atom             // of the element that hides what is in it
	name   string                // of that element; empty: none
	inside map[string]int        // elements that are open in it, and it itself, by name
}

func (p *passage) open() bool { return p.raw != 0 || p.name != "" }

// pass takes the next tag.
func (p *passage) pass(t html.Token) {
	starts := t.Type == html.StartTagToken && !isVoid(t.DataAtom)
	switch {
	case starts && (t.DataAtom == atom.Script || t.DataAtom == atom.Style):
		p.raw = t.DataAtom
	case p.raw != 0:
		if t.Type == html.EndTagToken && t.DataAtom == p.raw {
			p.raw = 0
		}
	case p.name != "" && p.endsWith(t):
		p.name, p.hidden, p.inside = "", 0, nil
		p.pass(t)
	case p.name != "":
		p.within(t, starts)
	case starts && p.hides(nodeOf(t)):
		p.name, p.hidden, p.inside = t.Data, t.DataAtom, map[string]int{t.Data: 1}
	}
}

// within takes a tag in what is hidden.
func (p *passage) within(t html.Token, starts bool) {
	switch {
	case starts:
		p.inside[t.Data]++
	case t.Type == html.EndTagToken && p.inside[t.Data] > 0:
		p.inside[t.Data]--
	}
	if p.inside[p.name] == 0 {
		p.name, p.hidden, p.inside = "", 0, nil
	}
}

// endsWith reports whether what is hidden ends before a tag: before the end of a block that was begun before it, and where
// it needs no end tag (HTML, 13.1.2.4), before the next of its kind.
func (p *passage) endsWith(t html.Token) bool {
	if t.Type == html.EndTagToken {
		return endsLine(t.DataAtom) && p.inside[t.Data] == 0 && t.DataAtom != atom.Br && t.DataAtom != atom.P
	}
	if p.inside["ul"]+p.inside["ol"]+p.inside["dl"]+p.inside["table"]+p.inside["select"] > 0 {
		return false
	}
	switch p.hidden {
	case atom.P:
		return endsLine(t.DataAtom) && t.DataAtom != atom.Br
	case atom.Li, atom.Option, atom.Optgroup:
		return t.DataAtom == p.hidden
	case atom.Dt, atom.Dd:
		return t.DataAtom == atom.Dt || t.DataAtom == atom.Dd
	case atom.Td, atom.Th:
		return t.DataAtom == atom.Td || t.DataAtom == atom.Th || t.DataAtom == atom.Tr
	case atom.Tr:
		return t.DataAtom == atom.Tr || t.DataAtom == atom.Tbody || t.DataAtom == atom.Tfoot
	case atom.Thead, atom.Tbody:
		return t.DataAtom == atom.Tbody || t.DataAtom == atom.Tfoot
	}
	return false
}
