package parse

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// TestCharsetOfAPage reads pages, which name their charset in HTML.
func TestCharsetOfAPage(t *testing.T) {
	const text = "<html><head>%s<title>鱉鱟鸛鸞</title></head></html>"
	for _, meta := range []string{
		`<meta charset="big5">`, `<META CHARSET=Big5>`, `<meta http-equiv="Content-Type" content="text/html; charset=big5">`,
		`<meta content='text/html;charset=big5' http-equiv=content-type>`,
		string(bytes.Repeat([]byte("<!-- 0123456789 -->"), 150)) + `<meta charset=big5>`,
	} {
		page := fmt.Sprintf(text, meta)
		coded, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte(page))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decode(Document{Body: coded, ContentType: "text/html"}, ""); err != nil || string(got) != page {
			t.Errorf("%.60s: %.200q, %v", meta, got, err)
		}
	}
	far := string(bytes.Repeat([]byte(" "), metaWithin)) + `<meta charset="big5">`
	if label := metaLabel([]byte(far)); label != "" {
		t.Errorf("a label is found behind the first %d bytes: %q", metaWithin, label)
	}
}

// TestSevenBitsAreNotTakenForEscapes holds that a text which merely holds the escape of HZ stays what it is.
func TestSevenBitsAreNotTakenForEscapes(t *testing.T) {
	for _, text := range []string{
		"<rss><title>match ~{pattern} in a template, and ~{another one}~ too</title></rss>", "<rss><title>~{</title></rss>",
		"<rss><title>~{农信社~}</title></rss>",
	} {
		if got, err := decode(Document{Body: []byte(text)}, ""); err != nil || string(got) != text {
			t.Errorf("%q reads %q, %v", text, got, err)
		}
	}
	const escaped = "<rss><title>~{E)ILPP4{?n~}</title></rss>"
	if escapedCodec(Document{Body: []byte(escaped), ContentType: "text/xml; charset=hz-gb-2312"}) != simplifiedchinese.HZGB2312 {
		t.Error("a label and an escape are not enough for HZ")
	}
	if escapedCodec(Document{Body: []byte("\x1b$B;@\x1b(B")}) != japanese.ISO2022JP {
		t.Error("an escape is not enough for ISO-2022-JP")
	}
}

// TestLabels holds the names that servers write.
func TestLabels(t *testing.T) {
	for header, want := range map[string]string{
		"text/xml; charset=gbk": "gbk", `text/xml; charset="GB2312"`: "GB2312", "text/xml;charset=utf-8;": "utf-8",
		"text/xml; charset=gbk; ;x": "gbk", "text/xml; Charset = 'big5'": "'big5'", "text/xml": "", "": "", "charset=gbk": "gbk",
	} {
		if got := headerLabel(header); got != want {
			t.Errorf("header %q: label %q, want %q", header, got, want)
		}
	}
	for _, label := range []string{"klingon", "replacement", "iso-2022-kr", "iso-2022-cn", "x-user-defined-農", ""} {
		if codecOf(label) != nil {
			t.Errorf("label %q is known", label)
		}
	}
	for _, label := range []string{" GBK ", `"utf-8"`, "'big5'"} {
		if codecOf(label) == nil {
			t.Errorf("label %q is not known", label)
		}
	}
}

func TestEachBrokenByteIsSeen(t *testing.T) {
	got, err := decode(Document{Body: []byte("农\xff\xfe\xfd信")}, "utf-8")
	if want := "农\uFFFD\uFFFD\uFFFD信"; err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

// FuzzDecode: whatever the bytes and labels, the text is valid UTF-8 and at most three times as long.
func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/charset/*.xml")
	if len(files) == 0 {
		f.Fatal("testdata/charset holds no documents")
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, "text/xml; charset=gbk", "")
		f.Add(body, "", "utf-16")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType, charset string) {
		text, err := decode(Document{Body: body, ContentType: contentType}, charset)
		if err != nil {
			return
		}
		if !utf8.Valid(text) || len(text) > 3*len(body)+9 {
			t.Errorf("%d bytes give %d, valid %v", len(body), len(text), utf8.Valid(text))
		}
		if clean, _ := cleanXML(text); !isCleanXML(clean) {
			t.Errorf("what was cleaned is not clean: %.100q", clean)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes(bytes.Repeat([]byte("<item><title>农商行支农再贷款</title></item>"), 200_000))
	if err != nil {
		b.Fatal(err)
	}
	for name, body := range map[string][]byte{
		"GBK": gbk, "broken": bytes.Repeat([]byte{0xff}, 8<<20), "HZ": bytes.Repeat([]byte("~{E)~}"), 8<<20/6), "NUL": make([]byte, 8<<20),
		"escapes": bytes.Repeat([]byte("\x1b$"), 4<<20), "UTF-8": append(bytes.Repeat([]byte("农"), 8<<20/3), 0xff),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(Document{Body: body}, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
