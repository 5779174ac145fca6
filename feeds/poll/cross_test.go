package poll_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/storage"
)

// newPair returns a town in which the first source files under jiabao, and the subject under xianyu.
// There is no third.
func newPair(t *testing.T) *town {
	w := newTown(t)
	w.poller.Catalogue.Sources = w.poller.Catalogue.Sources[:2]
	w.poller.Catalogue.Sources[0].Categories = []string{"jiabao"}
	w.poller.Catalogue.Sources[1].Categories = []string{"xianyu"}
	return w
}

// send polls one of the two sources, an hour later, and returns its row.
func (w *town) send(source int, posts ...post) poll.Result {
	w.t.Helper()
	w.now, w.polls = w.now.Add(time.Hour), w.polls+1
	w.sends[[]string{"/first.xml", "/subject.xml"}[source]] = posts
	name := w.poller.Catalogue.Sources[source].Name
	row := w.poll(poll.Request{Sources: []string{name}, Force: true}).Results[0]
	if row.Failed() || row.New+row.Updated+row.Unchanged+row.Dropped != len(posts) {
		w.t.Errorf("poll %d of %s: %+v", w.polls, name, row)
	}
	return row
}

// all returns everything that is stored, in order of first sight.
func (w *town) all() []feeds.Entry {
	w.t.Helper()
	entries, err := w.store.Entries(w.t.Context(), storage.Filter{})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.SortFunc(entries, func(a, b feeds.Entry) int { return int(a.Number - b.Number) })
	return entries
}

func TestOneLinkAtTwoSourcesIsOneEntry(t *testing.T) {
	w := newPair(t)
	w.send(0, post{"1", "http://www.county.example/a/?utm_source=weixin", "农商行支农", monday, "正文一二三四五六七八"})
	first := w.all()[0]
	row := w.send(1, post{"9", "https://county.example/a#top", "农商行支农（转）", "Mon, 11 Apr 2022 12:00:00 +0800", "正文"})
	counted(t, row, 0, 1, 0, 0) // it brings a category
	entries := w.all()
	if len(entries) != 1 || entries[0].ID != first.ID || entries[0].Title != first.Title || entries[0].Path != first.Path {
		t.Fatalf("%+v", entries)
	}
	if diff := cmp.Diff([]string{"jiabao", "xianyu"}, entries[0].Categories); diff != "" {
		t.Errorf("categories -want +got:\n%s", diff)
	}
	for range 3 { // and its GUID changes with each poll
		row = w.send(1, post{fmt.Sprint(w.polls), "https://county.example/a", "农商行支农（转）", "Mon, 11 Apr 2022 12:00:00 +0800", "正文"})
		counted(t, row, 0, 0, 1, 0)
	}
	if sightings := w.sightings(first); len(sightings) != 2 || len(w.all()) != 1 {
		t.Errorf("sightings %+v", sightings)
	}
}

// TestCopyThatBringsNothingIsUnchanged: a source that files under the same category and has no better text.
func TestCopyThatBringsNothingIsUnchanged(t *testing.T) {
	w := newPair(t)
	w.poller.Catalogue.Sources[1].Categories = nil
	w.send(0, post{"1", "https://county.example/a", "支农", monday, "正文"})
	counted(t, w.send(1, post{"2", "https://county.example/a", "支农", monday, "正文"}), 0, 0, 1, 0)
}

func TestGUIDsAcrossSources(t *testing.T) {
	for _, c := range []struct {
		name, guid string
		entries    int
	}{
		{"a bare one joins nothing", "202204110001", 2},
		{"an address joins", "https://county.example/news?id=1", 1},
		{"a tag joins nothing", "tag:county.example,2022:1", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newPair(t)
			w.send(0, post{c.guid, "https://jia.example/1", "支农", monday, ""})
			w.send(1, post{c.guid, "https://xian.example/2", "支农消息", monday, ""})
			if entries := w.all(); len(entries) != c.entries {
				t.Errorf("%d entries, want %d", len(entries), c.entries)
			}
		})
	}
}

// TestOneLinkForAllItems: it tells nothing apart, neither within a source nor across them, whoever comes first.
func TestOneLinkForAllItems(t *testing.T) {
	flashes := func(n int) (posts []post) {
		for i := range n {
			posts = append(posts, post{fmt.Sprint("F", i), "https://county.example/flash", fmt.Sprintf("快讯%d", i), monday, ""})
		}
		return posts
	}
	page := post{"P", "https://county.example/flash", "快讯总览", monday, ""}
	for _, c := range []struct {
		name          string
		first, second []post
	}{
		{"the many first", flashes(4), []post{page}},
		{"the one first", []post{page}, flashes(4)},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newPair(t)
			w.send(0, c.first...)
			w.send(1, c.second...)
			if entries := w.all(); len(entries) != 5 {
				t.Errorf("%d entries of 5 items", len(entries))
			}
			w.send(0, c.first...)
			counted(t, w.send(1, c.second...), 0, 0, len(c.second), 0)
		})
	}
}

