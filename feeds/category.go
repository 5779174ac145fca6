package feeds

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Category is one published list of entries. It is declared in feeds.yaml, or made from an outlet's name.
type Category struct {
	Slug        string // matches SlugPattern; the name of its files
	Title       string
	Description string
	Outlets     []string // an entry of one of these outlets belongs here,
	Any         []Term   // and so does one in which any of these is found,
	All         []Term   // but only if all of these are found
	None        []Term   // and none of these
	Limit       int      // entries in its feeds
}

// MaxSlug is the longest slug, in bytes; SlugPattern says it too.
const MaxSlug = 64

// SlugPattern is what a slug looks like: safe as a file name on every system and in every address.
var SlugPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// ReservedSlugs name files and folders of our own under the output folder; no category may take one.
var ReservedSlugs = []string{
	"all", "feed", "index", "embed", "archive", "category", "sitemap", "search", "404", "assets",
}

// SlugFault says what is wrong with a slug and what to write instead; it is empty for a good one.
func SlugFault(slug string) string {
	switch {
	case !SlugPattern.MatchString(slug):
		return fmt.Sprintf("%q is no slug: write 1 to 64 of a-z, 0-9 and -, starting with a letter or digit, such as nongjinwang", slug)
	case slices.Contains(ReservedSlugs, slug):
		return fmt.Sprintf("%q is a name of finews's own files: choose another slug", slug)
	}
	return ""
}

// maxExpression bounds an expression's source, in bytes: RE2 is linear in text, and its program in this.
const maxExpression = 1024

// Term is a word to look for, or an /expression/ (RE2 syntax). Letters match in either case.
type Term struct {
	source string
	expr   *regexp.Regexp
}

// ParseTerm reads a term as feeds.yaml writes it: plain text, or an expression between slashes.
func ParseTerm(s string) (Term, error) {
	if strings.TrimSpace(s) == "" {
		return Term{}, fmt.Errorf("an empty term matches everything: write a word or an /expression/")
	}
	if len(s) > maxExpression {
		return Term{}, fmt.Errorf("a term of %d bytes is too long: write at most %d", len(s), maxExpression)
	}
	pattern := regexp.QuoteMeta(s)
	if len(s) > 2 && strings.HasPrefix(s, "/") && strings.HasSuffix(s, "/") {
		pattern = s[1 : len(s)-1]
	}
	if _, err := regexp.Compile(pattern); err != nil { // by itself, so that the error quotes what was written
		return Term{}, fmt.Errorf("%s is no expression: %w", s, err)
	}
	expr, err := regexp.Compile("(?i:" + pattern + ")")
	if err != nil {
		return Term{}, fmt.Errorf("%s is no expression: %w", s, err)
	}
	return Term{source: s, expr: expr}, nil
}

// Match reports whether the term is found in text. The zero Term is found nowhere.
func (t Term) Match(text string) bool { return t.expr != nil && t.expr.MatchString(text) }

// String returns the term as it was written.
func (t Term) String() string { return t.source }

// Channel is a category as it is published: what it is, and its entries, newest first.
type Channel struct {
	Category Category
	Entries  []Entry
	Changed  int64 // unix seconds of the newest change among the entries; 0 for none
}
