package sanitize

import "slices"

// fits reports whether the parent that an element needs is the innermost block, and ends what was only
// opened to hold loose content in that parent.
func (w *writer) fits(tag string) bool {
	parents := parentsOf(tag)
	if parents == nil {
		return true
	}
	depth := len(w.blocks)
	for depth > 0 && w.blocks[depth-1].implied {
		depth--
	}
	if depth == 0 || !slices.Contains(parents, w.blocks[depth-1].tag) {
		return false
	}
	w.closeBlocks(depth)
	return true
}

// parentsOf returns the elements of which one must be the parent; nil for an element that needs none.
func parentsOf(tag string) []string {
	switch tag {
	case "li":
		return []string{"ul", "ol"}
	case "dt", "dd":
		return []string{"dl"}
	case "caption", "thead", "tbody", "tfoot":
		return []string{"table"}
	case "tr":
		return []string{"thead", "tbody", "tfoot"}
	case "td", "th":
		return []string{"tr"}
	case "figcaption":
		return []string{"figure"}
	}
	return nil
}

// openFlow opens in a list or table what has to stand between it and any content.
func (w *writer) openFlow() {
	for len(w.blocks) > 0 {
		child := ""
		switch w.blocks[len(w.blocks)-1].tag {
		case "ul", "ol":
			child = "li"
		case "dl":
			child = "dd"
		case "table":
			child = "tbody"
		case "thead", "tbody", "tfoot":
			child = "tr"
		case "tr":
			child = "td"
		default:
			return
		}
		r := roleMixed
		if child == "tbody" || child == "tr" {
			r = roleStructure
		}
		w.push(child, "<"+child+">", r)
		w.blocks[len(w.blocks)-1].implied = true
	}
}
