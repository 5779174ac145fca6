package main

import (
	"strconv"
	"strings"
	"testing"
)

// The fields of a line of sfeed(5).
const (
	sfeedTimestamp = iota
	sfeedTitle
	sfeedLink
	sfeedContent
	sfeedContentType
	sfeedID
	sfeedAuthor
	sfeedEnclosure
	sfeedCategory
	sfeedFields
)

// sfeedUnescaped undoes what sfeed(5) does to white space in the content.
var sfeedUnescaped = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`)

// sfeed reads a feed with sfeed (https://codemadness.org/sfeed.html), in the order of the feed.
func (s *subscribable) sfeed(address string) (all []shown) {
	s.t.Helper()
	body, _ := s.get(address)
	for line := range strings.Lines(s.reads(body, "sfeed", address)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) < sfeedFields || fields[sfeedContentType] != "html" {
			s.t.Fatalf("%s: sfeed gives %d fields in %q", address, len(fields), line)
		}
		published, err := strconv.ParseInt(fields[sfeedTimestamp], 10, 64)
		if err != nil {
			s.t.Fatalf("%s: the date is none: %q", address, line)
		}
		all = append(all, shown{
			ID: fields[sfeedID], Title: fields[sfeedTitle], Link: fields[sfeedLink], Published: published, Authors: fieldOf(fields[sfeedAuthor]),
			Enclosures: fieldOf(fields[sfeedEnclosure]), Tags: fieldOf(strings.Split(fields[sfeedCategory], "|")...),
			Text: withoutSource(s.t, sfeedUnescaped.Replace(fields[sfeedContent])),
		})
	}
	return all
}

// fieldOf returns the texts, or none where the first is empty.
func fieldOf(texts ...string) []string {
	if texts[0] == "" {
		return nil
	}
	return texts
}

func TestSfeedShowsWhatIsStored(t *testing.T) {
	s := newSubscribableDemo(t)
	s.latecomer()
	for _, address := range s.withAtom(s.subscriptions()) {
		compare(t, address, changed(s.meant(address), byFormat(address, inRSS, inSfeedOfAtom)), s.sfeed(address))
	}
}

func inSfeedOfAtom(one *shown) { one.Authors = one.Authors[:1] }
