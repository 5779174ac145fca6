package main

import (
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

// shown is an entry as a reader shows it. What a reader does not tell is empty.
type shown struct {
	ID, Title, Link string
	Published       int64 // unix seconds
	Authors, Tags   []string
	Enclosures      []string // addresses
	Text            string   // that is seen of the content, without white space and without the line of the source at its end
}

// meant returns what readers are meant to show of the feed at an address: what the store has, in its order. An entry's first
// tags are its categories: their titles, or in Atom their slugs, beside which the titles stand. A tag that says the same as one of
// them is left out.
func (s *subscribable) meant(address string) (all []shown) {
	s.t.Helper()
	lists := s.lists()
	for _, e := range s.list(address).Entries {
		one := shown{ID: e.ID, Title: e.Title, Link: e.Link, Published: e.Published.Unix(), Authors: e.Authors, Text: visible(s.t, string(e.Body))}
		if one.Link == "" {
			one.Link = s.site.URL + "/" + e.Path
		}
		if len(one.Authors) == 0 {
			one.Authors = []string{e.Outlet}
		}
		if one.Text == "" {
			one.Text = visible(s.t, e.Summary)
		}
		var titles []string
		for _, slug := range e.Categories {
			title := lists[slug].Category.Title
			titles = append(titles, title)
			one.Tags = append(one.Tags, byFormat(address, title, slug))
		}
		for _, tag := range e.Tags {
			if !slices.Contains(titles, tag) {
				one.Tags = append(one.Tags, tag)
			}
		}
		for _, file := range e.Enclosures {
			one.Enclosures = append(one.Enclosures, file.URL)
		}
		all = append(all, one)
	}
	return all
}

// visible is the text of a body without its white space, of which readers make what they like.
func visible(t *testing.T, body string) string {
	return strings.Join(strings.Fields(textOf(parsePage(t, body))), "")
}

// withoutSource is the visible text of published content without the line at its end that names the source.
func withoutSource(t *testing.T, content string) string {
	text := visible(t, content)
	if at := strings.LastIndex(text, "来源："); at >= 0 {
		return text[:at]
	}
	return text + " and no line of the source"
}

// compare holds what a reader shows of a feed to what the store has of it.
func compare(t *testing.T, address string, want, got []shown) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: the reader shows something else than the store has (-store +reader):\n%s", address, diff)
	}
}

// byFormat chooses between what is so in Atom and what is so elsewhere.
func byFormat[T any](address string, elsewhere, atom T) T {
	if path.Ext(address) == ".atom" || path.Base(address) == "feed.xml" {
		return atom
	}
	return elsewhere
}

// changed returns the entries as change makes each of them.
func changed(entries []shown, change func(*shown)) []shown {
	entries = slices.Clone(entries)
	for i := range entries {
		change(&entries[i])
	}
	return entries
}

// latecomer has an entry arrive that is newer than most, with what readers are apt to mistake in its title, and returns the title.
func (s *subscribable) latecomer() (title string) {
	s.t.Helper()
	e := feeds.Entry{
		Link: "http://xiangcun.demo.invalid/2026/0701/caihua.html?a=1&b=2", Title: `菜花乡“惠农e贷”利率 <4% & 额度 >20 万元：A&B 两类户 "当天办结"`,
		Outlet: "乡村金融观察", Authors: []string{"记者 柳春芽"}, Tags: []string{"惠农贷款"}, Summary: "菜花乡的农户当天拿到了贷款。",
		Enclosures: []feeds.Enclosure{{URL: "http://xiangcun.demo.invalid/2026/0701/caihua.mp3", Type: "audio/mpeg", Length: 12345}},
		Published:  time.Date(2026, 7, 1, 3, 30, 0, 0, time.UTC), Categories: []string{"nongjinwang"},
	}
	e.Body += "<p>菜花乡的农户上午递表，下午就拿到了贷款：利率 &lt;4%。</p>"
	item := feeds.Item{Link: e.Link, Title: e.Title, Body: string(e.Body)}
	key, _ := feeds.NewKey(e.Outlet, item)
	s.arrive(e.Outlet, e.Published.Add(time.Minute), feeds.Draft{Entry: e, Key: key, Digest: item.Digest(), Item: item})
	return e.Title
}

// TestJSONFeedIsRead: a JSON Feed shows what the store has to the reader that finews has itself.
func TestJSONFeedIsRead(t *testing.T) {
	s := newSubscribableDemo(t)
	s.latecomer()
	for _, address := range s.subscriptions() {
		address = strings.TrimSuffix(address, ".xml") + ".json"
		channel := s.list(address)
		body, contentType := s.get(address)
		result, err := parse.Feed(feeds.Source{MaxItems: 500}, parse.Document{Body: body, ContentType: contentType, URL: address})
		if err != nil || len(result.Faults) > 0 || result.Title != channel.Category.Title {
			t.Errorf("%s: titled %s, with faults %q: %v", address, result.Title, result.Faults, err)
		}
		var got []shown
		for _, item := range result.Items {
			one := shown{ID: item.GUID, Title: item.Title, Link: item.Link, Published: item.Published.Unix(), Authors: item.Authors, Tags: item.Tags,
				Text: withoutSource(t, item.Body)}
			for _, file := range item.Enclosures {
				one.Enclosures = append(one.Enclosures, file.URL)
			}
			got = append(got, one)
		}
		compare(t, address, s.meant(address), got)
	}
}
