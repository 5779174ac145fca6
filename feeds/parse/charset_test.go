package parse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"finews.withounder.com/feeds/parse"
)

// passage is what a feed says in one language: a short feed has the title alone.
type passage struct{ title, body string }

var (
	mainland = passage{"农商行支农贷款", "今年以来，各地农村商业银行加大对春耕备耕的信贷支持力度，累计发放涉农贷款一百二十亿元，同比增长8.6%。" +
		"截至三月末，全县农户小额信用贷款余额较年初增加三千万元，惠及农户一万两千余户。"}
	ancient = passage{"㐂𠮷村信用社", "农户㐂𠮷与䶮某在信用社办理贷款🌾，信贷员说，二代支付系统已经能录入这些生僻字，今年以来共办理涉农贷款一百二十笔。"}
	island  = passage{"農業金庫放款成長", "今年以來，各地農會信用部加強對春耕的資金支援，累計發放農業貸款一百二十億元，較去年同期成長8.6%。" +
		"農業金庫表示，將持續協助農民取得所需資金，並降低貸款利率。"}
	harbour = passage{"香港銀行支持農業", "多家銀行今年加強對本地農戶的貸款，金融管理局表示市場資金充裕。嚿㗎啲等字亦可顯示。"}
	japan   = passage{"農業融資が前年より増加", "農林中央金庫は二十日、今年度の農業向け融資が前年より8%増えたと発表した。" +
		"地方銀行も取り組みを広げており、担い手の資金需要に応える考えだ。ＪＡバンクのサービスも利用が伸びている。"}
	corea = passage{"농협은행 농업인 대출 확대", "농협은행은 올해 농업인 대출이 지난해보다 8퍼센트 늘었다고 이십일 밝혔다. " +
		"지역 농협도 금리를 낮추고 지원을 확대하고 있으며, 청년 농업인에게는 따로 자금을 공급한다."}
	france = passage{"Crédit agricole : les prêts accordés à l’été", "Les prêts aux agriculteurs ont augmenté de 8 % en un an, a annoncé la société. " +
		"La trésorerie des exploitations reste fragilisée par la sécheresse, même là où les récoltes ont été bonnes."}
	russia = passage{"Кредиты сельскому хозяйству выросли", "Банк сообщил, что кредиты сельским хозяйствам выросли за год на восемь процентов."}
)

// written is a passage in a charset, and what that may be called.
type written struct {
	name   string
	codec  encoding.Encoding
	text   passage
	labels []string
	found  bool // the text is right whatever its label says, and without one; shortly too
	long   bool // the same, but for a text of a few words
	mark   string
}

var gbLabels = []string{"gb18030", "GBK", "gb2312", "GB2312", "cp936", "x-gbk", "CN-GB", "gb_2312-80", "ms936", "windows-936", "euc-cn"}

var table = []written{
	{"GBK", simplifiedchinese.GBK, mainland, gbLabels, true, true, ""},
	{"GB18030", simplifiedchinese.GB18030, ancient, gbLabels, true, true, ""},
	{"GBK, traditional", simplifiedchinese.GBK, island, gbLabels, true, true, ""},
	{"HZ", simplifiedchinese.HZGB2312, mainland, []string{"hz-gb-2312", "HZ"}, true, true, ""},
	{"Big5", traditionalchinese.Big5, island, []string{"big5", "Big5-HKSCS", "cn-big5", "x-x-big5", "cp950"}, false, true, ""},
	{"Big5-HKSCS", traditionalchinese.Big5, harbour, []string{"big5-hkscs", "big5"}, false, true, ""},
	{"EUC-JP", japanese.EUCJP, japan, []string{"euc-jp", "x-euc-jp", "EUCJP"}, false, true, ""},
	{"Shift_JIS", japanese.ShiftJIS, japan, []string{"Shift_JIS", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932"}, false, true, ""},
	{"ISO-2022-JP", japanese.ISO2022JP, japan, []string{"iso-2022-jp", "csiso2022jp"}, true, true, ""},
	{"EUC-KR", korean.EUCKR, corea, []string{"euc-kr", "ks_c_5601-1987", "cp949", "windows-949", "ksc5601"}, false, true, ""},
	{"UTF-8", unicode.UTF8, mainland, []string{"utf-8", "UTF8"}, true, true, ""},
	{"UTF-8 with mark", unicode.UTF8, ancient, []string{"utf-8"}, true, true, "\ufeff"},
	{"UTF-8, Japanese", unicode.UTF8, japan, []string{"utf-8"}, true, true, ""},
	{"UTF-8, Korean", unicode.UTF8, corea, []string{"utf-8"}, true, true, ""},
	{"UTF-16LE", utf16(unicode.LittleEndian), mainland, []string{"utf-16", "utf-16le", "ucs-2"}, true, true, ""},
	{"UTF-16BE", utf16(unicode.BigEndian), ancient, []string{"utf-16", "utf-16be", "ucs-2"}, true, true, ""},
	{"UTF-16LE with mark", utf16(unicode.LittleEndian), ancient, []string{"utf-16", "utf-16le", "iso-10646-ucs-2"}, true, true, "\ufeff"},
	{"UTF-16BE with mark", utf16(unicode.BigEndian), corea, []string{"utf-16", "utf-16be", "unicode"}, true, true, "\ufeff"},
	{"UTF-32LE", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), mainland, []string{"utf-32", "utf-32le"}, true, true, ""},
	{"UTF-32BE", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), japan, []string{"utf-32", "utf-32be"}, true, true, ""},
	{"UTF-32LE with mark", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), ancient, []string{"utf-32", "ucs-4"}, true, true, "\ufeff"},
	{"UTF-32BE with mark", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), mainland, []string{"utf-32", "utf-32be"}, true, true, "\ufeff"},
	// Of a western charset only the label tells, and only where it is right.
	{"windows-1252", charmap.Windows1252, france, []string{"iso-8859-1", "windows-1252", "latin1"}, false, false, ""},
	{"windows-1251", charmap.Windows1251, russia, []string{"windows-1251", "cp1251"}, false, false, ""},
	{"KOI8-R", charmap.KOI8R, russia, []string{"koi8-r"}, false, false, ""},
}

