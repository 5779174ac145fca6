package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFault57ReaderDuringPublish reads a feed and its .gz over and over while the program replaces them: each is whole, always.
func TestFault57ReaderDuringPublish(t *testing.T) {
	h := newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}")
	for n := range readEntries {
		keep(t, h, telling(fmt.Sprint("支农", n), "农金网", strings.Repeat(fmt.Sprint("第", n, "条短消息。"), 1000), n, "nongjinwang"))
	}
	put(t, h)
	const publications, fewest = 20, 200
	var done atomic.Bool
	var reads, versions atomic.Int64
	var readers sync.WaitGroup
	for _, name := range []string{"nongjinwang.xml", "nongjinwang.xml.gz"} {
		readers.Go(func() {
			last := ""
			for n := 0; n < fewest || !done.Load(); n++ {
				title, err := readTitle(filepath.Join(h.places.out, name))
				if err != nil {
					t.Errorf("read %d of %s: %v", n, name, err)
					return
				}
				if title != last {
					versions.Add(1)
				}
				last = title
				reads.Add(1)
			}
		})
	}
	for n := range publications {
		h.catalogue = testCatalogue(t, fmt.Sprintf("{slug: nongjinwang, title: 农金网新闻%d}", n))
		if _, err := h.publish(t.Context(), extent{}); err != nil {
			t.Error(err)
		}
	}
	done.Store(true)
	readers.Wait()
	t.Logf("%d reads of %d versions, none torn", reads.Load(), versions.Load())
	if versions.Load() < publications/4 {
		t.Errorf("the readers saw %d versions: this shows nothing", versions.Load())
	}
}

// readEntries is how many entries the feed has.
const readEntries = 5

// readTitle returns the title of an RSS feed, all of which must be there.
func readTitle(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err == nil && strings.HasSuffix(file, ".gz") {
		text, err = unzip(text)
	}
	if err != nil {
		return "", err
	}
	var feed struct {
		Channel struct {
			Title string   `xml:"title"`
			Items []string `xml:"item>guid"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal(text, &feed); err != nil {
		return "", err
	}
	if len(feed.Channel.Items) != readEntries || !bytes.HasSuffix(bytes.TrimSpace(text), []byte("</rss>")) {
		return "", fmt.Errorf("%d entries in %d bytes", len(feed.Channel.Items), len(text))
	}
	return feed.Channel.Title, nil
}

// ill are characters that no XML may hold, or that end what they stand in, as text of XML that is well-formed all the same, and
// as a string of JSON.
const (
	illXML  = `甲]]&gt;&#8;&#x1F;` + "\uFFFE\uFFFF\u0085\u009b" + `&amp;&lt;b&gt;&lt;/b&gt;--&gt;乙`
	illJSON = `甲]]>\u0000\u0008\u001f\ufffe\uffff\u0085\ud800\udc00\ud800&<b></b>-->` + "\uFDD0" + `乙`
)

// illFeed has them in every field that an item of a feed may have.
func illFeed() string {
	return `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">` +
		strings.ReplaceAll(`<channel><title>坏</title><description>坏</description><language>坏</language><item>`+
			`<guid isPermaLink="false">坏</guid><link>https://huaibao.example/坏?q=坏</link><title>坏</title><pubDate>Wed, 13 Apr 2022 10:46:17 +0800</pubDate>`+
			`<description>坏</description><content:encoded>&lt;p title="坏"&gt;坏&lt;a href="https://huaibao.example/坏"&gt;坏&lt;/a&gt;&lt;img src="https://img.example/坏.png" alt="坏"&gt;&lt;/p&gt;</content:encoded>`+
			`<dc:creator>坏</dc:creator><author>坏</author><category domain="坏">坏</category><source url="https://huaibao.example/坏">坏</source><comments>https://huaibao.example/坏</comments>`+
			`<enclosure url="https://img.example/坏.mp3" type="坏" length="坏"/><media:thumbnail url="https://img.example/坏.png"/><media:content url="https://img.example/坏.mp4" type="坏"/>`+
			`</item></channel></rss>`, "坏", illXML)
}

