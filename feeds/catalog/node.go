package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// value is a place in the file: what stands there, and the keys that lead to it. This file and
// append.go alone know that the format is YAML.
type value struct {
	node *yaml.Node
	path string // such as sources[0].url; empty for the whole file
}

// entry is one key of a mapping.
type entry struct {
	name string
	line int
	value
}

// line returns the line on which the value begins, from 1.
func (v value) line() int { return v.node.Line }

// null reports whether the key stands there without a value.
func (v value) null() bool {
	return v.node.Kind == yaml.ScalarNode && v.node.ShortTag() == "!!null"
}

// scalar returns the text of a single value, whatever its type: 96 and true are texts too.
func (v value) scalar() (string, bool) {
	return v.node.Value, v.node.Kind == yaml.ScalarNode && !v.null()
}

// list returns the elements of a list. A key without a value is an empty one.
func (v value) list() ([]value, bool) {
	if v.node.Kind != yaml.SequenceNode {
		return nil, v.null()
	}
	elements := make([]value, len(v.node.Content))
	for i, n := range v.node.Content {
		elements[i] = value{n, fmt.Sprintf("%s[%d]", v.path, i)}
	}
	return elements, true
}

// entries returns the keys of a mapping, in the order of the file and with duplicates. A key without a value
// is an empty one.
func (v value) entries() ([]entry, bool) {
	if v.node.Kind != yaml.MappingNode {
		return nil, v.null()
	}
	entries := make([]entry, 0, len(v.node.Content)/2)
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key, content := v.node.Content[i], v.node.Content[i+1]
		entries = append(entries, entry{key.Value, key.Line, value{content, join(v.path, key.Value)}})
	}
	return entries, true
}

// join returns the path of a key. Keys that a person would not recognise as such are quoted.
func join(path, key string) string {
	if key == "" || short(key) != key || strings.ContainsFunc(key, func(c rune) bool { return !unicode.IsPrint(c) }) {
		key = quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// what names the form of a value, for a message about a wrong one.
func (v value) what() string {
	switch {
	case v.node.Kind == yaml.SequenceNode:
		return "a list"
	case v.node.Kind == yaml.MappingNode:
		return "a group of keys"
	case v.null():
		return "nothing"
	}
	return "a single value"
}

// readable checks what the YAML reader would refuse without naming a line.
func (r *reader) readable(text []byte) bool {
	if len(text) > maxFile {
		r.faultAt(0, "", fmt.Sprintf("the file is longer than %d MiB: is it a catalogue?", maxFile>>20))
		return false
	}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if !utf8.Valid(line) {
			r.faultAt(number, "", "this line is not UTF-8: save the file as UTF-8, not as GBK or UTF-16")
			return false
		}
		if i := bytes.IndexFunc(line, forbidden); i >= 0 {
			c, _ := utf8.DecodeRune(line[i:])
			r.faultAt(number, "", fmt.Sprintf("a control character (%U) stands in this line: take it out", c))
			return false
		}
	}
	return true
}

// forbidden reports whether YAML allows c nowhere (YAML 1.2.2 section 5.1).
func forbidden(c rune) bool {
	return unicode.IsControl(c) && c != '\t' && c != '\n' && c != '\r' && c != '\u0085' || c == '\uFFFE' || c == '\uFFFF'
}

// document parses text, which must hold exactly one document. After a mistake of syntax there is nothing to go on with.
func (r *reader) document(text []byte) (value, bool) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, second yaml.Node
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		r.syntax(err, text)
		return value{}, false
	}
	if len(document.Content) == 0 || (value{node: document.Content[0]}).null() {
		r.faultAt(1, "", "the file is empty: write site, categories and sources, as README.md shows")
		return value{}, false
	}
	if err := decoder.Decode(&second); err == nil {
		r.faultAt(second.Line, "", "a second document begins at ---: write everything in one")
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err, text)
		return value{}, false
	}
	root := value{node: document.Content[0]}
	return root, r.noReferences(root.node)
}

// syntax notes an error of the YAML parser in text.
func (r *reader) syntax(err error, text []byte) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		r.faultAt(0, "", "the file is no YAML: "+err.Error())
		return
	}
	if indentedByTab(text, e.Mark.Line) {
		r.faultAt(e.Mark.Line, "", "a tab stands in the indentation of this line: write spaces")
		return
	}
	fault := "the file is no YAML from here on: " + e.Message
	if start := e.ContextMark.Line; start > 0 && start < e.Mark.Line {
		fault += fmt.Sprintf(", in what begins at line %d", start)
	}
	r.faultAt(e.Mark.Line, "", fault+": look at the indentation, the quotes and the brackets there")
}

// indentedByTab reports whether a line, counted from 1, has a tab before its first word: the one mistake of
// YAML that cannot be seen.
func indentedByTab(text []byte, number int) bool {
	for line := range bytes.Lines(text) {
		if number--; number == 0 {
			indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
			return bytes.ContainsRune(indent, '\t')
		}
	}
	return false
}

// noReferences refuses anchors and aliases: a few of them nested stand for billions of values, and a
// catalogue reads better without. It reports whether there were none.
func (r *reader) noReferences(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.faultAt(n.Line, "", "finews reads no YAML anchors and aliases (& and *): write the value out, or put it in quotes")
		return false
	}
	for _, child := range n.Content {
		if !r.noReferences(child) {
			return false
		}
	}
	return true
}