// TestBetterCopyTakesTheText: the fuller one, and the outlet's own before any other; the id stays, and what may leave
// the house is what the source allows whose text it is.
func TestBetterCopyTakesTheText(t *testing.T) {
	long := "一段很长的正文。"
	for _, c := range []struct {
		name          string
		prepare       func(jia, xian *feeds.Source)
		first, second string // bodies
		outlet        string // that the second names
		takes         bool
	}{
		{"fuller", nil, long, long + long, "", true},
		{"hardly fuller", nil, long + long, long + long + "又", "", false},
		{"shorter", nil, long + long, long, "", false},
		{"no text", nil, "", "", "", false},
		{"its own, though shorter", func(_, xian *feeds.Source) { xian.Name = "县域网要闻" }, long + long + "<p>（文章来源：新华网）</p>", long, "县域网", true},
		{"may be published in full", func(jia, _ *feeds.Source) { jia.Rights = feeds.RightsTitle }, long, long, "", true},
		{"may not", func(_, xian *feeds.Source) { xian.Rights = feeds.RightsTitle }, long, long + long, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newPair(t)
			jia, xian := &w.poller.Catalogue.Sources[0], &w.poller.Catalogue.Sources[1]
			jia.Rights, xian.Rights = feeds.RightsFull, feeds.RightsFull
			if c.prepare != nil {
				c.prepare(jia, xian)
			}
			link := strings.TrimSuffix(w.url, "rss.xml") + "a.html" // of the site that the sources are read from
			w.send(0, post{"1", link, "支农", monday, c.first})
			before := w.all()[0]
			body := c.second
			if c.outlet != "" {
				body += "<p>（文章来源：" + c.outlet + "）</p>"
			}
			w.send(1, post{"2", link, "支农", monday, body})
			after := w.all()[0]
			giver, updated, versions := jia.Name, before.Updated, 0
			if c.takes {
				giver, updated, versions = xian.Name, w.now.UTC().Truncate(time.Second), 1
			}
			if after.Source != giver || !after.Updated.Equal(updated) || len(w.all()) != 1 {
				t.Errorf("the text is that of %s, updated %v; want %s, %v", after.Source, after.Updated, giver, updated)
			}
			if after.ID != before.ID || after.Path != before.Path || !after.Published.Equal(before.Published) || !after.FirstSeen.Equal(before.FirstSeen) {
				t.Errorf("id, path or dates moved: %+v to %+v", before, after)
			}
			if kept, err := w.store.Versions(t.Context(), after.Number); err != nil || len(kept) != versions {
				t.Errorf("%d earlier versions, want %d: %v", len(kept), versions, err)
			}
		})
	}
}

// TestHiddenStaysHidden: however it comes again.
func TestHiddenStaysHidden(t *testing.T) {
	one := post{"1", "https://county.example/a", "农商行支农", monday, "正文一二三"}
	with := func(change func(p *post)) post {
		p := one
		change(&p)
		return p
	}
	for _, c := range []struct {
		name   string
		source int
		again  post
		later  time.Duration
	}{
		{"as it was", 1, one, 0},
		{"edited", 1, with(func(p *post) { p.title, p.body = "农商行支农（更正）", "更正后的正文一二三四五" }), 0},
		{"under a new GUID", 1, with(func(p *post) { p.guid = "2" }), 0},
		{"under a new GUID, a year later", 1, with(func(p *post) { p.guid = "2" }), 365 * 24 * time.Hour},
		{"by another source", 0, with(func(p *post) {
			p.guid, p.title, p.body = "x", "转载：农商行支农", "更长的正文一二三四五六七八九十"
		}), 0},
		{"by another source, a year later", 0, with(func(p *post) { p.guid = "x" }), 365 * 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newPair(t)
			w.send(1, one)
			if _, err := w.store.Hide(t.Context(), w.all()[0].Number, false, w.now); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(c.later)
			for range 2 {
				w.send(c.source, c.again)
			}
			entries := w.all()
			if len(entries) != 1 || entries[0].Hidden.IsZero() {
				t.Errorf("it came back: %+v", entries)
			}
			for _, slug := range []string{"jiabao", "xianyu"} {
				if channel, err := w.store.Latest(t.Context(), feeds.Category{Slug: slug}, 50); err != nil || len(channel.Entries) > 0 {
					t.Errorf("%s publishes it: %+v, %v", slug, channel, err)
				}
			}
			for e, err := range w.store.Filed(t.Context(), 0, func(slug string) feeds.Category { return feeds.Category{Slug: slug} }) {
				t.Errorf("it has a page: %+v, %v", e, err)
			}
		})
	}
}
