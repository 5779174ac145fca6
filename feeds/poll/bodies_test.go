package poll_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/storage"
)

// site is a site without a feed: a list page, further pages of it, and an article page for each item.
type site struct {
	*house
	lists    map[string][]post           // by path
	next     map[string]string           // path of the page after a path
	articles map[string]string           // by path
	broken   map[string]http.HandlerFunc // by path
	asked    map[string]int              // requests of each path
	meta     string                      // in the head of each article
}

func newSite(t *testing.T) *site {
	w := &site{house: newHouse(t), lists: map[string][]post{}, next: map[string]string{}, articles: map[string]string{}, broken: map[string]http.HandlerFunc{}, asked: map[string]int{}}
	w.reply = func(out http.ResponseWriter, r *http.Request) {
		w.asked[r.URL.Path]++
		if broken, ok := w.broken[r.URL.Path]; ok {
			broken(out, r)
			return
		}
		if text, ok := w.articles[r.URL.Path]; ok {
			fmt.Fprintf(out, `<html><head>%s</head><body><nav>首页</nav><div class="article">%s</div></body></html>`, w.meta, text)
			return
		}
		posts, ok := w.lists[r.URL.Path]
		if !ok {
			http.NotFound(out, r)
			return
		}
		fmt.Fprint(out, `<html><head><title>县域要闻</title></head><body><ul class="news">`)
		for _, p := range posts {
			fmt.Fprintf(out, `<li><a href="%s">%s</a><span class="date">%s</span></li>`, p.link, p.title, p.date)
		}
		fmt.Fprint(out, `</ul>`)
		if next := w.next[r.URL.Path]; next != "" {
			fmt.Fprintf(out, `<a class="next" href="%s">下一页</a>`, next)
		}
		fmt.Fprint(out, `</body></html>`)
	}
	source := w.source("县域金融")
	source.Kind = feeds.KindPage
	source.URL = strings.TrimSuffix(w.url, "/rss.xml") + "/news/"
	source.Item = feeds.Fields{
		List: feeds.Selector{CSS: "ul.news li"}, Title: feeds.Selector{CSS: "a"},
		Link: feeds.Selector{CSS: "a", Attr: "href"}, Published: feeds.Selector{CSS: "span.date"},
	}
	source.Body = feeds.BodyRules{Follow: true, CSS: "div.article"}
	source.Next = feeds.NextRules{CSS: "a.next", Attr: "href", Pages: 3}
	w.poller.Catalogue.Sources = []feeds.Source{source}
	return w
}

// writes puts articles on the list at path, the first on top.
func (w *site) writes(path string, date string, names ...string) {
	for _, name := range names {
		link := "/news/" + name + ".html"
		w.lists[path] = append(w.lists[path], post{link: link, title: "农商行" + name, date: date})
		w.articles[link] = "<p>" + name + "的正文。</p>"
	}
}

func (w *site) polls() poll.Result {
	w.t.Helper()
	w.now = w.now.Add(time.Hour)
	return w.poll(poll.Request{}).Results[0]
}

func (w *site) bodies() map[string]string {
	w.t.Helper()
	entries, err := w.store.Entries(w.t.Context(), storage.Filter{Source: "县域金融"})
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[string]string{}
	for _, e := range entries {
		found[strings.TrimPrefix(e.Title, "农商行")] = string(e.Body)
	}
	return found
}

const today = "2022-04-12 08:00"

// TestBodiesAreAskedForOnce: the page of an article is asked for when the article is new, and never again.
func TestBodiesAreAskedForOnce(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", today, "甲", "乙")
	counted(t, w.polls(), 2, 0, 0, 0)
	if got := w.bodies(); got["甲"] != "<p>甲的正文。</p>" || got["乙"] != "<p>乙的正文。</p>" {
		t.Fatalf("bodies %v", got)
	}
	w.lists["/news/"] = append([]post{{link: "/news/丙.html", title: "农商行丙", date: today}}, w.lists["/news/"]...)
	w.articles["/news/丙.html"] = "<p>丙的正文。</p>"
	counted(t, w.polls(), 1, 0, 2, 0)
	w.lists["/news/"][1].date = "2022-04-12 09:30" // the list says another time: that is no reason to ask again
	counted(t, w.polls(), 0, 0, 3, 0)
	for path, times := range map[string]int{"/news/甲.html": 1, "/news/乙.html": 1, "/news/丙.html": 1} {
		if w.asked[path] != times {
			t.Errorf("%s was asked for %d times, want %d", path, w.asked[path], times)
		}
	}
	if got := w.bodies()["甲"]; got != "<p>甲的正文。</p>" {
		t.Errorf("after the list changed its date, the body is %q", got)
	}
	w.lists["/news/"][1].title = "农商行甲（更正）" // this is
	w.articles["/news/甲.html"] = "<p>甲的正文，更正。</p>"
	counted(t, w.polls(), 0, 1, 2, 0)
	if got := w.bodies()["甲（更正）"]; got != "<p>甲的正文，更正。</p>" || w.asked["/news/甲.html"] != 2 {
		t.Errorf("after the title changed, the body is %q, asked for %d times", got, w.asked["/news/甲.html"])
	}
}

