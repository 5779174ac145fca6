package parse_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

func pageSource() feeds.Source {
	s := source()
	s.Kind, s.URL = feeds.KindPage, "https://county.example/news/"
	s.Item = feeds.Fields{List: feeds.Selector{CSS: "li"}, Title: feeds.Selector{CSS: "a"}, Link: feeds.Selector{CSS: "a", Attr: "href"}}
	return s
}

func listSource() feeds.Source {
	s := source()
	s.Kind, s.URL = feeds.KindJSON, "https://county.example/api"
	s.Item = feeds.Fields{List: feeds.Selector{Path: "data.list"}, Title: feeds.Selector{Path: "title"}, Link: feeds.Selector{Path: "url"}}
	return s
}

// openFormatting is 70 KB of markup that a parser makes 100 MB of.
func openFormatting() string {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "<b id=%d>", i)
	}
	return "<p>" + b.String() + strings.Repeat("农<p>", 8_000)
}

func manyAttributes(name string, count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, " a%d", i)
	}
	return "<" + name + b.String() + ">"
}

// TestPagesRefused shows what is kept from the parser of pages, and what came where no list is.
func TestPagesRefused(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"empty":             {" \n", "the body is empty"},
		"log-in":            {"<title>请登录\n后继续</title><form><input type=password></form>", `the selector li (item.list) finds nothing on the page titled "请登录 后继续": look at it in a browser`},
		"only scripts":      {"<li><a href='javascript:;'>农信</a><li class=line>", `1 of 1 items dropped, no link: javascript:;; if the address stands in another attribute, write {css: a, attr: onclick`},
		"title in capitals": {"<!-- <title>不是</title> --><TITLE lang=zh>\n登录 &amp;\n 注册</TITLE><p>", `the page titled "登录 & 注册"`},
		"no title":          {"<p>系统维护中", "on a page without a title"},
		"JSON":              {`{"code":403}`, "on a page without a title"},
		"barren items":      {"<title>导航</title><ul><li><li class=line></ul>", `item.title and item.link find nothing in any of 2 items on the page titled "导航"`},
		"million nodes":     {strings.Repeat("<li>农", 500_000), "more than 100000 elements and texts"},
		"depth":             {strings.Repeat("<div>", 100_000), "512"},
		"siblings":          {strings.Repeat("<li>", 20_000), "holds more than 10000 elements and texts"},
		"formatting":        {openFormatting(), "much of its formatting is never closed"},
		"deep text":         {strings.Repeat("<div>", 200) + strings.Repeat("农", 1<<20), "its text lies 203 elements deep"},
		"closed in cells":   {strings.Replace(openFormatting(), "农<p>", "<table><td>"+strings.Repeat("</b>", 400)+"</table>农<p>", 1), "much of its formatting is never closed"},
		"attributes":        {manyAttributes("p", 600), "a tag has more than 500 attributes"},
		"roots":             {strings.Repeat("<html a>", 20), "it begins more than 8 times"},
		"items in items":    {strings.Repeat("<section>", 50) + strings.Repeat("<p>农</p>", 4_000), "lie inside one another"},
	} {
		t.Run(name, func(t *testing.T) {
			s := pageSource()
			if name == "items in items" {
				s.Item.List.CSS = "section"
			}
			_, err := parse.Page(s, parse.Document{Body: []byte(c.body), URL: s.URL, At: asked})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %.300v, want one that says %q", err, c.want)
			}
		})
	}
}

// allocated returns how many MiB a function allocates.
func allocated(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) >> 20
}

// TestDrawingsHideNothing holds what a page costs whose formatting stands in a drawing. A tokenizer takes it for the text of
// a style sheet; the parser knows that in a drawing it is none.
func TestDrawingsHideNothing(t *testing.T) {
	s := pageSource()
	body := "<svg><STYLE>" + openFormatting() + "</style><li><a href=1>农信</a>"
	used := allocated(func() {
		result, err := parse.Page(s, parse.Document{Body: []byte(body), URL: s.URL, At: asked})
		if err != nil || len(result.Items) != 1 {
			t.Errorf("%d items, %v", len(result.Items), err)
		}
	})
	if used > 20 {
		t.Errorf("%d MiB for a page of %d KiB", used, len(body)>>10)
	}
}