func utf16(order unicode.Endianness) encoding.Encoding {
	return unicode.UTF16(order, unicode.IgnoreBOM)
}

// wrong are labels that say nothing true of most texts, and one that names nothing.
var wrong = []string{"utf-8", "gb2312", "big5", "euc-kr", "euc-jp", "shift_jis", "iso-8859-1", "windows-1251", "utf-16", "utf-32", "hz-gb-2312", "iso-2022-jp", "klingon"}

// TestFault27Charsets reads each charset under each label: right, wrong, absent, in the XML declaration, in the header, and in
// both at odds.
func TestFault27Charsets(t *testing.T) {
	cases := 0
	for _, w := range table {
		for _, long := range []bool{false, true} {
			for _, label := range w.labels {
				cases += w.check(t, long, label, "") + w.check(t, long, "", label) + w.check(t, long, label, label)
			}
			if !w.found && (!long || !w.long) {
				continue
			}
			cases += w.check(t, long, "", "")
			for _, label := range wrong {
				cases += w.check(t, long, label, "") + w.check(t, long, "", label)
				cases += w.check(t, long, label, w.labels[0]) + w.check(t, long, w.labels[0], label)
			}
		}
	}
	t.Logf("%d cases", cases)
}

// check reads one feed and returns 1.
func (w written) check(t *testing.T, long bool, prolog, header string) int {
	t.Helper()
	doc := w.document(t, long, prolog, header)
	name := fmt.Sprintf("%s, long %v, prolog %q, header %q", w.name, long, prolog, header)
	result, err := parse.Feed(source(), doc)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return 1
	}
	if len(result.Items) != 1 || len(result.Faults) != 0 {
		t.Errorf("%s: %d items, faults %q", name, len(result.Items), result.Faults)
		return 1
	}
	if it := result.Items[0]; it.Title != w.text.title || long && it.Body != "<p>"+w.text.body+"</p>" {
		t.Errorf("%s: title %q, body %.60q", name, it.Title, it.Body)
	}
	return 1
}

func (w written) document(t *testing.T, long bool, prolog, header string) parse.Document {
	t.Helper()
	var b strings.Builder
	b.WriteString(w.mark)
	if prolog != "" {
		fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"%s\"?>\n", prolog)
	}
	b.WriteString(`<rss version="2.0"><channel><item><guid>1</guid><title>` + w.text.title + "</title>")
	if long {
		b.WriteString("<description>&lt;p&gt;" + w.text.body + "&lt;/p&gt;</description>")
	}
	b.WriteString("</item></channel></rss>\n")
	doc := parse.Document{Body: encoded(t, w.codec, b.String()), ContentType: "application/rss+xml"}
	if header != "" {
		doc.ContentType += "; charset=" + header
	}
	return doc
}

func encoded(t *testing.T, codec encoding.Encoding, text string) []byte {
	t.Helper()
	coded, err := codec.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%.40q cannot be encoded: %v", text, err)
	}
	return coded
}

