package storage

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const source = "农金快讯"

// draft returns the nth of many drafts, filed under nongjinwang, a minute newer than the one before.
func draft(n int) feeds.Draft {
	link := fmt.Sprintf("https://news.example/2022/%d.html", n)
	item := feeds.Item{Link: link}
	key, _ := feeds.NewKey(source, item)
	return feeds.Draft{
		Key: key, Digest: item.Digest(), Item: feeds.Item{Link: link, Body: fmt.Sprintf("<p style=display:none>隐藏</p><p>第%d号信用社</p>", n)},
		Entry: feeds.Entry{
			Link: link, Title: fmt.Sprintf("农商行支农贷款第%d期", n), Outlet: "农金网",
			Summary: "支农贷款", Body: "<p>信用社</p>", Published: noon.Add(time.Duration(n-1000) * time.Minute),
			Categories: []string{"nongjinwang"},
		},
	}
}

func batch(now time.Time, drafts ...feeds.Draft) feeds.Batch {
	return feeds.Batch{Source: source, Now: now, Drafts: drafts, State: feeds.State{LastPoll: now, NextPoll: now.Add(time.Hour)}}
}

func save(t testing.TB, s *Store, b feeds.Batch) Saved {
	t.Helper()
	saved, err := s.Save(context.Background(), b, site)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func latest(t testing.TB, s *Store, slug string) feeds.Channel {
	t.Helper()
	channel, err := s.Latest(context.Background(), feeds.Category{Slug: slug}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return channel
}

// only returns the one entry of nongjinwang.
func only(t testing.TB, s *Store) feeds.Entry {
	t.Helper()
	entries := latest(t, s, "nongjinwang").Entries
	if len(entries) != 1 {
		t.Fatalf("%d entries in nongjinwang, want 1", len(entries))
	}
	return entries[0]
}

// full is a draft in which every field has something to lose.
func full() feeds.Draft {
	d := draft(1)
	d.Item.Name = "2022-04-11-nongshanghang"
	d.Entry = feeds.Entry{
		Link: "https://news.example/2022/1.html?a=1&b=%E5%86%9C#top", Title: "“96敬老专线” 'x' \\ \x00 <b>&amp; 𠮷",
		Outlet: "农村金融时报", Authors: []string{"张三", `李"四`}, Tags: []string{"农金网新闻", "a,b", "[]"},
		Summary: "摘要：\n贷款\t5%。", Body: `<p>正文 <a href="https://a.example/?x=1&amp;y=2">链接</a></p>`, Image: "https://img.example/图.png",
		Enclosures: []feeds.Enclosure{{URL: "https://a.example/1.mp3", Type: "audio/mpeg", Length: 1 << 40}, {URL: "https://a.example/2"}},
		Published:  time.Date(2022, 4, 11, 1, 46, 17, 0, shanghai), Updated: time.Date(2022, 4, 11, 2, 0, 0, 0, shanghai),
		Categories: []string{"xiangcunzhenxing", "nongjinwang"}, Reasons: []string{"来源全部归入", "词语 农商行"}, Own: true,
	}
	return d
}

func TestRoundTrip(t *testing.T) {
	s := openNew(t)
	d := full()
	save(t, s, batch(noon, d))
	want := d.Entry
	want.Number, want.Source, want.FirstSeen, want.Changed = 1, source, noon, noon
	want.Published, want.Updated = want.Published.UTC(), want.Updated.UTC()
	want.ID = feeds.NewID("finews.example.org", noon, d.Key)
	want.Path = "xiangcunzhenxing/2022/04/11/2022-04-11-nongshanghang.html" // the day of Shanghai, not of UTC
	if diff := cmp.Diff(want, only(t, s)); diff != "" {
		t.Errorf("from Latest (-want +got):\n%s", diff)
	}
	got, err := s.Entry(context.Background(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("from Entry (-want +got):\n%s", diff)
	}
}

func TestBareEntry(t *testing.T) {
	s := openNew(t)
	for name, published := range map[string]time.Time{"无日期": {}, "一九七〇": time.Unix(0, 0)} {
		key, _ := feeds.NewKey(source, feeds.Item{GUID: name})
		d := feeds.Draft{Key: key, Entry: feeds.Entry{Title: name, Outlet: "农金网", Published: published}}
		save(t, s, batch(noon, d))
		got, err := s.Entry(context.Background(), feeds.NewID(site.Host(), noon, key))
		if err != nil {
			t.Fatal(err)
		}
		want := feeds.Entry{Number: got.Number, ID: got.ID, Source: source, Title: name, Outlet: "农金网",
			Published: noon, Updated: noon, FirstSeen: noon, Changed: noon}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRaw(t *testing.T) {
	s := openNew(t)
	d := draft(1)
	// The third differs from the second only in what cleaning takes out.
	for _, raw := range []string{strings.Repeat("<p>脏</p>", 1000), "<p>改过</p>", "<p>改过</p><!-- 注 -->", ""} {
		d.Item.Body, d.Digest = raw, feeds.Item{Body: raw}.Digest()
		d.Entry.Body = feeds.SafeHTML("<p>净" + strings.TrimSuffix(raw, "<!-- 注 -->") + "</p>")
		save(t, s, batch(noon, d))
		stored, err := s.Stored(context.Background(), only(t, s).Number)
		got := stored.Item
		if diff := cmp.Diff(d.Item, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%v (-sent +kept):\n%s", err, diff)
		}
	}
}

// Every field of an item survives, so that better rules can be applied to all of it later.
func TestRawIsWhole(t *testing.T) {
	s := openNew(t)
	d := full()
	d.Item = feeds.Item{
		GUID: "号-1", Link: d.Entry.Link, Title: "题<b>目</b>", Body: "<p>正文</p>", Summary: "<i>摘要</i>", Base: "https://news.example/",
		Authors: []string{"张三"}, Tags: []string{"三农"}, Outlet: "农金网", OutletLink: "https://农金网.example/", Image: "https://img.example/1.png",
		Enclosures: []feeds.Enclosure{{URL: "https://a.example/1.mp3", Type: "audio/mpeg", Length: 7}},
		Published:  noon, Approximate: true, Updated: time.Date(12022, 1, 1, 0, 0, 0, 0, time.UTC), Name: "2022-04-11-nongshanghang",
		Category: feeds.Category{Slug: "nongjinwang", Title: "农金网新闻", Outlets: []string{"农金网"}},
	}
	save(t, s, batch(noon, d))
	stored, err := s.Stored(context.Background(), 1)
	got := stored.Item
	if diff := cmp.Diff(d.Item, got, cmpopts.IgnoreUnexported(feeds.Term{})); diff != "" || err != nil {
		t.Errorf("%v (-sent +kept):\n%s", err, diff)
	}
}

func TestNewUnchangedEdited(t *testing.T) {
	s := openNew(t)
	if got := save(t, s, batch(noon, draft(1), draft(2))); got != (Saved{New: 2}) {
		t.Errorf("first poll: %+v", got)
	}
	before := latest(t, s, "nongjinwang")
	later := noon.Add(time.Hour)
	if got := save(t, s, batch(later, draft(1), draft(2))); got != (Saved{Unchanged: 2}) {
		t.Errorf("second poll: %+v", got)
	}
	touched := draft(1)
	touched.Digest[0]++ // of the same text: a token in an image's address, say
	if got := save(t, s, batch(later, touched)); got != (Saved{Unchanged: 1}) {
		t.Errorf("another digest of the same text: %+v", got)
	}
	if diff := cmp.Diff(before, latest(t, s, "nongjinwang")); diff != "" {
		t.Errorf("unchanged entries changed (-before +after):\n%s", diff)
	}
	digests, err := s.Digests(context.Background(), source, []feeds.Key{touched.Key, draft(2).Key, draft(3).Key})
	want := map[feeds.Key]feeds.Digest{touched.Key: touched.Digest, draft(2).Key: draft(2).Digest}
	if diff := cmp.Diff(want, digests); diff != "" || err != nil {
		t.Errorf("digests, %v (-want +got):\n%s", err, diff)
	}
	if other, err := s.Digests(context.Background(), "别的源", []feeds.Key{touched.Key}); len(other) != 0 || err != nil {
		t.Errorf("another source has %v, %v", other, err)
	}
}

func TestEdit(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1)))
	want := only(t, s)
	later := noon.Add(26 * time.Hour)
	edited := full()
	edited.Key = draft(1).Key
	edited.Digest[0]++
	if got := save(t, s, batch(later, edited)); got != (Saved{Updated: 1}) {
		t.Errorf("edit: %+v", got)
	}
	kept := want
	want = edited.Entry
	want.Number, want.ID, want.Source, want.Path = kept.Number, kept.ID, kept.Source, kept.Path
	want.Published, want.FirstSeen, want.Updated, want.Changed = kept.Published, kept.FirstSeen, later, later
	if diff := cmp.Diff(want, only(t, s)); diff != "" {
		t.Errorf("after the edit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, latest(t, s, "xiangcunzhenxing").Entries[0]); diff != "" {
		t.Errorf("in its new category (-want +got):\n%s", diff)
	}
}

// A text that is filed differently has changed for its readers, but it is no other text.
func TestFiledAnew(t *testing.T) {
	s := openNew(t)
	d := draft(1)
	d.Entry.Categories = nil
	save(t, s, batch(noon, d))
	id := feeds.NewID(site.Host(), noon, d.Key)
	for i, slugs := range [][]string{{"nongjinwang"}, {"xiangcun", "nongjinwang"}, nil} {
		d.Digest[0]++
		d.Entry.Categories = slugs
		later := noon.Add(time.Duration(i+1) * time.Hour)
		if got := save(t, s, batch(later, d)); got != (Saved{Updated: 1}) {
			t.Errorf("filed under %v: %+v", slugs, got)
		}
		got, err := s.Entry(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		path := feeds.ArticlePath("nongjinwang", d.Entry.Published.In(shanghai), "", d.Key)
		if !got.Changed.Equal(later) || !got.Updated.Equal(d.Entry.Published) || got.Path != path || !cmp.Equal(got.Categories, slugs) {
			t.Errorf("filed under %v: changed %v, updated %v, path %s, categories %v", slugs, got.Changed, got.Updated, got.Path, got.Categories)
		}
	}
	if entries := latest(t, s, "nongjinwang").Entries; len(entries) != 0 {
		t.Errorf("%d entries in a category that it left", len(entries))
	}
}

func TestUpdatedIsNotBeforePublished(t *testing.T) {
	s := openNew(t)
	d := draft(1)
	d.Entry.Published, d.Entry.Updated = noon.Add(20*time.Hour), noon.Add(-time.Hour)
	for _, title := range []string{"明日公告", "明日公告（更正）"} {
		d.Entry.Title = title
		d.Digest[0]++
		save(t, s, batch(noon, d))
		if got := only(t, s); got.Title != title || got.Updated.Before(got.Published) {
			t.Errorf("%s: updated %v before published %v", got.Title, got.Updated, got.Published)
		}
	}
}

func TestOneKeyTwice(t *testing.T) {
	s := openNew(t)
	second := draft(1)
	second.Entry.Title = "后来的"
	second.Digest[0]++
	if got := save(t, s, batch(noon, draft(1), second)); got != (Saved{New: 1}) {
		t.Errorf("saved %+v", got)
	}
	if got := only(t, s); got.Title != draft(1).Entry.Title {
		t.Errorf("stored %s, want the first", got.Title)
	}
}

func TestState(t *testing.T) {
	s := openNew(t)
	ctx := context.Background()
	if got, err := s.State(ctx, source); err != nil || got != (feeds.State{}) {
		t.Errorf("unknown source: %+v, %v", got, err)
	}
	want := feeds.State{
		Validators: feeds.Validators{URL: "https://news.example/rss", Reading: "[]", ETag: `W/"农\金"`, LastModified: "Mon, 11 Apr 2022 02:46:17 GMT", BodyHash: "00ff"},
		LastPoll:   noon, LastSuccess: noon.Add(-time.Hour), NextPoll: noon.Add(time.Hour),
		Failures: 3, FailingSince: noon.Add(-2 * time.Hour), ToldAt: noon.Add(-time.Minute), LastError: "轮询 农金快讯: 503",
		NotBefore: noon.Add(30 * time.Minute), Gone: noon.Add(-time.Second),
		Move: feeds.Move{From: "https://news.example/rss", To: "https://new.example/农金.xml", Since: noon.Add(-9 * day), Adopted: true},
		Hints: feeds.Hints{Interval: 90 * time.Minute, SkipHours: 1<<23 | 1, SkipDays: 1<<6 | 1,
			Hub: "https://hub.example/", Self: "https://news.example/rss", Next: "https://news.example/rss?页=2"},
		LastStatus: 503, LastURL: "https://news.example/rss?…",
		Held: "改头换面", HeldSince: noon.Add(-3 * time.Hour), Accepted: true, Empty: true, Rights: feeds.RightsExcerpt,
	}
	for i, value := 0, reflect.ValueOf(want); i < value.NumField(); i++ {
		if value.Field(i).IsZero() {
			t.Errorf("%s is not tested", value.Type().Field(i).Name)
		}
	}
	b := feeds.Batch{Source: source, Now: noon, State: want}
	for range 2 {
		if got := save(t, s, b); got != (Saved{}) {
			t.Errorf("an empty batch saved %+v", got)
		}
	}
	save(t, s, feeds.Batch{Source: "另一个", Now: noon})
	states, err := s.States(ctx)
	if diff := cmp.Diff(map[string]feeds.State{source: want, "另一个": {}}, states); diff != "" || err != nil {
		t.Errorf("states, %v (-want +got):\n%s", err, diff)
	}
	got, err := s.State(ctx, source)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("state, %v (-want +got):\n%s", err, diff)
	}
}

// What a source said about itself is read, or the store says whose it is and what to do; no source is polled as if it had
// said nothing.
func TestHintsThatCannotBeRead(t *testing.T) {
	for _, text := range []string{"", "{", `{"interval":"一小时"}`, "[]"} {
		s := openNew(t)
		save(t, s, feeds.Batch{Source: "县域金融", Now: noon})
		if _, err := s.writer.Exec(`UPDATE sources SET hints = ?`, text); err != nil {
			t.Fatal(err)
		}
		_, err := s.State(t.Context(), "县域金融")
		_, all := s.States(t.Context())
		for _, err := range []error{err, all} {
			if err == nil || !Damaged(err) || !strings.Contains(err.Error(), "what 县域金融 said about itself") || !strings.Contains(err.Error(), "put a backup in its place") {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
}

// A batch is stored whole or not at all: where its last draft fails, neither the others nor the state are.
func TestAllOrNothing(t *testing.T) {
	empty := draft(2)
	empty.Entry.Title = ""
	climbing := draft(2)
	climbing.Entry.Categories = []string{"../../etc"}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := []struct {
		name string
		ctx  context.Context
		last feeds.Draft
		want string
	}{
		{"empty title", context.Background(), empty, "title"},
		{"slug with a path", context.Background(), climbing, "is no slug"},
		{"cancelled", cancelled, draft(2), "context canceled"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := openNew(t)
			save(t, s, batch(noon, draft(9)))
			channel, state := latest(t, s, "nongjinwang"), feeds.State{LastPoll: noon, NextPoll: noon.Add(time.Hour)}
			_, err := s.Save(c.ctx, batch(noon.Add(time.Hour), draft(1), c.last), site)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), source) {
				t.Errorf("error is %v, want %q and the source in it", err, c.want)
			}
			if diff := cmp.Diff(channel, latest(t, s, "nongjinwang")); diff != "" {
				t.Errorf("entries changed (-before +after):\n%s", diff)
			}
			if got, err := s.State(context.Background(), source); got != state || err != nil {
				t.Errorf("state is %+v, %v; want that of the poll before", got, err)
			}
			if got := save(t, s, batch(noon, draft(3))); got != (Saved{New: 1}) {
				t.Errorf("afterwards: %+v", got)
			}
		})
	}
}

// Keys that share their beginning, as somebody can make them, get ids of their own; the stored ones stay.
func TestIDClash(t *testing.T) {
	s := openNew(t)
	first, second, third := draft(1), draft(2), draft(3)
	second.Key, third.Key = first.Key, first.Key
	second.Key[8]++ // an id holds the first 8 bytes
	third.Key[8]++
	third.Key[31]++
	short := feeds.NewID(site.Host(), noon, first.Key)
	digits := hex.EncodeToString(second.Key[:])
	save(t, s, batch(noon, first))
	save(t, s, batch(noon, second, third))
	want := []string{short, short + digits[16:32], short + digits[16:48]}
	var got []string
	for _, e := range filed(t, s) {
		got = append(got, e.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// A cancellation in the midst of a long batch leaves nothing of it either.
func TestCancelledMidway(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	drafts := make([]feeds.Draft, 2000)
	for i := range drafts {
		drafts[i] = draft(i)
	}
	ctx := &fading{Context: context.Background(), done: make(chan struct{})}
	ctx.left.Store(3000)
	if _, err := s.Save(ctx, batch(noon, drafts...), site); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
	if n := len(latest(t, s, "nongjinwang").Entries); n != 0 {
		t.Errorf("%d entries of a batch that failed", n)
	}
	if got := save(t, s, batch(noon, drafts...)); got != (Saved{New: 2000}) {
		t.Errorf("afterwards: %+v", got)
	}
}

// fading is a context that ends after it was asked for its end so many times: a cancellation without a clock.
type fading struct {
	context.Context
	left atomic.Int64
	done chan struct{}
}

func (f *fading) Done() <-chan struct{} {
	if f.left.Add(-1) == 0 {
		close(f.done)
	}
	return f.done
}

func (f *fading) Err() error {
	select {
	case <-f.done:
		return context.Canceled
	default:
		return nil
	}
}
