package story

import (
	"cmp"
	"slices"
)

// span is a stretch of tokens.
type span []token

// alignment is what two texts have in common, and the places where they part.
type alignment struct {
	runs   []run // what is literally equal, in order of the shorter text
	common int   // tokens of the runs
	gaps   []gap // in order of the shorter text
}

// gap is a place where two texts part: what one has there and what the other has. Either may be empty.
type gap struct {
	a, b span
}

// run is a stretch that both texts have: n tokens from i of one and from j of the other.
type run struct{ i, j, n int }

// nearby is how many places of a shingle in the longer text are tried, so that hostile repetition costs no more.
const nearby = 8

// align lays a along b. It takes time in proportion to their length.
func align(a, b span) alignment {
	al := alignment{runs: runs(a, b)}
	i, j := 0, 0
	for _, r := range append(al.runs, run{len(a), len(b), 0}) {
		al.common += r.n
		g := gap{a: a[i:r.i]}
		if r.j >= j { // otherwise the paragraphs stand in another order, and what is between them tells nothing
			g.b = b[j:r.j]
		}
		if g = g.trimmed(); len(g.a) > 0 || len(g.b) > 0 {
			al.gaps = append(al.gaps, g)
		}
		i, j = r.i+r.n, r.j+r.n
	}
	return al
}

// trimmed returns the gap without what both sides begin and end with.
func (g gap) trimmed() gap {
	n := equalRun(g.a, g.b)
	g.a, g.b = g.a[n:], g.b[n:]
	for len(g.a) > 0 && len(g.b) > 0 && g.a[len(g.a)-1] == g.b[len(g.b)-1] {
		g.a, g.b = g.a[:len(g.a)-1], g.b[:len(g.b)-1]
	}
	return g
}

// runs returns the stretches of a that b has too, in the order of a. Where the text goes on after a few tokens, that
// comes before a stretch elsewhere, unless that is twice as long: in a table, what stands in one line is found in
// another, and would hide that it differs here; but where whole lines were cut, the rest is found elsewhere.
func runs(a, b span) []run {
	places := placesOf(b)
	hashes := shingles(a)
	var all []run
	for i, next := 0, 0; i < len(hashes); {
		r := goesOn(a, b, i, next)
		for ; i < len(hashes); i++ {
			if elsewhere := places.longest(a, b, i, hashes[i], next); elsewhere.n > 2*r.n {
				r = elsewhere
			}
			if r.n >= gram {
				break
			}
		}
		if r.n >= gram {
			all = append(all, r)
			i, next = r.i+r.n, r.j+r.n
		}
	}
	return all
}

// goesOn returns the first run that begins a few tokens after i in a and after j in b, or one of no length.
func goesOn(a, b span, i, j int) run {
	for skipped := range 2*fewTokens + 1 {
		for k := max(0, skipped-fewTokens); k <= min(skipped, fewTokens); k++ {
			r := run{i: i + k, j: j + skipped - k}
			if r.i > len(a) || r.j > len(b) {
				continue
			}
			if r.n = equalRun(a[r.i:], b[r.j:]); r.n >= gram {
				return r
			}
		}
	}
	return run{}
}

// longest returns the longest run from i in a, whose shingle there has the hash, and of equally long ones the one that
// is nearest to next in b.
func (ps places) longest(a, b span, i int, hash uint64, next int) run {
	best := run{i: i}
	for _, p := range ps.near(hash, next) {
		n := equalRun(a[i:], b[p.at:])
		if n > best.n || n == best.n && distance(p.at, next) < distance(best.j, next) {
			best.j, best.n = p.at, n
		}
	}
	return best
}

func equalRun(a, b span) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func distance(i, j int) int { return max(i-j, j-i) }

// place is where a shingle stands in a text.
type place struct {
	hash uint64
	at   int
}

// places are in order of hash and then of place.
type places []place

func placesOf(text span) places {
	hashes := shingles(text)
	all := make(places, len(hashes))
	for i, h := range hashes {
		all[i] = place{h, i}
	}
	slices.SortFunc(all, func(p, q place) int {
		return cmp.Or(cmp.Compare(p.hash, q.hash), cmp.Compare(p.at, q.at))
	})
	return all
}

// near returns the places of a shingle that are next to a place of the text.
func (ps places) near(hash uint64, at int) places {
	k, _ := slices.BinarySearchFunc(ps, place{hash, at}, func(p, q place) int {
		return cmp.Or(cmp.Compare(p.hash, q.hash), cmp.Compare(p.at, q.at))
	})
	first, last := k, k
	for first > 0 && k-first < nearby/2 && ps[first-1].hash == hash {
		first--
	}
	for last < len(ps) && last-k < nearby/2 && ps[last].hash == hash {
		last++
	}
	return ps[first:last]
}
