package story

import (
	"cmp"
	"slices"
)

const (
	phrase     = 16  // tokens: a shorter equal run is a name or a phrase
	sentence   = 20  // tokens that each text has for itself: fewer tell nothing
	paragraph  = 300 // tokens that an editor rewrites: more are another text
	shared     = 0.1 // of the words that each has for itself: they tell the same, under headlines of one topic
	sharedWell = 0.2 // the same under any headlines; and of a headline's words, that it speaks much of a text
	topic      = 3   // words of a headline: fewer do not tell what it speaks of, nor does one phrase of four characters
)

// tellings are two texts as they lie along each other: what is equal in both, and what each has for itself.
type tellings struct {
	equal      []span
	ownA, ownB []span
}

// tellSame reports whether two texts tell the same beside what is equal. The equal part proves nothing alone, however
// long it is: it may be the paragraph about the bank that ends all its releases, the note that begins a series, or what
// is shown to whoever has not paid. Words of the equal part count for nothing, for the bank is named there too.
//
// Where each text has a sentence or more for itself, these have to share words, the headlines counted with them: a
// fifth, or an eighth where the headlines share more than the name of a bank. Or both headlines speak much of the equal
// part. Where one text is wholly in the other, the headlines have to be alike, or one to speak of it.
func (al alignment) tellSame(a, b Print, short, long span) bool {
	ts := al.tellings(short, long)
	titleA, titleB := tokens(a.title), tokens(b.title)
	h := headlines{bigramsOf(titleA), bigramsOf(titleB), bigramsOf(ts.equal...), bigramsOf(longestPhrase(titleA, titleB))}
	own := min(length(ts.ownA), length(ts.ownB))
	if own < sentence {
		return h.areAlike() || h.oneSpeaks()
	}
	least := sharedWell
	if own <= paragraph && h.shareTopic() {
		least = shared
	}
	ownA := bigramsOf(append(ts.ownA, titleA)...).without(h.equal)
	ownB := bigramsOf(append(ts.ownB, titleB)...).without(h.equal)
	return ownA.share(ownB) >= least || h.bothSpeak()
}

// headlines are the words of two headlines, of the equal part of their texts, and of the longest phrase that both
// headlines have, which in those of one bank is its name.
type headlines struct{ a, b, equal, phrase bigrams }

// shareTopic reports whether the headlines share words beside the name of a bank.
func (h headlines) shareTopic() bool {
	return max(h.a.without(h.equal).in(h.b), h.a.without(h.phrase).in(h.b)) >= topic
}

// areAlike reports whether one headline has hardly a word that the other does not have. Nothing is alike to all.
func (h headlines) areAlike() bool {
	return min(len(h.a.without(h.b)), len(h.b.without(h.a))) < topic
}

// oneSpeaks reports whether a headline speaks of the equal part, with words that the other does not have.
func (h headlines) oneSpeaks() bool {
	return max(h.a.without(h.b).in(h.equal), h.b.without(h.a).in(h.equal)) >= topic
}

// bothSpeak reports whether both headlines speak much of the equal part, each with words that the other does not have.
func (h headlines) bothSpeak() bool {
	speaks := func(own bigrams) bool {
		n := own.in(h.equal)
		return n > topic && float64(n) >= sharedWell*float64(len(own))
	}
	return speaks(h.a.without(h.b)) && speaks(h.b.without(h.a))
}

// tellings divides two texts that were laid along each other.
func (al alignment) tellings(a, b span) tellings {
	var ts tellings
	var inA, inB []stretch
	for _, r := range al.runs {
		if r.n >= phrase {
			ts.equal = append(ts.equal, a[r.i:r.i+r.n])
			inA, inB = append(inA, stretch{r.i, r.n}), append(inB, stretch{r.j, r.n})
		}
	}
	ts.ownA, ts.ownB = a.without(inA), b.without(inB)
	return ts
}

// stretch is n tokens of a text from at.
type stretch struct{ at, n int }

// without returns what is left of a text without stretches, which may overlap.
func (s span) without(stretches []stretch) []span {
	slices.SortFunc(stretches, func(p, q stretch) int { return cmp.Compare(p.at, q.at) })
	var left []span
	end := 0
	for _, st := range append(stretches, stretch{len(s), 0}) {
		if st.at > end {
			left = append(left, s[end:st.at])
		}
		end = max(end, st.at+st.n)
	}
	return left
}

func length(spans []span) int {
	n := 0
	for _, s := range spans {
		n += len(s)
	}
	return n
}

// longestPhrase returns the longest run of tokens that two headlines have in common.
func longestPhrase(a, b span) span {
	var best span
	before := make([]int, len(b)+1) // how many tokens are equal up to the one before in a, and before each in b
	for i := range a {
		here := make([]int, len(b)+1)
		for j := range b {
			if a[i] == b[j] {
				here[j+1] = before[j] + 1
			}
			if n := here[j+1]; n > len(best) {
				best = a[i+1-n : i+1]
			}
		}
		before = here
	}
	return best
}

// bigrams are pairs of tokens that follow one another, which is what comes nearest to a word of Chinese.
type bigrams map[[2]token]bool

func bigramsOf(spans ...span) bigrams {
	bs := bigrams{}
	for _, s := range spans {
		for i := 1; i < len(s); i++ {
			bs[[2]token{s[i-1], s[i]}] = true
		}
	}
	return bs
}

func (bs bigrams) without(others bigrams) bigrams {
	left := bigrams{}
	for w := range bs {
		if !others[w] {
			left[w] = true
		}
	}
	return left
}

// in counts those that are also among others.
func (bs bigrams) in(others bigrams) int { return len(bs) - len(bs.without(others)) }

// share returns how many of the words of the one with fewer the other has too, from 0 to 1.
func (bs bigrams) share(others bigrams) float64 {
	return float64(bs.in(others)) / float64(max(min(len(bs), len(others)), 1))
}
