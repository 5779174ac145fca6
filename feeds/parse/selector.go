package parse

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// What is looked at for one value.
const (
	maxValueBytes = 16 << 10 // of a text or an attribute
	maxTries      = 20       // elements that a selector finds, until one of them has a value
)

// picker is a feeds.Selector of a page, ready for use.
type picker struct {
	given   bool
	matcher cascadia.Matcher // nil: the element itself
	attr    string
	pattern *regexp.Regexp // nil: the whole value
	whole   bool           // a text that was cut (…) is taken whole from the title attribute
}

// newPicker makes a picker. name is the key of feeds.yaml that it stands at, for the message of a mistake.
func newPicker(name string, s feeds.Selector) (picker, error) {
	p := picker{given: s != feeds.Selector{}, attr: s.Attr}
	if s.CSS != "" {
		matcher, err := compileCSS(name, s.CSS)
		if err != nil {
			return picker{}, err
		}
		p.matcher = matcher
	}
	pattern, err := compilePattern(name, s.Pattern)
	p.pattern = pattern
	return p, err
}

func compileCSS(name, css string) (cascadia.Matcher, error) {
	group, err := cascadia.ParseGroup(css)
	if err != nil {
		return nil, fmt.Errorf("%s: %q is no CSS selector: %w", name, css, err)
	}
	return group, nil
}

// compilePattern compiles an expression; the empty one is nil.
func compilePattern(name, pattern string) (*regexp.Regexp, error) {
	if pattern == "" {
		return nil, nil
	}
	expr, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %q is no expression: %w", name, pattern, err)
	}
	return expr, nil
}

// from returns the first value that is not empty, of what the selector finds in the element.
func (p picker) from(element *html.Node) string {
	if !p.given {
		return ""
	}
	if p.matcher == nil {
		return p.value(element)
	}
	found := cascadia.QueryAll(element, p.matcher)
	for _, n := range found[:min(len(found), maxTries)] {
		if value := p.value(n); value != "" {
			return value
		}
	}
	return ""
}

func (p picker) value(n *html.Node) string {
	var value string
	switch {
	case p.attr == "" && p.whole:
		value = wholeText(n)
	case p.attr == "":
		value = visibleText(n)
	default:
		value = feeds.CutBytes(attribute(n, p.attr), maxValueBytes)
	}
	return part(p.pattern, value)
}

// wholeText returns the visible text of an element, or, where that ends in … and a title attribute of the element, of a
// link in it or of the link around it goes on from there, the attribute: a list has no room for long titles.
func wholeText(n *html.Node) string {
	text := visibleText(n)
	start := strings.TrimRight(text, "….")
	if start == text || start == "" || !strings.HasSuffix(text, "…") && !strings.HasSuffix(text, "...") {
		return text
	}
	start = strings.TrimSpace(start)
	goesOn := func(n *html.Node) (string, bool) {
		title := strings.Join(strings.Fields(feeds.CutBytes(attribute(n, "title"), maxValueBytes)), " ")
		return title, len(title) > len(start) && strings.HasPrefix(title, start)
	}
	if title, ok := goesOn(n); ok {
		return title
	}
	if title, ok := goesOn(n.Parent); ok && n.Parent.DataAtom == atom.A {
		return title
	}
	for below := range n.Descendants() {
		if title, ok := goesOn(below); ok && below.DataAtom == atom.A {
			return title
		}
	}
	return text
}

// part returns what a pattern takes of a value: its first group, or all of the match where it has none.
func part(pattern *regexp.Regexp, value string) string {
	if pattern == nil {
		return value
	}
	match := pattern.FindStringSubmatch(value)
	if len(match) == 0 {
		return ""
	}
	return strings.TrimSpace(match[min(1, len(match)-1)])
}

// visibleText returns the text of an element as a reader sees it: without scripts and what is hidden, with one space for
// each run of white space, and one where a line ends. It is cut at maxValueBytes.
func visibleText(n *html.Node) string {
	var b strings.Builder
	writeVisible(&b, n)
	return feeds.CutBytes(strings.Join(strings.Fields(b.String()), " "), maxValueBytes)
}

// writeVisible recurses as deep as the page nests, which the parser bounds.
func writeVisible(b *strings.Builder, n *html.Node) {
	for child := range n.ChildNodes() {
		switch {
		case b.Len() > 2*maxValueBytes: // twice: white space is still to be folded
			return
		case child.Type == html.TextNode:
			b.WriteString(feeds.CutBytes(child.Data, 2*maxValueBytes))
		case child.Type != html.ElementNode || isUnseen(child):
		case endsLine(child.DataAtom):
			b.WriteByte(' ')
			writeVisible(b, child)
			b.WriteByte(' ')
		default:
			writeVisible(b, child)
		}
	}
}

// isUnseen reports whether browsers show nothing of an element.
func isUnseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Textarea, atom.Select:
		return true
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(feeds.CutBytes(a.Val, 500), " ", ""), "display:none") {
			return true
		}
	}
	return false
}

// endsLine reports whether an element stands on lines of its own.
func endsLine(tag atom.Atom) bool {
	switch tag {
	case atom.Br, atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Tr, atom.Td, atom.Th, atom.Table,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Hr:
		return true
	}
	return false
}
