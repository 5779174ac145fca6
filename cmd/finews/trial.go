package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/sanitize"
)

// printTrial prints what a source gave, a step after the other as far as it came.
func (h *house) printTrial(s sheet, a attempt) {
	source, t := a.source, a.trial
	s.fact("source", source.Name)
	s.fact("asked", cmp.Or(fetch.Shown(source.URL), source.Path))
	s.fact("remembered", a.remembered...)
	if t.URL != "" {
		h.printAnswer(s, source, t)
	}
	if t.Failure != nil {
		return
	}
	s.fact("parsed", fmt.Sprintf("kind %s, entries: %d, shown: %d", source.Kind, t.Total, len(t.Items)))
	if t.Torn {
		s.fact("torn", "the document was cut: its whole entries were read, and it is asked for again")
	}
	s.fact("faults", t.Faults...)
	s.fact("hints", hintLines(t.Hints)...)
	s.fact("next page", t.Next)
	for i, one := range t.Items {
		s.lines(fmt.Sprintf("\n%d. %s\n", i+1, cmp.Or(sanitize.Text(one.Item.Title), "no title")))
		h.printTried(s, source, one)
	}
}

func (h *house) printAnswer(s sheet, source feeds.Source, t poll.Trial) {
	if t.URL != fetch.Shown(source.URL) {
		s.fact("answered by", t.URL)
	}
	if t.MovedTo != "" {
		s.fact("moved to", t.MovedTo+": for good, says the server; write that into feeds.yaml")
	}
	s.fact("answer", fmt.Sprintf("200, %s, %d bytes in %.1f s", cmp.Or(t.ContentType, "no type"), t.Bytes, t.Seconds))
	s.fact("validators", validatorsLine(t.Validators))
	if t.Fresh > 0 {
		s.fact("fresh for", t.Fresh.String())
	}
	s.fact("asked again", intervalLine(source, t))
}

// intervalLine says how often the source would be asked, and why so seldom where that surprises.
func intervalLine(source feeds.Source, t poll.Trial) string {
	switch {
	case source.Every > 0:
		return "every " + inMinutes(source.Every) + ", as feeds.yaml says"
	case t.Interval <= 0:
		return ""
	case t.Validators.ETag == "" && t.Validators.LastModified == "":
		return "after " + inMinutes(t.Interval) + ", because it gives no validators: write every: 1h if it is a list of news"
	}
	return "after " + inMinutes(t.Interval)
}

// inMinutes writes a duration in hours and minutes, such as 26h12m.
func inMinutes(d time.Duration) string {
	word := strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	if strings.HasSuffix(word, "h0m") {
		word = strings.TrimSuffix(word, "0m")
	}
	return word
}

func validatorsLine(v feeds.Validators) string {
	var given []string
	if v.ETag != "" {
		given = append(given, "ETag "+v.ETag)
	}
	if v.LastModified != "" {
		given = append(given, "Last-Modified "+v.LastModified)
	}
	if len(given) == 0 {
		return "none: all of it is sent at each poll"
	}
	return listed(given)
}

// failureLine says what failed, and where.
func failureLine(a attempt) string {
	r := *a.trial.Failure
	line := r.Phase + ": " + r.Cause + a.hint()
	if r.URL != "" {
		line += " (" + r.URL + ")"
	}
	return line
}

// hintLines says what a document says of itself.
func hintLines(hints feeds.Hints) []string {
	var lines []string
	if hints.Interval > 0 {
		lines = append(lines, "to be asked every "+hints.Interval.String())
	}
	if hints.SkipHours != 0 {
		lines = append(lines, "not to be asked in these hours (GMT): "+bits(hints.SkipHours, 24))
	}
	if hints.SkipDays != 0 {
		lines = append(lines, "not to be asked on these days (0 is Sunday, GMT): "+bits(uint32(hints.SkipDays), 7))
	}
	for _, link := range []struct{ name, address string }{{"hub", hints.Hub}, {"self", hints.Self}, {"next", hints.Next}} {
		if link.address != "" {
			lines = append(lines, link.name+" "+fetch.Shown(link.address))
		}
	}
	return lines
}

// bits lists the numbers of the bits that are set, below a bound.
func bits(set uint32, bound int) string {
	var numbers []string
	for n := range bound {
		if set&(1<<n) != 0 {
			numbers = append(numbers, fmt.Sprint(n))
		}
	}
	return listed(numbers)
}

// shownText is how much of a text is shown, in characters.
const shownText = 200

// printTried prints what each step made of an item.
func (h *house) printTried(s sheet, source feeds.Source, one poll.TrialItem) {
	item, e := one.Item, one.Draft.Entry
	s.fact("guid", cmp.Or(item.GUID, "none"))
	s.fact("link", cmp.Or(item.Link, "none"))
	s.fact("body from", bodyAddress(source, one))
	s.fact("faults", one.Faults...)
	if one.Dropped != "" {
		s.fact("dropped", one.Dropped)
		return
	}
	s.fact("title", e.Title)
	s.fact("published", h.trialDate(one))
	s.fact("outlet", e.Outlet+map[bool]string{true: ", which tells it itself"}[e.Own])
	s.fact("authors", listed(e.Authors))
	s.fact("tags", listed(e.Tags))
	s.fact("image", e.Image)
	s.fact("summary", cutAfter(e.Summary, shownText))
	s.fact("text", textLine(e.Body))
	s.fact("removed", one.Removed...)
	s.fact("filed", reasonLines(e)...)
	if e.Held != "" {
		s.fact("held", e.Held)
	}
}

// trialDate says when an item was published: as its source says, in the source's words for a zone, and in ours.
func (h *house) trialDate(one poll.TrialItem) string {
	said, kept := one.Item.Published, one.Draft.Entry.Published
	switch {
	case said.IsZero():
		return "its source gives no date that can be read: first sight will be it"
	case kept.IsZero() || kept.Unix() != said.Unix():
		return "its source says " + said.Format(time.RFC3339) + ", which is not credible: first sight will be it"
	case one.Item.Approximate:
		return h.minute(said) + ", about (it says how long ago)"
	}
	return h.minute(said) + " (" + said.Format(time.RFC3339) + ")"
}

// reasonLines says where an entry would be filed, and why.
func reasonLines(e feeds.Entry) []string {
	if len(e.Categories) == 0 {
		return []string{unfiled + ": no rule files it: it would be stored, found by search, and published nowhere"}
	}
	return filedLines(e.Categories, e.Reasons)
}

// wordCount says how long a text is, in words as feeds.Words counts them.
func wordCount(n int) string {
	if n == 1 {
		return "1 word"
	}
	return fmt.Sprintf("%d words", n)
}

// textLine says how long a text is and how it begins.
func textLine(body feeds.SafeHTML) string {
	text := body.Text()
	if text == "" {
		return "none"
	}
	return fmt.Sprintf("%s: %s", wordCount(feeds.Words(text)), cutAfter(strings.ReplaceAll(text, "\n", " "), shownText))
}
