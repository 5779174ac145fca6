package parse

import (
	"bytes"
	"mime"
	"regexp"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"finews.withounder.com/feeds"
)

// codecs are those that the web's standard (WHATWG Encoding) lacks or reads in its own way. A Unicode that names no order of
// bytes takes it from the mark, and where there is none, is little-endian, as Windows writes it.
var codecs = map[string]encoding.Encoding{
	"gb18030":    simplifiedchinese.GB18030,
	"hz-gb-2312": simplifiedchinese.HZGB2312,
	"utf-8":      unicode.UTF8,
	"utf-16":     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16le":   unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":   unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"utf-32":     utf32.UTF32(utf32.LittleEndian, utf32.UseBOM),
	"utf-32le":   utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"utf-32be":   utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
}

// codecOf returns the decoder of a label, or nil.
func codecOf(label string) encoding.Encoding {
	name := feeds.CharsetName(label)
	if codec, ok := codecs[name]; ok {
		return codec
	}
	codec, err := htmlindex.Get(name)
	if err != nil || codec == encoding.Replacement {
		return nil
	}
	return codec
}

// labels returns what a document calls its charset, the most believed first: HTTP, the XML declaration, HTML's meta.
func labels(doc Document) []string {
	return []string{headerLabel(doc.ContentType), prologLabel(doc.Body), metaLabel(doc.Body)}
}

func headerLabel(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err == nil {
		return params["charset"]
	}
	if m := headerPattern.FindStringSubmatch(contentType); m != nil {
		return m[1]
	}
	return ""
}

var (
	// headerPattern finds the charset in a header that is none by RFC 9110, such as "text/xml; charset=gbk; ;".
	headerPattern = regexp.MustCompile(`(?i)charset\s*=\s*["']?([a-z0-9._:-]{1,40})`)
	// prologPattern finds the encoding of an XML declaration. The declaration is ASCII in every charset that has no byte
	// order mark.
	prologPattern = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)
	// metaPattern finds <meta charset=…> and <meta http-equiv="Content-Type" content="text/html; charset=…">.
	metaPattern = regexp.MustCompile(`(?i)<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([a-z0-9._:-]{1,40})`)
)

func prologLabel(body []byte) string {
	if m := prologPattern.FindSubmatch(body[:min(len(body), 512)]); m != nil {
		return string(m[1])
	}
	return ""
}

// metaWithin is how far into a page its charset is looked for, in bytes: four times what HTML asks writers to keep to.
const metaWithin = 4 << 10

func metaLabel(body []byte) string {
	if m := metaPattern.FindSubmatch(body[:min(len(body), metaWithin)]); m != nil {
		return string(m[1])
	}
	return ""
}

// dropProlog removes the XML declaration, or several, and the space around it: it names a charset that the text is
// no longer in.
func dropProlog(text []byte) []byte {
	for text = trim(text); bytes.HasPrefix(text, []byte("<?xml")) && !bytes.HasPrefix(text, []byte("<?xml-")); {
		end := bytes.Index(text, []byte("?>"))
		if end < 0 {
			return text
		}
		text = trim(text[end+2:])
	}
	return text
}

// trim cuts off white space, and the second byte order mark that some servers put before a document.
func trim(text []byte) []byte {
	return bytes.TrimSpace(bytes.TrimLeft(text, "\uFEFF \t\r\n"))
}
