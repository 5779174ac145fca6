package sanitize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// reading returns the text that a reader sees of a body, by rules of its own and none of Clean's: what a browser
// shows without the site's style sheets and scripts. The text of a drop-down list and of a closed details counts: it
// is one click away.
func reading(t testing.TB, markup string) string {
	t.Helper()
	context := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(markup), context, html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		context.AppendChild(n)
	}
	r := &reader{whole: wholes(context), never: neverShown}
	if strings.Count(markup, "<noscript") <= strings.Count(markup, "</noscript") { // else it swallows what follows
		r.never += "noscript "
	}
	r.inside(context, look{})
	return r.text.String()
}

// reader collects the text that is seen.
type reader struct {
	text  strings.Builder
	whole []*html.Node // elements around the whole body
	never string       // elements whose text is not shown
}

// look is what a style gives to all that is inside, unless that says otherwise.
type look struct{ unseen, tiny bool }

func (r *reader) inside(n *html.Node, l look) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && !l.unseen && !l.tiny:
			r.text.WriteString(c.Data)
		case c.Type == html.ElementNode && !r.gone(c):
			r.inside(c, r.look(c, l))
		}
	}
}

// wholes returns the elements that have the whole body in them, outermost first: scripts wait to show those.
func wholes(n *html.Node) []*html.Node {
	var sole *html.Node
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.CommentNode, c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case c.Type != html.ElementNode || sole != nil:
			return nil
		default:
			sole = c
		}
	}
	if sole == nil {
		return nil
	}
	return append([]*html.Node{sole}, wholes(sole)...)
}

// neverShown are elements whose text is for machines, or for a browser that cannot show the element itself.
const neverShown = " script style template title head noembed noframes iframe canvas audio video datalist desc "

// gone reports whether an element and all that is in it cannot be seen, whatever that says.
func (r *reader) gone(n *html.Node) bool {
	attrs := map[string]string{}
	for _, a := range n.Attr {
		attrs[a.Key] = strings.ToLower(a.Val)
	}
	has := func(name string) bool { _, ok := attrs[name]; return ok }
	style, whole := styles(n), slices.Contains(r.whole, n)
	switch {
	case strings.Contains(r.never, " "+n.Data+" "), has("hidden"), has("popover"), n.Data == "dialog" && !has("open"):
		return true
	case style["display"] == "none":
		return true
	case flat(style) && style["overflow"] == "hidden":
		return true
	case offScreen(style["text-indent"]), offScreen(style["left"]):
		return true
	}
	return !whole && (attrs["aria-hidden"] == "true" || noughtLength.MatchString(style["opacity"]))
}

func flat(style map[string]string) bool {
	for _, height := range []string{style["height"], style["max-height"]} {
		if noughtLength.MatchString(height) || height == "1px" {
			return true
		}
	}
	return false
}

func offScreen(length string) bool {
	n, err := strconv.ParseFloat(strings.TrimSuffix(length, "px"), 64)
	return err == nil && n <= -999
}

var (
	noughtLength = regexp.MustCompile(`^0*\.?0+(?:px|em|rem|pt|%)?$`)
	relative     = regexp.MustCompile(`^[\d.]+(?:em|%)$|^(?:larger|smaller|inherit)$`)
)

// look returns what is seen inside an element.
func (r *reader) look(n *html.Node, l look) look {
	style := styles(n)
	switch style["visibility"] {
	case "hidden", "collapse":
		l.unseen = !slices.Contains(r.whole, n)
	case "visible":
		l.unseen = false
	}
	switch size := style["font-size"]; {
	case noughtLength.MatchString(size):
		l.tiny = true
	case size != "" && !relative.MatchString(size):
		l.tiny = false
	}
	return l
}

// styles returns the declarations of the style attribute of an element.
func styles(n *html.Node) map[string]string {
	style := map[string]string{}
	for _, a := range n.Attr {
		if a.Key != "style" {
			continue
		}
		for declaration := range strings.SplitSeq(strings.ToLower(a.Val), ";") {
			name, value, _ := strings.Cut(strings.ReplaceAll(declaration, "!important", ""), ":")
			style[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return style
}
