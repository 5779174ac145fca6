package parse

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// byteOrderMarks are looked for before anything else. UTF-32 stands first: its little-endian mark starts with that of
// UTF-16. That of UTF-8 is not among them: servers put it before GBK too.
var byteOrderMarks = []struct {
	mark  string
	codec encoding.Encoding
}{
	{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.ExpectBOM)},
	{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.ExpectBOM)},
	{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)},
	{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)},
}

// decode returns the document as valid UTF-8. The order of belief: the operator's word, a byte order mark, the NULs of
// UTF-16 and UTF-32, the escapes of a 7-bit charset, the bytes themselves where they are UTF-8, and then what a label
// says and what the text reads like, weighed against each other. A label alone is not believed: GBK under a UTF-8
// label, and the reverse, are common.
func decode(doc Document, operatorsWord string) ([]byte, error) {
	if operatorsWord != "" {
		codec := codecOf(operatorsWord)
		if codec == nil {
			return nil, fmt.Errorf("charset %q of feeds.yaml is not known: write one such as gb18030, big5 or utf-8", operatorsWord)
		}
		return decodeAs(codec, doc.Body)
	}
	if codec := wideCodec(doc.Body); codec != nil {
		return decodeAs(codec, doc.Body)
	}
	if codec := escapedCodec(doc); codec != nil {
		return decodeAs(codec, doc.Body)
	}
	doc.Body = bytes.TrimPrefix(doc.Body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(doc.Body) {
		return doc.Body, nil
	}
	return decodeAs(likeliest(doc), doc.Body)
}

// decodeAs decodes text, what is broken in it to U+FFFD. The size of the result is measured first: a buffer that grows
// by doubling holds many times the text for a moment.
func decodeAs(codec encoding.Encoding, text []byte) ([]byte, error) {
	var size counter
	if err := transcode(&size, codec, text); err != nil {
		return nil, err
	}
	decoded := bytes.NewBuffer(make([]byte, 0, int(size)))
	if err := transcode(decoded, codec, text); err != nil {
		return nil, err
	}
	return decoded.Bytes(), nil
}

// wideCodec tells UTF-16 and UTF-32 by their byte order mark or by where their NULs stand; it returns nil for any other
// text. Markup is ASCII, and each character of it has its NULs at the same places.
func wideCodec(body []byte) encoding.Encoding {
	for _, m := range byteOrderMarks {
		if bytes.HasPrefix(body, []byte(m.mark)) {
			return m.codec
		}
	}
	const looked = 1 << 10
	body = body[:min(len(body), looked)]
	units := len(body) / 4
	var zeros [4]int // at each place of four bytes
	for i, c := range body[:units*4] {
		if c == 0 {
			zeros[i%4]++
		}
	}
	most, few := units*9/10, units/10
	switch {
	case units == 0:
		return nil
	case zeros[0] > most && zeros[1] > most && zeros[3] <= few:
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	case zeros[3] > most && zeros[2] > most && zeros[0] <= few:
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case zeros[0] > few && zeros[2] > few && zeros[1]+zeros[3] <= few:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case zeros[1] > few && zeros[3] > few && zeros[0]+zeros[2] <= few:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	}
	return nil
}

// escapedCodec tells the charsets that are 7 bits wide and shift between ASCII and Han: they are valid UTF-8 too, and
// read as gibberish. ISO-2022-JP shifts by ESC, which no other text holds; HZ by ~{, which needs a label, or Han that
// reads well behind it.
func escapedCodec(doc Document) encoding.Encoding {
	escape, hz := []byte("\x1b$"), []byte("~{")
	if !bytes.Contains(doc.Body, escape) && !bytes.Contains(doc.Body, hz) || !isASCII(doc.Body) {
		return nil
	}
	if bytes.Contains(doc.Body, escape) {
		return japanese.ISO2022JP
	}
	for _, label := range labels(doc) {
		if codecOf(label) == simplifiedchinese.HZGB2312 {
			return simplifiedchinese.HZGB2312
		}
	}
	_, body, _ := bytes.Cut(doc.Body, hz)
	sample := append(hz, body[:min(len(body), sampleBytes)]...)
	if chinese.score(simplifiedchinese.HZGB2312, sample) > plausible {
		return simplifiedchinese.HZGB2312
	}
	return nil
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// transcode writes the decoded text into w.
func transcode(w interface{ Write([]byte) (int, error) }, codec encoding.Encoding, text []byte) error {
	out := transform.NewWriter(w, codec.NewDecoder())
	if _, err := out.Write(text); err != nil {
		return fmt.Errorf("decode the text: %w; name its charset with charset: in feeds.yaml", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("decode the end of the text: %w; name its charset with charset: in feeds.yaml", err)
	}
	return nil
}
