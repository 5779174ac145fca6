package route

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"finews.withounder.com/feeds"
)

// phrases are words of outlets' names in which a character is not read in its commonest way. The longest at a
// place is taken.
var phrases = map[string]string{
	"银行": "yinhang", "行业": "hangye", "农商行": "nongshanghang", "央行": "yanghang", "行情": "hangqing", "支行": "zhihang", "分行": "fenhang",
	"重庆": "chongqing", "长城": "changcheng", "长江": "changjiang", "长沙": "changsha", "长春": "changchun", "长三角": "changsanjiao",
	"厦门": "xiamen", "大厦": "dasha", "会计": "kuaiji", "音乐": "yinyue", "调查": "diaocha", "调研": "diaoyan", "重组": "chongzu",
	"朝阳": "chaoyang", "西藏": "xizang", "成都": "chengdu", "首都": "shoudu", "都市": "dushi", "六安": "luan", "蚌埠": "bengbu",
}

// longestPhrase is the number of characters of the longest of phrases.
const longestPhrase = 3

// Slug makes the slug of a category from an outlet's name, as the predecessor did: the pinyin of Chinese
// characters, ASCII letters in lower case, digits; what stands between becomes a hyphen. A name that gives no
// slug, or one that is too long or reserved, ends in a hash of itself: stable and safe.
func Slug(outlet string) string {
	slug := strings.Trim(spell([]rune(outlet)), "-")
	digest := sha256.Sum256([]byte(outlet))
	tail := hex.EncodeToString(digest[:])[:8]
	switch {
	case slug == "":
		return "outlet-" + tail
	case len(slug) > feeds.MaxSlug:
		return strings.Trim(slug[:feeds.MaxSlug-len(tail)-1], "-") + "-" + tail
	case feeds.SlugFault(slug) != "":
		return slug + "-" + tail
	}
	return slug
}

func spell(name []rune) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		if reading, size := phraseAt(name[i:]); size > 0 {
			b.WriteString(reading)
			i += size
			continue
		}
		b.WriteString(spellRune(name[i]))
		i++
	}
	slug := b.String()
	for strings.Contains(slug, "--") {
		slug = strings.ReplaceAll(slug, "--", "-")
	}
	return slug
}

func phraseAt(name []rune) (reading string, size int) {
	for size := min(longestPhrase, len(name)); size > 1; size-- {
		if reading, ok := phrases[string(name[:size])]; ok {
			return reading, size
		}
	}
	return "", 0
}

func spellRune(r rune) string {
	switch {
	case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return string(unicode.ToLower(r))
	case unicode.Is(unicode.Han, r):
		if readings := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(readings) > 0 {
			return readings[0]
		}
	}
	return "-"
}
