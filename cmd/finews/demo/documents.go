package demo

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
)

//go:embed upstream
var upstreamFiles embed.FS

// Content types of the documents. Old sites in GBK name no charset in HTTP: it stands in the page, and says gb2312.
const (
	typeJSON = "application/json; charset=utf-8"
	typePage = "text/html"
)

// document is one file of the upstream, as it is served.
type document struct {
	host        string // under Domain
	path        string
	file        string // in upstreamFiles
	contentType string
	modified    string // RFC 9110 date, later than every entry of the file; it changes when the file does
}

// documents lists what the sources of feeds.yaml ask for. The first names its charset in the prolog alone, as many
// Chinese feeds do.
func documents() []document {
	return []document{
		{"xiangcun." + Domain, "/rss.xml", "upstream/xiangcun.xml", "text/xml", "Mon, 29 Jun 2026 01:30:00 GMT"},
		{"xianyu." + Domain, "/news/atom.xml", "upstream/xianyu.atom", "application/atom+xml; charset=utf-8", "Sun, 28 Jun 2026 09:00:00 GMT"},
		{"nongxian." + Domain, "/feed.json", "upstream/nongxian.json", "application/feed+json", "Tue, 30 Jun 2026 02:00:00 GMT"},
		{"nongxin." + Domain, "/news/list.html", "upstream/nongxin/list.html", typePage, "Tue, 30 Jun 2026 00:45:00 GMT"},
		{"kuaixun." + Domain, "/api/list", "upstream/kuaixun.json", typeJSON, "Mon, 29 Jun 2026 08:45:00 GMT"},
	}
}

// pages lists what stands behind the list page: its second page and the articles, each under its file name.
func pages() ([]document, error) {
	const folder, first = "upstream/nongxin", "list.html"
	files, err := upstreamFiles.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("list the demo's files in %s: %w", folder, err)
	}
	var all []document
	for _, file := range files {
		if name := file.Name(); name != first {
			all = append(all, document{"nongxin." + Domain, "/news/" + name, path.Join(folder, name), typePage, "Tue, 30 Jun 2026 00:45:00 GMT"})
		}
	}
	return all, nil
}

// refusal is an address that answers with a status and a sentence, and never with news.
type refusal struct {
	host       string // under Domain
	path       string
	status     int
	retryAfter string // RFC 9110 section 10.2.3, in seconds; empty: the server does not say
	sentence   string
}

// refusals lists the addresses of the sources that are meant to fail.
func refusals() []refusal {
	return []refusal{
		{"tingkan." + Domain, "/rss.xml", http.StatusGone, "", "本刊已停刊，感谢各位读者十年来的陪伴。"},
		{"weihu." + Domain, "/rss.xml", http.StatusServiceUnavailable, "7200", "系统维护中，请两小时后再来。"},
	}
}

// routes answers every address of the upstream.
func routes() (*http.ServeMux, error) {
	behind, err := pages()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, d := range append(documents(), behind...) {
		h, err := newHandler(d)
		if err != nil {
			return nil, err
		}
		mux.Handle("GET "+d.host+d.path, h)
	}
	texts, err := newTexts("upstream/kuaixun-texts.json")
	if err != nil {
		return nil, err
	}
	mux.Handle("GET kuaixun."+Domain+"/api/text", texts)
	for _, r := range refusals() {
		mux.Handle("GET "+r.host+r.path, r)
	}
	return mux, nil
}

// newHandler serves a document with both validators; http.ServeContent answers 304 where either matches.
func newHandler(d document) (http.Handler, error) {
	content, err := upstreamFiles.ReadFile(d.file)
	if err != nil {
		return nil, fmt.Errorf("read the demo's file %s: %w", d.file, err)
	}
	modified, err := http.ParseTime(d.modified)
	if err != nil {
		return nil, fmt.Errorf("read the date of the demo's file %s: write it as RFC 9110 does: %w", d.file, err)
	}
	sum := sha256.Sum256(content)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", d.contentType)
		w.Header().Set("ETag", etag)
		http.ServeContent(w, r, d.path, modified, bytes.NewReader(content))
	}), nil
}

// newTexts serves the bodies that a list API keeps at an address of their own: the file is an object of answers, and
// ?id= chooses one. An id that is not there is answered with 404.
func newTexts(file string) (http.Handler, error) {
	content, err := upstreamFiles.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the demo's file %s: %w", file, err)
	}
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(content, &answers); err != nil {
		return nil, fmt.Errorf("read the demo's file %s: write an object with an answer for each id: %w", file, err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, found := answers[r.URL.Query().Get("id")]
		w.Header().Set("Content-Type", typeJSON)
		if !found {
			w.WriteHeader(http.StatusNotFound)
			answer = json.RawMessage(`{"code":404,"message":"没有这篇文章"}`)
		}
		w.Write(answer) // a client that went away needs no answer
	}), nil
}

// ServeHTTP answers with the status, as a page for people.
func (r refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.retryAfter != "" {
		w.Header().Set("Retry-After", r.retryAfter)
	}
	w.WriteHeader(r.status)
	fmt.Fprintf(w, "<!DOCTYPE html><title>%d</title><p>%s</p>\n", r.status, r.sentence)
}
