package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// oneEntry is a feed of one entry, with the charset that it declares, if any. All but the title can be written in any Chinese charset.
func oneEntry(declared, title string) string {
	declaration := ""
	if declared != "" {
		declaration = `<?xml version="1.0" encoding="` + declared + `"?>`
	}
	return declaration + `<rss version="2.0"><channel><title>信用部</title><item><guid isPermaLink="false">新</guid><link>https://huaibao.example/xin</link>` +
		`<title>` + title + `</title><pubDate>Wed, 13 Apr 2022 10:46:17 +0800</pubDate><description>` + title + `，正文。</description></item></channel></rss>`
}

// shows asserts that the title stands in each output of the category and in the article's page, and that all of them can
// be read: whole UTF-8 without a character that XML does not allow.
func (p *plight) shows(title string) {
	p.t.Helper()
	files := []string{"huaibao.xml", "huaibao.atom", "huaibao.json", "category/huaibao.html", "embed/huaibao.html"}
	pages, _ := filepath.Glob(p.path("public/huaibao/2022/04/13/*.html"))
	for _, page := range pages {
		files = append(files, strings.TrimPrefix(page, p.path("public")+"/"))
	}
	if len(pages) != 1 {
		p.t.Errorf("%d pages of the entry, want one", len(pages))
	}
	for _, name := range files {
		text := p.published(name)
		if !bytes.Contains(text, []byte(title)) {
			p.t.Errorf("%s does not show %q:\n%s", name, title, text)
		}
		p.readable(name, text)
	}
}

func (p *plight) readable(name string, text []byte) {
	p.t.Helper()
	if filepath.Ext(name) == ".png" {
		return
	}
	allowed := func(r rune) bool {
		return r >= ' ' && r != 0xFFFE && r != 0xFFFF || r == '\n' || r == '\t' || r == '\r'
	}
	if i := bytes.IndexFunc(text, func(r rune) bool { return !allowed(r) }); i >= 0 || !utf8.Valid(text) {
		p.t.Errorf("%s holds what no reader can read, at byte %d", name, i)
	}
	var err error
	switch filepath.Ext(name) {
	case ".xml", ".atom":
		err = xml.Unmarshal(text, new(struct{ XMLName xml.Name }))
	case ".json":
		err = json.Unmarshal(text, new(any))
	}
	if err != nil {
		p.t.Errorf("%s: %v", name, err)
	}
}

// TestFault27Charsets: what is published is right whatever header and declaration say. All charsets under all labels are
// tested where they are read.
func TestFault27Charsets(t *testing.T) {
	const title = "农商行发放支农再贷款一百二十亿元"
	for _, c := range []struct {
		name, header, declared, title string
		codec                         encoding.Encoding
	}{
		{"GBK under UTF-8 in both", "text/xml; charset=utf-8", "utf-8", title, simplifiedchinese.GBK},
		{"UTF-8 under GB2312 in both", "text/xml; charset=gb2312", "gb2312", title, encoding.Nop},
		{"Big5 without a word", "", "", "農業金庫放款成長，農會信用部加強支援", traditionalchinese.Big5},
		{"rare characters, at odds", "text/xml; charset=big5", "gb2312", "㐂𠮷村信用社为䶮某办理贷款", simplifiedchinese.GB18030},
		{"UTF-16 with a mark, unknown label", "text/xml; charset=klingon", "gbk", title, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"HZ by its label", "text/xml; charset=hz-gb-2312", "", title, simplifiedchinese.HZGB2312},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			document, err := c.codec.NewEncoder().Bytes([]byte(oneEntry(c.declared, c.title)))
			if err != nil {
				t.Fatal(err)
			}
			p := newPlight(t)
			p.answer = saysBytes(c.header, document)
			if faults := p.brings(1); len(faults) != 0 {
				t.Errorf("faults %q", faults)
			}
			p.shows(c.title)
		})
	}
}

// TestFault27OperatorsWord: a few rare words without a label read as well in another charset. What feeds.yaml says goes
// before everything, and mends what was read before, although the server has nothing new.
func TestFault27OperatorsWord(t *testing.T) {
	const title = "鰻苗鯧鯝"
	document, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte(strings.ReplaceAll(oneEntry("gb2312", title), "，正文。", "")))
	if err != nil {
		t.Fatal(err)
	}
	p := newPlight(t)
	p.answer = saysBytes("text/xml; charset=gb2312", document)
	p.brings(1)
	if e := p.entries(ailing)[0]; e.Title == title {
		t.Fatal("it is read without the operator's word: this shows nothing")
	}
	p.keys = "    charset: big5"
	exit, row := p.reads()
	if exit != exitWell || row.New != 0 || row.Updated != 1 || len(row.Faults) != 0 {
		t.Errorf("exit code %d, want one entry updated: %+v", exit, row)
	}
	p.shows(title)
}

// dirt is what an XML parser refuses the whole document for, and what becomes of it. It stands twice in a document.
var dirt = []struct{ name, dirty, clean, warning string }{
	{"no UTF-8", "农商\xff行", "农商行", "2 characters cannot be read in the text's charset and stand as U+FFFD"},
	{"torn UTF-8", "农商行\xe5\x86支农", "农商行支农", "2 characters cannot be read"},
	{"reference to a control character", "农&#8;商&#x1F;行", "农商行", "4 characters that XML does not allow were dropped"},
	{"reference beyond Unicode", "农&#x110000;商&#xD800;行", "农商行", "4 characters that XML does not allow were dropped"},
	{"U+FFFE and U+FFFF", "农\uFFFE商\uFFFF行", "农商行", "4 characters that XML does not allow were dropped"},
}

func TestFault28NotXML(t *testing.T) {
	for _, c := range dirt {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPlight(t)
			// enough good text that it is taken for UTF-8 with a broken character, and not for another charset
			p.answer = saysBytes("text/xml", []byte(oneEntry("utf-8", c.dirty+"：支农再贷款覆盖全县各乡镇农户与新型农业经营主体")))
			warned(t, p.brings(1), c.warning)
			p.shows(c.clean)
		})
	}
}

func TestFault29RawControls(t *testing.T) {
	var controls []byte
	for c := range byte(' ') {
		if c != '\t' && c != '\n' && c != '\r' {
			controls = append(controls, c)
		}
	}
	p := newPlight(t)
	p.answer = saysBytes("text/xml", []byte(oneEntry("utf-8", "农商"+string(controls)+"行\x1b支农")))
	warned(t, p.brings(1), "60 characters that XML does not allow were dropped")
	p.shows("农商行支农")
	if _, told := p.run("entries"); strings.ContainsAny(told, string(controls)) || !strings.Contains(told, "农商行支农") {
		t.Errorf("what is told of it on a terminal: %q", told)
	}
}
