package publish

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The rules that the W3C Feed Validation Service warns by, as far as they concern what we write; those that ask
// what time it is now are left out. https://validator.w3.org/feed/docs/ explains each.

var (
	uriPattern  = regexp.MustCompile(`^[a-zA-Z][0-9a-zA-Z+.-]*:(//)?[0-9a-zA-Z;/?:@&=+$._!~*'()%,#-]+$`)
	tagPattern  = regexp.MustCompile(`^tag:[a-z0-9.-]+,\d{4}(-\d{2}){0,2}:[0-9a-zA-Z;/?:@&=+$._!~*'()%,-]+$`)
	datePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$`)
	langPattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	reference   = regexp.MustCompile(`(?i)(?:href|src)="([^"]*)"`)
	webAddress  = regexp.MustCompile(`^https?://[^/]`)
	endTag      = regexp.MustCompile(`</\w+>`)
	entity      = regexp.MustCompile(`&#?\w+`)
)

// faults collects what a validator would say.
type faults []string

func (f *faults) check(ok bool, format string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

// once checks the children that must be there once, those that may be, and those that may be more.
func (f *faults) once(n *node, must, may, many []string) {
	for _, name := range must {
		f.check(len(n.all(name)) == 1, "%s has %d %s, not one", n.name, len(n.all(name)), name)
	}
	for _, name := range may {
		f.check(len(n.all(name)) <= 1, "%s has more than one %s", n.name, name)
	}
	odd := n.unexpected(slices.Concat(must, may, many)...)
	f.check(len(odd) == 0, "%s has unexpected elements %v", n.name, odd)
}

func (f *faults) uri(what, address string) {
	f.check(uriPattern.MatchString(address), "%s: %q is no URI", what, address)
	if strings.HasPrefix(address, "tag:") {
		f.check(tagPattern.MatchString(address), "%s: %q is no tag URI", what, address)
		return
	}
	u, err := url.Parse(address)
	f.check(err == nil && u.Host != "", "%s: %q names no host", what, address)
}

func (f *faults) rfc822(what, date string) {
	parsed, err := time.Parse(time.RFC1123Z, date)
	f.check(err == nil, "%s: %q is no RFC 822 date with a year of four digits", what, date)
	f.check(err != nil || parsed.Format("Mon") == date[:3], "%s: %q has the wrong day of the week", what, date)
}

func (f *faults) rfc3339(what, date string) time.Time {
	parsed, err := time.Parse(time.RFC3339, date)
	f.check(err == nil && datePattern.MatchString(date), "%s: %q is no RFC 3339 date", what, date)
	return parsed
}

func (f *faults) unique(what string, values []string) {
	seen := map[string]bool{}
	for _, value := range values {
		f.check(!seen[value], "two entries have the %s %s", what, value)
		seen[value] = true
	}
}

// html checks what a reader will show as HTML.
func (f *faults) html(what, text string) {
	lower := strings.ToLower(text)
	for _, evil := range []string{"<script", "<meta", "<embed", "<object", "<iframe", "<style"} {
		f.check(!strings.Contains(lower, evil), "%s holds %s>", what, evil)
	}
	for _, found := range reference.FindAllStringSubmatch(text, -1) {
		f.check(webAddress.MatchString(found[1]), "%s holds the reference %q, which is no address of the web", what, found[1])
	}
}

// characters checks the text and attributes of every element.
func (f *faults) characters(document *node) {
	document.walk(func(n *node) {
		f.check(strings.IndexFunc(n.text, unfit) < 0, "%s holds a character that no feed may: %q", n.name, n.text)
		for name, value := range n.attrs {
			f.check(strings.IndexFunc(value, unfit) < 0, "%s %s holds a character that no feed may", n.name, name)
		}
	})
}

// checkRSS returns what a validator would say of an RSS 2.0 document that is served at address.
func checkRSS(t testing.TB, content []byte, address string) faults {
	var f faults
	document := parseTree(t, content, "")
	f.characters(document)
	f.check(document.name == "rss" && document.attrs["version"] == "2.0", "the root is not rss 2.0")
	f.once(document, []string{"channel"}, nil, nil)
	channel := document.all("channel")[0]
	f.once(channel, []string{"title", "link", "description", "language", "docs", "ttl", "atom:link"},
		[]string{"lastBuildDate", "generator"}, []string{"item"})
	for _, name := range []string{"title", "description"} {
		f.check(!blank(channel.value(name)), "the channel's %s is empty", name)
	}
	f.uri("channel link", channel.value("link"))
	f.uri("docs", channel.value("docs"))
	f.check(channel.link("atom:link", "self") == address, "self is %q and not %q", channel.link("atom:link", "self"), address)
	f.check(langPattern.MatchString(channel.value("language")), "language %q", channel.value("language"))
	minutes, err := strconv.Atoi(channel.value("ttl"))
	f.check(err == nil && minutes > 0, "ttl %q", channel.value("ttl"))
	if built := channel.value("lastBuildDate"); built != "" {
		f.rfc822("lastBuildDate", built)
	}
	var ids []string
	for i, child := range channel.children {
		f.check(child.name != "item" || i == len(channel.children)-1 || channel.children[i+1].name == "item",
			"an element of the channel follows an item")
	}
	for _, item := range channel.all("item") {
		f.rssItem(item)
		ids = append(ids, item.value("guid"))
	}
	f.unique("guid", ids)
	f.rssText(content)
	return f
}

func (f *faults) rssItem(item *node) {
	f.once(item, []string{"title", "guid", "pubDate", "description", "dc:creator", "content:encoded"},
		[]string{"link", "source", "enclosure", "media:thumbnail"}, []string{"category", "dc:relation"})
	f.check(!blank(item.value("title")), "an item's title is empty")
	f.check(!blank(item.value("dc:creator")), "an item's dc:creator is empty")
	if link := item.value("link"); link != "" {
		f.uri("item link", link)
	}
	guid := item.all("guid")[0]
	f.check(guid.attrs["isPermaLink"] == "false", "guid: isPermaLink is %q", guid.attrs["isPermaLink"])
	f.uri("guid", guid.text)
	f.rfc822("pubDate", item.value("pubDate"))
	f.html("description", item.value("description"))
	f.html("content:encoded", item.value("content:encoded"))
	order := slices.IndexFunc(item.children, func(n *node) bool { return n.name == "content:encoded" })
	before := slices.IndexFunc(item.children, func(n *node) bool { return n.name == "description" })
	f.check(order < 0 || before < order, "content:encoded stands before description")
	for _, category := range item.all("category") {
		f.check(!blank(category.text), "a category is empty")
	}
	for _, source := range item.all("source") {
		f.uri("source url", source.attrs["url"])
		f.check(!blank(source.text), "source is empty")
	}
	for _, relation := range item.all("dc:relation") {
		f.uri("dc:relation", relation.text)
	}
	for _, enclosure := range item.all("enclosure") {
		f.uri("enclosure url", enclosure.attrs["url"])
		f.mediaType("enclosure", enclosure.attrs["type"])
		length, err := strconv.ParseInt(enclosure.attrs["length"], 10, 64)
		f.check(err == nil && length >= 0, "enclosure length %q", enclosure.attrs["length"])
	}
	for _, image := range item.all("media:thumbnail") {
		f.uri("thumbnail", image.attrs["url"])
	}
}

func (f *faults) mediaType(what, given string) {
	_, _, err := mime.ParseMediaType(given)
	f.check(err == nil && strings.Contains(given, "/"), "%s: %q is no media type", what, given)
}

// rssPlain are the elements that are text to some readers and HTML to others.
var rssPlain = regexp.MustCompile(`<(title|category|source)(?: [^>]*)?>([^<]*)</`)

// rssText checks that those have < and & as hexadecimal references, which both understand alike.
func (f *faults) rssText(content []byte) {
	for _, found := range rssPlain.FindAllSubmatch(content, -1) {
		for _, written := range entity.FindAll(found[2], -1) {
			f.check(bytes.HasPrefix(written, []byte("&#x")), "%s has %s for a hexadecimal reference", found[1], written)
		}
	}
}

// checkAtom returns what a validator would say of an Atom 1.0 document that is served at address.
func checkAtom(t testing.TB, content []byte, address string) faults {
	var f faults
	document := parseTree(t, content, atomNamespace)
	f.characters(document)
	f.check(document.name == "feed", "the root is not feed")
	f.check(langPattern.MatchString(document.attrs["lang"]), "xml:lang %q", document.attrs["lang"])
	f.once(document, []string{"id", "title", "updated", "subtitle", "author"}, []string{"generator"}, []string{"link", "entry"})
	f.atomMetadata(document)
	f.check(document.link("link", "self") == address, "self is %q and not %q", document.link("link", "self"), address)
	f.uri("alternate", document.link("link", "alternate"))
	var ids, changes []string
	for _, entry := range document.all("entry") {
		f.atomEntry(entry)
		ids, changes = append(ids, entry.value("id")), append(changes, entry.value("updated"))
	}
	f.unique("id", ids)
	f.unique("updated", changes)
	return f
}

// atomMetadata checks what a feed and a source of an entry must have.
func (f *faults) atomMetadata(n *node) {
	f.uri(n.name+" id", n.value("id"))
	f.check(!blank(n.value("title")), "%s has an empty title", n.name)
	f.rfc3339(n.name+" updated", n.value("updated"))
}

func (f *faults) atomEntry(entry *node) {
	f.once(entry, []string{"id", "title", "updated", "published", "source", "summary", "content"},
		[]string{"media:thumbnail"}, []string{"author", "link", "category"})
	f.atomMetadata(entry)
	f.atomMetadata(entry.all("source")[0])
	published, updated := f.rfc3339("published", entry.value("published")), f.rfc3339("updated", entry.value("updated"))
	f.check(!updated.Before(published), "an entry was updated before it was published")
	f.check(len(entry.all("author")) > 0, "an entry has no author")
	for _, author := range entry.all("author") {
		f.check(!blank(author.value("name")), "an author has no name")
	}
	f.check(len(entry.all("content")) == 1 || entry.link("link", "alternate") != "", "an entry has neither content nor alternate")
	f.check(!blank(entry.value("summary")), "an entry has an empty summary")
	for _, content := range entry.all("content") {
		f.check(content.attrs["type"] == "html" && !blank(content.text), "content is not of type html, or empty")
		f.html("content", content.text)
	}
	for _, link := range entry.all("link") {
		f.uri("link "+link.attrs["rel"], link.attrs["href"])
		title, titled := link.attrs["title"]
		f.check(!blank(title) || !titled, "the title of a link is empty")
		if given, ok := link.attrs["type"]; ok {
			f.mediaType("link", given)
		}
	}
	for _, category := range entry.all("category") {
		f.check(!blank(category.attrs["term"]), "a category has no term")
	}
}

// TestConformance holds every golden case to the rules, the hostile one too.
func TestConformance(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			site, _, _ := readInput(t, folder)
			for name, content := range render(t, folder) {
				switch {
				case name == "feed.xml":
					report(t, name, checkAtom(t, content, site.Address(name)))
				case path.Ext(name) == ".xml":
					report(t, name, checkRSS(t, content, site.Address(name)))
				case path.Ext(name) == ".atom":
					report(t, name, checkAtom(t, content, site.Address(name)))
				case path.Ext(name) == ".json":
					report(t, name, checkJSON(t, content, site.Address(name)))
				}
			}
		})
	}
}

