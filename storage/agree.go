package storage

import (
	"strings"
	"unicode"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/story"
)

// agree reports whether two entries that claim one address say the same, by their titles or by their texts. Anybody
// can write anybody's address into a feed, and would swallow the article that comes from there.
func agree(a, b feeds.Entry) bool {
	long, short := spelled(a.Title), spelled(b.Title)
	if len(long) < len(short) {
		long, short = short, long
	}
	return short != "" && 2*len(short) >= len(long) && strings.Contains(long, short) ||
		isWithin(a, b) || isWithin(b, a) || isCopy(a, b)
}

// leastText is how many bytes of letters a text has to have to say anything by being within another.
const leastText = 60

// tellsAll reports whether fresh tells what old does: it has its text, or a copy of it.
func tellsAll(fresh, old feeds.Entry) bool { return isWithin(old, fresh) || isCopy(fresh, old) }

// isWithin reports whether the text of part is within that of whole, as the beginning is that a feed without full texts
// gives.
func isWithin(part, whole feeds.Entry) bool {
	text := spelled(part.Body.Text())
	return len(text) >= leastText && strings.Contains(spelled(whole.Body.Text()), text)
}

func isCopy(a, b feeds.Entry) bool { return story.Same(story.New(a), story.New(b)) }

// spelled returns the letters and digits of s alone.
func spelled(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
