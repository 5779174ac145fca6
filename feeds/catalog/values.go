package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a small machine or container often has no time zones of its own
	"unicode"
)

// maxText bounds a single text, in bytes. Terms have a bound of their own, and addresses too.
const maxText = 2000

// scalar returns the text of a single value; anything else is a mistake.
func (r *reader) scalar(v value) (string, bool) {
	text, ok := v.scalar()
	switch {
	case v.null():
		r.fault(v, "this key has no value: write one, or take the key out")
		return "", false
	case !ok:
		r.fault(v, "this is %s: write a single value", v.what())
		return "", false
	}
	return text, true
}

// line returns a text of one line, without the space around it; it is never empty.
func (r *reader) line(v value) (string, bool) {
	text, ok := r.scalar(v)
	if !ok {
		return "", false
	}
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		r.fault(v, "this text is empty: write one, or take the key out")
	case len(text) > maxText:
		r.fault(v, "this text of %d bytes is too long: write at most %d", len(text), maxText)
	case strings.ContainsFunc(text, unicode.IsControl):
		r.fault(v, "this text has a line break or a control character in it: write it on one line")
	default:
		return text, true
	}
	return "", false
}

// text makes a reader of a text of one line.
func (r *reader) text(into *string) func(value) {
	return func(v value) {
		if text, ok := r.line(v); ok {
			*into = text
		}
	}
}

// checked makes a reader of a text of one line that fault finds nothing wrong with. What fault says is a whole sentence, or
// empty.
func (r *reader) checked(into *string, fault func(text string) string) func(value) {
	return func(v value) {
		text, ok := r.line(v)
		if !ok {
			return
		}
		if wrong := fault(text); wrong != "" {
			r.fault(v, "%s", wrong)
			return
		}
		*into = text
	}
}

// texts makes a reader of a list of texts.
func (r *reader) texts(into *[]string) func(value) {
	return func(v value) {
		r.each(v, func(v value) {
			if text, ok := r.line(v); ok {
				*into = append(*into, text)
			}
		})
	}
}

// pattern makes a reader of a text that has a form; advice says which.
func (r *reader) pattern(into *string, form *regexp.Regexp, advice string) func(value) {
	return r.checked(into, func(text string) string {
		if !form.MatchString(text) {
			return quote(text) + " will not do: " + advice
		}
		return ""
	})
}

// choice makes a reader of one of a few words.
func choice[T ~string](r *reader, into *T, words ...T) func(value) {
	return func(v value) {
		text, ok := r.line(v)
		if !ok {
			return
		}
		if !slices.Contains(words, T(text)) {
			known := make([]string, len(words))
			for i, word := range words {
				known[i] = string(word)
			}
			r.fault(v, "%s will not do: %s", quote(text), r.meant(text, known))
			return
		}
		*into = T(text)
	}
}

// flag makes a reader of true or false.
func (r *reader) flag(into *bool) func(value) {
	return func(v value) {
		text, ok := r.scalar(v)
		switch {
		case !ok:
		case strings.EqualFold(text, "true"):
			*into = true
		case strings.EqualFold(text, "false"):
			*into = false
		default:
			r.fault(v, "%s is neither true nor false: write one of them", quote(text))
		}
	}
}

// number makes a reader of a whole number between two bounds, both included.
func (r *reader) number(into *int, least, most int) func(value) {
	return func(v value) {
		text, ok := r.scalar(v)
		if !ok {
			return
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			r.fault(v, "%s will not do: write a whole number from %d to %d", quote(text), least, most)
			return
		}
		*into = n
	}
}

// byteSize is a number of bytes as it is written: 8MiB, 512KiB, 100000.
var byteSize = regexp.MustCompile(`^([0-9]{1,9}) ?(|KiB|MiB)$`)

// bytes makes a reader of a number of bytes between two bounds, both included.
func (r *reader) bytes(into *int64, least, most int64) func(value) {
	return func(v value) {
		text, ok := r.scalar(v)
		if !ok {
			return
		}
		n := int64(-1)
		if m := byteSize.FindStringSubmatch(text); m != nil {
			n, _ = strconv.ParseInt(m[1], 10, 64) // nine digits always fit
			n <<= map[string]int{"KiB": 10, "MiB": 20}[m[2]]
		}
		if n < least || n > most {
			r.fault(v, "%s will not do: write a size from %dKiB to %dMiB, such as 8MiB or 512KiB", quote(text), least>>10, most>>20)
			return
		}
		*into = n
	}
}

// duration makes a reader of a length of time between two bounds, both included.
func (r *reader) duration(into *time.Duration, least, most time.Duration) func(value) {
	return func(v value) {
		text, ok := r.scalar(v)
		if !ok {
			return
		}
		d, err := parseDuration(text)
		switch {
		case err != nil:
			r.fault(v, "%s is no length of time: write a number with its unit, such as 30s, 15m, 1h or 1d", quote(text))
		case d < least || d > most:
			r.fault(v, "%s is out of range: write a length of time from %s to %s", quote(text), spell(least), spell(most))
		default:
			*into = d
		}
	}
}

const day = 24 * time.Hour

// days is the part of a length of time that [time.ParseDuration] does not know.
var days = regexp.MustCompile(`^([0-9]{1,4})d(.*)$`)

func parseDuration(text string) (time.Duration, error) {
	var whole time.Duration
	if m := days.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1]) // four digits always fit
		whole, text = time.Duration(n)*day, m[2]
		if text == "" {
			return whole, nil
		}
	}
	rest, err := time.ParseDuration(text)
	return whole + rest, err
}

// spell writes a bound as a person would: 7d, 1m, 0s.
func spell(d time.Duration) string {
	switch {
	case d >= day && d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}

// zone makes a reader of a time zone's name. "Local" is refused: a catalogue means the same on every machine.
func (r *reader) zone(into **time.Location) func(value) {
	return func(v value) {
		text, ok := r.line(v)
		if !ok {
			return
		}
		location, err := time.LoadLocation(text)
		if err != nil || strings.EqualFold(text, "local") {
			r.fault(v, "%s is no time zone: write a name such as Asia/Shanghai or UTC", quote(text))
			return
		}
		*into = location
	}
}
