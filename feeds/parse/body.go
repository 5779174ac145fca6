package parse

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/tidwall/gjson"
	xhtml "golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// BodyAddress returns the address that the body of an item is asked for at, absolute and http or https: the item's link,
// or the template of source.Body with {id}, {link} and {title} of the item in it. The error says what the item lacks, or
// that its words would lead out of the folder that the template names.
func BodyAddress(source feeds.Source, item feeds.Item) (string, error) {
	if source.Body.URL == "" {
		if item.Link == "" {
			return "", errors.New("the item has no link to ask for its body at")
		}
		return checkedAddress(item.Link)
	}
	value := func(name string) string {
		return map[string]string{"id": item.GUID, "link": item.Link, "title": html.UnescapeString(item.Title)}[name]
	}
	address, missing := fillAddress(source.Body.URL, value, url.PathEscape)
	if missing != "" {
		return "", fmt.Errorf("the item has no %s, which body.url asks for", missing)
	}
	if !keepsPath(source.Body.URL, value) {
		return "", errors.New("the item's words in body.url lead to another folder: one of them has a dot or two where a name should stand")
	}
	return checkedAddress(address)
}

func checkedAddress(address string) (string, error) {
	checked, ok := feeds.WebAddress("", address)
	if !ok {
		return "", fmt.Errorf("the body would be asked for at %s, which is no web address", shownAddress(address))
	}
	return checked, nil
}

// shownAddress returns an address for a message: without credentials, query and fragment, in which feeds.yaml may have a
// key, and of what is none its scheme at most.
func shownAddress(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "an address that cannot be read"
	case u.Opaque != "":
		return fmt.Sprintf("an address that begins with %.20q", u.Scheme+":")
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return fmt.Sprintf("%.200q", shown.String())
}

// Body returns the item with its body, which it takes from the answer at BodyAddress by the rules of source.Body: the
// value at a path of a JSON answer, the content of an element of a page, or the article that is found in a page. What
// the page says of itself (date, outlet, author, image) is taken over where the list said nothing. The body is as dirty
// as it was, but for the links to further pages that it ends with, which become a fault. The error says what was looked for
// and not found, or what stands there instead: a text that has nothing to do with the item, or that is shorter than the
// one it brought (ErrShorter).
func Body(source feeds.Source, item feeds.Item, doc Document) (with feeds.Item, err error) {
	defer recovered(&err)
	if source.Body.Path != "" {
		body, err := bodyAt(source, doc)
		if err != nil {
			return item, err
		}
		item.Body, item.Base = body, doc.URL
		return boundItem(item), nil
	}
	p, err := readPage(doc, source.Charset)
	if err != nil {
		return item, err
	}
	said, credits, goesOn := p.saysOfItself(), p.credits(), p.goesOn()
	var body, next string
	if source.Body.CSS != "" {
		body, next, err = p.contents(source.Body.CSS)
	} else {
		body, next, err = p.article()
	}
	if err == nil {
		err = belongs(item, body, source.Body.CSS != "")
	}
	if err != nil {
		return item, err
	}
	item.Body, item.Base = body, p.base
	if next = cmp.Or(next, goesOn); next != "" {
		item.Faults = append(slices.Clip(item.Faults), fmt.Sprintf("the article goes on at %s, which is not read", next))
	}
	said.credited(creditOutside(credits, squeezed(body)))
	return boundItem(said.complete(item, source, doc)), nil
}

// bodyAt returns the body at a path of a JSON answer. A text without markup becomes paragraphs.
func bodyAt(source feeds.Source, doc Document) (string, error) {
	text, err := readJSON(doc, source.Charset)
	if err != nil {
		return "", err
	}
	body := textAt(text, source.Body.Path)
	if body == "" {
		return "", fmt.Errorf("no text at %s (body.path): the answer %s", source.Body.Path, shape(gjson.Parse(text)))
	}
	return bodyHTML(body), nil
}

// textAt returns what stands at a path of a JSON value: a text, or several, one on a line.
func textAt(json, path string) string {
	found := gjson.Get(json, path)
	if !found.IsArray() {
		return strings.TrimSpace(found.Str)
	}
	var parts []string
	for _, each := range found.Array() {
		parts = append(parts, each.Str)
	}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}

// tagStart is the beginning of a tag or a comment.
var tagStart = regexp.MustCompile(`<[A-Za-z/!]`)

// bodyHTML returns a text that may be HTML as HTML. Some APIs escape their HTML once more, and some write text with
// character references and no tags.
func bodyHTML(text string) string {
	if tagStart.MatchString(text) {
		return text
	}
	if text = html.UnescapeString(text); tagStart.MatchString(text) {
		return text
	}
	return paragraphs(text)
}

// summaryHTML is bodyHTML for a summary, which stays a line of text where it is one.
func summaryHTML(text string) string {
	if plain := html.UnescapeString(text); !tagStart.MatchString(text) && !tagStart.MatchString(plain) && !strings.Contains(plain, "\n") {
		return textAsHTML.Replace(plain)
	}
	return bodyHTML(text)
}

// contents returns the HTML inside of the elements that a selector finds, without those within another, and where the
// article goes on.
func (p page) contents(css string) (body, next string, err error) {
	matcher, err := compileCSS("body.css", css)
	if err != nil {
		return "", "", err
	}
	var found []*xhtml.Node
	for _, n := range cascadia.QueryAll(p.root, matcher) {
		if len(found) == 0 || !isWithin(n, found[len(found)-1]) {
			found = append(found, n)
		}
	}
	var out bytes.Buffer
	for _, n := range found {
		next = cmp.Or(next, dropPager(n, p.base, p.address))
		for child := range n.ChildNodes() {
			if err := xhtml.Render(&out, child); err != nil {
				return "", "", fmt.Errorf("the element that %s (body.css) finds cannot be written: %w", css, err)
			}
		}
		out.WriteByte('\n')
	}
	if body = strings.TrimSpace(out.String()); body == "" {
		return "", "", fmt.Errorf("the selector %s (body.css) finds nothing on %s: look at it in a browser; the site may have changed", css, p.titled())
	}
	return body, next, nil
}

// isWithin reports whether n lies in the element outer.
func isWithin(n, outer *xhtml.Node) bool {
	for above := range n.Ancestors() {
		if above == outer {
			return true
		}
	}
	return false
}
