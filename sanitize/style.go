package sanitize

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// style is what a style attribute declares (CSS Style Attributes, section 3), as far as it is of use here. Each property
// stands in it once, with the value that holds.
type style []declaration

type declaration struct {
	name, value string // in lower case
	important   bool
}

// properties are those that are read; of the others nothing follows.
var properties = []string{
	"display", "visibility", "content-visibility", "opacity", "filter", "color", "background-clip", "-webkit-background-clip",
	"font", "font-size", "font-weight", "font-style", "text-decoration", "text-decoration-line", "vertical-align", "text-align",
	"text-indent", "white-space", "overflow", "overflow-x", "overflow-y", "width", "height", "max-width", "max-height",
	"block-size", "inline-size", "padding", "padding-top", "padding-bottom", "margin", "margin-left", "margin-top",
	"position", "left", "right", "top", "bottom", "inset", "float", "clip", "clip-path", "-webkit-clip-path", "transform", "scale",
}

// styleOf reads an element's style attribute.
func styleOf(n *html.Node) style {
	if text := attr(n, "style"); text != "" {
		return readStyle(text)
	}
	return nil
}

// readStyle reads declarations. One that a browser does not understand counts for nothing, and of several that one counts
// which is last, unless an earlier one is important and it is not.
func readStyle(text string) style {
	var s style
	for text = strings.ToLower(unescapeCSS(withoutComments(text))); text != ""; {
		var one string
		one, text = cutDeclaration(text)
		name, value, _ := strings.Cut(one, ":")
		value, mark, important := strings.Cut(value, "!")
		d := declaration{strings.TrimSpace(name), strings.TrimSpace(value), important}
		if slices.Contains(properties, d.name) && (!important || strings.TrimSpace(mark) == "important") && d.isUnderstood() {
			s = s.with(d)
		}
	}
	return s
}

func (s style) with(d declaration) style {
	i := slices.IndexFunc(s, func(old declaration) bool { return old.name == d.name })
	switch {
	case i < 0:
		return append(s, d)
	case d.important || !s[i].important:
		s[i] = d
	}
	return s
}

// cutDeclaration cuts a text at its first semicolon that is not quoted or in brackets.
func cutDeclaration(css string) (one, rest string) {
	if i := strings.IndexByte(css, ';'); i < 0 || !strings.ContainsAny(css[:i], `"'(`) {
		one, rest, _ = strings.Cut(css, ";")
		return one, rest
	}
	quote, brackets := byte(0), 0
	for i := range len(css) {
		switch c := css[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			brackets++
		case c == ')':
			brackets--
		case c == ';' && brackets <= 0:
			return css[:i], css[i+1:]
		}
	}
	return css, ""
}

// withoutComments puts a blank for each comment: it parts what is before it from what is after. None begins within
// quotation marks.
func withoutComments(css string) string {
	if !strings.Contains(css, "/*") {
		return css
	}
	var b strings.Builder
	b.Grow(len(css))
	quote := byte(0)
	for i := 0; i < len(css); i++ {
		c := css[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '/' && strings.HasPrefix(css[i:], "/*"):
			end := strings.Index(css[i+2:], "*/")
			if end < 0 {
				return b.String()
			}
			i += end + 3
			c = ' '
		}
		b.WriteByte(c)
	}
	return b.String()
}

