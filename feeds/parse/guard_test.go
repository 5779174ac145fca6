package parse

import (
	"bytes"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// disguises are documents in which encoding/xml and a careless guard see different tags: each hides the nesting that
// follows it, or seems to.
var disguises = []string{
	`<rss><!--><![CDATA[-->`, `<rss><!-->`, `<rss><!--->`, `<rss><!---->`, `<!x '>' '<!--' ><rss>`, `<!x '>' ><rss><!--' >`, `<rss><!x '>' '<!--' >`, `<rss><!DOCTYPE '>' '<!--' >`,
	`<!DOCTYPE rss '>' "<!--"><rss>`, `<!DOCTYPE rss <!-- > ><rss>`, `<!DOCTYPE rss "x"><rss>`, `<rss><![CDATA[>`, `<rss><![CDATA[]]>`,
	`<rss><![CDATA[]]]]>`, `<rss><?>`, `<rss><??>`, `<rss><?农信 ?>`, `<rss><?x '?>'?>`, `<rss><?xml encoding="utf-16le"?>`,
	`<rss></rss '>'>`, `<rss a='>'>`, `<rss a=b/>`, `<rss a=/>`, `<rss a="/">`, `<rss / >`, `<rss a / >`, `<rss a=b"c>"d>`,
	`<rss a='<'>`, `<农信><rss>`, `<a:rss>`, `<:rss>`, `<rss:>`, `<rss></x>`, `<rss>&<x>;`, `<rss>]]>`, `{"a":"<rss>"}`,
}

// FuzzGuard holds the guard against the parser that it protects: in what the guard accepts, the parser finds no
// deeper nesting than the guard allows.
func FuzzGuard(f *testing.F) {
	for _, d := range disguises {
		f.Add(d, "<x>")
		f.Add(d, "<x a=b/>")
		f.Add(d, "<x></y>")
	}
	for _, file := range goldens(f) {
		f.Add(file, "")
		f.Add("<rss><channel>", file)
	}
	f.Fuzz(func(t *testing.T, start, repeated string) {
		if len(start) > 10_000 || len(repeated) > 10_000 {
			return
		}
		p, err := prepare([]byte(start+strings.Repeat(repeated, 2*maxDepth)), Document{})
		if err != nil || p.root == "json" {
			return
		}
		if depth := parserDepth(p.text); depth > maxDepth {
			t.Errorf("%q and %d times %q: the guard let a depth of %d pass", start, 2*maxDepth, repeated, depth)
		}
	})
}

// goldens returns the documents of testdata/feed.
func goldens(f *testing.F) []string {
	files, err := filepath.Glob("testdata/feed/*")
	if err != nil || len(files) == 0 {
		f.Fatalf("testdata/feed: %d files, %v", len(files), err)
	}
	var documents []string
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		documents = append(documents, string(body))
	}
	return documents
}

// parserDepth returns the depth that encoding/xml reaches, set up as gofeed does.
func parserDepth(text []byte) int {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	depth, deepest := 0, 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return deepest
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
			deepest = max(deepest, depth)
		case xml.EndElement:
			depth--
		}
	}
}
