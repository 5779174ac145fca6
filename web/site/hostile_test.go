package site

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// ours are the elements that the templates write; a hostile text that becomes markup brings another, or a
// script, a frame or a handler.
var ours = []string{
	"html", "head", "meta", "title", "link", "style", "body", "a", "header", "nav", "main", "section", "div", "article",
	"footer", "h1", "h2", "p", "ul", "ol", "li", "small", "span", "time", "pre", "code", "img", "b",
}

func TestHostileTextStaysText(t *testing.T) {
	s := load(t, "hostile.json")
	channel := s.Channels[0]
	r := New(s.Site)
	// Entries without a page of their own stand in lists alone.
	outputs := append(s.outputs()[:6], r.Article(channel.Entries[0], channel.Category))
	for _, output := range outputs {
		if output.Name == styleName {
			continue
		}
		var page bytes.Buffer
		if err := output.Render(&page); err != nil {
			t.Fatal(err)
		}
		for node := range parse(t, page.String()).Descendants() {
			if node.Type == html.ElementNode {
				checkElement(t, output.Name, node)
			}
		}
	}
}

// checkElement finds what hostile text would have to bring to do harm.
func checkElement(t *testing.T, page string, node *html.Node) {
	t.Helper()
	if !slices.Contains(ours, node.Data) {
		t.Errorf("%s: <%s> is not ours", page, node.Data)
	}
	for _, a := range node.Attr {
		address := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"):
			t.Errorf("%s: <%s %s=%q> is a handler", page, node.Data, a.Key, a.Val)
		case a.Key != "href" && a.Key != "src":
		case node.Data == "link" && strings.HasPrefix(address, "data:image/svg+xml,"): // our icon
		case strings.Contains(address, "script:"), strings.HasPrefix(address, "mailto:"), strings.Contains(address, "@"),
			strings.HasPrefix(address, "data:,") != (attribute(node, "rel") == "icon"), strings.Contains(address, "zgotmplz"):
			t.Errorf("%s: <%s %s=%q> must not be followed", page, node.Data, a.Key, a.Val)
		}
	}
}

func TestEmbedCodeIsMarkupOfOurs(t *testing.T) {
	s := load(t, "hostile.json")
	code := New(s.Site).embedCode(s.Channels[0].Category)
	var elements []string
	for node := range parse(t, code).Descendants() {
		if node.Type == html.ElementNode && node.Parent.Data == "body" {
			elements = append(elements, node.Data)
		}
	}
	if !slices.Equal(elements, []string{"iframe", "a"}) {
		t.Errorf("the code that partners copy holds %q, not one frame and one link:\n%s", elements, code)
	}
	if strings.Count(code, "\n") != 1 {
		t.Errorf("the code is not two lines:\n%s", code)
	}
}

// The page shows the code: what a visitor copies is what embedCode made, character for character.
func TestEmbedCodeIsShownAsItIs(t *testing.T) {
	s := load(t, "hostile.json")
	want := New(s.Site).embedCode(s.Channels[0].Category)
	page := render(t, load(t, "small.json"))["category/nongjinwang.html"]
	if !strings.Contains(page, "&lt;iframe src=") {
		t.Errorf("the page does not show the code:\n%s", page)
	}
	var shown bytes.Buffer
	if err := New(s.Site).Category(s.Channels[0]).Render(&shown); err != nil {
		t.Fatal(err)
	}
	for node := range parse(t, shown.String()).Descendants() {
		if node.Data == "code" && text(node) != want {
			t.Errorf("shown: %s\nmade:  %s", text(node), want)
		}
	}
}

// parse reads a page; what x/net/html had to mend is found by TestPagesAreWellFormed.
func parse(t *testing.T, page string) *html.Node {
	t.Helper()
	node, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return node
}

func text(node *html.Node) string {
	var b strings.Builder
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func attribute(node *html.Node, key string) string {
	for _, a := range node.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
