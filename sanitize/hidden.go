package sanitize

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// view is how the elements around show what they hold, which an element may undo for what it holds itself.
type view struct {
	center bool // paragraphs are centred
	veiled bool // visibility: hidden: neither text nor images are seen
	tiny   bool // font-size: 0, which closes the gaps between images: text is not seen
	clear  bool // color: transparent: nor is this text
}

// blank reports whether text is not seen.
func (v view) blank() bool { return v.veiled || v.tiny || v.clear }

// within returns how an element of that style shows what it holds. whole: a script unveils it.
func (v view) within(n *html.Node, s style, whole bool) view {
	if n.DataAtom == atom.Font && has(n, "size") {
		v.tiny = false
	}
	if s == nil {
		return v
	}
	switch s.value("visibility") {
	case "hidden", "collapse":
		v.veiled = v.veiled || !whole
	case "visible", "initial":
		v.veiled = false
	}
	if nought, own := s.fontSize(); nought || own {
		v.tiny = nought
	}
	switch color := s.value("color"); {
	case color == "transparent":
		v.clear = s.value("background-clip")+s.value("-webkit-background-clip") == "" // else the background is seen in its letters
	case color != "" && color != "inherit" && color != "currentcolor":
		v.clear = false
	}
	return v
}

// hides reports whether a browser shows nothing of what an element holds, whatever that says of itself: hidden
// paragraphs carry text for search engines, and markers. whole: a script unveils it.
func (k *walker) hides(n *html.Node, s style, whole bool) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden", "popover":
			if s.value("display") == "" { // which a style may undo
				return true
			}
		case "aria-hidden":
			if a.Val == "true" && !whole && k.isDecoy(n) {
				return true
			}
		}
	}
	if n.DataAtom == atom.Dialog && !has(n, "open") {
		return true
	}
	return s.hides(isInline(n.DataAtom), whole) || k.sheet.hides(n)
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// isInline reports whether an element has no box of its own, which could be cut off or moved.
func isInline(a atom.Atom) bool {
	_, role := meaning(a)
	return role == roleInline || a == atom.Span || a == atom.Font || a == atom.A || a == 0
}

// hides reports whether a style shows nothing of an element: not at all, transparent, cut off to a hairline, or far out
// of sight.
func (s style) hides(inline, whole bool) bool {
	if s == nil {
		return false
	}
	if s.value("display") == "none" || s.value("content-visibility") == "hidden" || !whole && s.isClear() {
		return true
	}
	position := s.value("position")
	taken := position == "absolute" || position == "fixed"
	if inline = inline && !taken && s.value("display") == "" && s.value("float") == ""; !inline && (s.isCutOff() || s.isAway()) {
		return true
	}
	return (taken || position == "relative") && s.isMoved() || taken && isNothing(s.value("clip")) ||
		isNothing(s.value("clip-path")) || isNothing(s.value("-webkit-clip-path"))
}

// isClear reports whether what is behind an element is seen in its place.
func (s style) isClear() bool {
	n, unit, ok := number(s.value("opacity"))
	if unit == "%" {
		n /= 100
	}
	return ok && n < 0.01 || strings.HasPrefix(s.value("filter"), "opacity(0")
}

// isCutOff reports whether nothing is left of an element where it is cut off.
func (s style) isCutOff() bool {
	clipped := false
	for _, name := range []string{"overflow", "overflow-x", "overflow-y"} {
		value := s.value(name)
		clipped = clipped || value != "" && value != "visible" && value != "initial" && value != "inherit" && value != "unset"
	}
	if !clipped {
		return false
	}
	if !s.isPadded() && (isHairline(s.value("height")) || isHairline(s.value("max-height")) || isHairline(s.value("block-size"))) {
		return true
	}
	n, unit, ok := number(s.value("text-indent"))
	return isHairline(s.value("width")) || isHairline(s.value("max-width")) || isHairline(s.value("inline-size")) ||
		ok && unit == "%" && n >= 100 && s.value("white-space") == "nowrap"
}

// isPadded reports whether an element of no height has one by its padding: in such a box an image waits to be loaded.
func (s style) isPadded() bool {
	for _, name := range []string{"padding", "padding-top", "padding-bottom"} {
		for length := range strings.FieldsSeq(s.value(name)) {
			if !isNought(length) {
				return true
			}
		}
	}
	return false
}

