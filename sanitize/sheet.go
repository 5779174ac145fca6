package sanitize

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of the style sheets in one body.
const (
	maxSheets     = 32 << 10 // bytes that are read
	maxSheetRules = 500
)

// sheet is what the style sheets in a body hide: names of classes with a dot before them, and of ids with a #. Nothing else
// is heeded in them: selectors of more than one name, and what is only for some screens.
type sheet map[string]bool

// oneName is a selector of a class or an id alone, with or without the name of an element.
var oneName = regexp.MustCompile(`^[a-zA-Z0-9]*([.#][\p{L}\p{N}_-]+)$`)

// sheets reads the style sheets in a body.
func (k *walker) sheets(body *html.Node) {
	if !strings.Contains(k.dirty, "<style") && !strings.Contains(k.dirty, "<STYLE") {
		return
	}
	left := maxSheets
	for n := range body.Descendants() {
		if n.DataAtom == atom.Style && n.Namespace == "" && n.FirstChild != nil && left > 0 {
			css := n.FirstChild.Data
			css = css[:min(len(css), left)]
			left -= len(css)
			k.sheet = k.sheet.read(withoutComments(css))
		}
	}
}

// read adds what a style sheet hides, and takes out what it shows again.
func (s sheet) read(css string) sheet {
	for range maxSheetRules {
		names, rest, found := strings.Cut(css, "{")
		if !found {
			break
		}
		if strings.HasPrefix(strings.TrimSpace(names), "@") {
			css = afterBlock(rest)
			continue
		}
		var text string
		text, css, _ = strings.Cut(rest, "}")
		declared := readStyle(text)
		for name := range strings.SplitSeq(names, ",") {
			m := oneName.FindStringSubmatch(strings.TrimSpace(name))
			if m == nil || declared.value("display") == "" && declared.value("visibility") == "" && !declared.hides(false, false) {
				continue
			}
			if s == nil {
				s = sheet{}
			}
			s[m[1]] = declared.hides(false, false) || declared.value("visibility") == "hidden"
		}
	}
	return s
}

// afterBlock returns what follows a block, with all the blocks in it.
func afterBlock(css string) string {
	depth := 1
	for i := range len(css) {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[i+1:]
			}
		}
	}
	return ""
}

// hides reports whether a style sheet hides an element.
func (s sheet) hides(n *html.Node) bool {
	if s == nil {
		return false
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "id":
			if s["#"+a.Val] {
				return true
			}
		case "class":
			for name := range strings.FieldsSeq(a.Val) {
				if s["."+name] {
					return true
				}
			}
		}
	}
	return false
}
