package sanitize

import "strings"

// emphasis returns the elements that mean what a style says of text.
func (s style) emphasis() []string {
	if s == nil {
		return nil
	}
	var tags []string
	switch s.value("font-weight") {
	case "bold", "bolder", "600", "700", "800", "900":
		tags = append(tags, "strong")
	}
	if s.value("font-style") == "italic" {
		tags = append(tags, "em")
	}
	decoration := s.value("text-decoration") + " " + s.value("text-decoration-line")
	if strings.Contains(decoration, "underline") {
		tags = append(tags, "u")
	}
	if strings.Contains(decoration, "line-through") {
		tags = append(tags, "s")
	}
	switch s.value("vertical-align") {
	case "sub":
		tags = append(tags, "sub")
	case "super":
		tags = append(tags, "sup")
	}
	return tags
}

// ofBlock returns what of the style of a block is of its text. Headings and heads of columns are bold by themselves.
func (s style) ofBlock(tag string) style {
	if s == nil || tag == "th" || len(tag) == 2 && tag[0] == 'h' {
		return nil
	}
	var kept style
	for _, d := range s {
		switch d.name {
		case "font-weight", "font-style", "text-decoration", "text-decoration-line":
			kept = append(kept, d)
		}
	}
	return kept
}

// undoes reports whether a style takes from an element what it means, or from its text what an element around it means:
// some editors put a whole text into a <b> of normal weight.
func (s style) undoes(tag string) bool {
	switch tag {
	case "b", "strong":
		weight := s.value("font-weight")
		return weight == "normal" || weight == "400"
	case "i", "em":
		return s.value("font-style") == "normal"
	}
	return false
}

// isBlock reports whether an element that usually stands inside a line stands on lines of its own.
func (s style) isBlock() bool {
	switch s.value("display") {
	case "block", "flex", "grid", "table", "list-item", "flow-root":
		return true
	}
	return false
}
