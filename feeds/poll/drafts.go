package poll

import (
	"context"
	"fmt"
	"html"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
	"finews.withounder.com/feeds/route"
	"finews.withounder.com/sanitize"
)

// What an entry carries at most of what sources give without end.
const (
	maxTags    = 20
	maxAuthors = 10
	maxOutlet  = 60 // characters
	maxTitle   = 60 // characters of a title that is taken from the text
)

// rulesOf compiles what the operator says of the bodies of each source. The error is that of a selector that is none, which
// no catalogue that was read from a file has.
func rulesOf(catalogue feeds.Catalogue) (map[string]sanitize.Rules, error) {
	all := map[string]sanitize.Rules{}
	for _, source := range catalogue.Sources {
		if len(source.Remove) == 0 {
			continue
		}
		rules, err := sanitize.NewRules(source.Remove)
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", source.Name, err)
		}
		all[source.Name] = rules
	}
	return all, nil
}

// drafts turns items that are new or changed into drafts. believed: the operator has accepted them as they are.
func (c *cycle) drafts(ctx context.Context, source feeds.Source, pieces []piece, believed bool, said *faults) ([]feeds.Draft, error) {
	var drafts []feeds.Draft
	for _, p := range pieces {
		if ctx.Err() != nil { // a hostile body costs a while to clean, and forty of them
			return nil, ctx.Err()
		}
		draft, ok := c.draft(source, p.item, believed, said)
		if !ok {
			continue
		}
		draft.Key, draft.Digest = p.key, p.digest
		drafts = append(drafts, draft)
	}
	return drafts, nil
}

// draft cleans an item, dates it and files it. It is dropped where not even a title can be made for it, and held where its
// text cannot be read, unless it is believed.
func (c *cycle) draft(source feeds.Source, item feeds.Item, believed bool, said *faults) (feeds.Draft, bool) {
	rules := c.rules[source.Name]
	cleaned := rules.Clean(item.Body, item.Base)
	for _, fault := range append(item.Faults, cleaned.Faults...) {
		said.note(item, fault)
	}
	entry := feeds.Entry{
		Source: source.Name, Link: feeds.WithoutTrackers(item.Link), Body: cleaned.HTML, Enclosures: item.Enclosures,
		Title: sanitize.Text(item.Title), Summary: summary(item, rules, cleaned), Image: image(item, cleaned),
		Authors: texts(item.Authors, maxAuthors), Tags: texts(item.Tags, maxTags),
	}
	if entry.Title == "" {
		if entry.Title = firstSentence(cleaned.Text); entry.Title == "" {
			said.drop(item, "neither a title nor a text to take one from")
			return feeds.Draft{}, false
		}
		said.note(item, "no title: taken from its first sentence")
	}
	named := feeds.Item{Outlet: sanitize.Text(item.Outlet), Authors: entry.Authors}
	entry.Outlet = cut(route.Outlet(named, cleaned.Attribution, source), maxOutlet)
	entry.Own = route.Own(entry, source)
	c.date(&entry, item, said)
	filing := c.router.File(source, entry, cleaned.Text, item.Category)
	entry.Categories, entry.Reasons = filing.Slugs, filing.Reasons
	if garbled := parse.Garbled(entry.Title + "\n" + cleaned.Text); garbled != "" && !believed {
		entry.Held = garbled
		entry.Categories, entry.Reasons, filing.Made = nil, nil, feeds.Category{}
		said.note(item, "held, and published nowhere until its source mends it: "+garbled)
	}
	if own, made := item.Category.Slug, filing.Made.Slug; own != "" && made != "" && made != own {
		said.note(item, fmt.Sprintf("its category %q is no slug: filed under %s", own, made))
	}
	return feeds.Draft{
		Entry: entry, Item: item, Print: cleaned.Fingerprint().Print(entry.Title, entry.Outlet).Encode(), Made: filing.Made, ByPost: item.Category.Slug != "" && !source.ByOutlet,
	}, true
}

// maxAhead is how far ahead of us a source's clock may be and still be believed.
const maxAhead = 24 * time.Hour

// date takes over the source's dates where they can be believed. A date that is left zero becomes that of first
// sight in the store.
func (c *cycle) date(entry *feeds.Entry, item feeds.Item, said *faults) {
	switch {
	case item.Published.IsZero():
		said.note(item, "no date that can be read: dated by first sight")
	case !credible(item.Published, c.started):
		said.note(item, fmt.Sprintf("dated %s: dated by first sight instead", item.Published.Format("2006-01-02")))
	default:
		entry.Published = item.Published
	}
	if credible(item.Updated, c.started) && item.Updated.After(entry.Published) && !entry.Published.IsZero() {
		entry.Updated = item.Updated
	}
}

// firstYear is the first of a date that can be believed: nobody published a feed before, and 1970 and 1980 are where
// clocks start that were never set.
const firstYear = 1990

func credible(t, now time.Time) bool {
	return t.Year() >= firstYear && !t.After(now.Add(maxAhead))
}

func summary(item feeds.Item, rules sanitize.Rules, cleaned sanitize.Result) string {
	if item.Summary == "" {
		return cleaned.Summary
	}
	if own := rules.Clean(item.Summary, item.Base).Summary; own != "" {
		return own
	}
	return cleaned.Summary
}

// image returns the lead image: the body's, else the one that the source names, by the same rules.
func image(item feeds.Item, cleaned sanitize.Result) string {
	if cleaned.Image != "" || item.Image == "" {
		return cleaned.Image
	}
	return sanitize.Clean(`<img src="`+html.EscapeString(item.Image)+`">`, item.Base).Image
}

// texts cleans names and tags: plain text, none empty, none twice.
func texts(dirty []string, limit int) []string {
	var clean []string
	seen := map[string]bool{}
	for _, s := range dirty {
		if s = sanitize.Text(s); s != "" && !seen[s] && len(clean) < limit {
			seen[s] = true
			clean = append(clean, s)
		}
	}
	return clean
}

// firstSentence returns the first sentence of a text, without its full stop.
func firstSentence(text string) string {
	text = strings.TrimSpace(text)
	if end := strings.IndexAny(text, "\n。！？"); end > 0 {
		text = text[:end]
	}
	return cut(strings.TrimSpace(text), maxTitle)
}

// cut shortens s to limit characters, the last of which is then an ellipsis.
func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}

// faults collects what was mended and what was dropped, each with the item that it was about.
type faults struct{ mended, dropped []string }

func (f *faults) note(item feeds.Item, fault string) {
	f.mended = append(f.mended, label(item)+": "+fault)
}

func (f *faults) drop(item feeds.Item, cause string) {
	f.dropped = append(f.dropped, label(item)+": dropped: "+cause)
}

func (f *faults) all() []string { return append(f.mended, f.dropped...) }

// label names an item for the report, by the first that it has.
func label(item feeds.Item) string {
	for _, s := range []string{item.GUID, item.Link, sanitize.Text(item.Title)} {
		if s != "" {
			return cut(s, 100)
		}
	}
	return "an item without a name"
}
