package sanitize

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

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
