package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// published is a small output folder.
var published = map[string]string{
	"index.html":                "<!doctype html><title>金融消息</title>",
	"404.html":                  "<!doctype html><title>没有这个页面</title>",
	"nongjinwang.xml":           `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>农金网新闻</title></channel></rss>`,
	"nongjinwang.atom":          `<feed xmlns="http://www.w3.org/2005/Atom"><title>农金网新闻</title></feed>`,
	"nongjinwang.json":          `{"version":"https://jsonfeed.org/version/1.1","title":"农金网新闻"}`,
	"feed.xml":                  `<feed xmlns="http://www.w3.org/2005/Atom"><title>全部消息</title></feed>`,
	"feeds.opml":                `<opml version="2.0"></opml>`,
	"robots.txt":                "User-agent: *\n",
	"sitemap.xml":               "<sitemapindex/>",
	"sitemap-000001.xml":        "<urlset/>",
	"assets/style.css":          "body { margin: 0 }",
	"category/index.html":       "<title>全部栏目</title>",
	"category/nongjinwang.html": "<title>农金网新闻</title>",
	"nongjinwang/2022/04/11/6f2c1d0e9a8b7c65.html": "<title>敬老专线</title>",
	".secret.html":              "机密",
	".git/config.html":          "机密",
	"nongjinwang/.temp123.html": "机密",
	"finews.db":                 "机密",
	"key.pem":                   "机密",
}

// modified is when the files of the folder were written: no test depends on the clock.
var modified = time.Date(2022, 4, 11, 2, 46, 17, 0, time.UTC)

// publish writes the small output folder.
func publish(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "public")
	for name, content := range published {
		write(t, filepath.Join(root, filepath.FromSlash(name)), content, modified)
	}
	return root
}

func write(t *testing.T, file, content string, at time.Time) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, at, at); err != nil {
		t.Fatal(err)
	}
}

// ask puts one request to a handler over the folder. headers are names and values in turn.
func ask(root, method, target string, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, "/", nil)
	path, query, _ := strings.Cut(target, "?")
	request.URL.Path, request.URL.RawQuery = path, query
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	Handler(Options{Root: root}).ServeHTTP(answer, request)
	return answer
}

func TestTypes(t *testing.T) {
	root := publish(t)
	for path, want := range map[string]string{
		"/":                          "text/html; charset=utf-8",
		"/nongjinwang.xml":           "application/rss+xml; charset=utf-8",
		"/nongjinwang.atom":          "application/atom+xml; charset=utf-8",
		"/nongjinwang.json":          "application/feed+json; charset=utf-8",
		"/feed.xml":                  "application/atom+xml; charset=utf-8",
		"/feeds.opml":                "text/x-opml; charset=utf-8",
		"/robots.txt":                "text/plain; charset=utf-8",
		"/sitemap.xml":               "application/xml; charset=utf-8",
		"/sitemap-000001.xml":        "application/xml; charset=utf-8",
		"/assets/style.css":          "text/css; charset=utf-8",
		"/category/":                 "text/html; charset=utf-8",
		"/category/nongjinwang.html": "text/html; charset=utf-8",
		"/nongjinwang/2022/04/11/6f2c1d0e9a8b7c65.html": "text/html; charset=utf-8",
	} {
		answer := ask(root, "GET", path)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != want {
			t.Errorf("%s: %d %s, not 200 %s", path, answer.Code, answer.Header().Get("Content-Type"), want)
		}
		if answer.Header().Get("X-Content-Type-Options") != "nosniff" || answer.Header().Get("Referrer-Policy") == "" {
			t.Errorf("%s: headers %v", path, answer.Header())
		}
		if answer.Header().Get("Cache-Control") != "public, max-age=300" {
			t.Errorf("%s: Cache-Control %s", path, answer.Header().Get("Cache-Control"))
		}
		name := strings.TrimPrefix(path, "/")
		if strings.HasSuffix(path, "/") {
			name += indexName
		}
		if answer.Body.String() != published[name] {
			t.Errorf("%s: body %q", path, answer.Body)
		}
	}
}

