package catalog

import (
	"fmt"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxHeaders bounds the headers of a source, maxHeader the value of one, in bytes.
const (
	maxHeaders = 32
	maxHeader  = 8 << 10
)

// fieldName is the name of a header field: a token (RFC 9110 section 5.6.2).
var fieldName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")

// ownFields are the headers that finews sets itself: they decide what it takes an answer for.
var ownFields = []string{
	"Host", "Connection", "Content-Length", "Transfer-Encoding", "Te", "Trailer", "Upgrade",
	"Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range",
}

// headers makes a reader of the headers of a source. Their values may be secrets: no message shows one.
func (r *reader) headers(into *map[string]string) func(value) {
	return func(v value) {
		entries, ok := v.entries()
		if !ok {
			r.fault(v, "this is %s: write headers, such as Authorization: \"Bearer ${NAME}\"", v.what())
			return
		}
		if len(entries) > maxHeaders {
			r.fault(v, "these are %d headers: write at most %d", len(entries), maxHeaders)
			return
		}
		headers, seen := make(map[string]string), firsts{}
		for _, e := range entries {
			name := textproto.CanonicalMIMEHeaderKey(e.name)
			if fault := headerFault(name); fault != "" {
				r.faultAt(e.line, e.path, fault)
			} else if line, twice := seen.add(name, e.line); twice {
				r.faultAt(e.line, e.path, fmt.Sprintf("this header stands at line %d already: leave one of the two", line))
			} else {
				headers[name] = r.header(e.value)
			}
		}
		*into = headers
	}
}

// headerFault says what is wrong with the canonical name of a header; it is empty for a good one.
func headerFault(name string) string {
	switch {
	case !fieldName.MatchString(name):
		return "this is no name of a header: write letters, digits and -, such as Authorization"
	case slices.Contains(ownFields, name):
		return "finews sets this header itself: take it out"
	}
	return ""
}

// header returns the value of a header, with what it asks of the environment.
func (r *reader) header(v value) string {
	text, ok := r.scalar(v)
	if !ok {
		return ""
	}
	text = r.expand(v, text)
	switch {
	case len(text) > maxHeader:
		r.fault(v, "the value of this header is longer than %d bytes: write a shorter one", maxHeader)
	case strings.ContainsFunc(text, unicode.IsControl):
		r.fault(v, "the value of this header has a line break or a control character in it: take it out, in the environment too")
	}
	return strings.TrimSpace(text)
}

// reference is ${NAME}, and anything that looks as if it were meant to be.
var reference = regexp.MustCompile(`\$\{([^{}]*)\}?`)

// variable is a name that the environment can hold.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand replaces ${NAME} by its value, once: what a value holds is never expanded again.
func (r *reader) expand(v value, text string) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		name := reference.FindStringSubmatch(found)[1]
		if !strings.HasSuffix(found, "}") || !variable.MatchString(name) {
			r.fault(v, "${ begins the name of an environment variable: write ${NAME}, of letters, digits and _")
			return ""
		}
		content := r.getenv(name)
		if content == "" {
			r.fault(v, "the environment variable %s is not set: set it where finews is started", name)
		}
		return content
	})
}
