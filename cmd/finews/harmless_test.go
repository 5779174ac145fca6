package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// bodyElements are the elements that may stand in a published body, with their attributes: the promise of package
// sanitize, written down a second time.
var bodyElements = map[string][]string{
	"a": {"href", "rel", "title"}, "img": {"src", "alt", "width", "height", "loading", "referrerpolicy"},
	"audio": {"controls", "preload"}, "video": {"controls", "preload", "poster", "width", "height"}, "source": {"src", "type"},
	"p": {"align"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
	"br": {}, "hr": {}, "h1": {}, "h2": {}, "h3": {}, "h4": {}, "h5": {}, "h6": {}, "ul": {}, "ol": {"start", "type"}, "li": {"value"},
	"dl": {}, "dt": {}, "dd": {}, "blockquote": {}, "pre": {}, "code": {}, "em": {}, "strong": {}, "b": {}, "i": {},
	"u": {}, "s": {}, "sub": {}, "sup": {}, "small": {}, "mark": {}, "q": {}, "ruby": {}, "rt": {}, "rp": {}, "figure": {},
	"figcaption": {}, "table": {}, "caption": {}, "thead": {}, "tbody": {}, "tfoot": {}, "tr": {},
}

// pageElements are those that the templates write around it.
var pageElements = []string{
	"html", "head", "meta", "title", "link", "body", "a", "header", "nav", "main", "section", "div", "article", "footer",
	"h1", "h2", "p", "ul", "ol", "li", "small", "span", "time", "pre", "code", "img", "style", "b",
}

// tricks are characters that turn the direction of writing round, or that nobody sees.
const tricks = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u2060\u061c\ufeff"

// leaving returns all that leaves finews, by name: the files that a poll published, and what entries and show print.
func (p *plight) leaving() map[string][]byte {
	p.t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(p.path("public"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && slices.Contains([]string{".xml", ".atom", ".json", ".html", ".opml"}, filepath.Ext(path)) {
			all[strings.TrimPrefix(path, p.path("public")+"/")], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	all["entries"] = p.prints("entries")
	all["entries.json"] = p.prints("entries", "--json", "--limit", "100")
	for _, e := range p.entries(ailing) {
		all["show "+e.ID] = p.prints("show", fmt.Sprint(e.Number))
		all["show "+e.ID+".json"] = p.prints("show", fmt.Sprint(e.Number), "--json")
	}
	return all
}

func (p *plight) prints(words ...string) []byte {
	p.t.Helper()
	code, told := p.run(words...)
	if code != exitWell {
		p.t.Fatalf("finews %q: exit %d: %s", words, code, told)
	}
	return []byte(told)
}

// harmless asserts that nothing dangerous leaves finews: every file and every answer can be read, no text plays tricks, every
// address may be followed, and what a browser makes of a body, in a page and in a reader, is what may stand there. It returns
// what it has read.
func (p *plight) harmless() map[string][]byte {
	p.t.Helper()
	all := p.leaving()
	for name, text := range all {
		p.readable(name, text)
		var dangers []string
		switch filepath.Ext(name) {
		case ".html":
			dangers = pageDangers(p.t, name, string(text))
		case ".xml", ".atom", ".opml":
			dangers = xmlDangers(p.t, text)
		case ".json":
			var value any
			if err := json.Unmarshal(text, &value); err != nil {
				p.t.Fatal(err)
			}
			dangers = jsonDangers(p.t, "", value)
		default:
			dangers = textDangers("", string(text))
		}
		for _, danger := range dangers {
			p.t.Errorf("%s: %.300s", name, danger)
		}
	}
	return all
}

// xmlDangers judges each text and each attribute of a feed by the element that it is of.
func xmlDangers(t *testing.T, document []byte) (dangers []string) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	var open []xml.StartElement
	text, leaf := "", false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return dangers
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open, text, leaf = append(open, token), "", true
			for _, a := range token.Attr {
				dangers = append(dangers, fieldDangers(t, token.Name.Local+"@"+a.Name.Local, a.Value)...)
			}
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			name := token.Name.Local
			if slices.Contains(open[len(open)-1].Attr, xml.Attr{Name: xml.Name{Local: "type"}, Value: "html"}) {
				name = "encoded"
			}
			if leaf || strings.TrimSpace(text) != "" { // an image of RSS and a url of a sitemap hold the address in an element
				dangers = append(dangers, fieldDangers(t, name, text)...)
			}
			open, text, leaf = open[:len(open)-1], "", false
		}
	}
}

// jsonDangers judges each string of a document by its key.
func jsonDangers(t *testing.T, key string, value any) (dangers []string) {
	switch value := value.(type) {
	case string:
		return fieldDangers(t, key, value)
	case []any:
		for _, one := range value {
			dangers = append(dangers, jsonDangers(t, key, one)...)
		}
	case map[string]any:
		for key, one := range value {
			dangers = append(dangers, jsonDangers(t, key, one)...)
		}
	}
	return dangers
}

// fieldDangers judges what an element, an attribute or a key of that name holds.
func fieldDangers(t *testing.T, name, value string) []string {
	switch name {
	case "encoded", "description", "content_html", "html":
		return bodyDangers(t, value)
	case "thumbnail@url", "image":
		return addressDangers(name, value, true)
	case "link", "link@href", "source@url", "enclosure@url", "relation", "url", "loc", "outline@xmlUrl", "outline@htmlUrl", "page", "external_url":
		if value != "" { // <atom:link/> has no text
			return addressDangers(name, value, false)
		}
	}
	return textDangers(name, value)
}

func textDangers(name, text string) []string {
	if i := strings.IndexAny(text, tricks); i >= 0 {
		return []string{fmt.Sprintf("%s plays a trick with %+q", name, text)}
	}
	return nil
}

// addressDangers judges an address that is followed by whoever clicks it or, where loaded is true, by every reader.
func addressDangers(name, address string, loaded bool) []string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return []string{fmt.Sprintf("%s: %v", name, err)}
	case u.Scheme != "http" && u.Scheme != "https" && (loaded || name != "a@href" || u.Scheme != "mailto"):
		return []string{fmt.Sprintf("%s leads to %q", name, address)}
	case loaded && !publicHost(u.Hostname()):
		return []string{fmt.Sprintf("%s is loaded from the reader's own network: %q", name, address)}
	}
	return textDangers(name, address)
}

func publicHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return strings.Contains(host, ".") && strings.Trim(host, "0123456789abcdefx.") != "" // 127.1, 0x7f.1 are addresses to a browser
	}
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}

// bodyDangers judges a body as a browser would show it: in a page, and put into one again as a script of the reader's would.
func bodyDangers(t *testing.T, markup string) []string {
	t.Helper()
	var dangers []string
	for range 2 {
		root := parsePage(t, `<!doctype html><body><article><div id="ours">`+markup+`</div><i id="after"></i></article>`)
		ours, after := elementWith(root, "id", "ours"), elementWith(root, "id", "after")
		if ours == nil || after == nil || ours.NextSibling != after || after.FirstChild != nil || after.NextSibling != nil {
			dangers = append(dangers, "the body breaks out of its container: "+markup)
			return dangers
		}
		var again strings.Builder
		for n := range ours.ChildNodes() {
			dangers = append(dangers, nodeDangers(n)...)
			if err := html.Render(&again, n); err != nil {
				t.Fatal(err)
			}
		}
		markup = again.String()
	}
	return dangers
}

// nodeDangers judges a node of a body and all that is in it.
func nodeDangers(n *html.Node) (dangers []string) {
	if n.Type == html.TextNode {
		return textDangers("text", n.Data)
	}
	names, ok := bodyElements[n.Data]
	if !ok || n.Type != html.ElementNode || n.Namespace != "" {
		dangers = append(dangers, fmt.Sprintf("the body holds a %q", n.Data))
	}
	for _, a := range n.Attr {
		switch {
		case ok && !slices.Contains(names, a.Key):
			dangers = append(dangers, fmt.Sprintf("the body holds a %s with %s=%q", n.Data, a.Key, a.Val))
		case a.Key == "href":
			dangers = append(dangers, addressDangers(n.Data+"@href", a.Val, false)...)
		case a.Key == "src" || a.Key == "poster":
			dangers = append(dangers, addressDangers(n.Data+"@"+a.Key, a.Val, true)...)
		default:
			dangers = append(dangers, textDangers(a.Key, a.Val)...)
		}
	}
	if n.Data == "img" && (attributeOf(n, "loading") != "lazy" || attributeOf(n, "referrerpolicy") != "no-referrer" || attributeOf(n, "src") == "") {
		dangers = append(dangers, fmt.Sprintf("an image is loaded at once, or says where it stands: %v", n.Attr))
	}
	if preload := attributeOf(n, "preload"); (n.Data == "video" || n.Data == "audio") && preload != "none" {
		dangers = append(dangers, "a player loads before anybody plays it")
	}
	for c := range n.ChildNodes() {
		dangers = append(dangers, nodeDangers(c)...)
	}
	return dangers
}

// pageDangers judges a page of ours: the body of an article by its own rules, what stands around it by those of the templates.
func pageDangers(t *testing.T, name, page string) (dangers []string) {
	root := parsePage(t, page)
	if body := elementWith(root, "class", "body"); body != nil {
		footer := body.Parent.LastChild
		for footer != nil && footer.Type == html.TextNode {
			footer = footer.PrevSibling
		}
		if body.Data != "div" || body.Parent.Data != "article" || footer == nil || footer.Data != "footer" {
			dangers = append(dangers, "the body breaks out of its place in the page")
		}
		for n := range body.ChildNodes() {
			dangers = append(dangers, nodeDangers(n)...)
		}
		body.Parent.RemoveChild(body)
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.TextNode:
			dangers = append(dangers, textDangers("text", n.Data)...)
		case html.ElementNode:
			dangers = append(dangers, frameDangers(n)...)
		case html.CommentNode:
			dangers = append(dangers, "a comment: "+n.Data)
		}
	}
	return dangers
}

// frameDangers judges an element of a template.
func frameDangers(n *html.Node) (dangers []string) {
	if !slices.Contains(pageElements, n.Data) {
		dangers = append(dangers, fmt.Sprintf("a <%s> that is not ours", n.Data))
	}
	for _, a := range n.Attr {
		u, err := url.Parse(a.Val)
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
			dangers = append(dangers, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
		case a.Key != "href" && a.Key != "src":
			dangers = append(dangers, textDangers(a.Key, a.Val)...)
		case n.Data == "link" && attributeOf(n, "rel") == "icon":
		case err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https":
			dangers = append(dangers, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
		}
	}
	return dangers
}

func parsePage(t *testing.T, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// elementWith returns the first element with that attribute, or nil.
func elementWith(root *html.Node, key, value string) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && attributeOf(n, key) == value {
			return n
		}
	}
	return nil
}

func attributeOf(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// textOf returns the text in a node, as it stands.
func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