// TestLongTitlesAndAttributesAreShortened reads a page that takes the extractor ten seconds, and many times its size, as it is.
func TestLongTitlesAndAttributesAreShortened(t *testing.T) {
	full := source()
	full.Body = feeds.BodyRules{Follow: true, FullText: true}
	body := "<title>" + strings.Repeat(" | -", 1<<20) + "</title><h1>农</h1><p class='" + strings.Repeat("comment ", 1<<19) + "'>" + strings.Repeat("春耕时节，农商行送贷下乡。", 20)
	used := allocated(func() {
		item, err := parse.Body(full, listed(), parse.Document{Body: []byte(body), URL: "https://county.example/1", At: asked})
		if err != nil || !strings.Contains(item.Body, "送贷下乡") {
			t.Errorf("%.100q, %v", item.Body, err)
		}
	})
	if used > 130 {
		t.Errorf("%d MiB for a page of %d MiB", used, len(body)>>20)
	}
}

// TestListsRefused shows what came where no list of records is, and what is kept from the reader of JSON.
func TestListsRefused(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"empty":          {"\ufeff \n", "the body is empty"},
		"refusal":        {`{"code":403,"message":"权限不足","data":null}`, "no list at data.list: the answer has code: 403, message: 权限不足, data"},
		"one record":     {`{"data":{"list":{"total":3,"rows":[]}}}`, "no list at data.list: what stands there has total, rows"},
		"array":          {`[1,2]`, "no list at data.list: the answer is a list"},
		"text":           {`{"data":{"list":"农"}}`, "no list at data.list: the answer has data"},
		"strangers":      {`{"data":{"list":[{"name":"农"},{}]}}`, "item.title and item.link find nothing in any of 2 records of data.list: the first one has name"},
		"page":           {"<!DOCTYPE html><title>请登录</title>", `not JSON: got a document without a type, titled "请登录"`},
		"torn":           {`{"data":{"list":[{"title":"农`, "damaged or cut off"},
		"two":            {`{"data":{}}{"data":{}}`, "damaged or cut off"},
		"nesting":        {strings.Repeat("[", 1_000_000), "nesting over 256"},
		"nesting call":   {"cb(" + strings.Repeat(`{"a":`, 1_000_000), "nesting over 256"},
		"values":         {`{"data":{"list":[` + strings.Repeat("{},", 150_000) + "{}]}}", "more than 200000 values"},
		"empty, refused": {`{"code":403,"msg":"无权限","data":{"list":[]}}`, `the list at data.list is empty, and the answer says code: "403", msg: "无权限"`},
		"empty, status":  {`{"status":"fail","message":"签名过期","data":{"list":{}}}`, `status: "fail", message: "签名过期"`},
		"scripts":        {`{"data":{"list":[{"title":"农","url":"javascript:;"},{}]}}`, "1 of 2 items dropped, no link: javascript:;"},
		"escapes":        {`{"\u001b[2J":"` + strings.Repeat("农", 1000) + `"}`, `the answer has \x1b[2J`},
	} {
		t.Run(name, func(t *testing.T) {
			s := listSource()
			_, err := parse.List(s, parse.Document{Body: []byte(c.body), URL: s.URL, At: asked})
			if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("error %.300v, want one that says %q", err, c.want)
			}
		})
	}
}

// TestAnEmptyListIsNoError: an API that says that all is well, in its own words, may have nothing to list.
func TestAnEmptyListIsNoError(t *testing.T) {
	s := listSource()
	for _, answer := range []string{`"code":0,"msg":"x"`, `"code":"00000","msg":"x"`, `"code":200,"msg":"x"`, `"status":"OK","msg":"x"`, `"code":1,"msg":"操作成功"`, `"code":1`, `"msg":"x"`} {
		result, err := parse.List(s, parse.Document{Body: []byte(`{` + answer + `,"data":{"list":[]}}`), URL: s.URL, At: asked})
		if err != nil || len(result.Items) != 0 || len(result.Faults) != 1 || result.Faults[0] != "the list is empty" {
			t.Errorf("%s: %q, %v", answer, result.Faults, err)
		}
	}
}

