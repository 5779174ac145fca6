package discover

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

// site is an upstream of a few addresses, that remembers what it was asked.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

// newSite serves documents by path. A document "to ADDRESS" sends on to that address for now,
// "moved to ADDRESS" for good.
func newSite(t *testing.T, documents map[string]string) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		text, there := documents[r.URL.Path]
		switch {
		case !there:
			http.NotFound(w, r)
		case strings.HasPrefix(text, "to "):
			http.Redirect(w, r, strings.TrimPrefix(text, "to "), http.StatusFound)
		case strings.HasPrefix(text, "moved to "):
			http.Redirect(w, r, strings.TrimPrefix(text, "moved to "), http.StatusMovedPermanently)
		default:
			kind := "text/html; charset=utf-8"
			if strings.HasPrefix(text, "<rss") {
				kind = "application/rss+xml"
			}
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, strings.ReplaceAll(text, "$HERE", s.URL))
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// april is the time of every test.
func april() time.Time { return time.Date(2022, 4, 15, 12, 0, 0, 0, time.UTC) }

// find searches at a path of the site.
func (s *site) find(t *testing.T, path string) (Found, error) {
	t.Helper()
	return s.findWith(t, t.Context(), path)
}

func (s *site) findWith(t *testing.T, ctx context.Context, path string) (Found, error) {
	t.Helper()
	client, err := fetch.New(fetch.Options{
		Network: feeds.Network{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, UserAgent: "finews/test",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	return Find(ctx, client, april, feeds.Source{
		Name: "新来源", Kind: feeds.KindFeed, URL: s.URL + path, Location: time.UTC, MaxItems: 500, MaxBytes: 1 << 20,
	})
}

// rss writes a feed of items of the days of April 2022.
func rss(title string, days ...int) string {
	text := "<rss version=\"2.0\"><channel><title>" + title + "</title><link>https://county.example/</link>"
	for _, day := range days {
		text += fmt.Sprintf("<item><title>%d日的消息</title><link>https://county.example/%[1]d</link><pubDate>%[1]d Apr 2022 10:00:00 +0800</pubDate></item>", day)
	}
	return text + "</channel></rss>"
}

func link(title, address string) string {
	return `<link rel="alternate" type="application/rss+xml" title="` + title + `" href="` + address + `">`
}

func titles(c Candidate) (all []string) {
	for _, item := range c.Items {
		all = append(all, item.Title)
	}
	return all
}

func TestFindFeedItself(t *testing.T) {
	s := newSite(t, map[string]string{"/rss.xml": rss("县域金融", 11, 14, 12, 13)})
	found, err := s.find(t, "/rss.xml?page=1")
	if err != nil {
		t.Fatal(err)
	}
	c := found.Candidates[0]
	if c.URL != s.URL+"/rss.xml?page=1" || c.Title != "县域金融" || c.Type != "application/rss+xml" || c.Total != 4 || len(found.Candidates) != 1 {
		t.Errorf("found %+v", found)
	}
	if diff := cmp.Diff([]string{"14日的消息", "13日的消息", "12日的消息"}, titles(c)); diff != "" {
		t.Errorf("newest -want +got:\n%s", diff)
	}
	if !slices.Equal(s.asked, []string{"/rss.xml"}) {
		t.Errorf("asked %q", s.asked)
	}
}

// TestFindFeedThatMoved finds a feed where it has moved for good, and where it was typed if it is only lent
// elsewhere.
func TestFindFeedThatMoved(t *testing.T) {
	s := newSite(t, map[string]string{"/old.xml": "moved to /new.xml", "/lent.xml": "to /new.xml", "/new.xml": rss("县域金融", 11)})
	for path, want := range map[string]string{"/old.xml": "/new.xml", "/lent.xml": "/lent.xml"} {
		found, err := s.find(t, path)
		if err != nil || found.Candidates[0].URL != s.URL+want {
			t.Errorf("%s: found %+v, %v; want %s", path, found, err, want)
		}
	}
}

// TestFindStopsWhenCancelled cancels a search at the second of three feeds: what was found until then is not taken.
func TestFindStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newSite(t, map[string]string{"/": "<html>" + link("一", "/1.xml") + link("二", "/2.xml") + link("三", "/3.xml"), "/1.xml": rss("一", 11), "/2.xml": rss("二", 11), "/3.xml": rss("三", 11)})
	handler := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/2.xml" {
			cancel()
		}
		handler.ServeHTTP(w, r)
	})
	if found, err := s.findWith(t, ctx, "/"); !errors.Is(err, context.Canceled) {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestFindNamedByPage(t *testing.T) {
	s := newSite(t, map[string]string{
		"/news/": "<!DOCTYPE html><html><head><title>县域金融网</title>" + link("文章评论", "/comments.xml") + link("坏的", "bad.xml") +
			link("快讯", "fast.xml") + link("要闻", "/top.xml") + link("要闻", "$HERE/top.xml#again") + link("没有的", "/none.xml") + "</head></html>",
		"/comments.xml":  rss("评论"),
		"/news/bad.xml":  "<html><title>请登录</title></html>",
		"/news/fast.xml": rss("", 11),
		"/top.xml":       rss("要闻", 12),
	})
	found, err := s.find(t, "/news/")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range found.Candidates {
		got = append(got, c.Title+" "+strings.TrimPrefix(c.URL, s.URL))
	}
	if diff := cmp.Diff([]string{"快讯 /news/fast.xml", "要闻 /top.xml", "评论 /comments.xml"}, got); diff != "" {
		t.Errorf("candidates -want +got:\n%s", diff)
	}
	if len(found.Refused) != 2 || !strings.Contains(found.Refused[0].Cause.Error(), "请登录") || !strings.Contains(found.Refused[1].Cause.Error(), "404") {
		t.Errorf("refused %v", found.Refused)
	}
}

// TestFindAsksFewOfMany gives a page that names twelve feeds, and before them what is most often none.
func TestFindAsksFewOfMany(t *testing.T) {
	documents, page := map[string]string{}, "<html>"+strings.ReplaceAll(link("接口", "/wp-json"), "rss+xml", "json")
	for i := range 12 {
		path := fmt.Sprintf("/%d.xml", i)
		documents[path] = rss("分类", 11)
		page += link("分类", path)
	}
	documents["/"] = page
	s := newSite(t, documents)
	found, err := s.find(t, "/")
	if err != nil || len(found.Candidates) != maxNamed || len(s.asked) != 1+maxNamed || len(found.Refused) != 13-maxNamed {
		t.Errorf("%d candidates, %d refused, asked %q, %v", len(found.Candidates), len(found.Refused), s.asked, err)
	}
}

// TestFindAsksNoOtherPort gives a page that names a service of its neighbour.
func TestFindAsksNoOtherPort(t *testing.T) {
	neighbour := newSite(t, map[string]string{"/": rss("内网", 11)})
	s := newSite(t, map[string]string{"/": "<html>" + link("内网", neighbour.URL+"/"), "/feed": rss("县域金融", 11)})
	found, err := s.find(t, "/")
	if err != nil || found.Candidates[0].Title != "县域金融" {
		t.Errorf("%+v, %v", found, err)
	}
	if len(neighbour.asked) > 0 {
		t.Errorf("the neighbour was asked for %q", neighbour.asked)
	}
}

func TestFindGuesses(t *testing.T) {
	s := newSite(t, map[string]string{"/列表/index.html": "to /列表/x.html", "/列表/x.html": "<html>没有链接", "/feed.xml": rss("县域金融", 11), "/index.xml": rss("一样", 11)})
	found, err := s.find(t, "/列表/index.html")
	if err != nil || len(found.Candidates) != 1 || found.Candidates[0].URL != s.URL+"/feed.xml" {
		t.Errorf("%+v, %v", found, err)
	}
	want := []string{"/列表/index.html", "/列表/x.html", "/feed", "/rss.xml", "/feed.xml"}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("asked -want +got:\n%s", diff)
	}
}