// TestCharsetOfADamagedText holds that a few broken bytes do not make another charset of a text.
func TestCharsetOfADamagedText(t *testing.T) {
	for _, w := range table {
		if !w.long || strings.HasPrefix(w.name, "UTF-16") || strings.HasPrefix(w.name, "UTF-32") || w.name == "HZ" || w.name == "ISO-2022-JP" {
			continue
		}
		body := strings.Repeat(w.text.body, 12)
		text := `<rss version="2.0"><channel><item><guid>1</guid><title>` + w.text.title + "</title><description>" + body + "</description></item></channel></rss>"
		coded := encoded(t, w.codec, text)
		middle := len(encoded(t, w.codec, strings.TrimSuffix(text, strings.Repeat(w.text.body, 6)+"</description></item></channel></rss>")))
		damaged := append(append(append([]byte{}, coded[:middle]...), '\xff'), coded[middle:]...)
		for _, label := range []string{"", "utf-8", "iso-8859-1", w.labels[0]} {
			result, err := parse.Feed(source(), parse.Document{Body: damaged, ContentType: "text/xml; charset=" + label})
			if err != nil {
				t.Errorf("%s under %q: %v", w.name, label, err)
			} else if it := result.Items[0]; it.Title != w.text.title || len(result.Faults) != 1 {
				t.Errorf("%s under %q: title %q, faults %q", w.name, label, it.Title, result.Faults)
			}
		}
	}
}

func TestMarkOfUTF8BeforeGBK(t *testing.T) {
	w := written{name: "GBK", codec: simplifiedchinese.GBK, text: mainland}
	doc := w.document(t, true, "utf-8", "utf-8")
	doc.Body = append([]byte("\xef\xbb\xbf"), doc.Body...)
	result, err := parse.Feed(source(), doc)
	if err != nil || result.Items[0].Title != mainland.title {
		t.Errorf("%+v, %v", result.Items, err)
	}
}

// TestOperatorsWordOverrules holds that charset: of feeds.yaml is asked before anything else, also where it is wrong.
func TestOperatorsWordOverrules(t *testing.T) {
	w := written{name: "UTF-8", codec: unicode.UTF8, text: mainland}
	s := source()
	s.Charset = "koi8-r"
	result, err := parse.Feed(s, w.document(t, false, "utf-8", "utf-8"))
	if err != nil || strings.Contains(result.Items[0].Title, "农") {
		t.Errorf("%+v, %v", result.Items, err)
	}
	s.Charset = "klingon"
	if _, err := parse.Feed(s, w.document(t, false, "", "")); err == nil || !strings.Contains(err.Error(), `charset "klingon" of feeds.yaml is not known`) {
		t.Errorf("an unknown charset: %v", err)
	}
}

// TestCharsetFiles reads each document of testdata/charset; titles.txt says what it is called.
func TestCharsetFiles(t *testing.T) {
	for _, line := range lines(t, "testdata/charset/titles.txt") {
		name, title, _ := strings.Cut(line, "\t")
		body, err := os.ReadFile("testdata/charset/" + name)
		if err != nil {
			t.Fatal(err)
		}
		result, err := parse.Feed(source(), parse.Document{Body: body})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := result.Items[0].Title; got != title {
			t.Errorf("%s: title %q, want %q", name, got, title)
		}
	}
}

// TestCharsetOfRareText holds what decides where none of the characters is common: the label that breaks nothing, the
// header's before another, and GB18030 where there is none.
func TestCharsetOfRareText(t *testing.T) {
	for name, c := range map[string]struct {
		codec                 encoding.Encoding
		title, prolog, header string
	}{
		"no label":                 {simplifiedchinese.GBK, "饕餮氤氲龃龉", "", ""},
		"a label that breaks it":   {simplifiedchinese.GBK, "饕餮氤氲龃龉", "utf-8", "utf-8"},
		"read by chance as Korean": {simplifiedchinese.GBK, "潇湘馆春困", "", ""},
		"a western label":          {simplifiedchinese.GBK, "饕餮氤氲龃龉", "iso-8859-1", "iso-8859-1"},
		"a Cyrillic label":         {simplifiedchinese.GBK, "霍尼韦尔官网", "windows-1251", ""},
		"a label of two bytes":     {simplifiedchinese.GBK, "饕餮氤氲龃龉", "utf-16", "utf-16le"},
		"Big5 in the prolog":       {traditionalchinese.Big5, "鱉鱟鸛鸞", "big5", ""},
		"Big5 in the header":       {traditionalchinese.Big5, "鱉鱟鸛鸞", "gbk", "big5"},
		"GBK in the header":        {simplifiedchinese.GBK, "鱉鱟鸛鸞", "euc-kr", "gbk"},
		"EUC-KR":                   {korean.EUCKR, "뷁쉛", "euc-kr", ""},
		"a broken byte in Thai":    {unicode.UTF8, "ธนาคารเพื่อการเกษตรปล่อยสินเชื่อ", "gbk", "gbk"},
		"a broken byte in Arabic":  {unicode.UTF8, "بنك الزراعة يقدم قروضا", "iso-8859-1", "iso-8859-1"},
	} {
		w := written{codec: c.codec, text: passage{title: c.title}}
		doc := w.document(t, false, c.prolog, c.header)
		if c.codec == unicode.UTF8 {
			doc.Body = append(doc.Body, 0xff)
		}
		result, err := parse.Feed(source(), doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := result.Items[0].Title; got != c.title {
			t.Errorf("%s: title %q, want %q", name, got, c.title)
		}
	}
}
