package markup

import "golang.org/x/net/html/atom"

// kind says what an element does to the tags within it. Of the last three, each may stand in those after it.
type kind int

const (
	none  kind = iota // nothing
	block             // the parser stops at it when it closes formatting around it
	scope             // keeps the formatting outside of it out, and end tags in
	cell              // likewise, and ends where another cell begins
	rows              // holds cells
	table             // keeps end tags in
)

// kindOf follows the HTML standard: special elements (13.2.4.2), and those that put a marker on the list of active
// formatting elements (13.2.4.3). A select is no scope there, and is one in older parsers.
func kindOf(tag atom.Atom) kind {
	switch tag {
	case atom.Applet, atom.Object, atom.Marquee, atom.Template, atom.Select:
		return scope
	case atom.Td, atom.Th, atom.Caption:
		return cell
	case atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot:
		return rows
	case atom.Table:
		return table
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Button, atom.Center, atom.Dd, atom.Details, atom.Dir,
		atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Li, atom.Listing, atom.Main,
		atom.Menu, atom.Nav, atom.Noscript, atom.Ol, atom.P, atom.Plaintext, atom.Pre, atom.Section, atom.Summary, atom.Ul:
		return block
	}
	return none
}

// isTablePart reports whether a start tag ends the cell that it stands in.
func isTablePart(tag atom.Atom) bool {
	k := kindOf(tag)
	return k == cell || k == rows || tag == atom.Col || tag == atom.Colgroup
}

// isFormatting reports whether the parser makes an element again where it was not closed (HTML standard, the list of
// active formatting elements).
func isFormatting(tag atom.Atom) bool {
	switch tag {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small,
		atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}
