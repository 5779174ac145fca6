package poll_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

func TestFault36NothingToTellItemsApart(t *testing.T) {
	w := newTown(t)
	linked := post{link: "https://county.example/a", title: "有链接的农商行", date: monday, body: "一"}
	text := post{title: "只有文字的农商行", body: "二"}
	guid := post{guid: "只有编号", title: "农商行", body: "三"}
	none := post{date: monday}
	row := w.brings(linked, text, guid, none)
	counted(t, row, 3, 0, 0, 1)
	said(t, row, "an item without a name: dropped: no GUID, no link", "只有编号: no date that can be read")
	before := w.snapshot()

	counted(t, w.brings(none, guid, text, linked), 0, 0, 3, 1)
	if diff := cmp.Diff(before, w.snapshot()); diff != "" {
		t.Errorf("the same items again, -before +after:\n%s", diff)
	}
	linked.title = "有链接的农商行（更正）"
	linked.link = "http://www.county.example/a/?utm_source=weibo"
	counted(t, w.brings(linked, text, guid), 0, 1, 2, 0)
	if after := w.snapshot(); after[0].ID != before[0].ID || after[0].Title != linked.title {
		t.Errorf("an edit under the same link: %+v", after[0])
	}
}

func TestFault37OneGUIDForAll(t *testing.T) {
	for _, c := range []struct {
		name  string
		posts []post
		warns bool
	}{
		{"told apart by link", []post{
			{"1", "https://county.example/a", "快讯", monday, "一"}, {"1", "https://county.example/b", "快讯", monday, "二"}, {"1", "https://county.example/c", "快讯", monday, "三"}}, true},
		{"told apart by title", []post{{guid: "1", title: "农商行甲", body: "一"}, {guid: "1", title: "农商行乙", body: "一"}}, true},
		{"one link too", []post{
			{"1", "https://county.example/", "农商行甲", monday, "一"}, {"1", "https://county.example/", "农商行乙", monday, "二"}}, true},
		{"no GUID and one link", []post{
			{link: "https://county.example/news", title: "快讯", body: "一"}, {link: "https://county.example/news", title: "快讯", body: "二"}, {link: "https://county.example/news", title: "要闻", body: "二"}}, true},
		{"one link and one title", []post{
			{guid: "1", link: "https://county.example/news", title: "快讯", body: "一"}, {guid: "2", link: "https://county.example/news", title: "快讯", body: "二"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t)
			row := w.brings(c.posts...)
			counted(t, row, len(c.posts), 0, 0, 0)
			if c.warns {
				said(t, row, fmt.Sprintf("%d items have this GUID or link", len(c.posts)))
			}
			counted(t, w.brings(c.posts...), 0, 0, len(c.posts), 0)
			last := c.posts[len(c.posts)-1]
			counted(t, w.brings(last), 0, 0, 1, 0) // the others have scrolled away
			last.body = "更正"
			w.brings(last)
			if n := len(w.snapshot()); n != len(c.posts) {
				t.Errorf("%d entries of %d items", n, len(c.posts))
			}
		})
	}
}

// TestFault37FromOneToMany: a GUID is good until a second item has it. The first stays what it was.
func TestFault37FromOneToMany(t *testing.T) {
	for _, c := range []struct {
		name          string
		first, second post
	}{
		{"by GUID", post{"1", "https://county.example/a", "农商行甲", monday, "一"}, post{"1", "https://county.example/b", "农商行乙", monday, "二"}},
		{"by GUID, without a link", post{guid: "1", title: "农商行甲", body: "一"}, post{guid: "1", title: "农商行乙", body: "二"}},
		{"by title", post{guid: "1", link: "https://county.example/news", title: "快讯", body: "一"}, post{guid: "2", link: "https://county.example/news", title: "快讯", body: "二"}},
		{"by link", post{link: "https://county.example/news", title: "农商行甲", date: monday, body: "一"}, post{link: "https://county.example/news", title: "农商行乙", date: monday, body: "二"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t)
			counted(t, w.brings(c.first), 1, 0, 0, 0)
			id := w.snapshot()[0].ID
			row := w.brings(c.second, c.first)
			counted(t, row, 1, 0, 1, 0)
			if c.name != "by title" {
				said(t, row, "2 items have this GUID or link")
			}
			counted(t, w.brings(c.second, c.first), 0, 0, 2, 0)
			after := w.snapshot()
			if diff := cmp.Diff([]string{c.first.title, c.second.title}, w.titles()); diff != "" || after[0].ID != id {
				t.Fatalf("the first kept its id: %t; titles -want +got:\n%s", after[0].ID == id, diff)
			}
			c.first.body = "一（更正）"
			counted(t, w.brings(c.first, c.second), 0, 1, 1, 0)
		})
	}
}

// TestFault37AThirdItem: what told two items apart is no longer enough for a third.
func TestFault37AThirdItem(t *testing.T) {
	w := newTown(t)
	first, second := post{"1", "https://county.example/a", "农商行甲", monday, "一"}, post{"1", "https://county.example/b", "农商行乙", monday, "二"}
	third := post{"1", "https://county.example/a", "农商行丙", monday, "三"}
	w.brings(first, second)
	before := w.snapshot()
	counted(t, w.brings(first, second, third), 1, 0, 2, 0)
	counted(t, w.brings(third, second, first), 0, 0, 3, 0)
	if diff := cmp.Diff(before, w.snapshot()[:2]); diff != "" {
		t.Errorf("the first two, -before +after:\n%s", diff)
	}
}

