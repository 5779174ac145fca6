package sanitize

import (
	"strings"

	"finews.withounder.com/feeds"
)

// Length of a summary, in characters.
const (
	maxSummary = 200
	minSummary = 80 // a sentence that ends before this is too little to end the summary with
)

// summarize returns the beginning of a text as one paragraph: whole where it is short, else cut after a
// sentence if one ends in time, and with … at its end.
func summarize(text string) string {
	// Only as much is folded as can be needed: a character takes at most four bytes.
	start := feeds.CutBytes(text, 4*maxSummary)
	line := fold(start)
	runes := []rune(line)
	if len(runes) <= maxSummary && len(start) == len(text) {
		return line
	}
	runes = runes[:min(len(runes), maxSummary-1)]
	for i := len(runes) - 1; i >= minSummary; i-- {
		if endsSentence(runes[i]) {
			runes = runes[:i+1]
			break
		}
	}
	return strings.TrimRightFunc(string(runes), trails) + "…"
}

func endsSentence(r rune) bool {
	switch r {
	case '。', '！', '？', '；', '!', '?', ';':
		return true
	}
	return false
}
