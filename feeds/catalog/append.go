package catalog

import (
	"bytes"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v4"

	"finews.withounder.com/feeds"
)

// Append returns the text of a catalogue with sources at the end of its list. Every byte that stood there stays,
// comments and line ends too, but for an empty list ([], ~), whose place the new one takes. Of a source its name,
// address and categories are written, and it must be of kind feed. name and getenv are those of [Parse].
//
// The error is [Mistakes] where text has some; otherwise it says which source is there already, or which lines to
// write by hand where the list has a form (between [ and ]) that cannot be added to line by line. What is returned
// was read back, and is what text says with the sources, and nothing else.
func Append(name string, text []byte, sources []feeds.Source, getenv func(string) string) ([]byte, error) {
	old, err := Parse(name, text, getenv)
	if err != nil {
		return nil, err
	}
	if err := areNew(name, old, sources); err != nil {
		return nil, err
	}
	want, err := parseWith(name, text, getenv, sources)
	if err != nil {
		return nil, fmt.Errorf("add to %s: %w", name, reason(err))
	}
	added, err := insert(name, text, sources)
	if err != nil {
		return nil, err
	}
	got, err := Parse(name, added, getenv)
	if err != nil || !reflect.DeepEqual(got, want) {
		return nil, byHand(name, "its form is one that finews cannot add to without changing what is there", sources)
	}
	return added, nil
}

// areNew is an error where a source is in the catalogue already, by its name or its address, or stands twice in
// sources.
func areNew(name string, c feeds.Catalogue, sources []feeds.Source) error {
	names, places := map[string]bool{}, map[string]string{}
	for _, s := range c.Sources {
		names[s.Name] = true
		places[feeds.CanonicalLink(s.URL)] = s.Name
	}
	for _, s := range sources {
		switch other, twice := places[feeds.CanonicalLink(s.URL)]; {
		case s.Kind != feeds.KindFeed:
			return fmt.Errorf("add %s to %s: it is of kind %s, and only feeds are added: write it by hand", quote(s.Name), name, s.Kind)
		case twice:
			return fmt.Errorf("add %s to %s: the source %s asks the same address: one is enough", quote(s.Name), name, quote(other))
		case names[s.Name]:
			return fmt.Errorf("add %s to %s: a source has that name: give another with --name", quote(s.Name), name)
		}
		names[s.Name], places[feeds.CanonicalLink(s.URL)] = true, s.Name
	}
	return nil
}

// extend puts sources at the end of the list of a catalogue that was read, as if they stood in its file.
func (v value) extend(sources []feeds.Source) {
	if len(sources) == 0 || v.node.Kind != yaml.MappingNode {
		return
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if at := sourcesKey(v.node); at < 0 {
		v.node.Content = append(v.node.Content, scalarNode("sources"), list)
	} else if there := v.node.Content[at+1]; there.Kind == yaml.SequenceNode {
		list = there
	} else {
		v.node.Content[at+1] = list
	}
	for _, s := range sources {
		one := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		one.Content = append(one.Content, scalarNode("name"), scalarNode(s.Name), scalarNode("url"), scalarNode(s.URL))
		if len(s.Categories) > 0 {
			slugs := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
			for _, slug := range s.Categories {
				slugs.Content = append(slugs.Content, scalarNode(slug))
			}
			one.Content = append(one.Content, scalarNode("categories"), slugs)
		}
		list.Content = append(list.Content, one)
	}
}

func scalarNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// sourcesKey returns where in the nodes of the whole file the key of the sources is, or -1.
func sourcesKey(root *yaml.Node) int {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "sources" {
			return i
		}
	}
	return -1
}

// insert writes the sources where they belong in text, which has no mistakes.
func insert(name string, text []byte, sources []feeds.Source) ([]byte, error) {
	plain := bytes.TrimPrefix(text, []byte(byteOrderMark))
	var document yaml.Node
	if err := yaml.Unmarshal(plain, &document); err != nil || len(document.Content) == 0 {
		return nil, byHand(name, "it cannot be read again", sources)
	}
	root := document.Content[0]
	if root.Style&yaml.FlowStyle != 0 {
		return nil, byHand(name, "all of it stands between { and }", sources)
	}
	lines := newLines(plain)
	at := sourcesKey(root)
	if at < 0 {
		lines.addList(root.Content[0].Column-1, sources)
		return append(text[:len(text)-len(plain):len(text)-len(plain)], lines.join()...), nil
	}
	key, list := root.Content[at], root.Content[at+1]
	end := lines.end()
	if at+2 < len(root.Content) {
		end = root.Content[at+2].Line - 1
	}
	switch {
	case list.Kind == yaml.SequenceNode && list.Style&yaml.FlowStyle == 0:
		lines.addTo(list, end, sources)
	case list.Kind == yaml.SequenceNode && len(list.Content) > 0:
		return nil, byHandInFlow(name, sources)
	case !lines.clear(key.Line-1, list):
		return nil, byHand(name, "its empty list of sources has a form that finews does not know", sources)
	default:
		lines.addAfter(lines.lastOf(key.Line-1, end, key.Column), key.Column+1, false, sources)
	}
	return append(text[:len(text)-len(plain):len(text)-len(plain)], lines.join()...), nil
}