func TestBodiesRefused(t *testing.T) {
	css, path, full := pageSource(), listSource(), source()
	css.Body = feeds.BodyRules{Follow: true, CSS: "div.article"}
	path.Body = feeds.BodyRules{URL: "https://county.example/text?id={id}", Path: "data.content"}
	full.Body = feeds.BodyRules{Follow: true, FullText: true}
	for name, c := range map[string]struct {
		source     feeds.Source
		body, want string
	}{
		"css":        {css, "<title>页面不存在</title><div class=article> </div>", `the selector div.article (body.css) finds nothing on the page titled "页面不存在"`},
		"path":       {path, `{"msg":"无此文章","data":{}}`, "no text at data.content (body.path): the answer has msg: 无此文章, data"},
		"no article": {full, "<title>登录</title><a href=/>首页</a>", "no article was found on the page"},
		"PDF":        {full, "%PDF-1.4 " + strings.Repeat("农商行年报。", 50), "not a page: got application/pdf"},
		"nodes":      {full, strings.Repeat("<div><p>农</div>", 9_000), "too many to look for an article"},
		"depth":      {full, strings.Repeat("<div>", 200) + "农", "too deep to look for an article"},
	} {
		t.Run(name, func(t *testing.T) {
			item, err := parse.Body(c.source, listed(), parse.Document{Body: []byte(c.body), URL: "https://county.example/1", At: asked})
			if err == nil || !strings.Contains(err.Error(), c.want) || item.Body != "" {
				t.Errorf("error %.300v, want one that says %q; body %q", err, c.want, item.Body)
			}
		})
	}
}

func TestBodyAddressRefused(t *testing.T) {
	for name, c := range map[string]struct {
		rules feeds.BodyRules
		item  feeds.Item
		want  string
	}{
		"no link":  {feeds.BodyRules{Follow: true}, feeds.Item{}, "the item has no link"},
		"no id":    {feeds.BodyRules{URL: "https://county.example/{id}"}, feeds.Item{Link: "https://county.example/1"}, "the item has no id"},
		"a script": {feeds.BodyRules{URL: "{link}?x={id}"}, feeds.Item{GUID: "1", Link: "javascript:alert(1)"}, "no web address"},
		"a host":   {feeds.BodyRules{URL: "https://{id}/text"}, feeds.Item{GUID: "evil.example/?"}, "no web address"},
		"a login":  {feeds.BodyRules{URL: "https://county.example{id}/"}, feeds.Item{GUID: "@evil.example"}, "no web address"},
	} {
		address, err := parse.BodyAddress(feeds.Source{Body: c.rules}, c.item)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q, error %v, want one that says %q", name, address, err, c.want)
		}
	}
}

// TestItemsOfALongListAreBounded reads a page of more items than are kept, and values without end.
func TestItemsOfALongListAreBounded(t *testing.T) {
	s := pageSource()
	s.MaxItems = 500
	items := strings.Repeat(`<li><a href=1>农信`+strings.Repeat("社", 20)+`</a>`, 4_000)
	result, err := parse.Page(s, parse.Document{Body: []byte("<ul>" + items), URL: s.URL, At: asked})
	if err != nil || len(result.Items) != 500 || len(result.Faults) != 1 || !strings.Contains(result.Faults[0], "4000 items, of which the first 500 were read") {
		t.Errorf("%d items, faults %q, %v", len(result.Items), result.Faults, err)
	}
	long := strings.Repeat("农", 2<<20)
	result, err = parse.Page(s, parse.Document{Body: []byte(`<li><a href="/1">` + long + `<b>` + long + `</a>`), URL: s.URL, At: asked})
	if err != nil || len(result.Items[0].Title) > 17<<10 {
		t.Errorf("title of %d bytes, %v", len(result.Items[0].Title), err)
	}
	l := listSource()
	result, err = parse.List(l, parse.Document{Body: []byte(`{"data":{"list":[{"title":"` + long + `","url":"/1"}]}}`), URL: l.URL, At: asked})
	if err != nil || len(result.Items[0].Title) > 17<<10 {
		t.Errorf("title of %d bytes, %v", len(result.Items[0].Title), err)
	}
}

