package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
)

// Bounds of what is removed of the bodies of a source: each selector is held against each element of a body.
const (
	maxRemoved     = 50
	maxRemovedSize = 200 // bytes of one selector
)

// remove makes a reader of selectors of what in a body is no part of the article: a list, or one alone. One that stands
// twice is taken once.
func (r *reader) remove(into *[]string) func(value) {
	return func(v value) {
		var selectors []string
		if v.null() {
			r.fault(v, `there is no selector: write remove: [.share], and "#ad" in quotation marks, for a # alone begins a comment`)
			return
		}
		one := func(v value) {
			var css string
			if r.checked(&css, removeFault)(v); css != "" && !slices.Contains(selectors, css) {
				selectors = append(selectors, css)
			}
		}
		if _, single := v.scalar(); single {
			one(v)
		} else {
			r.each(v, one)
		}
		if len(selectors) > maxRemoved {
			r.fault(v, "these are %d selectors: write at most %d, and .ad for all elements of one class", len(selectors), maxRemoved)
			return
		}
		*into = selectors
	}
}

// removeFault says what is wrong with a selector of what is removed; it is empty for a good one.
func removeFault(text string) string {
	if len(text) > maxRemovedSize {
		return fmt.Sprintf("this selector of %d bytes is too long: write at most %d", len(text), maxRemovedSize)
	}
	switch fault := cssFault(text); {
	case strings.Contains(text, "::"):
		return isNo("CSS selector", text, "it has no ::: write the element itself, such as .share")
	case fault != "":
		return isNo("CSS selector", text, fault)
	case bareName.MatchString(text) && !slices.Contains(elements, strings.ToLower(text)):
		return quote(text) + " is no element of HTML: write ." + text + " for a class, or \"#" + text + "\" for an id"
	}
	group, err := cascadia.ParseGroup(text)
	if err != nil {
		return isNo("CSS selector", text, err.Error())
	}
	if slices.ContainsFunc(group, takesAll) {
		return quote(text) + " takes the whole article out: write what is no part of it, such as .share"
	}
	return ""
}

// bareName is a selector of an element by its name alone.
var bareName = regexp.MustCompile(`^[\p{L}\p{N}_]+$`)

// elements are those whose names are written as selectors.
var elements = []string{"a", "article", "aside", "audio", "b", "blockquote", "body", "button", "canvas", "center", "dd", "details", "div", "dl",
	"dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
	"i", "iframe", "img", "input", "label", "li", "link", "main", "nav", "noscript", "object", "ol", "p", "picture", "pre", "script", "section",
	"select", "small", "span", "strong", "style", "summary", "svg", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "u", "ul", "video"}

// everything are the words of a selector that leaves nothing out.
var everything = []string{"*", "html", "body", ":root", ">"}

// takesAll reports whether a selector matches all of an article, or what it stands in.
func takesAll(selector cascadia.Sel) bool {
	return !slices.ContainsFunc(strings.Fields(selector.String()), func(word string) bool { return !slices.Contains(everything, word) })
}
