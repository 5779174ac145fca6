package demo

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/story"
	"finews.withounder.com/sanitize"
)

// everyDocument lists all files that are served as they are.
func everyDocument(t *testing.T) []document {
	t.Helper()
	behind, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	return append(documents(), behind...)
}

func readUpstream(t *testing.T, file string) []byte {
	t.Helper()
	content, err := upstreamFiles.ReadFile("upstream/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestEverySourceIsServed holds feeds.yaml and the upstream together.
func TestEverySourceIsServed(t *testing.T) {
	text, err := fs.ReadFile(configFiles, "config/feeds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var named, served []string
	for _, found := range regexp.MustCompile(`(?m)^    url: "http://(.+)"$`).FindAllSubmatch(text, -1) {
		named = append(named, string(found[1]))
	}
	for _, d := range documents() {
		served = append(served, d.host+d.path)
	}
	for _, r := range refusals() {
		served = append(served, r.host+r.path)
	}
	if diff := cmp.Diff(served, named); diff != "" {
		t.Errorf("addresses of feeds.yaml (-served +named):\n%s", diff)
	}
}

// TestThoseThatRefuseAreMeantTo holds the names of feeds.yaml to the addresses that refuse.
func TestThoseThatRefuseAreMeantTo(t *testing.T) {
	text, err := fs.ReadFile(configFiles, "config/feeds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, client := startUpstream(t)
	sources := regexp.MustCompile(`(?m)^  - name: (.+)\n(?:    kind: .+\n)?    url: "(.+)"$`).FindAllSubmatch(text, -1)
	if len(sources) != len(documents())+len(refusals()) {
		t.Fatalf("%d sources with an address, want %d", len(sources), len(documents())+len(refusals()))
	}
	for _, source := range sources {
		answer, _ := get(t, client, string(source[2]), nil)
		if failed := answer.StatusCode != http.StatusOK; failed != MeantToFail(string(source[1])) {
			t.Errorf("%s answers %s: is it meant to fail?", source[1], answer.Status)
		}
	}
}

func TestRefusals(t *testing.T) {
	_, client := startUpstream(t)
	for _, c := range []struct {
		address, retryAfter, says string
		status                    int
	}{
		{"http://tingkan.demo.invalid/rss.xml", "", "停刊", http.StatusGone},
		{"http://weihu.demo.invalid/rss.xml", "7200", "维护", http.StatusServiceUnavailable},
	} {
		answer, body := get(t, client, c.address, nil)
		if answer.StatusCode != c.status || answer.Header.Get("Retry-After") != c.retryAfter || !strings.Contains(string(body), c.says) {
			t.Errorf("%s: got %s, Retry-After %q and %s", c.address, answer.Status, answer.Header.Get("Retry-After"), body)
		}
	}
}

// gbk returns the text of a page, and fails where an editor has saved it in another charset.
func gbk(t *testing.T, name string, content []byte) string {
	t.Helper()
	if utf8.Valid(content) {
		t.Fatalf("%s is UTF-8: save it as GBK", name)
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(content)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		t.Fatalf("%s is not GBK: %v", name, err)
	}
	if !bytes.Contains(text, []byte("charset=gb2312")) {
		t.Errorf("%s does not call itself gb2312, as such pages do", name)
	}
	return string(text)
}

// TestTheListPageLeadsToItsArticles follows the list as a reader would: two pages, and behind each title an article.
func TestTheListPageLeadsToItsArticles(t *testing.T) {
	_, client := startUpstream(t)
	linked := regexp.MustCompile(`<li><span class="date">(2026-06-\d\d \d\d:\d\d)</span><a href="([^"]+)" target="_blank" title="([^"]+)">`)
	var titles []string
	for _, page := range []string{"list.html", "list_2.html"} {
		_, content := get(t, client, "http://nongxin.demo.invalid/news/"+page, nil)
		for _, found := range linked.FindAllStringSubmatch(gbk(t, page, content), -1) {
			answer, body := get(t, client, "http://nongxin.demo.invalid/news/"+found[2], nil)
			article := gbk(t, found[2], body)
			if answer.StatusCode != http.StatusOK || !strings.Contains(article, "<h1>"+found[3]+"</h1>") || !strings.Contains(article, `<div class="article">`) {
				t.Errorf("%s: got %s, and not the article %s", found[2], answer.Status, found[3])
			}
			titles = append(titles, found[3])
		}
	}
	if len(titles) != 8 || len(everyDocument(t)) != len(documents())+1+len(titles) {
		t.Errorf("%d articles are listed, want 8 and no file beside them", len(titles))
	}
	if content := readUpstream(t, "nongxin/list.html"); !bytes.Contains(content, []byte{0x86, 0xb4}) {
		t.Error("the list does not have 喆, which GB2312 lacks, as one byte pair of GBK")
	}
}

// listed is as much of a record of the list API as the tests look at.
type listed struct{ InfoCode, Title, ShowTime, MediaName string }

func records(t *testing.T) []listed {
	t.Helper()
	var list struct{ Records []listed }
	if err := json.Unmarshal(readUpstream(t, "kuaixun.json"), &list); err != nil {
		t.Fatal(err)
	}
	return list.Records
}

// content asks for the body of one record.
func content(t *testing.T, client *http.Client, id string) (status int, text string) {
	t.Helper()
	answer, body := get(t, client, "http://kuaixun.demo.invalid/api/text?id="+id, nil)
	var record struct{ Content string }
	if err := json.Unmarshal(body, &record); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return answer.StatusCode, record.Content
}

func TestTheListAPIKeepsItsBodiesAtASecondAddress(t *testing.T) {
	_, client := startUpstream(t)
	all := records(t)
	if len(all) != 8 {
		t.Errorf("%d records, want 8", len(all))
	}
	for _, r := range all {
		status, text := content(t, client, r.InfoCode)
		clean := sanitize.Clean(text, "http://kuaixun.demo.invalid/")
		if status != http.StatusOK || clean.Attribution != r.MediaName {
			t.Errorf("%s: status %d, and the body is attributed to %q, want 200 and %q", r.Title, status, clean.Attribution, r.MediaName)
		}
		if _, err := time.Parse("2006-01-02 15:04:05", r.ShowTime); err != nil || !strings.HasPrefix(r.ShowTime, "2026-06-") {
			t.Errorf("%s: showtime %q is no date of June 2026", r.Title, r.ShowTime)
		}
	}
	for _, id := range []string{"", "NW202606000000000000", "../list"} {
		if status, text := content(t, client, id); status != http.StatusNotFound || text != "" {
			t.Errorf("id %q: got %d and %q, want 404 and nothing", id, status, text)
		}
	}
}

// TestOneStoryIsToldTwice holds to what the demo shows as 另见: of all that the list API tells, one story is in the
// RSS too.
func TestOneStoryIsToldTwice(t *testing.T) {
	_, client := startUpstream(t)
	var twice []string
	for _, r := range records(t) {
		_, text := content(t, client, r.InfoCode)
		one := story.New(told(r.Title, r.MediaName, text))
		for _, item := range decode(t, readUpstream(t, "xiangcun.xml")).Items {
			if story.Same(one, story.New(told(item.Title, item.Source, item.Content))) {
				twice = append(twice, r.MediaName+"："+r.Title, item.Source+"："+item.Title)
			}
		}
	}
	want := []string{"农金网：沧溪县三百个村设立普惠金融服务点", "县域普惠报：沧溪县三百个村设立普惠金融服务点 “最后一公里”缩到村口"}
	if diff := cmp.Diff(want, twice); diff != "" {
		t.Errorf("told twice (-want +got):\n%s", diff)
	}
}

func told(title, outlet, body string) feeds.Entry {
	return feeds.Entry{Title: title, Outlet: outlet, Body: sanitize.Clean(body, "http://demo.invalid/").HTML}
}
