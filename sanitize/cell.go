package sanitize

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

func cellHead(n *html.Node, tag string) string {
	head := "<" + tag
	for _, name := range []string{"colspan", "rowspan"} {
		if count, err := strconv.Atoi(attr(n, name)); err == nil && count > 1 && count <= 100 {
			head += attribute(name, strconv.Itoa(count))
		}
	}
	switch scope := strings.ToLower(attr(n, "scope")); scope {
	case "row", "col", "rowgroup", "colgroup":
		if tag == "th" {
			head += attribute("scope", scope)
		}
	}
	return head + ">"
}

// numberedHead returns the start tag of a numbered list, or of an item of one, with the number that it begins with.
func numberedHead(n *html.Node, tag string) string {
	name := map[string]string{"ol": "start", "li": "value"}[tag]
	head := "<" + tag
	if number, err := strconv.Atoi(attr(n, name)); err == nil && number > 0 && number < 10_000 && (tag == "ol" || isIn(n, "ol")) {
		head += attribute(name, strconv.Itoa(number))
	}
	switch kind := attr(n, "type"); kind {
	case "a", "A", "i", "I":
		if tag == "ol" {
			head += attribute("type", kind)
		}
	}
	return head + ">"
}

func isIn(n *html.Node, tag string) bool { return n.Parent != nil && n.Parent.Data == tag }
