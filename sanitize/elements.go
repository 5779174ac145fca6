package sanitize

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meaning returns the element that an element is written as, and its role; none for one that is dissolved,
// dropped, or handled by itself.
func meaning(a atom.Atom) (string, role) {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Pre:
		return a.String(), roleLeaf
	case atom.Listing, atom.Xmp, atom.Plaintext:
		return "pre", roleLeaf
	case atom.Blockquote:
		return "blockquote", roleFlow
	case atom.Li, atom.Dt, atom.Dd, atom.Td, atom.Th, atom.Caption, atom.Figure, atom.Figcaption:
		return a.String(), roleMixed
	case atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr:
		return a.String(), roleStructure
	case atom.Em, atom.Strong, atom.B, atom.I, atom.U, atom.S, atom.Sub, atom.Sup, atom.Small, atom.Code,
		atom.Ruby, atom.Rt, atom.Rp, atom.Mark, atom.Q:
		return a.String(), roleInline
	case atom.Cite, atom.Dfn, atom.Var:
		return "i", roleInline
	case atom.Strike, atom.Del:
		return "s", roleInline
	case atom.Ins:
		return "u", roleInline
	case atom.Tt, atom.Kbd, atom.Samp:
		return "code", roleInline
	}
	return "", roleNone
}

// invisible reports whether no reader ever sees what is in an element.
func invisible(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Template, atom.Title, atom.Head, atom.Meta, atom.Link, atom.Base,
		atom.Datalist, atom.Param, atom.Source, atom.Track, atom.Input, atom.Embed, atom.Area,
		atom.Frame, atom.Col, atom.Colgroup, atom.Progress, atom.Meter:
		return true
	}
	return false
}

// isReplaced reports whether a browser shows something else in the place of what an element holds.
func isReplaced(a atom.Atom) bool {
	switch a {
	case atom.Iframe, atom.Noembed, atom.Noframes, atom.Video, atom.Audio, atom.Canvas:
		return true
	}
	return false
}

// parting reports whether an element that is dissolved stands on lines of its own. An unknown element, such
// as a site's own, does not.
func parting(a atom.Atom) bool {
	switch a {
	case atom.Div, atom.Center, atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Main,
		atom.Nav, atom.Address, atom.Details, atom.Summary, atom.Fieldset, atom.Legend, atom.Form, atom.Hgroup,
		atom.Menu, atom.Dir, atom.Dialog, atom.Textarea, atom.Marquee:
		return true
	}
	return false
}

// isVoid reports whether nothing can stand in an element, and no end tag is needed (HTML, 13.1.2).
func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// hasScheme reports whether an address begins with a scheme, whatever its case.
func hasScheme(address, scheme string) bool {
	return len(address) > len(scheme) && address[len(scheme)] == ':' && strings.EqualFold(address[:len(scheme)], scheme)
}

// attr returns an attribute's value, or "".
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" {
			for name := range strings.FieldsSeq(a.Val) {
				if name == class {
					return true
				}
			}
		}
	}
	return false
}

// centered reports whether paragraphs in n are centred, where outer says whether those around it are.
// Cells and list items are not centred: their text has no paragraph that could carry it.
func centered(n *html.Node, s style, outer bool) bool {
	switch n.DataAtom {
	case atom.Td, atom.Th, atom.Li, atom.Dd, atom.Dt:
		return false
	case atom.Center:
		outer = true
	}
	if align := attr(n, "align"); align != "" && n.DataAtom != atom.Table {
		outer = strings.EqualFold(align, "center")
	}
	if align := s.value("text-align"); align != "" {
		outer = strings.HasSuffix(align, "center") // also -webkit-center
	}
	return outer
}
