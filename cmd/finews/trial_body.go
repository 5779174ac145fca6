package main

import (
	"regexp"
	"strings"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
	"finews.withounder.com/feeds/poll"
)

// hidden stands for what feeds.yaml gives in the query of an address, which may be a key; escapedHidden is the same in an
// address.
const (
	hidden        = "…"
	escapedHidden = "%E2%80%A6"
)

// bodyAddress returns the address that the body of an item was asked for at, for people: with what comes from the item,
// which is what is looked for where a template is wrong, and without the words of the template's own query. It is empty
// where no body was asked for.
func bodyAddress(source feeds.Source, one poll.TrialItem) string {
	if one.BodyURL == "" || source.Body.URL == "" {
		return one.BodyURL // of an article itself, its link stands above
	}
	source.Body.URL = withoutWords(source.Body.URL)
	address, err := parse.BodyAddress(source, one.Item)
	if err != nil {
		return one.BodyURL
	}
	return strings.ReplaceAll(address, escapedHidden, hidden)
}

// ofItem is a name between braces, in a template.
var ofItem = regexp.MustCompile(`\{[^{}]+\}`)

// withoutWords hides in the query of a template all values but those that come from the item.
func withoutWords(template string) string {
	begin := strings.IndexAny(template, "?&") + 1 // behind a {link} that has a query of its own, & begins ours
	if begin == 0 {
		return template
	}
	pairs := strings.Split(template[begin:], "&")
	for i, pair := range pairs {
		name, value, named := strings.Cut(pair, "=")
		if !named {
			name, value = "", pair
		} else {
			name += "="
		}
		pairs[i] = name + withoutLiterals(value)
	}
	return template[:begin] + strings.Join(pairs, "&")
}

// withoutLiterals hides in a value what stands between the names in braces.
func withoutLiterals(value string) string {
	var b strings.Builder
	literal := func(text string) {
		if text != "" {
			b.WriteString(escapedHidden)
		}
	}
	end := 0
	for _, at := range ofItem.FindAllStringIndex(value, -1) {
		literal(value[end:at[0]])
		b.WriteString(value[at[0]:at[1]])
		end = at[1]
	}
	literal(value[end:])
	return b.String()
}
