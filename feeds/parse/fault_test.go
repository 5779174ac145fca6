package parse_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

func read(t *testing.T, body string) parse.Result {
	t.Helper()
	result, err := parse.Read(source(), parse.Document{Body: []byte(body), URL: "https://county.example/feeds/a.xml"})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestFault24NotAFeed: whatever else a server sends with status 200 is an error that shows what came.
func TestFault24NotAFeed(t *testing.T) {
	for name, c := range map[string]struct{ contentType, body, want string }{
		"log-in page": {"text/html; charset=utf-8", "<!DOCTYPE html><html><head><title>请登录</title>", `not a feed: got "text/html; charset=utf-8", titled "请登录"`},
		"firewall":    {"text/html", "<script>var a='农';</script>", `not a feed: got "text/html"`},
		"JSON":        {"application/json", `{"code":403}`, `starting "{\"code\":403}"`},
		"JSON word":   {"application/json", `{"code":403,"msg":"禁止访问"}`, `saying "禁止访问"`},
		"JSON inner":  {"application/json", `{"error":{"message":"配额已满"}}`, `saying "配额已满"`},
		"JSON list":   {"application/json", `[{"title":"农信"}]`, `not a feed: got "application/json"`},
		"no feed":     {"text/xml", "<rss/>", "not a feed: no title, no link and no items"},
		"nothing":     {"text/xml", "", "the body is empty"},
		"space":       {"text/xml", "\ufeff \r\n", "the body is empty"},
	} {
		result, err := parse.Read(source(), parse.Document{Body: []byte(c.body), ContentType: c.contentType})
		if err == nil || !strings.Contains(err.Error(), c.want) || len(result.Items) > 0 {
			t.Errorf("%s: error %v, want one that says %s", name, err, c.want)
		}
	}
}

// TestFault26CutDocument cuts each document of testdata/feed at every byte, and a long one at every seventh. What is read is the start of what the whole
// document gives, and says that it is torn; or nothing whole came, and it is an error.
func TestFault26CutDocument(t *testing.T) {
	files, _ := filepath.Glob("testdata/feed/*[lfn]")
	for _, file := range files {
		if strings.HasSuffix(file, ".golden") {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			cutEverywhere(t, bytes.TrimSpace(body))
		})
	}
}

func cutEverywhere(t *testing.T, body []byte) {
	whole := read(t, string(body))
	if whole.Torn {
		t.Fatal("the whole document is torn")
	}
	most, step := 0, 1
	if len(body) > 1000 {
		step = 7
	}
	for size := 0; size < len(body); size += step {
		result, err := parse.Read(source(), parse.Document{Body: body[:size], URL: "https://county.example/feeds/a.xml"})
		if err != nil {
			if size > 0 && !strings.Contains(err.Error(), "cut before its first entry") && !strings.Contains(err.Error(), "not a feed: ") {
				t.Fatalf("cut at byte %d: %v", size, err)
			}
			continue
		}
		if !result.Torn {
			if len(result.Items) != len(whole.Items) {
				t.Fatalf("cut at byte %d, it gives %d of %d items and is not torn", size, len(result.Items), len(whole.Items))
			}
			continue // only what follows the root was cut
		}
		if want := fmt.Sprintf("the document ends at byte %d ", size); len(result.Faults) == 0 || !strings.HasPrefix(result.Faults[0], want) {
			t.Fatalf("cut at byte %d, it says %q", size, result.Faults)
		}
		if len(result.Items) < most {
			t.Fatalf("cut at byte %d, it gives %d items, and %d at an earlier one", size, len(result.Items), most)
		}
		most = len(result.Items)
		for i, item := range result.Items {
			if item.Digest() != whole.Items[i].Digest() {
				t.Fatalf("cut at byte %d, item %d is\n%+v\nand not\n%+v", size, i, item, whole.Items[i])
			}
		}
	}
	if most == 0 {
		t.Error("no cut left an item")
	}
}

// TestFault26CutInAnotherCharset cuts documents in the middle of their characters.
func TestFault26CutInAnotherCharset(t *testing.T) {
	const item = "<item><title>农商行支农再贷款</title><guid>1</guid></item>"
	text := `<rss version="2.0"><channel><title>农信</title>` + item + "<item><title>下一条，被截断</title></item></channel></rss>"
	for name, codec := range map[string]encoding.Encoding{
		"gbk": simplifiedchinese.GBK, "big5": traditionalchinese.Big5, "utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	} {
		body, err := encoding.ReplaceUnsupported(codec.NewEncoder()).Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s := source()
		s.Charset = name
		for cut := 20; cut < 58; cut++ {
			result, err := parse.Read(s, parse.Document{Body: body[:len(body)-cut]})
			if err != nil || !result.Torn || len(result.Items) == 0 || !strings.HasSuffix(result.Items[0].Title, "再贷款") && name != "big5" {
				t.Fatalf("%s, %d bytes short: torn %v, %d items, %v", name, cut, result.Torn, len(result.Items), err)
			}
		}
	}
}

