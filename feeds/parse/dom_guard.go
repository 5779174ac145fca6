package parse

import (
	"bytes"
	"errors"
	"fmt"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds/markup"
)

// What a page may be. The largest news pages have about 10,000 nodes, inside one another 60 deep.
const (
	maxPageNodes    = 100_000   // elements, texts and comments
	maxPageSiblings = 10_000    // of one parent
	maxPagePairs    = 200 << 20 // of siblings: selectors such as :nth-child look through them for each
	maxPageChains   = 1 << 30   // depth³ of each element: "a b c d" looks through what is around what is around it
	maxPageText     = 200 << 20 // bytes of each text, times the elements around it: :contains puts them together for each
	maxPageAttrs    = 500       // of one tag
	maxPageAllAttrs = 300_000   // of all tags
	maxPageClones   = 200_000   // elements that the parser has to make again, because they were not closed
	maxPageCopies   = 1_000_000 // attributes of those
	maxPageRoots    = 8         // html and body tags: the attributes of each are held against those of the first
)

// withoutForeign takes out drawings and formulas. There is no news in them, and within them the parser reads other tags
// than without: what is guarded has to be what is parsed.
func withoutForeign(text []byte) []byte {
	for _, name := range []string{"svg", "math"} {
		text = withoutElement(text, name)
	}
	for _, name := range []string{"<svg", "<math"} { // what was not closed, or stood within another
		for at := 0; ; {
			i := indexFold(text[at:], name)
			if i < 0 {
				break
			}
			at += i + 1
			text[at] = 'x'
		}
	}
	return text
}

// withoutElement returns a copy of text without what stands between <name and </name. Where one stands within another,
// the inner one is cut.
func withoutElement(text []byte, name string) []byte {
	kept := make([]byte, 0, len(text))
	for {
		end := indexFold(text, "</"+name)
		if end < 0 {
			return append(kept, text...)
		}
		start, after := end, end+len(name)+2
		for at := 0; ; at++ {
			i := indexFold(text[at:end], "<"+name)
			if i < 0 {
				break
			}
			at += i
			start = at
		}
		kept = append(kept, text[:start]...)
		i := bytes.IndexByte(text[after:], '>')
		if i < 0 { // the page ends in this tag: to look for the same in what is behind it would take long
			return kept
		}
		text = text[after+i+1:]
	}
}

// indexFold returns where word, of ASCII letters in lower case and signs, is first found in text in any case, or -1.
func indexFold(text []byte, word string) int {
	for at := 0; ; at++ {
		i := bytes.IndexByte(text[at:], word[0])
		if i < 0 || at+i+len(word) > len(text) {
			return -1
		}
		at += i
		if bytes.EqualFold(text[at:at+len(word)], []byte(word)) {
			return at
		}
	}
}

// guardPage reads the tags of a page, as the parser will, and reckons from above what it will cost.
func guardPage(text []byte) error {
	var c pageCost
	for z := html.NewTokenizer(bytes.NewReader(text)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return nil
		}
		c.nodes++
		switch kind {
		case html.TextToken:
			c.markup.Text()
		case html.StartTagToken, html.SelfClosingTagToken: // to the parser, <b/> is <b>
			name, more := z.TagName()
			tag, attrs := atom.Lookup(name), 0
			for ; more; attrs++ {
				_, _, more = z.TagAttr()
			}
			c.start(tag, attrs)
		case html.EndTagToken:
			name, _ := z.TagName()
			c.markup.End(atom.Lookup(name))
		}
		if err := c.fault(); err != nil {
			return err
		}
	}
}

// pageCost is what the parser will have to do, as far as the tags were read.
type pageCost struct {
	nodes  int
	attrs  int // of the tag with the most
	all    int // attributes of all tags
	roots  int
	markup markup.Cost
}

func (c *pageCost) fault() error {
	switch {
	case c.nodes > maxPageNodes:
		return fmt.Errorf("it has more than %d elements and texts", maxPageNodes)
	case c.attrs > maxPageAttrs:
		return fmt.Errorf("a tag has more than %d attributes", maxPageAttrs)
	case c.all > maxPageAllAttrs:
		return fmt.Errorf("its tags have more than %d attributes", maxPageAllAttrs)
	case c.roots > maxPageRoots:
		return fmt.Errorf("it begins more than %d times", maxPageRoots)
	case c.markup.Clones > maxPageClones || c.markup.Copies > maxPageCopies:
		return errors.New("much of its formatting is never closed")
	}
	return nil
}

func (c *pageCost) start(tag atom.Atom, attrs int) {
	c.attrs = max(c.attrs, attrs)
	c.all += attrs
	if tag == atom.Html || tag == atom.Body {
		c.roots++
	}
	c.markup.Start(tag, attrs)
}

// guardTree refuses a tree in which selectors would look for long: with too many children of one parent, or too much text
// or too many elements too deep within.
func guardTree(root *html.Node) error {
	var c treeCost
	return c.add(root, 0)
}

// treeCost is what a selector may have to look through, as far as the tree was read.
type treeCost struct{ text, pairs, chains int }

// add recurses as deep as the page nests, which the parser bounds.
func (c *treeCost) add(n *html.Node, depth int) error {
	if n.Type == html.TextNode {
		if c.text += len(n.Data) * depth; c.text > maxPageText {
			return fmt.Errorf("its text lies %d elements deep", depth)
		}
		return nil
	}
	if c.chains += depth * depth * depth; c.chains > maxPageChains {
		return fmt.Errorf("its elements lie %d deep within each other", depth)
	}
	children := 0
	for child := range n.ChildNodes() {
		if children++; children > maxPageSiblings {
			return fmt.Errorf("one <%.20s> of it holds more than %d elements and texts", n.Data, maxPageSiblings)
		}
		if err := c.add(child, depth+1); err != nil {
			return err
		}
	}
	if c.pairs += children * children; c.pairs > maxPagePairs {
		return fmt.Errorf("many of its elements hold as many others as a <%.20s> of %d", n.Data, children)
	}
	return nil
}
