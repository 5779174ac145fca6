package parse

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// byteOrderMarks are looked for before anything else. UTF-32 stands first: its little-endian mark starts with that of UTF-16.
var byteOrderMarks = []struct {
	mark  string
	codec encoding.Encoding
}{
	{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.ExpectBOM)},
	{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.ExpectBOM)},
	{"\xef\xbb\xbf", unicode.UTF8BOM},
	{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)},
	{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)},
}

// decode returns the document as UTF-8. The order of belief: the operator's word, a byte order mark, the bytes
// themselves where they are valid UTF-8, and then that one of HTTP header, prolog and GB18030 which leaves the
// fewest broken characters. A label alone is not believed: GBK under a UTF-8 label, and the reverse, are common.
func decode(doc Document, operatorsWord string) ([]byte, error) {
	if operatorsWord != "" {
		codec := codecOf(operatorsWord)
		if codec == nil {
			return nil, fmt.Errorf("charset %q of feeds.yaml is not known: write one such as gb18030, big5 or utf-8", operatorsWord)
		}
		return codec.NewDecoder().Bytes(doc.Body)
	}
	for _, m := range byteOrderMarks {
		if bytes.HasPrefix(doc.Body, []byte(m.mark)) {
			return m.codec.NewDecoder().Bytes(doc.Body)
		}
	}
	if utf8.Valid(doc.Body) && bytes.IndexByte(doc.Body, 0) < 0 {
		return doc.Body, nil
	}
	return leastBroken(doc)
}

func leastBroken(doc Document) ([]byte, error) {
	var best []byte
	fewest := -1
	for _, codec := range []encoding.Encoding{
		codecOf(headerLabel(doc.ContentType)), codecOf(prologLabel(doc.Body)), simplifiedchinese.GB18030,
	} {
		if codec == nil {
			continue
		}
		text, err := codec.NewDecoder().Bytes(doc.Body)
		if err != nil {
			continue
		}
		if broken := countBroken(text); fewest < 0 || broken < fewest {
			best, fewest = text, broken
		}
	}
	if best == nil {
		return nil, errors.New("the text is in no charset that finews can read: name it with charset: in feeds.yaml")
	}
	return best, nil
}

// codecOf returns the decoder of a label, or nil. What calls itself GB2312 or GBK is read as GB18030, which
// holds both and what writers use beyond them.
func codecOf(label string) encoding.Encoding {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "":
		return nil
	case "gb2312", "gbk", "gb18030", "cp936", "x-gbk", "cn-gb", "gb_2312-80", "ms936", "windows-936":
		return simplifiedchinese.GB18030
	}
	codec, name := charset.Lookup(label)
	if name == "replacement" {
		return nil
	}
	return codec
}

func headerLabel(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

// prologPattern finds the encoding of an XML declaration. The declaration is ASCII in every charset that has no byte order mark.
var prologPattern = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)

func prologLabel(body []byte) string {
	if m := prologPattern.FindSubmatch(body[:min(len(body), 512)]); m != nil {
		return string(m[1])
	}
	return ""
}

// dropProlog removes the XML declaration, or several, and the space around it: it names a charset that the text is
// no longer in.
func dropProlog(text []byte) []byte {
	for text = trim(text); bytes.HasPrefix(text, []byte("<?xml")); {
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

// countBroken counts replacement characters and characters that XML does not allow.
func countBroken(text []byte) int {
	broken := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError || !isXMLChar(r) {
			broken++
		}
		text = text[size:]
	}
	return broken
}