// TestFault26EveryTwentieth cuts a longer document at every 5 %.
func TestFault26EveryTwentieth(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "<item><title>第%d条：农商行支农</title><guid>%d</guid><description>支农再贷款</description></item>\n", i, i)
	}
	body := `<rss version="2.0"><channel><title>农信</title>` + b.String() + `</channel></rss>`
	for percent := 5; percent < 100; percent += 5 {
		size := len(body) * percent / 100
		result := read(t, body[:size])
		want := strings.Count(body[:size], "</item>")
		if !result.Torn || len(result.Items) != want {
			t.Errorf("at %d %%: torn %v, %d items, want %d", percent, result.Torn, len(result.Items), want)
		}
		if got := result.Items[want-1].Title; got != fmt.Sprintf("第%d条：农商行支农", want-1) {
			t.Errorf("at %d %%: the last title is %q", percent, got)
		}
	}
}

func TestWhatIsNotCutIsNotTorn(t *testing.T) {
	const item = `<item><title>农信</title><guid>1</guid></item>`
	for name, body := range map[string]string{
		"junk":            `<rss><channel>` + item + `</channel></rss><!-- 未完 <script`,
		"second root":     `<rss><channel>` + item + `</channel></rss><rss><channel>`,
		"unclosed tags":   `<rss><channel><item><title>农信</title><description><p>段落<br></description></item></channel></rss>`,
		"JSON, junk":      `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"农信"}]} {"a":`,
		"root in comment": `<rss><channel>` + item + `<!-- </rss> --></channel></rss>`,
	} {
		if result := read(t, body); result.Torn || len(result.Items) != 1 || result.Items[0].Title != "农信" {
			t.Errorf("%s: torn %v, %+v", name, result.Torn, result.Items)
		}
	}
	for name, body := range map[string]string{
		"unclosed comment": `<rss><channel>` + item + `<!-- <item></item></channel></rss>`,
		"unclosed CDATA":   `<rss><channel>` + item + `<item><title><![CDATA[农</title></item></channel></rss>`,
		"unclosed, prefix": `<a:rss><channel>` + item + `<!-- <item></item></channel></a:rss>`,
		"unclosed value":   `<rss><channel>` + item + `<item><link href="农></item></channel></rss>`,
		"JSON, comma":      `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},,{"id":"2"}]}`,
		"JSON, quote":      `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"2,"title":"农"}]}`,
	} {
		result, err := parse.Read(source(), parse.Document{Body: []byte(body)})
		if err == nil || !strings.Contains(err.Error(), "the feed is damaged") || result.Torn {
			t.Errorf("%s: torn %v, error %v", name, result.Torn, err)
		}
	}
}

// TestFault30Entities: nothing is expanded, and no file is read.
func TestFault30Entities(t *testing.T) {
	for name, body := range map[string]string{
		"billion laughs": `<!DOCTYPE rss [<!ENTITY a "农农"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>`,
		"file":           `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss><channel><title>&a;</title></channel></rss>`,
	} {
		if _, err := parse.Read(source(), parse.Document{Body: []byte(body)}); err == nil || !strings.Contains(err.Error(), "a DOCTYPE with declarations of its own") {
			t.Errorf("%s: %v", name, err)
		}
	}
	result := read(t, `<rss><channel><item><title>&a;农信</title></item></channel></rss>`)
	if got := result.Items[0].Title; got != "&a;农信" {
		t.Errorf("an entity that is nowhere declared reads %q", got)
	}
}

// refusedSoon reads what has to be refused, which takes milliseconds; unguarded, each of these takes minutes, or the
// process.
func refusedSoon(t *testing.T, name, body, want string) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := parse.Read(source(), parse.Document{Body: []byte(body)})
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %.200v, want an error that says %q", name, err, want)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("%s: not refused in 5 seconds", name)
	}
}

func TestFault31Depth(t *testing.T) {
	refusedSoon(t, "elements", "<rss>"+strings.Repeat("<x>", 2_000_000), "nesting over 256 at byte")
	refusedSoon(t, "arrays", `{"version":`+strings.Repeat("[", 2_000_000), "nesting over 256 at byte")
}