func report(t *testing.T, name string, found faults) {
	t.Helper()
	for _, fault := range found {
		t.Errorf("%s: %s", name, fault)
	}
}

// TestTitlesHoldNoMarkup is the rule that a validator has for text. The hostile case is left out: its titles are
// text that looks like markup, and are published as the text that they are.
func TestTitlesHoldNoMarkup(t *testing.T) {
	for _, folder := range []string{"testdata/golden/category", "testdata/golden/union", "testdata/golden/rights", "testdata/golden/story"} {
		for name, content := range render(t, folder) {
			if path.Ext(name) == ".json" {
				continue
			}
			parseTree(t, content, atomNamespace).walk(func(n *node) {
				if n.name == "title" && (endTag.MatchString(n.text) || entity.MatchString(n.text)) {
					t.Errorf("%s %s: the title %q holds markup", folder, name, n.text)
				}
			})
		}
	}
}

// ampersandInText finds an ampersand that is escaped by its name in an element that holds no markup.
var ampersandInText = regexp.MustCompile(`<(?:title|subtitle|summary|name|category|source)[^>]*>[^<]*&amp;`)

// TestTextHoldsNothingLikeAnEntity: a validator reads S&amp;P500 in the text of an element as an entity that it does
// not know, and S&#x26;P500 as text.
func TestTextHoldsNothingLikeAnEntity(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		for name, content := range render(t, folder) {
			if found := ampersandInText.Find(content); path.Ext(name) != ".json" && found != nil {
				t.Errorf("%s %s: %s", folder, name, found)
			}
		}
	}
}

func TestXMLLint(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	for _, folder := range goldenFolders(t) {
		for name, content := range render(t, folder) {
			if path.Ext(name) == ".json" {
				continue
			}
			command := exec.Command(lint, "--noout", "--nonet", "-")
			command.Stdin = bytes.NewReader(content)
			if said, err := command.CombinedOutput(); err != nil || len(said) > 0 {
				t.Errorf("%s %s: %v: %s", folder, name, err, said)
			}
		}
	}
}
