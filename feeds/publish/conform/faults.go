package conform

import (
	"fmt"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	uriPattern  = regexp.MustCompile(`^[a-zA-Z][0-9a-zA-Z+.-]*:(//(\[[0-9a-fA-F:.]+\])?)?[0-9a-zA-Z;/?:@&=+$._!~*'()%,#-]+$`)
	tagPattern  = regexp.MustCompile(`^tag:[a-z0-9.-]+,\d{4}(-\d{2}){0,2}:[0-9a-zA-Z;/?:@&=+$._!~*'()%,-]+$`)
	datePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$`)
	langPattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	reference   = regexp.MustCompile(`(?i)(?:href|src)="([^"]*)"`)
	webAddress  = regexp.MustCompile(`^https?://[^/]`)
	evil        = regexp.MustCompile(`(?i)<(script|meta|embed|object|iframe|style)\b`)
	handler     = regexp.MustCompile(`(?i)<[a-z][^<>]*\son[a-z]+\s*=`)
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

// text checks a child that must say something.
func (f *faults) text(n *node, name string) {
	f.check(!blank(n.value(name)), "%s: %s is empty", n.name, name)
}

// uri checks an address that stands in a feed: absolute, and in the characters of a URI (RFC 2396) alone.
func (f *faults) uri(what, address string) {
	f.check(uriPattern.MatchString(address), "%s: %q is no absolute URI", what, address)
	if strings.HasPrefix(address, "tag:") {
		f.check(tagPattern.MatchString(address), "%s: %q is no tag URI", what, address)
		return
	}
	f.web(what, address)
}

// web checks an address that someone follows.
func (f *faults) web(what, address string) {
	u, err := url.Parse(address)
	f.check(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "", "%s: %q is no address of the web", what, address)
}

func (f *faults) language(what, tag string) {
	f.check(langPattern.MatchString(tag), "%s: %q is no language", what, tag)
}

// rfc822 checks a date of RSS and OPML. The year has four digits, and lies where readers can follow.
func (f *faults) rfc822(what, date string) {
	parsed, err := time.Parse(time.RFC1123Z, date)
	f.check(err == nil, "%s: %q is no RFC 822 date with a year of four digits", what, date)
	if err == nil {
		f.check(parsed.Format("Mon") == date[:3], "%s: %q has the wrong day of the week", what, date)
		f.year(what, parsed)
	}
}

func (f *faults) rfc3339(what, date string) time.Time {
	parsed, err := time.Parse(time.RFC3339, date)
	f.check(err == nil && datePattern.MatchString(date), "%s: %q is no RFC 3339 date", what, date)
	if err == nil {
		f.year(what, parsed)
	}
	return parsed
}

func (f *faults) year(what string, date time.Time) {
	f.check(date.Year() >= 1970 && date.Year() <= 9999, "%s: the year %d is not in 1970 to 9999", what, date.Year())
}

func (f *faults) unique(what string, values []string) {
	seen := map[string]bool{}
	for _, value := range values {
		f.check(!seen[value], "two have the %s %q", what, value)
		seen[value] = true
	}
}

func (f *faults) mediaType(what, given string) {
	_, _, err := mime.ParseMediaType(given)
	f.check(err == nil && strings.Contains(given, "/"), "%s: %q is no media type", what, given)
}

// html checks what a reader will show as HTML.
func (f *faults) html(what, text string) {
	found := evil.FindString(text)
	f.check(found == "", "%s holds %s>", what, found)
	f.check(!handler.MatchString(text), "%s holds a script in an attribute: %s", what, handler.FindString(text))
	for _, found := range reference.FindAllStringSubmatch(text, -1) {
		f.check(webAddress.MatchString(found[1]), "%s holds the reference %q, which is no address of the web", what, found[1])
	}
}

// document checks what holds for every XML document: its encoding, the characters of each text and attribute, and that no
// text stands where elements do.
func (f *faults) document(read document) {
	f.check(read.encoding == "UTF-8", "the encoding %q is not declared as UTF-8", read.encoding)
	read.root.walk(func(n *node) {
		f.check(len(n.children) == 0 || blank(n.text), "text stands between the elements of %s", n.name)
		f.check(strings.IndexFunc(n.text, unfit) < 0, "%s holds a character that no feed may", n.name)
		for name, value := range n.attrs {
			f.check(strings.IndexFunc(value, unfit) < 0, "%s %s holds a character that no feed may", n.name, name)
		}
	})
}

// unfit reports whether r is one of the characters that XML 1.0 (section 2.2) discourages: C1 controls and noncharacters; or
// U+FFFD, which says that something was lost. Those that it forbids the reader of XML has refused.
func unfit(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n' && r != '\r'
	case r >= 0x7F && r <= 0x9F, r >= 0xFDD0 && r <= 0xFDEF, r == 0xFFFD:
		return true
	}
	return r&0xFFFE == 0xFFFE
}