// TestFindFollowsLinks gives pages that name no feed in their head, and link to some: to the first three of the site, and
// to none of another.
func TestFindFollowsLinks(t *testing.T) {
	s := newSite(t, map[string]string{
		"/": `<html><title>县域金融网</title><a href="http://127.0.0.2/rss">友情链接 RSS</a><a href="/comments/feed">评论</a><a href="/#rss">RSS</a>` +
			`<a href="/dingyue">订阅</a><a href="/map.html">RSS 地图</a><a href="/finance_rss.xml">财经</a>`,
		"/finance_rss.xml": rss("财经", 11), "/dingyue": rss("要闻", 12), "/map.html": "<html>没有", "/comments/feed": rss("评论"),
		"/feed": rss("不该猜的", 11),
	})
	found, err := s.find(t, "/")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range found.Candidates {
		got = append(got, c.Title+" "+strings.TrimPrefix(c.URL, s.URL))
	}
	if diff := cmp.Diff([]string{"财经 /finance_rss.xml", "要闻 /dingyue"}, got); diff != "" {
		t.Errorf("candidates -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/", "/finance_rss.xml", "/dingyue", "/map.html"}, s.asked); diff != "" {
		t.Errorf("asked -want +got:\n%s", diff)
	}
}

// TestFindAsksNoMoreOfAWall gives pages that stand in the place of others.
func TestFindAsksNoMoreOfAWall(t *testing.T) {
	for _, title := range []string{"安全验证", "用户登录 - 县域金融网", "403 Forbidden", "503 Service Temporarily Unavailable", "Just a moment..."} {
		s := newSite(t, map[string]string{"/": "<html><title>" + title + "</title>", "/feed": rss("不该猜的", 11)})
		_, err := s.find(t, "/")
		if err == nil || !strings.Contains(err.Error(), "keeps out who is not known") || !strings.Contains(err.Error(), title) {
			t.Errorf("%s: got error %v", title, err)
		}
		if !slices.Equal(s.asked, []string{"/"}) {
			t.Errorf("%s: asked %q", title, s.asked)
		}
	}
}