func TestFault38GUIDsThatChangeWithEachPoll(t *testing.T) {
	w := newTown(t)
	posts := append(county(5),
		post{link: "https://county.example/flash", title: "快讯", body: "一"}, // nothing but the text tells these apart
		post{link: "https://county.example/flash", title: "快讯", body: "二"},
		post{title: "没有链接的农商行", body: "三"},
		county(1)[0]) // one is sent twice
	var before []feeds.Entry
	for n := range 10 {
		for i := range posts {
			posts[i].guid = fmt.Sprintf("%d-%d", n, i)
		}
		row := w.brings(posts...)
		if n == 0 {
			counted(t, row, 8, 0, 1, 0)
			before = w.snapshot()
			continue
		}
		counted(t, row, 0, 0, len(posts), 0)
	}
	if diff := cmp.Diff(before, w.snapshot()); diff != "" {
		t.Errorf("after ten polls, -first +last:\n%s", diff)
	}
	for _, e := range before {
		want := 1
		if e.Title == posts[0].title {
			want = 2
		}
		if keys := w.sightings(e); len(keys) != want {
			t.Errorf("%s: %d keys after ten polls, want %d", e.Title, len(keys), want)
		}
	}
}

// TestFault38DailyItem: a price list keeps link and title, and is another one each day.
func TestFault38DailyItem(t *testing.T) {
	w := newTown(t)
	for day := range 5 {
		list := post{"", "https://county.example/grain", "今日粮价", w.now.AddDate(0, 0, -day).Format(time.RFC1123Z), ""}
		list.guid = list.date
		counted(t, w.brings(list), 1, 0, 0, 0)
		list.guid += "（再发）"
		counted(t, w.brings(list), 0, 0, 1, 0)
	}
}

func TestFault39Dates(t *testing.T) {
	w := newTown(t)
	first := w.now.Add(time.Hour) // when the poll will be
	dates := map[string]time.Time{
		"":                                first,
		"择日":                              first,
		"Thu, 01 Jan 1970 00:00:00 +0000": first,
		"0000-00-00 00:00:00":             first,
		"2099-01-01 00:00:00":             first,
		"9999-12-31T23:59:59Z":            first,
		"10000-01-01T00:00:00Z":           first,
		"Mon, 99 Xyz 2022 99:99:99 +0800": first,
		first.Add(25 * time.Hour).Format(time.RFC1123Z): first,
		first.Add(23 * time.Hour).Format(time.RFC1123Z): first.Add(23 * time.Hour),
		monday:                time.Date(2022, 4, 11, 10, 46, 17, 0, shanghai),
		"2022-04-11 10:46:17": time.Date(2022, 4, 11, 10, 46, 17, 0, shanghai),
	}
	var posts []post
	for date := range dates {
		posts = append(posts, post{"编号" + date, "", "农商行 " + date, date, ""})
	}
	row := w.brings(posts...)
	counted(t, row, len(dates), 0, 0, 0)
	said(t, row, "dated by first sight")
	entries := w.snapshot()
	for _, e := range entries {
		want := dates[strings.TrimSpace(strings.TrimPrefix(e.Title, "农商行"))]
		if !e.Published.Equal(want) || e.Updated.Before(e.Published) {
			t.Errorf("%q is published %v and updated %v, want %v", e.Title, e.Published, e.Updated, want)
		}
	}
	w.brings(posts...)
	if diff := cmp.Diff(entries, w.snapshot()); diff != "" {
		t.Errorf("dates moved at the second poll, -before +after:\n%s", diff)
	}
}

func TestFault40Reordered(t *testing.T) {
	w := newTown(t)
	posts := county(6)
	w.brings(posts...)
	before := w.snapshot()
	for n := range 3 {
		posts = append(posts[2:], posts[:2]...)
		counted(t, w.brings(posts...), 0, 0, 6, 0)
		if diff := cmp.Diff(before, w.snapshot()); diff != "" {
			t.Errorf("order %d, -before +after:\n%s", n, diff)
		}
	}
}

func TestFault41Edited(t *testing.T) {
	w := newTown(t)
	posts := county(2)
	w.brings(posts...)
	before := w.snapshot()
	posts[1].title, posts[1].body = "农商行支农（更正）", "<p>更正后的正文。</p>"
	counted(t, w.brings(posts...), 0, 1, 1, 0)
	after := w.snapshot()
	want := before[1]
	want.Title, want.Body, want.Summary = posts[1].title, "<p>更正后的正文。</p>", "更正后的正文。"
	want.Updated, want.Changed = w.now.UTC().Truncate(time.Second), w.now.UTC().Truncate(time.Second)
	if diff := cmp.Diff([]feeds.Entry{before[0], want}, after); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	versions, err := w.store.Versions(t.Context(), want.Number)
	if err != nil || len(versions) != 1 || versions[0].Entry.Title != before[1].Title || versions[0].Entry.Body != before[1].Body {
		t.Errorf("the earlier version: %+v, %v", versions, err)
	}
}

func TestFault43Vanished(t *testing.T) {
	w := newTown(t)
	posts := county(10)
	w.brings(posts...)
	before := w.snapshot()
	counted(t, w.brings(posts[9]), 0, 0, 1, 0)
	counted(t, w.brings(post{"NX", "https://county.example/x.html", "新的农商行", monday, ""}), 1, 0, 0, 0)
	if diff := cmp.Diff(before, w.snapshot()[:10]); diff != "" {
		t.Errorf("what the source no longer sends, -before +after:\n%s", diff)
	}
}
