package sanitize

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Rules are what an operator says of the bodies of one source. The zero Rules say nothing. They are safe for use by
// several goroutines.
type Rules struct{ remove []selector }

// selector is one of what is no part of an article.
type selector struct {
	css     string
	matcher cascadia.Matcher
	steps   int // for which it looks at any number of other elements
}

// NewRules compiles CSS selectors of what is no part of an article: advertisements, bars of share buttons. They are
// matched against the body as the source sent it, whose elements stand in an element body.
func NewRules(remove []string) (Rules, error) {
	var r Rules
	for _, css := range remove {
		matcher, err := cascadia.ParseGroup(css)
		if err != nil {
			return Rules{}, fmt.Errorf("remove %q: %w: write a CSS selector such as .share", css, err)
		}
		r.remove = append(r.remove, selector{css, matcher, stepsIn(css)})
	}
	return r, nil
}

// Clean turns the HTML that a source sent into HTML that may stand in other people's pages, and reads text,
// attribution, summary and lead image off it. Addresses are resolved against base, an absolute address;
// where base is empty, relative ones are dropped. Clean never fails: what cannot be cleaned becomes escaped
// plain text, with a fault. Cleaning what was cleaned changes nothing.
//
// Where the rules leave hardly a text, or would take too long to apply, it is cleaned without them, with a fault: a source
// that is redesigned, and calls its articles as it called its advertisements, must not empty a site.
func (r Rules) Clean(dirty, base string) Result {
	left, took := r.clean(dirty, base)
	if len(took) == 0 || !isRemnant(left, 2*len(dirty)) { // a body has no more text than that: it need not be cleaned to know
		return left
	}
	whole, _ := Rules{}.clean(dirty, base)
	if !isRemnant(left, len(whole.Text)) {
		return left
	}
	whole.Faults = append(whole.Faults, "remove takes most of the text out, by "+r.culprits(took)+": the body is cleaned without remove")
	return whole
}

// fewWords are no text: a credit, 相关阅读, 分享到微信.
const fewWords = 12

// isRemnant reports whether what the rules left of a text of so many bytes is not the article: less than a tenth of it, or a
// few words where there was more than twice as much. A short piece of news may have a long bar of buttons.
func isRemnant(left Result, whole int) bool {
	return 10*len(left.Text) < whole || 2*len(left.Text) < whole && left.Words() < fewWords
}

// culprits names the selectors that took something out, and how much.
func (r Rules) culprits(took map[int]int) string {
	var names []string
	for i, one := range r.remove {
		if took[i] > 0 {
			names = append(names, fmt.Sprintf("%s (%d)", one.css, took[i]))
		}
	}
	return strings.Join(names, ", ")
}

// removes reports whether the operator wants an element taken out, and counts by which selector.
func (k *walker) removes(n *html.Node) bool {
	for i, one := range k.rules.remove {
		if one.matcher.Match(n) {
			if k.took == nil {
				k.took = map[int]int{}
			}
			k.took[i]++
			return true
		}
	}
	return false
}

// keepOutlet takes the outlet from a line that the operator wants out: it goes with the names of the editors.
func (k *walker) keepOutlet(n *html.Node) {
	if text, short := shortText(n); short && k.attribution == "" {
		k.attribution, _ = attributionIn(text)
	}
}

// removesAlone is removes of an element without those around it: selectors that ask for more take nothing out.
func (k *walker) removesAlone(n *html.Node) bool {
	return !slices.ContainsFunc(k.rules.remove, func(one selector) bool { return one.steps > 0 }) && k.removes(n)
}

// maxMatching bounds the work of the selectors on one body, as it is reckoned: about a tenth of a second.
const maxMatching = 2_000_000

// tooLong reports whether the selectors might take too long on what is in a body. To find what stands before an element,
// and around it, a selector looks at each of those, and for each step again.
func (r Rules) tooLong(body *html.Node) bool {
	work := 0.0
	var reckon func(n *html.Node, depth int)
	reckon = func(n *html.Node, depth int) {
		before := 0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			for _, one := range r.remove {
				work += math.Pow(float64(depth+before+1), float64(one.steps))
			}
			before++
			reckon(c, depth+1)
		}
	}
	if len(r.remove) > 0 {
		reckon(body, 0)
	}
	return work > maxMatching
}

// quoted is what may hold any character in a CSS selector.
var quoted = regexp.MustCompile(`"[^"]*"|'[^']*'|\[[^\]]*\]`)

// looks is what has a selector look at other elements than the one that it is held against, and at how many is unknown:
// all before it, all around it, all within it.
var looks = regexp.MustCompile(`~|\(|[^\s>+~,]\s+[^\s>+~,]`)

// stepsIn counts those of a selector.
func stepsIn(css string) int { return len(looks.FindAllString(quoted.ReplaceAllString(css, "x"), -1)) }
