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
		"page in capitals":  {"<!DOCTYPE html><HTML><TITLE lang=\"zh\">\n请&#30331;&#24405;\n</TITLE></HTML>", `titled "请登录"`},
		"JSON error":        {`{"code":403}`, "JSON without a JSON Feed version"},
		"JSON nesting":      {strings.Repeat(`{"a":[`, 200), "nesting over 256"},
		"JSON values":       {`{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat("{},", 150_000), "more than 200000 values"},
		"JSON with prolog":  {`<?xml version="1.0"?>{"a":"<rss>"}`, "JSON without a JSON Feed version"},
		"JSON behind junk":  {`&#1;{"version":"https://jsonfeed.org/version/1","a":"<rss>"}`, "not a feed: got"},
		"elements":          {"<rss>" + strings.Repeat("<x/>", 250_000), "more than 200000 elements"},
		"comment":           {"<rss><!--><![CDATA[-->" + strings.Repeat("<x>", 300), "nesting over 256"},
		"quoted comment":    {"<!x '>' '<!--' ><rss>" + strings.Repeat("<x>", 300), "a declaration that is no DOCTYPE"},
		"quoted DOCTYPE":    {"<!DOCTYPE rss '>' '<!--' ><rss>", "a DOCTYPE whose quotes do not end"},
		"late DOCTYPE":      {"<rss><!DOCTYPE rss>", "a declaration that is no DOCTYPE"},
		"second prolog":     {`<rss><?xml encoding="utf-16le"?>`, "an XML declaration within"},
		"empty rss":         {"<rss/>", "not a feed: no title"},
		"garbage":           {"农信", "not a feed"},
		"torn":              {`<rss version="2.0"><channel><title>农信</title><item>`, "the document was cut before its first entry"},
		"damaged":           {`<rss version="2.0"><channel><title>农信</title><item><农 ="信"/></item></channel></rss>`, "the feed is damaged"},
		"tag in a tag":      {`<rss version="2.0"><channel a="<b>"></channel></rss>`, "a < within a tag at byte"},
		"own words":         {`{"code":403,"message":"访问过于频繁，请稍后再试"}`, `JSON without a JSON Feed version, saying "访问过于频繁，请稍后再试"`},
		"list API":          {`{"title":"接口","items":[{"code":1}]}`, "JSON without a JSON Feed version"},
		"long instruction":  {"<rss><?a " + strings.Repeat("农", 1<<20) + "?></rss>", "a comment or an instruction of more than"},
		"end tags":          {"<rss>" + strings.Repeat("</x>", 450_000), "more than 200000 end tags"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse.Feed(source(), parse.Document{Body: []byte(c.body)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %.300v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestAnErrorIsOneSentence(t *testing.T) {
	_, err := parse.Feed(source(), parse.Document{Body: []byte("<html>"), ContentType: "text/html\x1b[2J" + strings.Repeat("农", 500)})
	if err == nil || strings.Contains(err.Error(), "\x1b") || len(err.Error()) > 500 {
		t.Errorf("a type without bound reads %q", err)
	}
}

func TestNullItemsAreDropped(t *testing.T) {
	result, err := parse.Feed(source(), parse.Document{Body: []byte(
		`{"version":"https://jsonfeed.org/version/1","title":"农信","Items":[null,{"id":"1","title":"支农"},null]}`)})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Items) != 1 || result.Items[0].Title != "支农" || len(result.Faults) != 1 || result.Faults[0] != "2 items were null: dropped" {
		t.Errorf("items %+v, faults %q", result.Items, result.Faults)
	}
}

func TestEnclosuresAreBounded(t *testing.T) {
	var list strings.Builder
	for i := range 20 {
		fmt.Fprintf(&list, `,{"url":"https://example.org/农%d.mp3","mime_type":%q}`, i, strings.Repeat("a", 101))
	}
	body := `{"version":"https://jsonfeed.org/version/1","title":"农信","items":[{"id":"1","attachments":[` +
		list.String()[1:] + `]}]}`
	result, err := parse.Feed(source(), parse.Document{Body: []byte(body)})
	if err != nil {
		t.Fatal(err)
	}
	if list := result.Items[0].Enclosures; len(list) != 10 || list[0].Type != "" {
		t.Errorf("%d enclosures, the first of type %q", len(list), list[0].Type)
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
	if result := readAll(t, s); len(result.Items) != 0 || len(result.Faults) != 1 {
		t.Errorf("a link out of the folder: read %+v, said %q", result.Items, result.Faults)
	}
}

func writePost(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(folder+"/"+name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAPostThatIsTooLargeIsUnread(t *testing.T) {
	s := source()
	s.Path, s.MaxBytes = t.TempDir(), 100
	writePost(t, s.Path, "2022-04-11-a.md", "---\ntitle: 农信\n---\n"+strings.Repeat("社", 100))
	writePost(t, s.Path, "2022-04-12-b.md", "农信") // read, and of no use at any poll
	for batch, err := range parse.Posts(s) {
		if err != nil || batch.Unread != 1 || len(batch.Faults) != 2 {
			t.Errorf("unread %d, faults %q, %v", batch.Unread, batch.Faults, err)
		}
	}
}

func TestFolderHashCoversHowTheFolderIsRead(t *testing.T) {
	s := source()
	s.Path = t.TempDir()
	writePost(t, s.Path, "2022-04-11-a.md", "---\ntitle: 农信\n---\n")
	seen := map[string]string{}
	look := func(change string, s feeds.Source) {
		hash, err := parse.FolderHash(s)
		if err != nil {
			t.Fatal(err)
		}
		if before, found := seen[hash]; found {
			t.Errorf("%s: the hash is that of %s", change, before)
		}
		seen[hash] = change
	}
	look("nothing", s)
	more, larger, zone, charset := s, s, s, s
	more.MaxItems, larger.MaxBytes, zone.Location, charset.Charset = 1000, 2<<20, time.UTC, "gb18030"
	look("max_items", more)
	look("max_bytes", larger)
	look("zone", zone)
	look("charset", charset)
	if err := os.Chmod(s.Path+"/2022-04-11-a.md", 0o600); err != nil {
		t.Fatal(err)
	}
	look("mode", s)
}

func TestPostsOfACategoryAgreeOnItsTitle(t *testing.T) {
	s := source()
	s.Path = t.TempDir()
	for name, tags := range map[string]string{"a": "tags: [要闻, 农金网新闻]", "b": "tags: 农金网新闻", "c": "tags: [要闻]", "d": "layout: post"} {
		writePost(t, s.Path, "2022-04-11-"+name+".md", "---\ntitle: 农信\ncategories: nongjinwang\n"+tags+"\n---\n")
	}
	want := map[string]string{"a": "农金网新闻", "b": "农金网新闻", "c": "要闻", "d": "nongjinwang"}
	for _, it := range readAll(t, s).Items {
		if it.Category.Title != want[it.Name] {
			t.Errorf("%s: title %q, want %q", it.Name, it.Category.Title, want[it.Name])
		}
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