// TestBodyThatCannotBeHadIsWaitedFor: an article whose page fails waits, without the list being read again, for a day; then
// it is stored without. One whose page is gone is stored at once, whatever its date.
func TestBodyThatCannotBeHadIsWaitedFor(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", "2021-01-01 08:00", "甲", "乙", "丙")
	w.broken["/news/乙.html"] = down
	w.broken["/news/丙.html"] = http.NotFound
	row := w.polls()
	counted(t, row, 2, 0, 0, 0)
	said(t, row, "1 new entries wait for their bodies: http: 502", "stored without the body")
	if got := w.bodies(); len(got) != 2 || got["丙"] != "" || row.Waiting != 1 {
		t.Errorf("stored: %v, %d wait", got, row.Waiting)
	}
	w.now = w.now.Add(21 * time.Hour)
	if row := w.polls(); row.Outcome != poll.Unchanged || row.Waiting != 1 || w.asked["/news/乙.html"] != 2 {
		t.Errorf("the list has not changed: %+v", row)
	}
	delete(w.broken, "/news/乙.html")
	counted(t, w.polls(), 1, 0, 0, 0)
	if got := w.bodies()["乙"]; got != "<p>乙的正文。</p>" {
		t.Errorf("the body that came at last is %q", got)
	}
	if row := w.polls(); row.Outcome != poll.Unchanged || w.asked["/news/乙.html"] != 3 || row.Waiting != 0 {
		t.Errorf("all is there: %+v", row)
	}

	w.writes("/news/", today, "丁")
	w.broken["/news/丁.html"] = down
	counted(t, w.polls(), 0, 0, 3, 0)
	w.now = w.now.Add(23 * time.Hour)
	row = w.polls()
	counted(t, row, 1, 0, 0, 0)
	said(t, row, "stored without the body")
}

func down(out http.ResponseWriter, r *http.Request) { http.Error(out, "坏", http.StatusBadGateway) }

// redesigned is a page in which no rule finds the article.
func redesigned(out http.ResponseWriter, r *http.Request) {
	fmt.Fprint(out, "<html><body><p>改版了</p></body></html>")
}

// TestNoBodyAtAllIsAFailure: where none of several bodies can be had the rules no longer fit. The operator hears of it, the
// server is not asked for the rest, and nothing is stored that lacks its text, however long the list.
func TestNoBodyAtAllIsAFailure(t *testing.T) {
	w := newSite(t)
	for i := range 60 {
		w.writes("/news/", "", fmt.Sprintf("第%d期", i))
	}
	for path := range w.articles {
		w.broken[path] = redesigned
	}
	row := w.polls()
	if row.Outcome != poll.Failed || row.Phase != "parse body" || !strings.Contains(row.Cause, "not one of 5 bodies") ||
		!strings.Contains(row.Cause, "div.article") || len(w.bodies()) != 0 || row.Waiting != 60 {
		t.Errorf("%+v, stored %v", row, w.bodies())
	}
	if asked := w.house.asked.Load(); asked != 6 {
		t.Errorf("%d requests for a list and five articles", asked)
	}
	clear(w.broken)
	w.now = w.now.Add(2 * time.Hour)
	row = w.polls()
	counted(t, row, 60, 0, 60, 0) // the list had not been believed
	if row.Failed() || !row.Recovered || w.bodies()["第7期"] != "<p>第7期的正文。</p>" {
		t.Errorf("mended: %+v", row)
	}
}

