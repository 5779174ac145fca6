package feeds

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
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
	EveryCopy   bool     // each copy of a story is an entry (stories: false); otherwise one is, and names the others
}

// MaxSlug is the longest slug, in bytes; SlugPattern says it too.
const MaxSlug = 64

// SlugPattern is what a slug looks like: safe in every address, and but for names of devices (see IsFileName) as a file name on
// every system.
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
	case slices.Contains(ReservedSlugs, slug), strings.HasPrefix(slug, "sitemap-"):
		return fmt.Sprintf("%q is a name of finews's own files: choose another slug", slug)
	case !IsFileName(slug):
		return fmt.Sprintf("%q is what Windows calls a device, and no name of a file: choose another slug", slug)
	}
	return ""
}

// Bounds of a term. RE2 takes time linear in the text, and, for each character of it, linear in the program.
const (
	maxExpression = 1024 // bytes of a term's source
	maxProgram    = 2000 // instructions: 1 KB of (a?){1000} makes 400,000, which take minutes for 100 KB of text
)

// Term is a word to look for, or an /expression/ (RE2 syntax). Letters match in either case. In a word, letters,
// digits, signs and spaces match in either width too: LPR finds ＬＰＲ, and the other way round. An expression means
// what it says.
type Term struct {
	source string
	expr   *regexp.Regexp
}

// ParseTerm reads a term as feeds.yaml writes it: plain text, or an expression between slashes. Its error says what is
// wrong: nothing but space, over 1 KB, no RE2 expression, or one whose repetitions make it too large to be run.
func ParseTerm(s string) (Term, error) {
	if strings.TrimSpace(s) == "" {
		return Term{}, fmt.Errorf("an empty term matches everything: write a word or an /expression/")
	}
	if len(s) > maxExpression {
		return Term{}, fmt.Errorf("a term of %d bytes is too long: write at most %d", len(s), maxExpression)
	}
	pattern := eitherWidth(s)
	if len(s) > 2 && strings.HasPrefix(s, "/") && strings.HasSuffix(s, "/") {
		pattern = s[1 : len(s)-1]
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl) // by itself, so that the error quotes what was written
	if err != nil {
		return Term{}, fmt.Errorf("%s is no expression: %w", s, err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return Term{}, fmt.Errorf("%s is no expression: %w", s, err)
	}
	if len(program.Inst) > maxProgram {
		return Term{}, fmt.Errorf("%s is too large to look for in every entry: write fewer or smaller repetitions, such as {0,20}", s)
	}
	expr, err := regexp.Compile("(?i:" + pattern + ")")
	if err != nil {
		return Term{}, fmt.Errorf("%s is no expression: %w", s, err)
	}
	return Term{source: s, expr: expr}, nil
}

// eitherWidth returns the pattern that finds a word with each of its characters in either width.
func eitherWidth(word string) string {
	var pattern strings.Builder
	for _, r := range HalfWidth(word) {
		if wide := widen(r); wide != r {
			fmt.Fprintf(&pattern, `[\x{%x}\x{%x}]`, r, wide)
			continue
		}
		pattern.WriteString(regexp.QuoteMeta(string(r)))
	}
	return pattern.String()
}

// Match reports whether the term is found in text. The zero Term is found nowhere.
func (t Term) Match(text string) bool { return t.expr != nil && t.expr.MatchString(text) }

// Index returns where in text, in bytes, the term is first found, or -1. It takes longer than Match.
func (t Term) Index(text string) int {
	if t.expr == nil {
		return -1
	}
	found := t.expr.FindStringIndex(text)
	if found == nil {
		return -1
	}
	return found[0]
}

// String returns the term as it was written.
func (t Term) String() string { return t.source }

// ArchiveSize is how many entries of a category an archive document covers (RFC 5005 section 4), in the order in which they
// came into the category. It is never changed: documents would be cut anew.
const ArchiveSize = 100

// MaxBodies is how many bytes of bodies one document publishes. An entry behind them has its summary in the place of its body: who
// sends bodies of 250 KB, one after the other, would have every reader load 50 MB.
const MaxBodies = 8 << 20

// Channel is a list of entries as one document publishes it: a category with its newest entries, or one of its archive documents.
type Channel struct {
	Category Category
	Entries  []Entry // newest first
	Changed  int64   // unix seconds of the newest change among the entries; 0 for none
	Older    int     // number of the archive document that goes before; 0: none does
}

// Ping is what a hub has still to be told: that a topic changed (WebSub, section Publishing).
type Ping struct {
	Topic     string    // public address of the feed; empty: the hub itself, where it fails (package hub)
	Since     time.Time // when it changed first without the hub having been told
	Failures  int       // how often the hub was told in vain
	NotBefore time.Time // when it is told again; zero: now
	Fault     string    // why it failed the last time, for the operator
}
