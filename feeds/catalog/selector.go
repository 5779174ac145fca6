package catalog

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/andybalholm/cascadia"

	"finews.withounder.com/feeds"
)

// selectorReader makes a reader of where a value stands, in the language of a kind.
type selectorReader func(into *feeds.Selector) func(value)

// inPage makes a reader of where a value stands in a page: a CSS selector, or css, attr and pattern. usual is the attribute
// that holds the value of a selector that names none; empty: its text is meant.
func (r *reader) inPage(usual string) selectorReader {
	return func(into *feeds.Selector) func(value) {
		return func(v value) {
			if _, single := v.scalar(); single {
				r.css(&into.CSS)(v)
				into.Attr = usual
				return
			}
			given := r.mapping(v, keys{
				{"css", r.css(&into.CSS)},
				{"attr", r.attribute(&into.Attr)},
				{"pattern", r.expression(&into.Pattern)},
			})
			if given != nil && len(given) == 0 {
				r.fault(v, "this names nothing: write a CSS selector, such as {css: a, attr: href}")
			}
		}
	}
}

// inJSON reads where a value stands in a JSON record: a path, a template, or path and pattern.
func (r *reader) inJSON(into *feeds.Selector) func(value) {
	return func(v value) {
		if _, single := v.scalar(); single {
			r.pathOrTemplate(into)(v)
			return
		}
		given := r.mapping(v, keys{
			{"path", r.pathOrTemplate(into)},
			{"pattern", r.expression(&into.Pattern)},
		})
		r.need(v, given, "path", "write the path of the value, such as data.title")
	}
}

func (r *reader) pathOrTemplate(into *feeds.Selector) func(value) {
	return func(v value) {
		if text, ok := v.scalar(); ok && strings.ContainsAny(text, "{}") {
			r.recordTemplate(&into.Template)(v)
			return
		}
		r.path(&into.Path)(v)
	}
}

// css makes a reader of a CSS selector, which is compiled to be sure of it.
func (r *reader) css(into *string) func(value) {
	return r.checked(into, func(text string) string { return isNo("CSS selector", text, cssFault(text)) })
}

// quoted is what may hold any character in a CSS selector.
var quoted = regexp.MustCompile(`"[^"]*"|'[^']*'|\([^()]*\)`)

// cssFault says what is wrong with a selector; it is empty for a good one. A full-width sign is part of a name to CSS, and
// so a selector with one is well formed and finds nothing.
func cssFault(text string) string {
	bare := quoted.ReplaceAllString(text, "")
	_, err := cascadia.ParseGroup(text)
	switch {
	case strings.Contains(bare, "::"):
		return "it has no ::: write {css: a, attr: href} for an attribute"
	case feeds.HalfWidth(bare) != bare:
		return "full-width characters stand in it: write " + short(feeds.HalfWidth(text))
	case err != nil:
		return short(err.Error()) + ": write one such as ul.news li"
	}
	return ""
}

var attributeName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_:.-]{0,63}$`)

func (r *reader) attribute(into *string) func(value) {
	return r.pattern(into, attributeName, "write the name of an attribute, such as href, src or datetime")
}

// expression makes a reader of an expression in RE2 syntax, with the bounds of a term of a category.
func (r *reader) expression(into *string) func(value) {
	return r.checked(into, func(text string) string {
		if _, err := feeds.ParseTerm("/" + text + "/"); err != nil {
			return err.Error()
		}
		return ""
	})
}

// maxPath bounds a JSON path, in bytes.
const maxPath = 200

// modifiers are the words of gjson's paths that only choose or order what is there. The others change the text, or look
// through it again and again.
var modifiers = []string{"@this", "@values", "@reverse", "@flatten"}

// path makes a reader of a JSON path in the syntax of gjson.
func (r *reader) path(into *string) func(value) {
	return r.checked(into, func(text string) string { return isNo("path", text, pathFault(text)) })
}

// pathFault says what is wrong with a path; it is empty for a good one. gjson finds nothing at a path that is wrong, and
// does not say so.
func pathFault(text string) string {
	half := feeds.HalfWidth(text)
	switch {
	case len(text) > maxPath:
		return "it is too long: write at most 200 bytes"
	case strings.HasPrefix(text, "$"):
		return "it begins at the document by itself: write data.list instead of $.data.list"
	case half != text && !strings.ContainsFunc(half, func(c rune) bool { return c > unicode.MaxASCII }):
		return "full-width characters stand in it: write " + short(half)
	case strings.Count(text, "(") != strings.Count(text, ")"):
		return "its parentheses do not match"
	}
	for _, step := range steps(text) {
		switch {
		case step == "":
			return "a step of it is empty: write names with one dot between them, such as data.list"
		case step[0] == '[' || step[0] == '!' || strings.ContainsAny(step, "[]") && !strings.Contains(step, "\\"):
			return "write data.0 for the first of a list, and data.#.title for the titles of all"
		case step[0] == '@' && !slices.Contains(modifiers, strings.TrimRight(step, ")#")):
			return "of the words with @ finews takes " + strings.Join(modifiers, ", ") + " alone: write \\@ for a name that begins so"
		}
	}
	return ""
}

// steps cuts a path where gjson begins to read a name anew: at dots and bars that are not escaped, and within queries.
func steps(path string) []string {
	var all []string
	start := 0
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '\\':
			i++
		case '.', '|':
			all = append(all, path[start:i])
			start = i + 1
		case '(':
			all = append(all, path[start:i+1])
			start = i + 1
		}
	}
	return append(all, path[start:])
}
