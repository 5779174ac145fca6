package route

import (
	"os"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

func TestOutlet(t *testing.T) {
	source := feeds.Source{Name: "县域金融"}
	for _, c := range []struct {
		item        feeds.Item
		attribution string
		want        string
	}{
		{feeds.Item{Outlet: "新华网", Authors: []string{"人民网"}}, "农金网", "农金网"},
		{feeds.Item{Outlet: "新华网", Authors: []string{"人民网"}}, "", "新华网"},
		{feeds.Item{Authors: []string{"张三", "农村金融时报"}}, "", "农村金融时报"},
		{feeds.Item{Authors: []string{"张三"}}, " ", "县域金融"},
		{feeds.Item{Outlet: "新华网"}, "记者 张三", "新华网"},
		{feeds.Item{Outlet: "本报记者 张三", Authors: []string{"农民日报记者 李四"}}, "", "农民日报"},
		{feeds.Item{Outlet: "本报"}, "", "县域金融"},
		{feeds.Item{Authors: []string{"新华社"}}, "本网", "新华社"},
		{feeds.Item{Authors: []string{"网", "新闻"}}, "", "县域金融"},
	} {
		if got := Outlet(c.item, c.attribution, source); got != c.want {
			t.Errorf("Outlet(%+v, %q) = %q, want %q", c.item, c.attribution, got, c.want)
		}
	}
}

func TestBylines(t *testing.T) {
	table, err := os.ReadFile("testdata/outlets.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		name, want, found := strings.Cut(strings.TrimSuffix(line, "\n"), " →")
		if !found {
			continue
		}
		if got := withoutByline(name); got != strings.TrimSpace(want) {
			t.Errorf("withoutByline(%q) = %q, want %q", name, got, strings.TrimSpace(want))
		}
	}
	if long := strings.Repeat("农民日报 记者 张三 ", 1000); withoutByline(long) != strings.TrimSpace(long) {
		t.Error("a name without end is searched for a byline")
	}
}

func TestOwn(t *testing.T) {
	for _, c := range []struct {
		name               string
		outlet, link       string
		source, sourceLink string
		want               bool
	}{
		{"itself", "中新网", "https://www.chinanews.com.cn/cj/1.shtml", "中新网财经", "https://www.chinanews.com.cn/rss/finance.xml", true},
		{"another host of its site", "中新网", "http://finance.chinanews.com.cn/1", "中新网财经", "https://rss.chinanews.com.cn/f", true},
		{"scheme, case, port, dot", "ＡＢＣ网", "http://NEWS.Abc.example.:8080/1", "abc网要闻", "https://abc.example/f", true},
		{"named by the source's name", "县域金融网", "https://county.example/1", "县域金融网", "https://county.example/f", true},
		{"a name in Chinese", "农网", "https://www.农网.中国/1", "农网", "https://xn--fiqy0yb1i.xn--fiqs8s/f", false},
		{"the same name in both forms", "农网", "https://新闻.农网.中国/1", "农网", "https://农网.中国/f", true},
		{"passed on", "农民日报", "https://www.chinanews.com.cn/cj/1.shtml", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"links to the outlet", "中新网", "https://www.chinanews.com.cn/cj/1.shtml", "县域金融", "https://county.example/f", false},
		{"claims a name", "人民网", "https://copy.example/1", "转载站", "https://copy.example/f", false},
		{"named after the outlet, read elsewhere", "中新网", "https://www.chinanews.com.cn/1", "中新网财经", "https://hub.example/chinanews", false},
		{"link elsewhere", "中新网", "https://copy.example/1", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"only a public suffix in common", "中新网", "https://evil.com.cn/1", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"other user of a host", "农网", "https://evil.github.io/1", "农网", "https://nong.github.io/f", false},
		{"the suffix itself", "农网", "https://github.io/1", "农网", "https://nong.github.io/f", false},
		{"credentials", "中新网", "https://www.chinanews.com.cn@evil.example/1", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"its name before another's", "中新网", "https://chinanews.com.cn.evil.example/1", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"its name after another's", "中新网", "https://evilchinanews.com.cn/1", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"backslash", "中新网", `https://evil.example\@chinanews.com.cn/1`, "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"look-alike", "中新网", "https://сhinanews.com.cn/1", "中新网财经", "https://chinanews.com.cn/rss", false},
		{"no web address", "中新网", "javascript:alert(1)//chinanews.com.cn", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"neighbours by number", "农网", "http://10.1.0.1/1", "农网", "http://10.2.0.1/f", false},
		{"the same number", "农网", "http://10.1.0.1/1", "农网", "http://10.1.0.1/f", true},
		{"numbers of six", "农网", "http://[2001:db8::1]/1", "农网", "http://[2001:db8::2]/f", false},
		{"no outlet", "", "https://county.example/1", "县域金融网", "https://county.example/f", false},
		{"one character", "县", "https://county.example/1", "县域金融网", "https://county.example/f", false},
		{"a word of every name", "财经", "https://www.chinanews.com.cn/1", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"no link", "中新网", "", "中新网财经", "https://www.chinanews.com.cn/rss", false},
		{"a folder of posts", "旧站", "https://old.example/1", "旧站", "", false},
		{"neither", "旧站", "", "旧站", "", false},
	} {
		entry, source := feeds.Entry{Outlet: c.outlet, Link: c.link}, feeds.Source{Name: c.source, URL: c.sourceLink}
		if got := Own(entry, source); got != c.want {
			t.Errorf("%s: Own is %t (sites %q and %q), want %t", c.name, got, Site(c.link), Site(c.sourceLink), c.want)
		}
	}
}
