package bench

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// seed is the seed of every corpus: figures of two days can be compared.
const seed = 20211201

// Numbers of entries in a document.
const (
	leastEntries = 20
	mostEntries  = 50
)

// newest is when the newest entry of every document was published.
var newest = time.Date(2026, 6, 30, 10, 0, 0, 0, time.FixedZone("CST", 8*60*60))

// format is what a document is written in.
type format string

const (
	rss      format = "RSS"
	atom     format = "Atom"
	rdf      format = "RDF"
	jsonFeed format = "JSON Feed"
)

// upstream is one generated source.
type upstream struct {
	format      format
	charset     string
	contentType string
	title       string
	entries     []entry
	document    []byte // in charset
}

// entry is what a document says of an article.
type entry struct {
	id, link, title, author, body string
	published                     time.Time
}

// form returns format and charset of a source. Each run of twenty sources holds exactly the shares that are wanted:
// 14 RSS, 4 Atom, 1 RDF, 1 JSON Feed; 16 in UTF-8, 2 in GBK, 2 in GB18030. The order is turned a little from run to
// run, so that every tenth source is not always of the same form.
func form(index int) (f format, charset string) {
	slot := (index + 3*(index/20)) % 20
	switch {
	case slot < 14:
		f = rss
	case slot < 18:
		f = atom
	case slot == 18:
		f = rdf
	default:
		f = jsonFeed
	}
	switch slot {
	case 1, 8:
		return f, "GBK"
	case 5, 15:
		return f, "GB18030"
	}
	return f, "UTF-8"
}

// generate returns the source of that index: the same for the same seed and index, whatever was generated before.
func generate(seed uint64, index int) (upstream, error) {
	w := newWords()
	r := rand.New(rand.NewPCG(seed, uint64(index)))
	u := upstream{title: w.place(r) + "金融网"}
	u.format, u.charset = form(index)
	published := newest
	for n := range leastEntries + r.IntN(mostEntries-leastEntries+1) {
		e := entry{id: fmt.Sprintf("s%d-%d", index, n), title: w.title(r), author: w.person(r), published: published}
		e.link = fmt.Sprintf("http://s%d.example/2026/%d.html", index, n)
		e.body = w.body(r, u.title, e.link)
		u.entries = append(u.entries, e)
		published = published.Add(-time.Duration(1+r.IntN(90)) * time.Minute)
	}
	return u, u.write()
}

// write makes the document.
func (u *upstream) write() error {
	var text string
	switch u.format {
	case rss:
		text, u.contentType = u.rss(), "application/rss+xml"
	case atom:
		text, u.contentType = u.atom(), "application/atom+xml"
	case rdf:
		text, u.contentType = u.rdf(), "application/rdf+xml"
	case jsonFeed:
		u.contentType = "application/feed+json"
		return u.json()
	}
	var err error
	switch u.charset {
	case "GBK":
		text, err = simplifiedchinese.GBK.NewEncoder().String(text)
	case "GB18030":
		text, err = simplifiedchinese.GB18030.NewEncoder().String(text)
	}
	u.document = []byte(text)
	return err
}

func (u *upstream) prolog() string {
	return `<?xml version="1.0" encoding="` + u.charset + `"?>` + "\n"
}

// rss writes every other body as CDATA in content:encoded, and the others escaped in description, as the world does.
func (u *upstream) rss() string {
	var b strings.Builder
	b.WriteString(u.prolog() + `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>`)
	b.WriteString("<title>" + escape(u.title) + "</title><link>http://news.example/</link><description>县域金融消息</description>\n")
	for n, e := range u.entries {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid isPermaLink=\"false\">%s</guid><pubDate>%s</pubDate>", escape(e.title), e.link, e.id, e.published.Format(time.RFC1123Z))
		if n%2 == 0 {
			fmt.Fprintf(&b, "<description>%s</description><content:encoded><![CDATA[%s]]></content:encoded></item>\n", escape(e.title), e.body)
		} else {
			fmt.Fprintf(&b, "<description>%s</description></item>\n", escape(e.body))
		}
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}

func (u *upstream) atom() string {
	var b strings.Builder
	b.WriteString(u.prolog() + `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">`)
	fmt.Fprintf(&b, "<title>%s</title><id>tag:news.example,2026:%s</id><updated>%s</updated>\n", escape(u.title), u.entries[0].id, newest.Format(time.RFC3339))
	for _, e := range u.entries {
		date := e.published.Format(time.RFC3339)
		fmt.Fprintf(&b, "<entry><title>%s</title><id>tag:news.example,2026:%s</id><link rel=\"alternate\" href=\"%s\"/><published>%s</published><updated>%s</updated>", escape(e.title), e.id, e.link, date, date)
		fmt.Fprintf(&b, "<author><name>%s</name></author><content type=\"html\">%s</content></entry>\n", escape(e.author), escape(e.body))
	}
	b.WriteString("</feed>\n")
	return b.String()
}

func (u *upstream) rdf() string {
	var b strings.Builder
	b.WriteString(u.prolog() + `<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">`)
	fmt.Fprintf(&b, "<channel rdf:about=\"http://news.example/\"><title>%s</title><link>http://news.example/</link><description>县域金融消息</description></channel>\n", escape(u.title))
	for _, e := range u.entries {
		fmt.Fprintf(&b, "<item rdf:about=\"%s\"><title>%s</title><link>%s</link><dc:creator>%s</dc:creator><dc:date>%s</dc:date><content:encoded><![CDATA[%s]]></content:encoded></item>\n",
			e.link, escape(e.title), e.link, escape(e.author), e.published.Format(time.RFC3339), e.body)
	}
	b.WriteString("</rdf:RDF>\n")
	return b.String()
}

func (u *upstream) json() error {
	type item struct {
		ID        string `json:"id"`
		URL       string `json:"url"`
		Title     string `json:"title"`
		Content   string `json:"content_html"`
		Published string `json:"date_published"`
	}
	list := struct {
		Version string `json:"version"`
		Title   string `json:"title"`
		Items   []item `json:"items"`
	}{"https://jsonfeed.org/version/1.1", u.title, nil}
	for _, e := range u.entries {
		list.Items = append(list.Items, item{e.id, e.link, e.title, e.body, e.published.Format(time.RFC3339)})
	}
	var err error
	u.document, err = json.Marshal(list)
	return err
}

// escape makes text of s for XML.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return b.String()
}