func illJSONFeed() string {
	return strings.ReplaceAll(`{"version":"https://jsonfeed.org/version/1.1","title":"坏","items":[{"id":"坏","url":"https://huaibao.example/坏?q=坏","title":"坏",`+
		`"date_published":"2022-04-13T10:46:17+08:00","summary":"坏","content_html":"<p title='坏'>坏</p>","authors":[{"name":"坏","url":"https://huaibao.example/坏"}],`+
		`"tags":["坏"],"language":"坏","image":"https://img.example/坏.png","attachments":[{"url":"https://img.example/坏.mp3","mime_type":"坏","title":"坏"}]},`+
		`{"id":"2","url":"https://huaibao.example/2","title":"乙县农信社改制","date_published":"2022-04-12T10:46:17+08:00"}]}`, "坏", illJSON)
}

// TestFault52Characters: whatever characters stand in whatever field of an upstream, each output can be read by two parsers.
func TestFault52Characters(t *testing.T) {
	for name, sent := range map[string]answer{"RSS": {"application/rss+xml", illFeed()}, "JSON Feed": {"application/feed+json", illJSONFeed()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlight(t)
			p.answer = says(sent.contentType, sent.document)
			if exit, row := p.reads(); exit != exitWell || row.New == 0 {
				t.Fatalf("exit %d: %+v", exit, row)
			}
			shown := 0
			for path, text := range p.everything() {
				p.readable(path, text)
				if bytes.Contains(text, []byte("甲]]")) {
					shown++
				}
			}
			if shown < 5 {
				t.Errorf("the characters before the ill ones are in %d files: this shows nothing", shown)
			}
			p.readableByLibxml2()
		})
	}
}

// everything returns all that is published, by name; without what is compressed.
func (p *plight) everything() map[string][]byte {
	p.t.Helper()
	there := map[string][]byte{}
	for name, text := range (yard{p.t, p.folder}).tree() {
		if filepath.Ext(name) != ".gz" {
			there[name] = []byte(text)
		}
	}
	return there
}

// readableByLibxml2 asserts that the parser of most readers that are no browser reads each XML file.
func (p *plight) readableByLibxml2() {
	p.t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		p.t.Log("xmllint is not installed (Debian: libxml2-utils)")
		return
	}
	words := []string{"--noout", "--nonet"}
	for name := range p.everything() {
		switch filepath.Ext(name) {
		case ".xml", ".atom", ".opml":
			words = append(words, filepath.Join(p.folder, "public", name))
		}
	}
	if said, err := exec.Command(lint, words...).CombinedOutput(); err != nil || len(said) > 0 {
		p.t.Errorf("of %d files: %v\n%s", len(words)-2, err, said)
	}
}

// TestFault56Unchanged: an upstream that has nothing new changes no file, neither its bytes nor its time; and the same store
// gives the same bytes in another folder.
func TestFault56Unchanged(t *testing.T) {
	upstream, yards := newYards(t, 1)
	y, now := yards[0], time.Date(2022, 5, 1, 0, 0, 0, 0, time.UTC)
	upstream.configure("农金消息", y)
	y.runs(now, "poll")
	tree, before := y.tree(), y.times()
	for hours := range 3 {
		y.runs(now.Add(time.Duration(48*hours)*time.Hour), "poll", "--force")
		y.runs(now.Add(time.Duration(48*hours+24)*time.Hour), "publish")
	}
	if diff := differences(tree, y.tree()); len(diff) > 0 {
		t.Errorf("these files are not what they were: %q", diff)
	}
	if diff := cmp.Diff(before, y.times()); diff != "" {
		t.Errorf("times (-were +are):\n%s", diff)
	}
	if err := os.Rename(y.public(), y.public()+".old"); err != nil {
		t.Fatal(err)
	}
	y.runs(now.Add(1000*time.Hour), "publish")
	if diff := differences(tree, y.tree()); len(diff) > 0 {
		t.Errorf("published anew, these files are not what they were: %q", diff)
	}
}

// times returns when each published file was changed last, by name.
func (y yard) times() map[string]time.Time {
	y.t.Helper()
	times := map[string]time.Time{}
	for name := range y.tree() {
		info, err := os.Stat(y.public(name))
		if err != nil {
			y.t.Fatal(err)
		}
		times[name] = info.ModTime()
	}
	return times
}