func TestSameSite(t *testing.T) {
	for address, want := range map[string]bool{
		"http://county.example/rss": true, "https://rss.county.example/": true, "https://www.county.example:8080/": true,
		"https://example/": false, "https://othercounty.example/": false, "https://county.example.evil.example/": false, "mailto:a@county.example": false,
	} {
		if got := sameSite("https://www.county.example/", address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if !sameSite("https://news.county.example/", "https://county.example/rss") {
		t.Error("the site's own root is another site")
	}
}

func TestFindNothing(t *testing.T) {
	s := newSite(t, map[string]string{"/page/list": "<html><title>新闻列表</title></html>", "/api": `{"code":403,"message":"禁止"}`, "/text": "没有"})
	_, err := s.find(t, "/page/list")
	if err == nil || len(s.asked) != 1+len(usual) {
		t.Fatalf("asked %q, %v", s.asked, err)
	}
	for _, want := range []string{"新闻列表", "/feed: http: 404", "/feed.xml", "kind page", "selectors"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q:\n%v", want, err)
		}
	}
	for path, want := range map[string]string{"/api": "kind json", "/text": "no feed at", "/none": "404"} {
		if _, err := s.find(t, path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", path, err, want)
		}
	}
}

func TestFindIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client, err := fetch.New(fetch.Options{UserAgent: "finews/test"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Find(ctx, client, april, feeds.Source{Kind: feeds.KindFeed, URL: "https://county.example/"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

// A network that the operator opened to finews is not open to what a public page names, nor to what lies beside it.
func TestPublicPageDoesNotLeadIntoTheIntranet(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Host)
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<html><link rel="alternate" type="application/rss+xml" title="内网公告" href="http://10.1.2.3/rss.xml"></html>`)
	}))
	defer proxy.Close()
	client, err := fetch.New(fetch.Options{
		Network:   feeds.Network{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}, Proxy: proxy.URL},
		UserAgent: "finews/test",
		Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("no name server")
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdle()
	found, err := Find(t.Context(), client, april, feeds.Source{Name: "新来源", Kind: feeds.KindFeed, URL: "http://county.example/", Location: time.UTC, MaxItems: 500, MaxBytes: 1 << 20})
	if err == nil || len(asked) == 0 || slices.Contains(asked, "10.1.2.3") {
		t.Errorf("asked %q, found %+v, %v", asked, found, err)
	}
}
