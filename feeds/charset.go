package feeds

import "strings"

// charsetAliases are names that Chinese, Japanese and Korean servers and old Windows programs write, and that the WHATWG
// Encoding standard does not know. Each stands after the name that it means.
var charsetAliases = map[string]string{
	"gb18030":    "gb2312 gb-2312 gb_2312 gb_2312-80 gb2312-80 gbk x-gbk gb-18030 gb_18030 cp936 ms936 windows-936 cn-gb euc-cn euccn x-euc-cn",
	"hz-gb-2312": "hz hz-gb2312 hzgb2312",
	"big5":       "big-5 big5-hkscs big5hkscs cp950 ms950 windows-950 x-big5 cn-big5",
	"euc-kr":     "cp949 ms949 uhc euckr euc_kr x-windows-949",
	"shift_jis":  "cp932 ms932 windows-932 shift-jis x-sjis sjis",
	"euc-jp":     "eucjp euc_jp",
	"utf-8":      "utf8 utf_8 utf-8-sig unicode-1-1-utf-8",
	"utf-16":     "utf16 unicode ucs-2 ucs2 iso-10646-ucs-2 csunicode",
	"utf-16le":   "utf16le ucs-2le unicodefeff",
	"utf-16be":   "utf16be ucs-2be unicodefffe",
	"utf-32":     "utf32 ucs-4 ucs4 iso-10646-ucs-4",
	"utf-32le":   "utf32le ucs-4le",
	"utf-32be":   "utf32be ucs-4be",
}

// CharsetName returns the one name of a charset's label, in lower case. What calls itself GB2312 or GBK is GB18030, which
// holds both and what writers use beyond them. A label that is not among the known aliases is returned as it is.
func CharsetName(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\r\n\"'"))
	for name, aliases := range charsetAliases {
		if label != "" && strings.Contains(" "+aliases+" ", " "+label+" ") {
			return name
		}
	}
	return label
}