func TestOtherSitesMayReadFeeds(t *testing.T) {
	root := publish(t)
	for path, want := range map[string]string{
		"/nongjinwang.xml": "*", "/nongjinwang.atom": "*", "/nongjinwang.json": "*", "/": "", "/category/nongjinwang.html": "",
	} {
		if got := ask(root, "GET", path).Header().Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: Access-Control-Allow-Origin %q, not %q", path, got, want)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	root := publish(t)
	write(t, filepath.Join(root, "..", "outside.html"), "机密", modified)
	for link, target := range map[string]string{"out.html": "../outside.html", "far.html": "/etc/passwd", "loop.html": "loop.html"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{
		"/nichts.html", "/nongjinwang", "/nongjinwang/", "/nongjinwang/2022/", "/../outside.html", "/category/../index.html",
		"/..", "/.", "/./index.html", "//index.html", "//evil.example/", "/index.html/", "/index.html/x.html", "/index.html\x00", "/\x00",
		`/..\outside.html`, `/category\index.html`, "/.secret.html", "/.git/config.html", "/nongjinwang/.temp123.html",
		"/finews.db", "/key.pem", "/out.html", "/far.html", "/loop.html", "index.html", "*", "",
		"/" + strings.Repeat("x", 300) + ".html", "/" + strings.Repeat("y/", 2000) + "index.html", "/\xff\xfe.html",
	} {
		answer := ask(root, "GET", path)
		if answer.Code != http.StatusNotFound || answer.Body.String() != published["404.html"] {
			t.Errorf("%.60q: %d %q", path, answer.Code, answer.Body)
		}
		if strings.Contains(answer.Body.String(), "机密") {
			t.Errorf("%.60q: gave a secret away", path)
		}
	}
}

func TestNotFoundPage(t *testing.T) {
	root := publish(t)
	answer := ask(root, "HEAD", "/nichts.html")
	if answer.Code != http.StatusNotFound || answer.Body.Len() != 0 {
		t.Errorf("HEAD: %d %q", answer.Code, answer.Body)
	}
	if got := ask(root, "GET", "/nichts.html").Header(); got.Get("Content-Type") != "text/html; charset=utf-8" || got.Get("Cache-Control") != "no-cache" || got.Get("ETag") != "" {
		t.Errorf("headers %v", got)
	}
	if err := os.Remove(filepath.Join(root, notFoundName)); err != nil {
		t.Fatal(err)
	}
	if answer := ask(root, "GET", "/nichts.html"); answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), "没有") {
		t.Errorf("without a page of its own: %d %q", answer.Code, answer.Body)
	}
}

// Before the first cycle there is no folder: that passes, so it is no 404.
func TestMissingFolderIsOurFault(t *testing.T) {
	answer := ask(filepath.Join(t.TempDir(), "nichts"), "GET", "/nongjinwang.xml")
	if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", answer.Code, answer.Header())
	}
}

func TestMethods(t *testing.T) {
	root := publish(t)
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "农"} {
		request := httptest.NewRequest("GET", "/", strings.NewReader("x"))
		request.Method = method
		answer := httptest.NewRecorder()
		Handler(Options{Root: root}).ServeHTTP(answer, request)
		if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d %v", method, answer.Code, answer.Header())
		}
	}
}

func TestHead(t *testing.T) {
	root := publish(t)
	get, head := ask(root, "GET", "/nongjinwang.xml"), ask(root, "HEAD", "/nongjinwang.xml")
	if head.Code != http.StatusOK || head.Body.Len() != 0 {
		t.Errorf("%d, %d bytes", head.Code, head.Body.Len())
	}
	for _, name := range []string{"Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control", "Vary"} {
		if head.Header().Get(name) == "" || head.Header().Get(name) != get.Header().Get(name) {
			t.Errorf("%s: HEAD %q, GET %q", name, head.Header().Get(name), get.Header().Get(name))
		}
	}
}

func TestConditional(t *testing.T) {
	root := publish(t)
	first := ask(root, "GET", "/nongjinwang.xml").Header()
	tag, date := first.Get("ETag"), first.Get("Last-Modified")
	if strings.HasPrefix(tag, "W/") || date != modified.Format(http.TimeFormat) {
		t.Fatalf("ETag %s, Last-Modified %s", tag, date)
	}
	for name, headers := range map[string][]string{
		"ETag alone":                 {"If-None-Match", tag},
		"ETag among others":          {"If-None-Match", `"x", ` + tag},
		"Last-Modified alone":        {"If-Modified-Since", date},
		"ETag wins over an old date": {"If-None-Match", tag, "If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"},
	} {
		if answer := ask(root, "GET", "/nongjinwang.xml", headers...); answer.Code != http.StatusNotModified || answer.Body.Len() != 0 || answer.Header().Get("ETag") != tag {
			t.Errorf("%s: %d, %d bytes", name, answer.Code, answer.Body.Len())
		}
	}
	// The same size and date, other bytes: only a hash can tell.
	file := filepath.Join(root, "nongjinwang.xml")
	write(t, file, strings.Replace(published["nongjinwang.xml"], "农金网", "金农网", 1), modified)
	if answer := ask(root, "GET", "/nongjinwang.xml", "If-None-Match", tag); answer.Code != http.StatusOK {
		t.Errorf("changed bytes: %d", answer.Code)
	}
}

