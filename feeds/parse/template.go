package parse

import (
	"net/url"
	"regexp"
	"strings"
)

// placeholder is a name between braces, in a template.
var placeholder = regexp.MustCompile(`\{([^{}]+)\}`)

// fill replaces each {name} of a template by its value. missing is a name that has none; the text is then empty: an
// address with a hole in it leads somewhere else.
func fill(template string, value func(name string) string) (text, missing string) {
	text = placeholder.ReplaceAllStringFunc(template, func(found string) string {
		name := found[1 : len(found)-1]
		v := value(name)
		if v == "" && missing == "" {
			missing = name
		}
		return v
	})
	if missing != "" {
		return "", missing
	}
	return text, ""
}

// fillAddress is fill for an address. A value is escaped as its place asks for: as part of the query behind the ?, and by
// inPath before it. One that the template begins with is an address itself, and stays as it is.
func fillAddress(template string, value, inPath func(string) string) (address, missing string) {
	path, query, hasQuery := strings.Cut(template, "?")
	first := strings.HasPrefix(path, "{")
	address, missing = fill(path, func(name string) string {
		v := value(name)
		if first {
			first = false
			return v
		}
		return inPath(v)
	})
	if missing != "" || !hasQuery {
		return address, missing
	}
	query, missing = fill(query, func(name string) string { return url.QueryEscape(value(name)) })
	if missing != "" {
		return "", missing
	}
	joint := "?"
	if strings.Contains(address, "?") { // the address that the template begins with has a query of its own
		joint = "&"
	}
	return address + joint + query, ""
}

// keepsPath reports whether a template that is filled with escaped values leads where it says. A value of a dot or two
// would leave the folder that feeds.yaml names, and so would one with a slash on a server that decodes the path before it
// looks. Where the template begins with a value, that value's own path is its own affair.
func keepsPath(template string, value func(name string) string) bool {
	path, _, _ := strings.Cut(template, "?")
	if strings.HasPrefix(path, "{") {
		_, path, _ = strings.Cut(path, "}")
	}
	filled, _ := fill(path, func(name string) string { return url.PathEscape(value(name)) })
	wanted := strings.Split(path, "/")
	for i, part := range strings.Split(filled, "/") {
		if i >= len(wanted) || part != wanted[i] && leavesFolder(part) {
			return false
		}
	}
	return true
}

// leavesFolder reports whether a part of a path is empty, or a step to another folder once it is decoded.
func leavesFolder(part string) bool {
	decoded, err := url.PathUnescape(part)
	if err != nil || decoded == "" {
		return true
	}
	for _, step := range strings.FieldsFunc(decoded, func(r rune) bool { return r == '/' || r == '\\' }) {
		if step == "." || step == ".." {
			return true
		}
	}
	return false
}
