package parse

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
)

// How a guess is made. A text is scored, from 0 to 1, by the share of its characters that are common in the language of
// the charset: of text in the right one it is over 0.5, of other text under 0.15.
const (
	sampleBytes = 32 << 10 // of the text beyond ASCII
	plausible   = 0.3
	otherScript = 0.2  // of a letter that is not Latin, in a charset of one byte for each character
	brokenCost  = 5.0  // a text of which one character in a thousand is broken loses 0.005
	labelBonus  = 0.25 // for what the document says itself
	gb18030     = 0.20 // what the sources of finews write where nothing else is likelier
)

// language is what the text of a charset reads like.
type language struct {
	common  *characterSet
	scripts []*unicode.RangeTable // of which every character is common
	other   []*unicode.RangeTable // which say nothing for or against it
}

var (
	chinese  = language{common: commonHan, other: []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana}}
	taiwan   = language{common: commonTaiwan, other: []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana}}
	nippon   = language{common: commonKanji, scripts: []*unicode.RangeTable{unicode.Hiragana, fullKatakana}}
	korea    = language{common: commonHangul}
	anywhere = language{common: commonHan, scripts: []*unicode.RangeTable{unicode.Hiragana, fullKatakana, unicode.Hangul, unicode.Cyrillic, unicode.Latin}}
)

// fullKatakana leaves out the half-width ones: Shift_JIS reads any byte from A1 to DF as one.
var fullKatakana = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x30A1, Hi: 0x30FF, Stride: 1}}}

// eastAsian are the charsets that a text is tried in whatever its label says.
var eastAsian = []struct {
	codec  encoding.Encoding
	reads  language
	chance float64 // added to the score
}{
	{simplifiedchinese.GB18030, chinese, gb18030},
	{utf.UTF8, anywhere, gb18030},
	{traditionalchinese.Big5, taiwan, 0},
	{korean.EUCKR, korea, 0},
	{japanese.EUCJP, nippon, 0},
	{japanese.ShiftJIS, nippon, 0},
}

// likeliest returns the charset of a text that is no valid UTF-8: the one whose text reads best, with something added
// for a label. Of two that read as well it is the first: the header's before that of the prolog.
func likeliest(doc Document) encoding.Encoding {
	if isNearlyUTF8(doc.Body) {
		return utf.UTF8
	}
	sample := beyondASCII(doc.Body)
	best, highest := encoding.Encoding(simplifiedchinese.GB18030), -brokenCost
	try := func(codec encoding.Encoding, reads language, bonus float64) {
		if score := reads.score(codec, sample) + bonus; score > highest {
			best, highest = codec, score
		}
	}
	for _, label := range labels(doc) {
		if codec := codecOf(label); codec != nil && !isWide(codec) {
			try(codec, languageOf(codec), labelBonus)
		}
	}
	for _, c := range eastAsian {
		try(c.codec, c.reads, c.chance)
	}
	return best
}

// isNearlyUTF8 reports whether ten characters beyond ASCII are UTF-8 for each byte that is none. By chance, a quarter of
// GBK is.
func isNearlyUTF8(text []byte) bool {
	good, broken := 0, 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			broken++
		} else if size > 1 {
			good++
		}
		text = text[size:]
	}
	return good >= 10*broken
}

// beyondASCII returns the parts of a text that are not ASCII, each with one byte before it and at most four behind, and
// all up to sampleBytes. A second byte may look like ASCII; four in a row do not, so that no character is torn.
func beyondASCII(text []byte) []byte {
	const behind = 4
	sample := make([]byte, 0, min(len(text), sampleBytes)+8)
	plain := behind // bytes of ASCII in a row
	for i, c := range text {
		if c < utf8.RuneSelf {
			plain++
		} else {
			if plain >= behind && i > 0 {
				sample = append(sample, '\n', text[i-1])
			}
			plain = 0
		}
		if plain < behind {
			sample = append(sample, c)
		}
		if len(sample) >= sampleBytes {
			break
		}
	}
	return sample
}

// languageOf returns what a text of a labelled charset should read like. A charset of one byte for each character reads
// as letters of any script.
func languageOf(codec encoding.Encoding) language {
	for _, c := range eastAsian {
		if c.codec == codec {
			return c.reads
		}
	}
	return anywhere
}

// isWide is true for UTF-16 and UTF-32, which a text without NULs is not in, and for the 7-bit charsets, which a text
// beyond ASCII is not in.
func isWide(codec encoding.Encoding) bool {
	if codec == simplifiedchinese.HZGB2312 || codec == japanese.ISO2022JP {
		return true
	}
	plain, err := codec.NewDecoder().Bytes([]byte("<rss>"))
	return err != nil || !bytes.Equal(plain, []byte("<rss>"))
}

// score returns the share of the characters beyond ASCII and punctuation that are common, less the cost of what is
// broken.
func (l language) score(codec encoding.Encoding, sample []byte) float64 {
	text, err := codec.NewDecoder().Bytes(sample)
	if err != nil {
		return -brokenCost
	}
	if _, narrow := codec.(*charmap.Charmap); narrow {
		return westernScore(text)
	}
	var common, letters, broken int
	for _, r := range string(text) {
		switch {
		case r < utf8.RuneSelf && isXMLChar(r) || isPunctuation(r):
		case r == utf8.RuneError || !isXMLChar(r):
			broken++
			letters++
		case l.common.has(r) || unicode.In(r, l.scripts...):
			common++
			letters++
		case unicode.In(r, l.other...):
		default:
			letters++
		}
	}
	if letters == 0 {
		return 0
	}
	return (float64(common) - brokenCost*float64(broken)) / float64(letters)
}

// isPunctuation reports whether r is a sign that stands in text of any East Asian language.
func isPunctuation(r rune) bool {
	return r >= 0x2010 && r <= 0x203B || r >= 0x3000 && r <= 0x3020 || r >= 0xFF00 && r <= 0xFF5E || r == '·' || r == '．'
}

// westernScore scores text in a charset of one byte for each character, in which nothing is ever broken. A letter with an
// accent stands alone among letters without, and in a text all in another script there are few signs; Chinese read so has
// accents in rows, and signs all over.
func westernScore(text []byte) float64 {
	var alone, other, against int
	before := rune(0)
	for i, r := range string(text) {
		if r >= utf8.RuneSelf {
			next, _ := utf8.DecodeRune(text[i+utf8.RuneLen(r):])
			switch {
			case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r):
				other++
			case unicode.IsLetter(r) && (isPlainLetter(before) || before < utf8.RuneSelf && isPlainLetter(next)):
				alone++
			default:
				against++
			}
		}
		before = r
	}
	all := float64(max(1, alone+other+against))
	return (float64(alone) + otherScript*float64(other-3*against)) / all
}

func isPlainLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