func TestGzip(t *testing.T) {
	root := publish(t)
	content := published["nongjinwang.xml"]
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	io.WriteString(writer, content)
	writer.Close()
	write(t, filepath.Join(root, "nongjinwang.xml.gz"), packed.String(), modified)

	plain := ask(root, "GET", "/nongjinwang.xml").Header()
	answer := ask(root, "GET", "/nongjinwang.xml", "Accept-Encoding", "br, gzip")
	header := answer.Header()
	if header.Get("Content-Encoding") != "gzip" || !slices.Contains(header.Values("Vary"), "Accept-Encoding") || header.Get("Content-Type") != plain.Get("Content-Type") {
		t.Errorf("headers %v", header)
	}
	if header.Get("ETag") == plain.Get("ETag") {
		t.Error("both encodings have one strong ETag")
	}
	if reader, err := gzip.NewReader(answer.Body); err != nil {
		t.Error(err)
	} else if got, _ := io.ReadAll(reader); string(got) != content {
		t.Errorf("unpacked: %q", got)
	}
	again := ask(root, "GET", "/nongjinwang.xml", "Accept-Encoding", "gzip", "If-None-Match", header.Get("ETag"))
	if again.Code != http.StatusNotModified {
		t.Errorf("again: %d", again.Code)
	}
	if answer := ask(root, "GET", "/nongjinwang.xml", "Accept-Encoding", "gzip;q=0"); answer.Body.String() != content {
		t.Errorf("to a client that refuses gzip: %q", answer.Body)
	}
	if answer := ask(root, "GET", "/nongjinwang.xml.gz"); answer.Code != http.StatusNotFound {
		t.Errorf("by its own name: %d", answer.Code)
	}
	// The file was replaced and the compressed one not yet: the old bytes are not sent.
	write(t, filepath.Join(root, "nongjinwang.xml"), "<rss/>", modified.Add(time.Millisecond))
	if answer := ask(root, "GET", "/nongjinwang.xml", "Accept-Encoding", "gzip"); answer.Body.String() != "<rss/>" {
		t.Errorf("a stale .gz was sent: %q", answer.Body)
	}
}

// TestBrowsersAreShownFeeds: whoever asks for pages first gets a type that browsers show, and feed readers the format's own.
func TestBrowsersAreShownFeeds(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"nongjinwang.xml", "nongjinwang.atom", "nongjinwang.json", "feed.xml"} {
		write(t, filepath.Join(root, name), "<rss/>", modified)
	}
	const browser, reader = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1"
	for name, want := range map[string][2]string{
		"nongjinwang.xml":  {"application/xml; charset=utf-8", "application/rss+xml; charset=utf-8"},
		"nongjinwang.atom": {"application/xml; charset=utf-8", "application/atom+xml; charset=utf-8"},
		"feed.xml":         {"application/xml; charset=utf-8", "application/atom+xml; charset=utf-8"},
		"nongjinwang.json": {"application/feed+json; charset=utf-8", "application/feed+json; charset=utf-8"},
	} {
		for i, accept := range []string{browser, reader, ""} {
			header := ask(root, "GET", "/"+name, "Accept", accept).Header()
			if got := header.Get("Content-Type"); got != want[min(i, 1)] {
				t.Errorf("%s for %q: %s", name, accept, got)
			}
			if varies := slices.Contains(header.Values("Vary"), "Accept"); varies != (want[0] != want[1]) {
				t.Errorf("%s varies: %q", name, header.Values("Vary"))
			}
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "gzip; q=0.000": false, "x-gzip": true,
		"*": true, "*;q=0": false, "*, gzip;q=0": false, "gzip;q=1, *;q=0": true, "identity": false, "gzipped": false, "gzip;q=viel": false,
	} {
		if got := acceptsGzip([]string{header}); got != want {
			t.Errorf("Accept-Encoding: %s: %t", header, got)
		}
	}
}

func TestRanges(t *testing.T) {
	root := publish(t)
	content := published["nongjinwang.xml"]
	if answer := ask(root, "GET", "/nongjinwang.xml", "Range", "bytes=0-4"); answer.Code != http.StatusPartialContent || answer.Body.String() != content[:5] {
		t.Errorf("one range: %d %q", answer.Code, answer.Body)
	}
	many := "bytes=0-0" + strings.Repeat(",0-0", 40)
	if answer := ask(root, "GET", "/nongjinwang.xml", "Range", many); answer.Code != http.StatusOK || answer.Body.String() != content {
		t.Errorf("many ranges: %d, %d bytes of a file of %d", answer.Code, answer.Body.Len(), len(content))
	}
}

func TestFolderGetsItsSlash(t *testing.T) {
	root := publish(t)
	answer := ask(root, "GET", "/category")
	if answer.Code != http.StatusMovedPermanently || answer.Header().Get("Location") != "./category/" {
		t.Errorf("%d %v", answer.Code, answer.Header())
	}
}

func TestHostChangesNothing(t *testing.T) {
	root := publish(t)
	request := func(host string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "http://"+host+"/category", nil)
		r.Header.Set("X-Forwarded-Host", host)
		answer := httptest.NewRecorder()
		Handler(Options{Root: root}).ServeHTTP(answer, r)
		return answer
	}
	ours, evil := request("finews.example.org"), request("evil.example")
	if ours.Header().Get("Location") != evil.Header().Get("Location") || ours.Body.String() != evil.Body.String() {
		t.Errorf("%v, %v", ours.Header(), evil.Header())
	}
}

func FuzzFileName(f *testing.F) {
	for _, seed := range []string{"/", "/index.html", "/../x", "/.git/x", "/a//b", "/\x00", `/a\b`, "/农金网/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		name, _, ok := fileName(address)
		if !ok || name == "" {
			return
		}
		for part := range strings.SplitSeq(name, "/") {
			if part == "" || strings.HasPrefix(part, ".") || strings.ContainsAny(part, "\x00\\") {
				t.Errorf("%q asks for %q", address, name)
			}
		}
	})
}