// TestThreeDeletedArticlesAreNoFailure: pages that are gone say nothing about the others.
func TestThreeDeletedArticlesAreNoFailure(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", today, "甲", "乙", "丙", "丁", "戊", "己")
	for path := range w.articles {
		w.broken[path] = http.NotFound
	}
	row := w.polls()
	counted(t, row, 6, 0, 0, 0)
	if row.Failed() {
		t.Errorf("%+v", row)
	}
}

// TestCutShortAmongBodies: what came is stored, the rest waits, and the list is not asked again before its time.
func TestCutShortAmongBodies(t *testing.T) {
	w := newSite(t)
	for i := range 15 {
		w.writes("/news/", today, fmt.Sprintf("第%d期", i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.broken["/news/第2期.html"] = func(out http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
	if report, err := w.poller.Run(ctx, poll.Request{}); err == nil || report.Results[0].Outcome != poll.Stopped {
		t.Fatalf("%+v, %v", report.Results, err)
	}
	if n := len(w.bodies()); n != 10 {
		t.Errorf("%d are stored, want a batch", n)
	}
	clear(w.broken)
	w.now = w.now.Add(5 * time.Minute)
	if row := w.poll(poll.Request{}).Results[0]; row.Outcome != poll.NotDue || w.asked["/news/"] != 1 {
		t.Errorf("five minutes later: %+v", row)
	}
	w.polls()
	if got := w.bodies(); len(got) != 15 || got["第0期"] != "<p>第0期的正文。</p>" {
		t.Errorf("an hour later: %v", got)
	}
}

// TestFailingArticlesAreNotInTheWay: those that cannot be had are asked for after those that are new.
func TestFailingArticlesAreNotInTheWay(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", today, "一", "二", "三", "四", "五", "六")
	for path := range w.articles {
		w.broken[path] = redesigned
	}
	w.polls()
	w.writes("/news/", today, "新")
	w.now = w.now.Add(2 * time.Hour)
	if row := w.polls(); row.New != 1 || row.Failed() || w.bodies()["新"] == "" {
		t.Errorf("%+v", row)
	}
}

// TestBodyIsNeverLost: an article that was stored with its text keeps it, whatever becomes of its page, and what its page
// said of it.
func TestBodyIsNeverLost(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", "2021-01-01", "甲", "乙")
	w.articles["/news/甲.html"] = "<p>甲的正文。</p>"
	w.meta = `<meta name="author" content="张三">`
	counted(t, w.polls(), 2, 0, 0, 0)
	w.broken["/news/甲.html"] = down
	w.lists["/news/"][0].title = "农商行甲（置顶）"
	row := w.polls()
	if row.Updated != 1 || row.Waiting != 1 || w.bodies()["甲（置顶）"] != "<p>甲的正文。</p>" {
		t.Errorf("%+v, %v", row, w.bodies())
	}
	w.now = w.now.Add(30 * time.Hour)
	if w.polls(); w.bodies()["甲（置顶）"] != "<p>甲的正文。</p>" {
		t.Errorf("after a day: %v", w.bodies())
	}
	w.lists["/news/"][1].date = "2021-01-01 09:00"
	w.polls()
	entries, err := w.store.Entries(w.t.Context(), storage.Filter{Source: "县域金融"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if len(e.Authors) != 1 || e.Authors[0] != "张三" {
			t.Errorf("%s is by %v", e.Title, e.Authors)
		}
	}
}

// TestFeedKeepsItsTextUntilTheArticleComes: where pages are shut, what the feed brings is published.
func TestFeedKeepsItsTextUntilTheArticleComes(t *testing.T) {
	w := newSite(t)
	source := &w.poller.Catalogue.Sources[0]
	source.Kind, source.Item, source.Next = feeds.KindFeed, feeds.Fields{}, feeds.NextRules{}
	document := `<rss version="2.0"><channel><title>摘要报</title>`
	for i := range 3 {
		document += post{fmt.Sprint(i), fmt.Sprintf("%s/a/%d", strings.TrimSuffix(source.URL, "/news/"), i), fmt.Sprintf("农商行%d", i), today, fmt.Sprintf("<p>摘要%d。</p>", i)}.String()
	}
	w.broken["/news/"] = func(out http.ResponseWriter, r *http.Request) { fmt.Fprint(out, document+"</channel></rss>") }
	shut := func(out http.ResponseWriter, r *http.Request) { http.Error(out, "禁止", http.StatusForbidden) }
	for i := range 3 {
		w.broken[fmt.Sprintf("/a/%d", i)] = shut
	}
	counted(t, w.polls(), 3, 0, 0, 0)
	if got := w.bodies(); got["1"] != "<p>摘要1。</p>" {
		t.Errorf("%v", got)
	}
	delete(w.broken, "/a/1")
	w.articles["/a/1"] = "<p>全文一，有许多字。</p>"
	row := w.polls()
	if row.Updated != 1 || row.Waiting != 2 || w.bodies()["1"] != "<p>全文一，有许多字。</p>" {
		t.Errorf("%+v, %v", row, w.bodies())
	}
	w.now = w.now.Add(25 * time.Hour)
	if row := w.polls(); row.Waiting != 0 || row.New+row.Updated != 0 || w.bodies()["2"] != "<p>摘要2。</p>" {
		t.Errorf("after a day: %+v, %v", row, w.bodies())
	}
	asked := w.asked["/a/2"]
	if w.polls(); w.asked["/a/2"] != asked {
		t.Error("it is asked for after a day")
	}
}

// TestOneTextForTwoArticles: the page that asks who we are is no article.
func TestOneTextForTwoArticles(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", today, "甲", "乙", "丙")
	for path := range w.articles {
		w.articles[path] = "<p>请先登录，再继续阅读本站的文章。</p>"
	}
	row := w.polls()
	if row.New > 1 || row.Waiting < 2 {
		t.Errorf("%+v", row)
	}
}

// TestServerThatWantsToBeLeftAloneWithBodies: no further body is asked for, and the source waits as long as it was asked to.
func TestServerThatWantsToBeLeftAloneWithBodies(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", today, "甲", "乙", "丙")
	w.broken["/news/乙.html"] = func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Retry-After", "7200")
		http.Error(out, "忙", http.StatusServiceUnavailable)
	}
	row := w.polls()
	counted(t, row, 1, 0, 0, 0)
	if w.asked["/news/甲.html"] != 0 || row.NextPoll.Sub(w.now) < 2*time.Hour {
		t.Errorf("甲 was asked for %d times; next poll in %v", w.asked["/news/甲.html"], row.NextPoll.Sub(w.now))
	}
	if row := w.poll(poll.Request{Force: true}).Results[0]; row.Outcome != poll.NotDue {
		t.Errorf("forced while the server wants to be left alone: %+v", row)
	}
}

// TestNextPagesAreReadWhileTheyHaveNews: a list is followed page by page, as far as there is something new, and no further
// than the source says.
func TestNextPagesAreReadWhileTheyHaveNews(t *testing.T) {
	w := newSite(t)
	w.poller.Catalogue.Sources[0].Body = feeds.BodyRules{}
	w.writes("/news/", today, "甲", "乙")
	w.writes("/news/2", today, "乙", "丙") // 乙 moved on while we read
	w.writes("/news/3", today, "丁")
	w.writes("/news/4", today, "戊")
	w.next = map[string]string{"/news/": "/news/2", "/news/2": "/news/3", "/news/3": "/news/4"}
	counted(t, w.polls(), 4, 0, 0, 0)
	if w.asked["/news/4"] != 0 || len(w.bodies()) != 4 {
		t.Errorf("page 4 was asked for %d times; %v", w.asked["/news/4"], w.bodies())
	}
	w.lists["/news/"] = append([]post{{link: "/news/己.html", title: "农商行己", date: today}}, w.lists["/news/"]...)
	counted(t, w.polls(), 1, 0, 3, 0)
	if w.asked["/news/2"] != 2 || w.asked["/news/3"] != 1 {
		t.Errorf("page 2 was asked for %d times, page 3 %d times", w.asked["/news/2"], w.asked["/news/3"])
	}
	w.lists["/news/"] = append([]post{{link: "/news/庚.html", title: "农商行庚", date: today}}, w.lists["/news/"]...)
	w.lists["/news/2"] = append([]post{{link: "/news/辛.html", title: "农商行辛", date: today}}, w.lists["/news/2"]...)
	w.broken["/news/2"] = down
	row := w.polls()
	counted(t, row, 1, 0, 3, 0)
	said(t, row, "page 2 of the list was not read")
	delete(w.broken, "/news/2")
	if row := w.polls(); row.New != 1 || w.asked["/news/3"] != 2 {
		t.Errorf("a page was missing, and what stands on it is not read: %+v", row)
	}
	if row := w.polls(); row.Outcome != poll.Unchanged {
		t.Errorf("the list was whole, and is read again: %+v", row)
	}
}

// TestNextPageThatWantsToBeLeftAlone: its server is the source's.
func TestNextPageThatWantsToBeLeftAlone(t *testing.T) {
	w := newSite(t)
	w.poller.Catalogue.Sources[0].Body = feeds.BodyRules{}
	w.writes("/news/", today, "甲")
	w.next = map[string]string{"/news/": "/news/2"}
	w.broken["/news/2"] = func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Retry-After", "86400")
		http.Error(out, "忙", http.StatusTooManyRequests)
	}
	row := w.polls()
	counted(t, row, 1, 0, 0, 0)
	if row.NextPoll.Sub(w.now) != 24*time.Hour {
		t.Errorf("asked again after %v", row.NextPoll.Sub(w.now))
	}
}

// TestOthersOfAHostAreSparedToo: a server that wants to be left alone by one source is not asked for the others, for an hour.
func TestOthersOfAHostAreSparedToo(t *testing.T) {
	w := newHouse(t)
	w.poller.Catalogue.Network.Workers = 1
	w.reply = func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Retry-After", "86400")
		http.Error(out, "忙", http.StatusTooManyRequests)
	}
	first, second := w.source("甲报"), w.source("乙报")
	second.URL += "?2"
	w.poller.Catalogue.Sources = []feeds.Source{first, second}
	w.poll(poll.Request{})
	w.now = w.now.Add(30 * time.Minute)
	w.poll(poll.Request{})
	if n := w.asked.Load(); n != 1 {
		t.Errorf("%d requests within half an hour, want 1", n)
	}
	w.now = w.now.Add(time.Hour)
	if w.poll(poll.Request{}); w.asked.Load() != 2 {
		t.Errorf("%d requests by then: the other was told nothing", w.asked.Load())
	}
}

// TestOrderOfOneDate: entries that a list dates alike, or not at all, stand as they stand there: the newest on top.
func TestOrderOfOneDate(t *testing.T) {
	for _, body := range []feeds.BodyRules{{}, {Follow: true, CSS: "div.article"}} {
		for _, date := range []string{"", "2022-04-12"} {
			w := newSite(t)
			w.poller.Catalogue.Sources[0].Body = body
			var names []string
			for i := range 25 {
				names = append(names, fmt.Sprintf("第%d条", i))
			}
			w.writes("/news/", date, names...)
			w.polls()
			var got []string
			for _, e := range w.channel().Entries {
				got = append(got, strings.TrimPrefix(e.Title, "农商行"))
			}
			if diff := cmp.Diff(names, got); diff != "" {
				t.Errorf("dated %q, %+v: -want +got\n%s", date, body, diff)
			}
		}
	}
}

// TestOrderOfAListWithItsOldestOnTop: there the last one is the newest.
func TestOrderOfAListWithItsOldestOnTop(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", "2022-04-11", "甲")
	w.writes("/news/", "2022-04-12", "乙", "丙")
	w.polls()
	if got := w.channel().Entries; len(got) != 3 || got[0].Title != "农商行丙" || got[2].Title != "农商行甲" {
		t.Errorf("%+v", got)
	}
}

// TestGarbledListIsHeld: no article of it is asked for.
func TestGarbledListIsHeld(t *testing.T) {
	w := newSite(t)
	w.writes("/news/", today, "鍐滀笟閾惰鏀寔涔℃潙鎸叴", "鏅儬閲戣瀺杩涙潙鍏ユ埛", "丙")
	row := w.polls()
	if row.Outcome != poll.Held || !strings.Contains(row.Cause, "charset:") || w.house.asked.Load() != 1 {
		t.Errorf("%+v, %d requests", row, w.house.asked.Load())
	}
}

// TestManyBodiesAreSpreadOverPolls: no more than a hundred bodies are asked for in one poll.
func TestManyBodiesAreSpreadOverPolls(t *testing.T) {
	w := newSite(t)
	for i := range 130 {
		w.writes("/news/", today, fmt.Sprintf("第%d期", i))
	}
	row := w.polls()
	counted(t, row, 100, 0, 0, 0)
	said(t, row, "30 new entries wait for the next poll: at most 100 bodies")
	if row.Waiting != 30 {
		t.Errorf("%d wait", row.Waiting)
	}
	counted(t, w.polls(), 30, 0, 0, 0)
}
