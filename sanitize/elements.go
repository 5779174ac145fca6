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
		atom.Ruby, atom.Rt, atom.Rp:
		return a.String(), roleInline
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
		atom.Frame, atom.Col, atom.Colgroup:
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

// hidden reports whether a browser does not show an element: hidden paragraphs carry text for search
// engines, and markers.
func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			if hidingStyle(a.Val) {
				return true
			}
		}
	}
	return false
}

func hidingStyle(style string) bool {
	flat, clipped := false, false
	for name, value := range declarations(style) {
		switch name {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				return true
			}
		case "font-size":
			if isNought(value) {
				return true
			}
		case "height", "max-height":
			flat = flat || isNought(value) || value == "1px"
		case "overflow", "overflow-y":
			clipped = clipped || value == "hidden"
		}
	}
	return flat && clipped
}

// isNought reports whether a CSS length is zero, in whatever unit.
func isNought(value string) bool {
	digits := strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz%")
	return digits != "" && strings.Trim(digits, "0.") == ""
}

// declarations yields the names and values of a style attribute, in lower case and without !important.
func declarations(style string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
			name, value, _ := strings.Cut(declaration, ":")
			value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
			if !yield(strings.TrimSpace(name), value) {
				return
			}
		}
	}
}

// centered reports whether paragraphs in n are centred, where outer says whether those around it are.
// Cells and list items are not centred: their text has no paragraph that could carry it.
func centered(n *html.Node, outer bool) bool {
	switch n.DataAtom {
	case atom.Td, atom.Th, atom.Li, atom.Dd, atom.Dt:
		return false
	case atom.Center:
		outer = true
	}
	if align := attr(n, "align"); align != "" && n.DataAtom != atom.Table {
		outer = strings.EqualFold(align, "center")
	}
	for name, value := range declarations(attr(n, "style")) {
		if name == "text-align" {
			outer = strings.HasSuffix(value, "center") // also -webkit-center
		}
	}
	return outer
}
