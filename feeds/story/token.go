package story

import (
	"hash/fnv"
	"unicode/utf8"
)

// token is a character of a normal text, or the hash of a figure with the highest bit set.
type token uint64

const figureBit = 1 << 63

func (t token) isFigure() bool { return t&figureBit != 0 }

// tokens reads a normal text.
func tokens(s string) []token {
	all := make([]token, 0, utf8.RuneCountInString(s))
	for i := 0; i < len(s); {
		if n := figureBytes(s[i:]); n > 0 {
			h := fnv.New64a()
			h.Write([]byte(s[i : i+n]))
			all = append(all, token(h.Sum64()|figureBit))
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r != ' ' {
			all = append(all, token(r))
		}
		i += n
	}
	return all
}

// figureBytes returns the length in bytes of the figure that s begins with.
func figureBytes(s string) int {
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || n > 0 && s[n] == '.') {
		n++
	}
	return n
}

// shingles returns the hash of every run of gram tokens, in order.
func shingles(all []token) []uint64 {
	if len(all) < gram {
		return nil
	}
	hashes := make([]uint64, len(all)-gram+1)
	for i := range hashes {
		hashes[i] = mix(all[i : i+gram])
	}
	return hashes
}

// mix hashes tokens: a multiply and xor-shift round for each (the finaliser of SplitMix64), stable over versions and
// machines, which hash/maphash is not.
func mix(run []token) uint64 {
	var h uint64
	for _, t := range run {
		h = (h ^ uint64(t)) + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}