// isNothing reports whether a shape that an element is cut to has no area.
func isNothing(shape string) bool {
	name, lengths, _ := strings.Cut(shape, "(")
	lengths = strings.TrimSuffix(lengths, ")")
	switch name {
	case "rect":
		for length := range strings.FieldsFuncSeq(lengths, func(r rune) bool { return r == ',' || r == ' ' }) {
			if !isHairline(length) {
				return false
			}
		}
		return lengths != ""
	case "inset":
		n, unit, ok := number(lengths)
		return ok && unit == "%" && n >= 50
	case "circle", "ellipse":
		first, _, _ := strings.Cut(lengths, " ")
		return isNought(first)
	case "polygon":
		return strings.Trim(lengths, "0 ,px") == "" && lengths != ""
	}
	return false
}

// isAway reports whether an element's box, or the text in it, stands where nobody looks.
func (s style) isAway() bool {
	for _, name := range []string{"text-indent", "margin-left", "margin-top"} {
		if far(s.value(name)) < 0 {
			return true
		}
	}
	for length := range strings.FieldsSeq(s.value("margin")) {
		if far(length) < 0 {
			return true
		}
	}
	return s.isShrunk()
}

// shrunk is a transformation that leaves nothing of an element, or leads it far away.
var shrunk = regexp.MustCompile(`scale[xy]?\(\s*0*\.?0*\s*[,)]|translate[xy]?\([^)]*-\s*\d{4,}px`)

func (s style) isShrunk() bool {
	first, _, _ := strings.Cut(s.value("scale"), " ")
	return isNought(first) || shrunk.MatchString(s.value("transform"))
}

// isMoved reports whether an element is moved off the screen.
func (s style) isMoved() bool {
	for _, name := range []string{"left", "top", "right", "bottom"} {
		if side := far(s.value(name)); side < 0 || side > 0 && (name == "left" || name == "top") {
			return true
		}
	}
	for length := range strings.FieldsSeq(s.value("inset")) {
		if far(length) != 0 {
			return true
		}
	}
	return false
}

// isDecoy reports whether an element that is kept from screen readers is no part of the article: it holds words alone,
// and less than half of those of the body. An ornament, a formula as it is drawn, and a page that was taken while a window
// stood before it are kept from screen readers too.
func (k *walker) isDecoy(n *html.Node) bool {
	size, pictures := k.weigh(n)
	return !pictures && n.DataAtom != atom.Img && size > maxOrnament && !hasClass(n, "katex-html") && !k.isMost(size)
}

// maxOrnament is the longest text, in bytes, that is no decoy but a sign that is not to be read out: ￥, ↑, 1.
const maxOrnament = 6

// isMost reports whether so many bytes of text are half of those of the body, or more.
func (k *walker) isMost(size int) bool {
	if k.size < 0 {
		k.size, _ = k.weigh(k.body)
	}
	return 2*size >= k.size
}

// maxWeighed bounds how many nodes are looked at to tell decoys. Beyond it there are none.
const maxWeighed = 2 * maxVisited

// weigh returns how many bytes of text are in an element, and whether anything is that is seen without text.
func (k *walker) weigh(n *html.Node) (size int, pictures bool) {
	for c := range n.Descendants() {
		if k.weighed++; k.weighed > maxWeighed {
			return size, true
		}
		switch c.DataAtom {
		case atom.Img, atom.Video, atom.Audio, atom.Table:
			pictures = true
		case 0:
			if c.Type == html.TextNode {
				size += len(strings.TrimSpace(c.Data))
			}
		}
	}
	return size, pictures
}

// wrapperIn returns the element that holds all that there is in n, or nil: pages keep such a one out of sight until a
// script has come, which for us never does. One that holds no other block holds no article.
func wrapperIn(n *html.Node) *html.Node {
	var only *html.Node
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.CommentNode, c.Type == html.TextNode && strings.TrimSpace(c.Data) == "", invisible(c.DataAtom):
		case only != nil, c.Type != html.ElementNode:
			return nil
		default:
			only = c
		}
	}
	if only == nil || !isContainer(only.DataAtom) {
		return nil
	}
	for c := range only.ChildNodes() {
		if c.Type == html.ElementNode && (c.DataAtom == atom.P || isContainer(c.DataAtom)) {
			return only
		}
	}
	return nil
}

// isUnveiled reports whether a script unveils an element once the page is there: the wrapper of the body, and the body of
// an article of 微信. Where nothing is left otherwise, every container is taken for such a one.
func (k *walker) isUnveiled(n *html.Node) bool {
	if n == k.wrapper {
		k.wrapper = wrapperIn(n)
		return true
	}
	return isContainer(n.DataAtom) && (k.unveil || attr(n, "id") == "js_content" || hasClass(n, "rich_media_content"))
}

func isContainer(a atom.Atom) bool {
	return a == atom.Div || a == atom.Section || a == atom.Article || a == atom.Main
}
