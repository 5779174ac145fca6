package parse

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// What an article may be. The extractor goes over a page several times, with lists of what it found.
const (
	maxArticleNodes = 20_000
	maxArticleDepth = 100 // it recurses, and looks at all that is above
	leastArticle    = 40  // characters: less is a caption or a notice

	// maxArticleAttr and maxArticleTitle bound in bytes what the extractor takes to pieces by expressions, over and over.
	maxArticleAttr  = 4 << 10
	maxArticleTitle = 500

	// enoughArticle is the number of characters at which the extractor takes what it found, and does not look again with
	// less care. Its own default of 500 is made for English; a Chinese piece of news says the same in a third.
	enoughArticle = 140
)

// article returns the HTML of the article that is found in the page without being told where it stands, and where it goes
// on. The page is not to be used again.
func (p page) article() (body, next string, err error) {
	if err := guardArticle(p.root); err != nil {
		return "", "", err
	}
	shorten(p.root)
	address, err := url.Parse(p.base)
	if err != nil {
		return "", "", fmt.Errorf("find the article: the address of the page cannot be read: %w", err)
	}
	extractor := readability.NewParser()
	extractor.CharThresholds = enoughArticle
	extractor.DisableJSONLD = true // it is for titles and dates, which are not taken from here
	found, err := extractor.ParseAndMutate(p.root, address)
	if err != nil || found.Node == nil || len([]rune(visibleText(found.Node))) < leastArticle {
		return "", "", errors.New("no article was found on the page: write body: {css: …, follow: link} to say where it stands")
	}
	next = dropPager(found.Node, p.base, p.address)
	var out strings.Builder
	if err := found.RenderHTML(&out); err != nil {
		return "", "", fmt.Errorf("write the article that was found: %w", err)
	}
	return out.String(), next, nil
}

// guardArticle refuses a page that would keep the extractor busy for long.
func guardArticle(root *html.Node) error {
	nodes := 0
	for n := range root.Descendants() {
		if nodes++; nodes > maxArticleNodes {
			return fmt.Errorf("the page has more than %d elements and texts, too many to look for an article: write body: {css: …, follow: link}", maxArticleNodes)
		}
		if n.FirstChild != nil {
			continue
		}
		depth := 0
		for range n.Ancestors() {
			depth++
		}
		if depth > maxArticleDepth {
			return fmt.Errorf("the page nests over %d deep, too deep to look for an article: write body: {css: …, follow: link}", maxArticleDepth)
		}
	}
	return nil
}

// shorten drops attributes that are too long to be of use, such as a picture within an address, and cuts the title.
func shorten(root *html.Node) {
	for n := range root.Descendants() {
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return len(a.Val) > maxArticleAttr })
		if n.Type == html.TextNode && n.Parent.DataAtom == atom.Title {
			n.Data = feeds.CutBytes(n.Data, maxArticleTitle)
		}
	}
}

// selfDescription is what a page says of itself in its head, in the words of Open Graph and of the Chinese standard for
// government pages (PubDate, ContentSource, Author).
type selfDescription struct{ published, outlet, author, image string }

// descriptions are the names under which pages say what is taken over. The first that a page gives counts.
var descriptions = []struct {
	name string
	into func(*selfDescription) *string
}{
	{"article:published_time", func(d *selfDescription) *string { return &d.published }},
	{"og:release_date", func(d *selfDescription) *string { return &d.published }},
	{"pubdate", func(d *selfDescription) *string { return &d.published }},
	{"publishdate", func(d *selfDescription) *string { return &d.published }},
	{"contentsource", func(d *selfDescription) *string { return &d.outlet }},
	{"source", func(d *selfDescription) *string { return &d.outlet }},
	{"mediaid", func(d *selfDescription) *string { return &d.outlet }},
	{"author", func(d *selfDescription) *string { return &d.author }},
	{"article:author", func(d *selfDescription) *string { return &d.author }},
	{"og:image", func(d *selfDescription) *string { return &d.image }},
}

// saysOfItself reads the meta elements of a page.
func (p page) saysOfItself() selfDescription {
	var d selfDescription
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.Meta {
			continue
		}
		name := attribute(n, "name")
		if name == "" {
			name = attribute(n, "property")
		}
		for _, known := range descriptions {
			if into := known.into(&d); *into == "" && strings.EqualFold(name, known.name) {
				*into = feeds.CutBytes(attribute(n, "content"), maxValueBytes)
			}
		}
	}
	return d
}

// credited fills what the head of the page does not say from the line beside the article.
func (d *selfDescription) credited(c credit) {
	d.outlet = cmp.Or(d.outlet, c.outlet)
	d.published = cmp.Or(d.published, c.published)
	d.author = cmp.Or(d.author, c.author)
}

// complete fills what the item does not have.
func (d selfDescription) complete(item feeds.Item, source feeds.Source, doc Document) feeds.Item {
	if item.Published.IsZero() {
		item.Published, item.Approximate = dates{source.Location, doc.At}.read(d.published)
	}
	if item.Outlet == "" {
		item.Outlet = textAsHTML.Replace(d.outlet)
	}
	if len(item.Authors) == 0 && d.author != "" && !strings.Contains(d.author, "://") {
		item.Authors = []string{textAsHTML.Replace(d.author)}
	}
	if item.Image == "" && d.image != "" {
		item.Image, _ = feeds.WebAddress(item.Base, d.image)
	}
	return item
}
