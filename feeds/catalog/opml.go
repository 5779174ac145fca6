package catalog

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/htmlindex"

	"finews.withounder.com/feeds"
)

// Bounds of an OPML file. The longest that people have name some thousand feeds.
const (
	maxOPML         = 8 << 20 // bytes, before and after decoding
	maxOPMLDepth    = 64      // elements within each other
	maxOPMLOutlines = 5000    // groups and feeds
)

// Outline is a feed that an OPML file names.
type Outline struct {
	Title  string   // text or title, on one line; may be empty
	URL    string   // xmlUrl, as written: any text
	Groups []string // the titles of the groups that it stands in, the innermost first
}

// ReadOPML returns the feeds that an OPML file names (OPML 1.0 and 2.0), in its order. At most 8 MiB are read, of at
// most 64 elements within each other and 5,000 outlines; a document type with declarations of its own is refused. The
// text is UTF-8, or in what the XML declaration names. An error says what is wrong with the file.
func ReadOPML(r io.Reader) ([]Outline, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxOPML+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxOPML:
		return nil, fmt.Errorf("it is longer than %d MiB: is it an OPML file?", maxOPML>>20)
	}
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte(byteOrderMark))))
	decoder.Strict = false // an address with a bare & in it is common
	decoder.CharsetReader = opmlCharset()
	var o opml
	for first := true; ; first = false {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if instruction, ok := token.(xml.ProcInst); err == nil && ok && instruction.Target == "xml" && !first {
			err = errDeclaredTwice
		}
		if err == nil {
			err = o.take(token)
		}
		if err != nil {
			line, _ := decoder.InputPos()
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	if !o.rooted {
		return nil, errors.New("it is no OPML file: export the subscriptions of your feed reader as OPML")
	}
	return o.outlines, nil
}

// errDeclaredTwice is of an XML declaration that is not the first thing in a file (XML 1.0, section 2.8).
var errDeclaredTwice = errors.New("it has an XML declaration within it: keep the one at its beginning")

// opmlCharset returns what decodes the character set that the XML declaration names, and no more of it than a file may
// be long. A second declaration is refused: each would be decoded by all before it, and a file has room for 200,000.
func opmlCharset() func(label string, input io.Reader) (io.Reader, error) {
	declared := false
	return func(label string, input io.Reader) (io.Reader, error) {
		if declared {
			return nil, errDeclaredTwice
		}
		declared = true
		encoding, err := htmlindex.Get(label)
		if err != nil {
			return nil, fmt.Errorf("%q is no character set: save the file as UTF-8", short(label))
		}
		return io.LimitReader(encoding.NewDecoder().Reader(input), maxOPML), nil
	}
}

// opml is a file as far as it was read.
type opml struct {
	outlines []Outline
	groups   []string // of each element that is open, its title; empty for what is no outline
	rooted   bool
	seen     int // outlines of every kind
}

func (o *opml) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		if bytes.ContainsAny(t, "[") {
			return errors.New("a document type with declarations of its own is refused: take the DOCTYPE out")
		}
	case xml.StartElement:
		return o.open(t)
	case xml.EndElement:
		if len(o.groups) > 0 {
			o.groups = o.groups[:len(o.groups)-1]
		}
	}
	return nil
}

func (o *opml) open(t xml.StartElement) error {
	name := strings.ToLower(t.Name.Local)
	switch {
	case len(o.groups) == 0 && name != "opml":
		return fmt.Errorf("it begins with <%s>, and an OPML file with <opml>: export the subscriptions of your feed reader as OPML", short(t.Name.Local))
	case len(o.groups) >= maxOPMLDepth:
		return fmt.Errorf("its outlines lie more than %d deep within each other", maxOPMLDepth)
	}
	o.rooted = true
	if name != "outline" {
		o.groups = append(o.groups, "")
		return nil
	}
	if o.seen++; o.seen > maxOPMLOutlines {
		return fmt.Errorf("it has more than %d outlines: divide it", maxOPMLOutlines)
	}
	title := titleOf(attribute(t, "text"))
	if title == "" {
		title = titleOf(attribute(t, "title"))
	}
	if address := strings.TrimSpace(attribute(t, "xmlurl")); address != "" {
		o.outlines = append(o.outlines, Outline{Title: title, URL: address, Groups: o.around()})
	}
	o.groups = append(o.groups, title)
	return nil
}

// titleOf reads a title. Many feed readers export it as the HTML that the feed gave, whose entities XML leaves as they are.
func titleOf(text string) string { return oneLine(html.UnescapeString(text)) }

// around returns the titles of the outlines that are open, the innermost first.
func (o *opml) around() []string {
	var titles []string
	for _, title := range slices.Backward(o.groups) {
		if title != "" {
			titles = append(titles, title)
		}
	}
	return titles
}

// attribute returns the value of an attribute, whose name is written in capitals and small letters in many ways.
func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if strings.EqualFold(a.Name.Local, name) {
			return a.Value
		}
	}
	return ""
}

// Skipped is a feed of an OPML file that is not taken, and why.
type Skipped struct {
	Title string // of the outline; may be empty
	URL   string // without credentials and query; empty where it is no address
	Why   string
}

// Import makes sources of the outlines of an OPML file. Those that are in the catalogue already, or twice in the
// file, and those whose address is none that finews asks are skipped. Each is filed under slugs; without any, under
// the category whose slug or title is that of its innermost group, if there is one; else the rules decide. Every slug
// must be declared.
func Import(c feeds.Catalogue, outlines []Outline, slugs []string) (sources []feeds.Source, skipped []Skipped) {
	names, places := map[string]bool{}, map[string]string{}
	for _, s := range c.Sources {
		names[s.Name] = true
		places[feeds.CanonicalLink(s.URL)] = s.Name
	}
	for _, o := range outlines {
		u, err := url.Parse(o.URL)
		fault := addressFault(o.URL, u, err)
		if fault == "" && strings.ContainsFunc(o.URL, unicode.IsControl) {
			fault = "a line break or a control character stands in this address"
		}
		if fault == "" {
			if other, twice := places[feeds.CanonicalLink(o.URL)]; twice {
				fault = "the source " + quote(other) + " asks the same address"
			}
		}
		if fault != "" {
			skipped = append(skipped, Skipped{o.Title, withoutSecrets(u), fault})
			continue
		}
		s := feeds.Source{Kind: feeds.KindFeed, URL: u.String(), Categories: slugs}
		s.Name = Name(o.Title, s.URL, func(name string) bool { return names[name] })
		if len(slugs) == 0 {
			s.Categories = groupCategory(c.Categories, o.Groups)
		}
		names[s.Name], places[feeds.CanonicalLink(s.URL)] = true, s.Name
		sources = append(sources, s)
	}
	return sources, skipped
}

// groupCategory returns the slug of the declared category that a group is called by.
func groupCategory(categories []feeds.Category, groups []string) []string {
	for _, group := range groups {
		for _, c := range categories {
			if strings.EqualFold(group, c.Slug) || group == c.Title {
				return []string{c.Slug}
			}
		}
	}
	return nil
}

// withoutSecrets returns an address for people.
func withoutSecrets(u *url.URL) string {
	if u == nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}
