package sanitize

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"finews.withounder.com/feeds"
	feedparse "finews.withounder.com/feeds/parse" // parse is a function of the tests here
	"github.com/google/go-cmp/cmp"
)

// losses is what testdata/loss/removed.txt allows.
type losses struct {
	kinds      []string // of parts that may be taken
	characters []rune
	added      []string // words that Clean may put in
}

var lossLine = regexp.MustCompile(`^(?:character U\+([0-9A-F]{4})|added ([^:]+)|([^#:][^:]*)):`)

func readLosses(t testing.TB) losses {
	t.Helper()
	file, err := os.ReadFile("testdata/loss/removed.txt")
	if err != nil {
		t.Fatal(err)
	}
	var l losses
	for line := range strings.Lines(string(file)) {
		switch m := lossLine.FindStringSubmatch(line); {
		case m == nil:
		case m[1] != "":
			r, err := strconv.ParseUint(m[1], 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			l.characters = append(l.characters, rune(r))
		case m[2] != "":
			l.added = append(l.added, m[2])
		default:
			l.kinds = append(l.kinds, m[3])
		}
	}
	return l
}

var strayJoiner = regexp.MustCompile(`(\p{Han})\x{200d}`)

// bare returns a text without white space and without the characters that Clean takes out.
func (l losses) bare(text string) string {
	if slices.Contains(l.kinds, "stray joiner") {
		text = strayJoiner.ReplaceAllString(text, "$1")
	}
	return strings.Map(func(r rune) rune {
		if r > 0x3000 && r < 0xd800 {
			return r // nearly all of a body
		}
		if unicode.IsSpace(r) && r != '\u0085' || slices.Contains(l.characters, r) {
			return -1
		}
		return r
	}, text)
}

// cleaned returns the text of a cleaned body, bare and without what Clean adds.
func (l losses) cleaned(text string) string {
	for _, words := range l.added {
		text = strings.ReplaceAll(text, words, "")
	}
	return l.bare(text)
}

// dirty is what a reader of the body as it came sees of these parts.
func (l losses) dirty(parts []part) string {
	var text strings.Builder
	for _, p := range parts {
		if p.fate != saved {
			text.WriteString(l.bare(p.text))
		}
	}
	return text.String()
}

// clean is what a reader of the cleaned body has to see of these parts, where got is what he sees. Only a line at
// the end may stay or go: whether it is near enough to the end is for other tests.
func (l losses) clean(parts []part, got string) string {
	var text strings.Builder
	for _, p := range parts {
		bare := l.bare(p.text)
		mayGo := p.fate == taken && slices.Contains(l.kinds, p.kind)
		if !mayGo || p.kind == "last attribution line" && strings.Contains(got, bare) {
			text.WriteString(bare)
		}
	}
	return text.String()
}

// loss says what is wrong with what Clean makes of a body, or nothing.
func (l losses) loss(t testing.TB, rules Rules, b body) string {
	dirty := b.markup()
	r := rules.Clean(dirty, base)
	got := l.cleaned(r.Text)
	said, want := l.dirty(b.parts()), l.clean(b.parts(), got)
	before, after := l.bare(reading(t, dirty)), l.cleaned(reading(t, string(r.HTML)))
	switch again := rules.Clean(string(r.HTML), ""); {
	case slices.ContainsFunc(r.Faults, func(fault string) bool { return strings.Contains(fault, "plain text") }):
		return "kept as plain text: " + strings.Join(r.Faults, "; ")
	case before != said:
		return "generator -, reader +: " + difference(said, before)
	case got != want:
		return "wanted -, Clean's text +: " + difference(want, got)
	case after != want:
		return "wanted -, Clean's HTML as read +: " + difference(want, after)
	case lines(r.Text) != lines(r.HTML.Text()):
		return "Result.Text -, Result.HTML.Text +: " + cmp.Diff(lines(r.Text), lines(r.HTML.Text()))
	case again.HTML != r.HTML:
		return "once -, twice +: " + cmp.Diff(r.HTML, again.HTML)
	}
	return ""
}

// lines returns a text without white space at the ends of its lines, and without empty ones.
func lines(text string) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// difference returns where two texts part.
func difference(want, got string) string {
	w, g := []rune(want), []rune(got)
	same := 0
	for same < min(len(w), len(g)) && w[same] == g[same] {
		same++
	}
	from := max(0, same-15)
	return fmt.Sprintf("\n- …%.40s\n+ …%.40s", string(w[from:]), string(g[from:]))
}

// smallest takes pieces out of a body for as long as something is still wrong with it.
func smallest(b body, wrong func(body) bool) body {
	for i := 0; i < len(b.pieces); {
		less := body{b.before, b.after, slices.Delete(slices.Clone(b.pieces), i, i+1)}
		if wrong(less) {
			b = less
		} else {
			i++
		}
	}
	if bare := (body{pieces: b.pieces}); wrong(bare) {
		return bare
	}
	return b
}

// lossRules are those of a source that names its share bars and advertisements.
func lossRules(t testing.TB) Rules {
	t.Helper()
	rules, err := NewRules([]string{".share", ".bdsharebuttonbox", "#ad_right, .ad-text"})
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// The text of a body is the same before and after, in the same order, for all that removed.txt does not name: what
// the generator wrote, what a reader of the body as it came would see, Result.Text, and what a reader of Result.HTML
// would see.
func TestNoTextIsLost(t *testing.T) {
	g, l, rules := newGenerator(t, 2022), readLosses(t), lossRules(t)
	failed := 0
	for range generatedBodies / thorough {
		b := g.body()
		wrong := l.loss(t, rules, b)
		if wrong == "" {
			continue
		}
		if failed++; failed <= 5 {
			class, _, _ := strings.Cut(wrong, ":")
			b = smallest(b, func(b body) bool { return strings.HasPrefix(l.loss(t, rules, b), class) })
			t.Errorf("%s: %s\nof %q\ngives %q", b.kinds(), l.loss(t, rules, b), b.markup(), rules.Clean(b.markup(), base).HTML)
		}
	}
	if failed > 5 {
		t.Errorf("%d bodies of %d lose text", failed, generatedBodies/thorough)
	}
}

// Each kind of piece alone, between two paragraphs: what goes wrong is easily read.
func TestNoTextIsLostOfEachKind(t *testing.T) {
	g, l, rules := newGenerator(t, 44), readLosses(t), lossRules(t)
	g.pieces[""] = []template{long()}
	for _, p := range templates(t) {
		wrong := ""
		for range 20 {
			b := alone(g, p)
			if wrong = l.loss(t, rules, b); wrong != "" {
				wrong += fmt.Sprintf("\nof %q", b.pieces[len(b.pieces)/2].markup)
				break
			}
		}
		if wrong != "" {
			t.Errorf("%s: %s", p.name, wrong)
		}
	}
}

// alone returns a body of one kind of piece, between two paragraphs.
func alone(g *generator, p template) body {
	b := body{pieces: []piece{g.fill(long(), 0), g.fill(long(), 0)}}
	switch p.mark {
	case "around":
		b.before, b.after, _ = strings.Cut(p.markup, "{*}")
	case "last", "torn":
		b.pieces = append(b.pieces, g.fill(p, 0))
	default:
		b.pieces = slices.Insert(b.pieces, 1, g.fill(p, 0))
	}
	return b
}

// The real posts lose no more than their attribution.
func TestRealPostsLoseNoText(t *testing.T) {
	source := feeds.Source{Path: "../../shared/corpus/posts", MaxBytes: 1 << 20}
	if _, err := os.Stat(source.Path); err != nil {
		t.Skip("the corpus of real posts is not beside this checkout")
	}
	gone, l := readCorpusLosses(t), readLosses(t)
	for posts, err := range feedparse.Posts(source) {
		if err != nil {
			t.Fatal(err)
		}
		for _, post := range posts.Items {
			before := l.bare(reading(t, post.Body))
			for _, line := range gone[post.GUID] {
				i := strings.LastIndex(before, l.bare(line))
				if i < 0 {
					t.Fatalf("%s: corpus.txt names %s, which the post does not have", post.GUID, line)
				}
				before = before[:i] + before[i+len(l.bare(line)):]
			}
			r := Clean(post.Body, post.Base)
			for name, after := range map[string]string{"text": r.Text, "HTML": reading(t, string(r.HTML))} {
				if after = l.bare(after); after != before {
					t.Errorf("%s: before -, %s after +: %s", post.GUID, name, difference(before, after))
				}
			}
			if before == "" {
				t.Errorf("%s: there is no text in it", post.GUID)
			}
		}
	}
}

// readCorpusLosses returns the lines that Clean takes out of each post of the corpus.
func readCorpusLosses(t *testing.T) map[string][]string {
	t.Helper()
	file, err := os.ReadFile("testdata/loss/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	gone := map[string][]string{}
	for line := range strings.Lines(string(file)) {
		if name, text, found := strings.Cut(line, ".md: "); found && line[0] != '#' {
			gone[name] = append(gone[name], strings.TrimSpace(text))
		}
	}
	return gone
}
