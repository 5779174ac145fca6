package poll_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

func (w *town) reprocess(sources ...string) poll.Reprocessed {
	w.t.Helper()
	w.now = w.now.Add(time.Hour)
	done, err := poll.Reprocess(w.t.Context(), w.poller.Catalogue, w.store, w.now, sources, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

func (w *town) reprocessed(want poll.Reprocessed, sources ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.reprocess(sources...)); diff != "" {
		w.t.Errorf("reprocessed -want +got:\n%s", diff)
	}
}

func mustTerm(t *testing.T, word string) feeds.Term {
	t.Helper()
	term, err := feeds.ParseTerm(word)
	if err != nil {
		t.Fatal(err)
	}
	return term
}

// older stores items as older rules made them: the body as it came, without an outlet of its own.
func (w *town) older(source string, categories []string, items ...feeds.Item) {
	w.t.Helper()
	batch := feeds.Batch{Source: source, Now: w.now}
	for _, it := range items {
		key, ok := feeds.NewKey(source, it)
		if !ok {
			w.t.Fatalf("no key for %+v", it)
		}
		entry := feeds.Entry{Link: it.Link, Title: "旧标题", Outlet: source, Body: "<p>旧规则的正文。</p>", Categories: categories, Reasons: make([]string, len(categories))}
		batch.Drafts = append(batch.Drafts, feeds.Draft{Entry: entry, Key: key, Digest: it.Digest(), Item: it})
	}
	slices.Reverse(batch.Drafts) // as a poll stores them
	if _, err := w.store.Save(w.t.Context(), batch, w.poller.Catalogue.Site); err != nil {
		w.t.Fatal(err)
	}
}

func TestReprocessAppliesTodaysRules(t *testing.T) {
	w := newTown(t)
	w.older(subject, []string{"jiule"},
		feeds.Item{GUID: "1", Link: "https://county.example/1", Title: "甲县<b>农商行</b>支农", Body: attributed, Published: w.now.AddDate(-1, 0, 0)},
		feeds.Item{GUID: "2", Link: "https://county.example/2", Title: "足球赛", Body: "<p>体育</p>"},
		feeds.Item{GUID: "3", Link: "https://county.example/3"}) // today it would be dropped
	before := w.snapshot()
	want := poll.Reprocessed{Entries: 3, Changed: 2, Kept: 1, Faults: []string{before[2].ID + ": 3: dropped: neither a title nor a text to take one from"}}
	w.reprocessed(want)
	changed := w.now.UTC().Truncate(time.Second)

	expected := slices.Clone(before)
	first, second := &expected[0], &expected[1]
	first.Title, first.Body, first.Summary, first.Outlet = "甲县农商行支农", "<p>正文一段。</p>", "正文一段。", "农金网"
	first.Categories, first.Changed = []string{"nongjinwang"}, changed
	second.Title, second.Body, second.Summary, second.Categories, second.Changed = "足球赛", "<p>体育</p>", "体育", nil, changed
	ignoreReasons := cmpopts.IgnoreFields(feeds.Entry{}, "Reasons")
	if diff := cmp.Diff(expected, w.snapshot(), ignoreReasons); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if versions, err := w.store.Versions(t.Context(), before[0].Number); err != nil || len(versions) != 0 {
		t.Errorf("nobody edited it, and %d versions are kept: %v", len(versions), err)
	}

	after := w.snapshot()
	want.Changed = 0
	w.reprocessed(want)
	if diff := cmp.Diff(after, w.snapshot()); diff != "" {
		t.Errorf("the second run, -before +after:\n%s", diff)
	}
}

// TestReprocessAfterAPollChangesNothing: reprocessing and polling clean and file alike.
func TestReprocessAfterAPollChangesNothing(t *testing.T) {
	w := newTown(t)
	w.poller.Catalogue.Sources[0].ByOutlet = true
	posts := append(county(5), post{guid: "无题", body: "<p>某农商行开出首张提单。另一句。</p>"}, post{title: "只有文字", body: attributed})
	w.brings(posts...)
	w.send(0, post{"J", "https://county.example/0.html", "转载", monday, attributed}, w.sends["/first.xml"][0])
	before := w.all()
	w.reprocessed(poll.Reprocessed{Entries: len(before)})
	if diff := cmp.Diff(before, w.all()); diff != "" {
		t.Errorf("-polled +reprocessed:\n%s", diff)
	}
}

func TestReprocessFilesForEverySource(t *testing.T) {
	w := newPair(t)
	one := post{"1", "https://county.example/a", "农商行支农", monday, "正文一二三"}
	w.send(0, one)
	w.send(1, one)
	outlet := w.source("快讯")
	outlet.URL, outlet.ByOutlet = w.poller.Catalogue.Sources[1].URL, true
	w.poller.Catalogue.Sources = append(w.poller.Catalogue.Sources, outlet)
	one.body += "<p>（文章来源：信合网）</p>"
	w.sends["/subject.xml"] = []post{one}
	w.poll(poll.Request{Sources: []string{"快讯"}, Force: true})

	sources := w.poller.Catalogue.Sources
	sources[0].Categories, sources[1].Categories = []string{"nongxun"}, nil // that is by rules now
	w.reprocessed(poll.Reprocessed{Entries: 1, Changed: 1})
	e := w.all()[0]
	if diff := cmp.Diff([]string{"nongxun", "nongjinwang", "xinhewang"}, e.Categories); diff != "" {
		t.Errorf("categories -want +got:\n%s", diff)
	}
	if e.Path[:7] != "jiabao/" || len(e.Reasons) != 3 || e.Reasons[1] != "term 农商行 in the title" {
		t.Errorf("path %s, reasons %q", e.Path, e.Reasons)
	}
	w.reprocessed(poll.Reprocessed{Entries: 1})
}

// TestReprocessKeepsWhatOnlyALeftSourceKnew: where a source that is no longer in feeds.yaml filed, and whose its text is.
func TestReprocessKeepsWhatOnlyALeftSourceKnew(t *testing.T) {
	w := newPair(t)
	link := w.url[:len(w.url)-len("rss.xml")] + "a.html"
	w.send(1, post{"1", link, "农商行支农", monday, "<p>正文。</p>"})
	w.older("旧源", []string{"jiule"}, feeds.Item{GUID: "1", Link: "https://old.example/1", Title: "农商行旧闻", Body: "<p>清洗<script>x</script></p>"})
	before := w.all()
	w.poller.Catalogue.Sources = w.poller.Catalogue.Sources[:1]
	w.reprocessed(poll.Reprocessed{Entries: 2, Changed: 1})
	after := w.all()
	if diff := cmp.Diff(before[0], after[0]); diff != "" || !after[0].Own {
		t.Errorf("own %t, -before +after:\n%s", after[0].Own, diff)
	}
	if e := after[1]; e.Body != "<p>清洗</p>" || e.Outlet != "旧源" || !slices.Equal(e.Categories, []string{"jiule"}) {
		t.Errorf("%+v", e)
	}
}

func TestReprocessLeavesHiddenEntriesHidden(t *testing.T) {
	w := newTown(t)
	w.older(subject, []string{"nongjinwang"}, feeds.Item{GUID: "1", Link: "https://county.example/1", Title: "农商行", Body: "<p>正文</p>"})
	if _, err := w.store.Hide(t.Context(), w.snapshot()[0].Number, false, w.now); err != nil {
		t.Fatal(err)
	}
	w.reprocessed(poll.Reprocessed{Entries: 1, Changed: 1})
	if e := w.snapshot()[0]; e.Hidden.IsZero() || e.Title != "农商行" || len(w.channel().Entries) != 0 {
		t.Errorf("%+v, published %d", e, len(w.channel().Entries))
	}
}

func TestReprocessOfOneSourceAndInBatches(t *testing.T) {
	w := newTown(t)
	var items []feeds.Item
	for i := range 250 {
		items = append(items, feeds.Item{GUID: fmt.Sprint(i), Title: fmt.Sprintf("农商行%d", i), Body: fmt.Sprintf("<p>第%d期</p>", i)})
	}
	w.older(subject, nil, items...)
	w.older("甲报", nil, items[:3]...)
	w.reprocessed(poll.Reprocessed{Entries: 3, Changed: 3}, "甲报")
	_, err := poll.Reprocess(t.Context(), w.poller.Catalogue, w.store, w.now, []string{"没有"}, nil)
	if err == nil {
		t.Error("a source that nobody knows was no error")
	}

	ctx, cancel := context.WithCancel(t.Context())
	done, err := poll.Reprocess(ctx, w.poller.Catalogue, w.store, w.now, nil, func(int) { cancel() })
	if !errors.Is(err, context.Canceled) || done.Entries != 100 || done.Changed != 100 {
		t.Errorf("cancelled after the first batch: %+v, %v", done, err)
	}
	var seen []int
	done, err = poll.Reprocess(t.Context(), w.poller.Catalogue, w.store, w.now, nil, func(n int) { seen = append(seen, n) })
	if err != nil || done.Entries != 253 || done.Changed != 150 || !slices.Equal(seen, []int{100, 200, 253}) {
		t.Errorf("the rest: %+v, %v, progress %v", done, err, seen)
	}
	w.poller.Catalogue.Categories[0].None = []feeds.Term{mustTerm(t, "第7期")}
	w.reprocessed(poll.Reprocessed{Entries: 253, Changed: 1})
}

// TestReprocessKeepsWhatEachSourceFiles: each source that sends an entry files it by what it sent itself, so that rules
// that have not changed file it where they did.
func TestReprocessKeepsWhatEachSourceFiles(t *testing.T) {
	w := newPair(t)
	w.poller.Catalogue.Sources[1].Categories = nil
	w.poller.Catalogue.Categories = append(w.poller.Catalogue.Categories, feeds.Category{Slug: "chunfen", Any: []feeds.Term{term(t, "春分")}})
	w.send(0, post{"1", "https://county.example/a", "农商行支农", monday, "正文一二三四五六七八"})
	w.send(1, post{"2", "https://county.example/a", "农商行支农（春分）", monday, "正文"})
	before := w.all()
	if len(before) != 1 || !slices.Contains(before[0].Categories, "chunfen") {
		t.Fatalf("%+v", before)
	}
	done, err := poll.Reprocess(t.Context(), w.poller.Catalogue, w.store, w.now, nil, nil)
	if err != nil || done.Changed != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	if diff := cmp.Diff(before[0].Categories, w.all()[0].Categories); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func term(t *testing.T, s string) feeds.Term {
	t.Helper()
	parsed, err := feeds.ParseTerm(s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