// TestNextPage follows a list to its next page, and nowhere else.
func TestNextPage(t *testing.T) {
	for href, want := range map[string]string{
		"?page=2#list":                           "https://county.example/news/?page=2",
		"list_2.html":                            "https://county.example/news/list_2.html",
		"https://COUNTY.example/news/3":          "https://COUNTY.example/news/3",
		"#":                                      "",
		"":                                       "",
		"https://county.example/news/#top":       "",
		"javascript:next()":                      "",
		"https://other.example/news/2":           "",
		"https://county.example:8443/news/2":     "",
		"https://user:pass@county.example/news/": "",
	} {
		s := pageSource()
		s.Next = feeds.NextRules{CSS: "a.next", Pages: 3}
		body := fmt.Sprintf(`<li><a href="1.html">农信</a></li><a class=next href="%s">下一页</a>`, href)
		result, err := parse.Page(s, parse.Document{Body: []byte(body), URL: s.URL, At: asked})
		if err != nil || result.Next != want {
			t.Errorf("%q leads to %q, %v; want %q", href, result.Next, err, want)
		}
	}
}

// FuzzPage holds that no page makes the parser panic or gives more than is asked for, as a list and as an article.
func FuzzPage(f *testing.F) {
	for _, pattern := range []string{"testdata/page/*.html", "testdata/article/*.html", "testdata/body/*.html"} {
		for _, file := range files(f, pattern) {
			f.Add(content(f, file))
		}
	}
	f.Add([]byte("<svg><style><p><b><i id=1><table><td>农</b><p>信"))
	list := pageSource()
	list.MaxItems, list.Next.CSS = 10, "a"
	full := source()
	full.Body = feeds.BodyRules{Follow: true, FullText: true}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc := parse.Document{Body: body, URL: list.URL, At: asked}
		result, err := parse.Page(list, doc)
		checkRead(t, result, err, list.MaxItems)
		if item, err := parse.Body(full, listed(), doc); err != nil && strings.Contains(err.Error(), "panicked") || err == nil && item.Body == "" {
			t.Fatalf("body %q, %v", item.Body, err)
		}
	})
}

// FuzzList holds the same of JSON.
func FuzzList(f *testing.F) {
	for _, pattern := range []string{"testdata/list/*.json", "testdata/body/*.json"} {
		for _, file := range files(f, pattern) {
			f.Add(content(f, file))
		}
	}
	list := listSource()
	list.MaxItems, list.Item.List.Path = 10, "@this"
	list.Item.Summary.Template = "{a.@values.0}{b.#(c==1)#|@flatten}"
	list.Body = feeds.BodyRules{URL: "https://county.example/{id}", Path: "@flatten"}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc := parse.Document{Body: body, URL: list.URL, At: asked}
		result, err := parse.List(list, doc)
		checkRead(t, result, err, list.MaxItems)
		if item, err := parse.Body(list, listed(), doc); err != nil && strings.Contains(err.Error(), "panicked") || err == nil && item.Body == "" {
			t.Fatalf("body %q, %v", item.Body, err)
		}
	})
}

func checkRead(t *testing.T, result parse.Result, err error, limit int) {
	t.Helper()
	if err != nil && (strings.Contains(err.Error(), "panicked") || len(err.Error()) > 2000) {
		t.Fatalf("error %.500v", err)
	}
	if len(result.Items) > limit {
		t.Fatalf("%d items", len(result.Items))
	}
	for _, item := range result.Items {
		if item.Title == "" && item.Link == "" {
			t.Fatalf("item %+v", item)
		}
		for _, address := range []string{item.Link, item.Image, result.Next} {
			if _, ok := feeds.WebAddress("", address); address != "" && !ok {
				t.Fatalf("address %q", address)
			}
		}
	}
}

func files(t testing.TB, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return found
}
