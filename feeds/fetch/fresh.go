package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fresh returns how long an answer is good from now on, from 0 to 7 days: its lifetime (RFC 9111 section 4.2.1) less its
// age. A lifetime that cannot be read is over, as section 4.2.1 advises; s-maxage is for caches that many share, and
// this is none.
func fresh(header http.Header, now time.Time) time.Duration {
	directives := cacheControl(header)
	_, unstored := directives["no-store"]
	_, unchecked := directives["no-cache"]
	if unstored || unchecked {
		return 0
	}
	lifetime := time.Duration(0)
	if value, given := directives["max-age"]; given {
		lifetime, _ = deltaSeconds(value)
	} else if until, err := http.ParseTime(header.Get("Expires")); err == nil {
		lifetime = until.Sub(sent(header, now))
	}
	age, _ := deltaSeconds(header.Get("Age"))
	return bounded(lifetime - age)
}

// cacheControl reads the directives of Cache-Control (RFC 9111 section 5.2), names in lower case. The first counts where
// one stands twice.
func cacheControl(header http.Header) map[string]string {
	directives := map[string]string{}
	for rest := strings.Join(header.Values("Cache-Control"), ","); rest != ""; {
		var directive string
		directive, rest = cutUnquoted(rest)
		name, value, _ := strings.Cut(directive, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := directives[name]; !twice {
			directives[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return directives
}

// cutUnquoted cuts text at its first comma that stands outside of quotation marks.
func cutUnquoted(text string) (before, after string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == ',' && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// maxSeconds stands for every number of seconds beyond it (RFC 9111 section 1.2.2); two of them are no overflow.
const maxSeconds = 1 << 31

// deltaSeconds reads a whole number of seconds, without a sign.
func deltaSeconds(text string) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds > maxSeconds {
		seconds = maxSeconds
	}
	return time.Duration(seconds) * time.Second, true
}

// sent returns when the server says that it answered. A date of its own is read against it, so that a clock that is
// wrong does no harm; one that does not say so is taken to have the time that we have.
func sent(header http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		return date
	}
	return now
}

// maxWait is the longest that a server can keep us away.
const maxWait = 7 * 24 * time.Hour

func bounded(wait time.Duration) time.Duration { return min(max(wait, 0), maxWait) }
