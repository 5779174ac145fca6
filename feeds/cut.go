package feeds

import "unicode/utf8"

// CutBytes returns at most n bytes of s, cut between two characters.
func CutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