func TestFault32Bombs(t *testing.T) {
	const start, end = "<rss><channel><title>农信</title><item><x:a>", "</x:a></item></channel></rss>"
	for name, c := range map[string][2]string{
		"8,000 xmlns on one":   {"<rss" + strings.Repeat(` xmlns:a="b"`, 8_000) + ">", "a tag of more than"},
		"8,000 xmlns":          {"<rss>" + strings.Repeat(`<a xmlns:b="c">`, 8_000), "more than 64 namespace"},
		"100k attributes":      {"<rss" + strings.Repeat(" a='b'", 100_000) + ">", "a tag of more than"},
		"name of 10 MB":        {"<rss><" + strings.Repeat("a", 10<<20) + "></rss>", "a tag of more than"},
		"name of an end tag":   {"<rss></" + strings.Repeat("a", 10<<20) + "></rss>", "a tag of more than"},
		"comment of 10 MB":     {"<rss><!--" + strings.Repeat("a", 10<<20) + "--></rss>", "not a feed"},
		"text in pieces":       {start + strings.Repeat("<![CDATA[aaaaaaaaaa]]>", 300_000) + end, "text in too many pieces"},
		"text between tags":    {start + strings.Repeat(strings.Repeat("农", 30)+"<b/>", 90_000) + end, "text in too many pieces"},
		"comments without end": {start + strings.Repeat("a<!---->", 900_000) + strings.Repeat("<!-- ", 100_000), "cut before its first entry"},
		"a million JSON items": {`{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat("{},", 1_000_000), "more than 200000 values"},
	} {
		refusedSoon(t, name, c[0], c[1])
	}
}

// TestFault32MarkupIsNotParsed: an Atom text of a few hundred KB, of which an HTML parser makes millions of elements.
func TestFault32MarkupIsNotParsed(t *testing.T) {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, `<b a="%d"/>`, i)
	}
	bomb := "<p/>" + b.String() + strings.Repeat("<p/>x", 20_000)
	for _, kind := range []string{"xhtml", "html", " HTML ", "application/xhtml+xml"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		body := `<feed xmlns="http://www.w3.org/2005/Atom"><title>农信</title><entry><id>1</id><content type="` + kind + `">` + bomb + `</content></entry></feed>`
		if result := read(t, body); len(result.Items) != 1 || !strings.HasPrefix(result.Items[0].Body, "<p/><b") {
			t.Errorf("%s: %d items", kind, len(result.Items))
		}
		runtime.ReadMemStats(&after)
		if taken := (after.TotalAlloc - before.TotalAlloc) >> 20; taken > 64 {
			t.Errorf("%s: %d MB were taken for a text of %d KB", kind, taken, len(bomb)>>10)
		}
	}
}

func TestFault33MillionItems(t *testing.T) {
	refusedSoon(t, "RSS", "<rss><channel>"+strings.Repeat("<item><title>农</title></item>", 300_000), "more than 200000 elements")
	var b strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&b, "<item><title>第%d条</title><pubDate>%s</pubDate></item>", i,
			time.Date(2022, 4, 11, 0, i, 0, 0, time.UTC).Format("Mon, 2 Jan 2006 15:04:05 -0700"))
	}
	result := read(t, "<rss><channel>"+b.String()+"</channel></rss>")
	if len(result.Items) != 500 || result.Items[0].Title != "第1500条" || len(result.Faults) != 1 {
		t.Errorf("%d items, the first %q, faults %q", len(result.Items), result.Items[0].Title, result.Faults)
	}
}

func TestFault34LargeEntry(t *testing.T) {
	text := strings.Repeat("<p>支农再贷款</p>", 300_000)
	for name, body := range map[string]string{
		"RSS":  "<rss><channel><item><title>农信</title><description><![CDATA[" + text + "]]></description></item></channel></rss>",
		"JSON": `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_html":"` + text + `"}]}`,
	} {
		item := read(t, body).Items[0]
		if len(item.Body) > 256<<10 || len(item.Body) < 256<<10-30 || !utf8.ValidString(item.Body) ||
			strings.LastIndex(item.Body, "<") > strings.LastIndex(item.Body, ">") {
			t.Errorf("%s: %d bytes, ending %q", name, len(item.Body), item.Body[len(item.Body)-30:])
		}
		if len(item.Faults) != 1 || !strings.HasPrefix(item.Faults[0], "the body of ") {
			t.Errorf("%s: faults %q", name, item.Faults)
		}
	}
}

// TestFault35Nulls: what is null, or of another type than it should be, costs the feed nothing.
func TestFault35Nulls(t *testing.T) {
	const start = `{"version":"https://jsonfeed.org/version/1.1","title":"农信","items":[`
	for _, item := range []string{
		`{"id":"1","title":"支农","authors":[null]}`, `{"id":"1","title":"支农","authors":null,"author":[null]}`, `{"id":"1","title":"支农","authors":"记者"}`,
		`{"id":"1","title":"支农","attachments":[null]}`, `{"id":"1","title":"支农","attachments":{"url":1}}`, `{"id":"1","title":"支农","attachments":[[]]}`,
		`{"id":"1","title":"支农","tags":[null,{},[],1,true]}`, `{"id":"1","title":"支农","tags":{}}`, `{"id":1,"title":"支农","url":[],"image":{},"summary":5}`,
		`{"id":"1","title":"支农","content_html":null,"content_text":1,"date_published":1649645177,"language":7}`,
		`{"id":"1","title":"支农"},null`, `null,{"id":"1","title":"支农"}`, `5,"a",{"id":"1","title":"支农"}`,
	} {
		result, err := parse.Read(source(), parse.Document{Body: []byte(start + item + `],"hubs":[null,1,{"url":null}],"authors":[null],"expired":"x"}`)})
		if err != nil || len(result.Items) != 1 || result.Items[0].Title != "支农" || result.Items[0].GUID != "1" {
			t.Errorf("%s: %+v, %v", item, result.Items, err)
		}
	}
}

func TestPanicErrorHoldsTheStack(t *testing.T) {
	err := fmt.Errorf("parse: %w", &parse.PanicError{Value: "农\n" + strings.Repeat("信", 500), Stack: []byte("goroutine 1")})
	panicked, ok := errors.AsType[*parse.PanicError](err)
	if !ok || string(panicked.Stack) != "goroutine 1" {
		t.Error("the stack is lost")
	}
	if s := err.Error(); strings.Contains(s, "\n") || len([]rune(s)) > 300 {
		t.Errorf("it reads %q", s)
	}
}

// nothingOver reports the first part of an item that is over its limit.
func nothingOver(item feeds.Item) error {
	long := func(list []string) bool {
		for _, s := range list {
			if len([]rune(s)) > 200 {
				return true
			}
		}
		return false
	}
	switch {
	case len(item.Body) > 256<<10, len(item.Summary) > 256<<10:
		return errors.New("a body")
	case len(item.GUID) > 2<<10, len(item.Link) > 2<<10, len(item.Base) > 2<<10, len(item.Image) > 2<<10, len(item.OutletLink) > 2<<10:
		return errors.New("an address")
	case len([]rune(item.Title)) > 2000, long([]string{item.Outlet}), long(item.Authors), long(item.Tags):
		return errors.New("a text")
	case len(item.Authors) > 20, len(item.Tags) > 50, len(item.Enclosures) > 10:
		return errors.New("a list")
	}
	return nil
}

// TestALongPrologIsRead: gofeed looks for the root element in the first 4 KB alone.
func TestALongPrologIsRead(t *testing.T) {
	comment := "<!--" + strings.Repeat("农", 10_000) + "-->"
	for _, body := range []string{
		comment + `<rss><channel><item><title>支农</title></item></channel></rss>`,
		`<?xml-stylesheet href="a.xsl"?>` + comment + `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>支农</title></entry></feed>`,
	} {
		if result := read(t, body); len(result.Items) != 1 || result.Items[0].Title != "支农" {
			t.Errorf("%.40s: %+v", body, result.Items)
		}
	}
}

// TestForeignItemsDoNotShiftNotes: what the guard notes of the third entry is not given to another where gofeed and the
// guard do not agree on what an entry is.
func TestForeignItemsDoNotShiftNotes(t *testing.T) {
	const entry = `<entry xml:base="%d/"><id>urn:%d</id><title>第%d条</title><link href="a.html"/></entry>`
	body := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="urn:x" xml:base="https://base.example/">` +
		`<x:entry xml:base="x/"><x:id>urn:x</x:id></x:entry>` + fmt.Sprintf(entry, 1, 1, 1) + `<x:item/>` + fmt.Sprintf(entry, 2, 2, 2) + `</feed>`
	for i, item := range read(t, body).Items {
		if want := fmt.Sprintf("https://base.example/%d/a.html", i+1); item.Link != want || item.GUID != fmt.Sprintf("urn:%d", i+1) {
			t.Errorf("item %d: %q, %q", i, item.GUID, item.Link)
		}
	}
	mixed := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://base.example/b/">` +
		`<a:entry><a:id>urn:0</a:id><a:title>前缀</a:title></a:entry>` + fmt.Sprintf(entry, 1, 1, 1) + `</feed>`
	items := read(t, mixed).Items
	if len(items) != 2 || items[0].GUID != "urn:0" || items[1].GUID != "urn:1" || items[1].Link != "https://base.example/b/a.html" {
		t.Errorf("%+v", items)
	}
}
