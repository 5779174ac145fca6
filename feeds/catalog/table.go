package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// key is a key that may stand in a mapping, and what is done with its value.
type key struct {
	name string
	read func(value)
}

// keys are all the keys of a mapping, in the order in which they are read.
type keys []key

func (k keys) names() []string {
	names := make([]string, len(k))
	for i, each := range k {
		names[i] = each.name
	}
	return names
}

// mapping reads a group of keys and returns those that were there.
func (r *reader) mapping(v value, known keys) map[string]value {
	entries, ok := v.entries()
	if !ok {
		r.fault(v, "this is %s: write keys, such as %s: …", v.what(), known[0].name)
		return nil
	}
	given := r.unique(entries)
	names := known.names()
	for _, e := range entries {
		if !slices.Contains(names, e.name) {
			r.faultAt(e.line, e.path, "unknown key: "+cmp.Or(misplaced(e.path), r.meant(e.name, names)))
		}
	}
	for _, k := range known {
		if each, ok := given[k.name]; ok {
			k.read(each)
		}
	}
	return given
}

// misplaced says where a key belongs that is often written at the wrong place; it is empty for any other.
func misplaced(path string) string {
	if strings.HasSuffix(path, ".item.body") {
		return "write body: {path: …} beside item"
	}
	return ""
}

// unique returns the entries by name; a name that stands twice is a mistake, and the first one counts.
func (r *reader) unique(entries []entry) map[string]value {
	given := make(map[string]value, len(entries))
	lines := make(map[string]int, len(entries))
	for _, e := range entries {
		if line, twice := lines[e.name]; twice {
			r.faultAt(e.line, e.path, fmt.Sprintf("this key stands at line %d already: leave one of the two", line))
			continue
		}
		given[e.name], lines[e.name] = e.value, e.line
	}
	return given
}

// need notes a mistake where a key that must be there is not. Of what is no mapping nothing more is asked.
func (r *reader) need(v value, given map[string]value, name, advice string) {
	if _, ok := given[name]; !ok && given != nil {
		r.faultAt(v.line(), join(v.path, name), "this key is missing: "+advice)
	}
}

// each calls read for the elements of a list.
func (r *reader) each(v value, read func(value)) {
	elements, ok := v.list()
	if !ok {
		r.fault(v, "this is %s: write a list, with - before each element or between [ and ]", v.what())
		return
	}
	for _, e := range elements {
		read(e)
	}
}

// later makes a reader of a key whose room is not built. Values that ask for nothing pass: those named, and
// empty lists and groups.
func (r *reader) later(idle ...string) func(value) {
	return func(v value) {
		if text, ok := v.scalar(); ok && slices.Contains(idle, strings.ToLower(text)) {
			return
		}
		list, isList := v.list()
		entries, isMapping := v.entries()
		if (isList && len(list) == 0) || (isMapping && len(entries) == 0) {
			return
		}
		r.fault(v, "this key is not supported yet: take it out")
	}
}
