package parse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

const small = `<rss version="2.0"><channel><title>农信</title><item><title>%s</title><guid>1</guid></item></channel></rss>`

func TestCharsetIsFoundWhateverTheLabelSays(t *testing.T) {
	const title = "农商行支农再贷款"
	plain := fmt.Sprintf(small, title)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string]parse.Document{
		"utf-8":                {Body: []byte(plain)},
		"utf-8 under gb2312":   {Body: []byte(`<?xml version="1.0" encoding="gb2312"?>` + plain)},
		"utf-8 with mark":      {Body: []byte("\xef\xbb\xbf" + plain)},
		"gbk":                  {Body: []byte(`<?xml version="1.0" encoding="GBK"?>` + gbk)},
		"gbk under utf-8":      {Body: []byte(`<?xml version="1.0" encoding="utf-8"?>` + gbk)},
		"gbk without label":    {Body: []byte(gbk)},
		"gbk by header":        {Body: []byte(gbk), ContentType: "text/xml; charset=gb2312"},
		"gbk, header at odds":  {Body: []byte(`<?xml version="1.0" encoding="gbk"?>` + gbk), ContentType: "text/xml; charset=utf-8"},
		"gbk, unknown charset": {Body: []byte(`<?xml version="1.0" encoding="klingon"?>` + gbk)},
	} {
		result, err := parse.Feed(source(), doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := result.Items[0].Title; got != title {
			t.Errorf("%s: title %q, want %q", name, got, title)
		}
	}
}

func TestWhatIsNotXMLIsDropped(t *testing.T) {
	for dirty, want := range map[string]string{
		"农\x00信\x08社": "农信社", "农&#1;信&#x1F;社": "农信社", "农\uFFFE信": "农信", "&#20892;信": "农信", "农\xff信": "农\uFFFD信",
	} {
		s := source()
		s.Charset = "utf-8"
		result, err := parse.Feed(s, parse.Document{Body: fmt.Appendf(nil, small, dirty)})
		if err != nil {
			t.Errorf("%q: %v", dirty, err)
		} else if got := result.Items[0].Title; got != want {
			t.Errorf("%q: title %q, want %q", dirty, got, want)
		}
	}
}

// TestRefused shows what the guard keeps from the parser: each of these costs it minutes, or the process.
func TestRefused(t *testing.T) {
	manyNamespaces := "<rss" + strings.Repeat(` xmlns:a="b"`, 70) + "/>"
	nestedNamespaces := "<rss>" + strings.Repeat(`<a xmlns:a="b" xmlns:b="c">`, 40)
	for name, c := range map[string]struct{ body, want string }{
		"empty":             {" \n", "the body is empty"},
		"nesting":           {"<rss>" + strings.Repeat("<x>", 2_000_000), "nesting over 256 at byte"},
		"namespaces":        {manyNamespaces, "more than 64 namespace declarations"},
		"nested namespaces": {nestedNamespaces, "more than 64 namespace declarations"},
		"long tag":          {"<rss a='" + strings.Repeat("a", 100_000) + "'>", "a tag of more than"},
		"entities":          {`<!DOCTYPE r [<!ENTITY a "a">]><rss/>`, "a DOCTYPE with declarations of its own"},
		"page":              {"<!DOCTYPE html><html><title>请登录</title></html>", `titled "请登录"`},
		"JSON error":        {`{"code":403}`, "JSON without a JSON Feed version"},
		"JSON nesting":      {strings.Repeat(`{"a":[`, 200), "nesting over 256"},
		"JSON null":         {`{"version":"https://jsonfeed.org/version/1","items":[null]}`, "panicked"},
		"empty rss":         {"<rss/>", "not a feed: no title"},
		"garbage":           {"农信", "not a feed"},
		"torn":              {`<rss version="2.0"><channel><title>农信</title><item>`, "the feed is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse.Feed(source(), parse.Document{Body: []byte(c.body)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %.300v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestDeclarationsOfSiblingsDoNotAddUp(t *testing.T) {
	item := `<item><title>农信</title><x:div xmlns:x="http://www.w3.org/1999/xhtml"></x:div></item>`
	body := `<rss version="2.0"><channel><title>农信</title>` + strings.Repeat(item, 200) + `</channel></rss>`
	result, err := parse.Feed(source(), parse.Document{Body: []byte(body)})
	if err != nil || len(result.Items) != 200 {
		t.Errorf("%d items, %v: an ordinary feed was refused", len(result.Items), err)
	}
}

func TestNewestItemsAreKept(t *testing.T) {
	var b strings.Builder
	for day := 1; day <= 20; day++ {
		fmt.Fprintf(&b, "<item><title>第%d日</title><pubDate>2022-04-%02d 08:00:00</pubDate></item>", day, day)
	}
	s := source()
	s.MaxItems = 2
	result, err := parse.Feed(s, parse.Document{Body: fmt.Appendf(nil, `<rss version="2.0"><channel><title>农信</title>%s</channel></rss>`, &b)})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Items) != 2 || result.Items[0].Title != "第19日" || len(result.Faults) != 1 {
		t.Errorf("kept %d items, first %q, faults %q", len(result.Items), result.Items[0].Title, result.Faults)
	}
}

func TestPostsOfAMissingFolder(t *testing.T) {
	s := source()
	s.Path = "testdata/nowhere"
	for _, err := range parse.Posts(s) {
		if err == nil || !strings.Contains(err.Error(), "testdata/nowhere") {
			t.Errorf("error %v does not name the folder", err)
		}
	}
}

func TestPostsDoNotFollowLinksOut(t *testing.T) {
	folder := t.TempDir()
	if err := os.Symlink("/etc/hostname", folder+"/2022-04-11-a.md"); err != nil {
		t.Fatal(err)
	}
	s := source()
	s.Path = folder
	if result := readAll(t, s); len(result.Items) != 0 {
		t.Errorf("a link out of the folder was read: %+v", result.Items)
	}
}

// The real posts of the predecessor lie beside the project where they are at hand.
func TestRealPosts(t *testing.T) {
	s := source()
	s.Path = "../../../shared/corpus/posts"
	if _, err := os.Stat(s.Path); err != nil {
		t.Skip("the corpus of real posts is not beside this checkout")
	}
	byName := map[string]feeds.Item{}
	for _, it := range readAll(t, s).Items {
		byName[it.Name] = it
	}
	it := byName["NW202204112338110788"]
	if want := time.Date(2022, 4, 11, 2, 46, 17, 0, time.UTC); !it.Published.Equal(want) || it.Category.Slug != "nongjinwang" {
		t.Errorf("published %v, category %+v", it.Published, it.Category)
	}
	if it.Link != "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202204112338110788" {
		t.Errorf("link %q", it.Link)
	}
	if strings.Contains(it.Body, "返回") {
		t.Error("the navigation links are still in the body")
	}
	if bare := byName["202205262391921712"]; bare.Title != "" || bare.Link != "" || !bare.Published.IsZero() || bare.Body == "" {
		t.Errorf("the post without title and date gave %q %q %v", bare.Title, bare.Link, bare.Published)
	}
}