// unescapeCSS reads characters that are written by their numbers, or that stand for themselves (CSS Syntax, 4.3.7).
func unescapeCSS(css string) string {
	if !strings.Contains(css, `\`) {
		return css
	}
	var b strings.Builder
	b.Grow(len(css))
	for i := 0; i < len(css); i++ {
		if css[i] != '\\' {
			b.WriteByte(css[i])
			continue
		}
		digits := hexDigits(css[i+1:])
		if digits == 0 {
			if i++; i < len(css) {
				b.WriteByte(css[i]) // it stands for itself
			}
			continue
		}
		number, _ := strconv.ParseInt(css[i+1:i+1+digits], 16, 32) // at most six digits
		b.WriteRune(rune(number))
		if i += digits; i+1 < len(css) && strings.IndexByte(" \t\n\f\r", css[i+1]) >= 0 {
			i++ // ends the number
		}
	}
	return b.String()
}

// hexDigits counts the hexadecimal digits that s begins with, up to six.
func hexDigits(s string) int {
	n := 0
	for n < min(len(s), 6) && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		n++
	}
	return n
}

// keywords are the words that some properties take, beside those that all take.
var keywords = map[string][]string{
	"display": {"none", "block", "inline", "inline-block", "flow-root", "flex", "inline-flex", "grid", "inline-grid", "contents", "list-item",
		"table", "inline-table", "table-row", "table-cell", "table-row-group", "table-header-group", "table-footer-group", "table-caption",
		"table-column", "table-column-group", "ruby", "-webkit-box", "-webkit-flex", "-webkit-inline-box"},
	"visibility": {"hidden", "visible", "collapse"},
	"font-size":  {"xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large", "smaller", "larger"},
}

// isUnderstood reports whether a browser takes a declaration, of those that hide or undo it.
func (d declaration) isUnderstood() bool {
	switch d.name {
	case "display", "visibility", "font-size", "opacity":
	default:
		return true
	}
	switch d.value {
	case "inherit", "initial", "unset", "revert", "revert-layer":
		return true
	}
	_, unit, isNumber := number(d.value)
	switch d.name {
	case "opacity":
		return isNumber && (unit == "" || unit == "%")
	case "font-size":
		return slices.Contains(keywords[d.name], d.value) || isNumber && (unit != "" || isNought(d.value))
	}
	return slices.Contains(keywords[d.name], d.value)
}

// value returns what holds of a property, or "".
func (s style) value(name string) string {
	for _, d := range s {
		if d.name == name {
			return d.value
		}
	}
	return ""
}

// number reads a CSS number with its unit.
func number(value string) (n float64, unit string, ok bool) {
	digits := strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz%")
	n, err := strconv.ParseFloat(digits, 64)
	return n, value[len(digits):], err == nil
}

// isNought reports whether a CSS length or number is zero, in whatever unit.
func isNought(value string) bool {
	n, _, ok := number(value)
	return ok && n == 0
}

// isHairline reports whether a CSS length is too little to see anything in.
func isHairline(value string) bool {
	n, unit, ok := number(value)
	return ok && (n <= 0 || n <= 1 && (unit == "px" || unit == "" || unit == "pt"))
}

// farAway is how far out of sight what nobody shall see is put, in pixels, by those who do.
const farAway = 999

// far returns whether a CSS length leads off any screen, and to which side: -1 to the left or the top, 1 to the others, 0
// for neither.
func far(value string) int {
	n, unit, ok := number(value)
	switch unit {
	case "em", "rem":
		n *= 16
	case "%", "vw", "vh":
		n *= 9 // 111 of them are over any edge
	}
	switch {
	case ok && n <= -farAway:
		return -1
	case ok && n >= farAway:
		return 1
	}
	return 0
}

// leastFont is how small letters are that nobody reads, in pixels.
const leastFont = 1

// fontSize tells how text is set: at no size, at a size of its own, or neither, where it depends on what is around it.
func (s style) fontSize() (nought, own bool) {
	size := s.value("font-size")
	if short := sizeIn(s.value("font")); short != "" && s.after("font", "font-size") {
		size = short
	}
	n, unit, isNumber := number(size)
	switch {
	case size == "":
		return false, false
	case isNumber && (n == 0 || n <= leastFont && (unit == "px" || unit == "pt")):
		return true, false
	case unit == "em", unit == "ex", unit == "ch", unit == "%", size == "smaller", size == "larger", size == "inherit", size == "unset":
		return false, false
	}
	return false, true
}

// after reports whether a property was declared, and the other one was not, or before it.
func (s style) after(name, other string) bool {
	index := func(name string) int {
		return slices.IndexFunc(s, func(d declaration) bool { return d.name == name })
	}
	return index(name) > index(other)
}

// sizeIn returns the size in a font property: the first of its words that is a length. 700 is a weight.
func sizeIn(font string) string {
	for word := range strings.FieldsSeq(font) {
		size, _, _ := strings.Cut(word, "/")
		if n, unit, ok := number(size); ok && (n == 0 || unit != "") {
			return size
		}
	}
	return ""
}
