package story

import (
	"cmp"
	"slices"
	"strings"
)

// The thresholds stand in the middle of what they tell apart among the labelled pairs.
const (
	most      = 0.7  // of the shorter text: it was cut, or has a lead of its own
	notQuoted = 0.25 // of the longer text, where the shorter was cut: less is a quotation,
	excerpt   = 0.15 // but not of what the same outlet told
	fewTokens = 8    // on either side of a place that was exchanged
	likeness  = 0.6  // of the words on both sides of a place: it says the same with other figures
	mayDiffer = 2    // places without figures that a copy may have exchanged
)

// Same reports whether one print is of a copy of the other's story. It is symmetric, and takes time in proportion to
// the length of the texts.
func Same(a, b Print) bool {
	if cmp.Or(cmp.Compare(len(a.text), len(b.text)), cmp.Compare(a.text, b.text)) > 0 {
		a, b = b, a
	}
	if a.isShort() || b.isShort() {
		return a.whole() != "" && a.whole() == b.whole()
	}
	flash := isFlash(a, b)
	if flash && a.day != "" && b.day != "" && a.day != b.day {
		return false
	}
	day := cmp.Or(a.day, b.day)
	if flash && !flashSame(withoutDay(a.text, day), withoutDay(b.text, day)) {
		return false
	}
	short, long := tokens(a.text), tokens(b.text)
	al := align(short, long)
	return al.isEnough(len(short), len(long), a.by == b.by) && (flash || !al.tellsOther()) && al.tellSame(a, b, short, long)
}

// isEnough reports whether enough is equal of texts of so many tokens.
func (al alignment) isEnough(short, long int, oneOutlet bool) bool {
	least := notQuoted
	if oneOutlet {
		least = excerpt
	}
	ofShort, ofLong := float64(al.common)/float64(short), float64(al.common)/float64(long)
	return ofShort >= most && ofLong >= least
}

// tellsOther reports whether the places where the texts part tell other news.
func (al alignment) tellsOther() bool {
	places := 0
	for _, g := range al.gaps {
		if g.otherFigures() || g.exchanged() && g.opposite() {
			return true
		}
		if g.exchanged() {
			places++
		}
	}
	return places > mayDiffer
}

// exchanged reports whether a few tokens stand for a few others.
func (g gap) exchanged() bool {
	return min(len(g.a), len(g.b)) > 0 && max(len(g.a), len(g.b)) <= fewTokens
}

// opposites are characters of which one never stands for the other in a copy: of whatever word, one says up and the other
// down, one against a year ago and the other against the month before.
var opposites = [][2]string{{"上涨升增", "下跌降减"}, {"同", "环"}}

// opposite reports whether one side says the opposite of the other.
func (g gap) opposite() bool {
	return slices.ContainsFunc(opposites, func(o [2]string) bool {
		return g.a.has(o[0]) && g.b.has(o[1]) && !g.a.has(o[1]) && !g.b.has(o[0]) ||
			g.a.has(o[1]) && g.b.has(o[0]) && !g.a.has(o[0]) && !g.b.has(o[1])
	})
}

// has reports whether the span has one of the characters.
func (s span) has(characters string) bool {
	return slices.ContainsFunc(s, func(t token) bool { return !t.isFigure() && strings.ContainsRune(characters, rune(t)) })
}

// otherFigures reports whether both sides say the same with other figures. Sides of very different length do not, and
// are not looked at: so all gaps together cost no more than the shorter text.
func (g gap) otherFigures() bool {
	if !g.exchanged() && max(len(g.a), len(g.b)) > 2*min(len(g.a), len(g.b)) {
		return false
	}
	fa, fb := g.a.figures(), g.b.figures()
	if len(fa) == 0 || len(fb) == 0 || slices.Equal(fa, fb) {
		return false
	}
	return g.exchanged() || overlap(g.a, g.b) >= likeness
}

// figures returns the figures of a span in ascending order.
func (s span) figures() []token {
	var all []token
	for _, t := range s {
		if t.isFigure() {
			all = append(all, t)
		}
	}
	slices.Sort(all)
	return all
}

// overlap returns how many of the words of the span with more words the other has too, from 0 to 1, in whatever order.
func overlap(a, b span) float64 {
	count := map[token]int{}
	words := 0
	for _, t := range a {
		if !t.isFigure() {
			count[t]++
			words++
		}
	}
	common, others := 0, 0
	for _, t := range b {
		if t.isFigure() {
			continue
		}
		others++
		if count[t] > 0 {
			count[t]--
			common++
		}
	}
	return float64(common) / float64(max(words, others, 1))
}
