package parse

import (
	"bytes"
	"errors"
	"strings"

	"finews.withounder.com/feeds"
	"go.yaml.in/yaml/v4"
)

// frontMatter is what stands between the --- lines of a Jekyll post.
type frontMatter struct {
	title, date      string
	outlet           string            // of a post that finews wrote
	enclosures       []feeds.Enclosure // likewise
	categories, tags []string
}

// maxFrontMatter bounds the front matter, in bytes.
const maxFrontMatter = 64 << 10

// splitFrontMatter reads the front matter of a post and returns what follows it.
func splitFrontMatter(text []byte) (matter frontMatter, body []byte, err error) {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	rest, found := bytes.CutPrefix(text, []byte("---\n"))
	if !found {
		return frontMatter{}, nil, errors.New("no front matter: the first line is not ---")
	}
	head, body, found := bytes.Cut(rest, []byte("\n---"))
	if !found || len(head) > maxFrontMatter {
		return frontMatter{}, nil, errors.New("the front matter does not end: there is no second line ---")
	}
	if _, body, found = bytes.Cut(body, []byte("\n")); !found {
		body = nil
	}
	if matter, err = readYAML(head); err != nil {
		matter = readLines(head)
	}
	return matter, body, nil
}

// readYAML reads front matter that is YAML.
func readYAML(head []byte) (frontMatter, error) {
	var fields struct {
		Title, Date      string
		Outlet           string
		Categories, Tags yaml.Node
		Category         string
		Enclosures       yaml.Node
	}
	if err := yaml.Unmarshal(head, &fields); err != nil {
		return frontMatter{}, err
	}
	categories := list(fields.Categories)
	if len(categories) == 0 && fields.Category != "" {
		categories = []string{fields.Category}
	}
	return frontMatter{
		title: strings.TrimSpace(fields.Title), date: fields.Date, outlet: strings.TrimSpace(fields.Outlet),
		categories: categories, tags: list(fields.Tags),
		enclosures: attached(fields.Enclosures),
	}, nil
}

// attached reads the files that go with a post which finews wrote; what another program means by the key is no list of such.
func attached(node yaml.Node) []feeds.Enclosure {
	var files []struct {
		URL, Type string
		Length    int64
	}
	if node.Kind != yaml.SequenceNode || node.Decode(&files) != nil {
		return nil
	}
	var enclosures []feeds.Enclosure
	for _, f := range files {
		if address, ok := feeds.WebAddress("", f.URL); ok {
			enclosures = append(enclosures, feeds.Enclosure{URL: address, Type: f.Type, Length: f.Length})
		}
	}
	return enclosures
}

// list reads a scalar as one element: the predecessor's slugs hold spaces, where Jekyll would see two.
func list(node yaml.Node) []string {
	var values []string
	for _, n := range append([]*yaml.Node{&node}, node.Content...) {
		if value := strings.TrimSpace(n.Value); n.Kind == yaml.ScalarNode && value != "" {
			values = append(values, value)
		}
	}
	return values
}

// readLines reads front matter that is no YAML, line by line: a quotation mark in a title made the predecessor
// write such posts.
func readLines(head []byte) frontMatter {
	var matter frontMatter
	for line := range strings.Lines(string(head)) {
		key, value, found := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		if !found || value == "" {
			continue
		}
		switch strings.TrimSpace(key) {
		case "title":
			matter.title = value
		case "date":
			matter.date = value
		case "categories", "category":
			matter.categories = []string{value}
		case "tags":
			matter.tags = []string{value}
		}
	}
	return matter
}
