package route

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"finews.withounder.com/feeds"
)

// Slug makes the slug of a category from an outlet's name, as the predecessor did: the pinyin of Chinese
// characters, ASCII letters in lower case, digits; what stands between becomes a hyphen. A name that gives no
// slug, or one that is too long or reserved, ends in a hash of itself: stable and safe.
func Slug(outlet string) string {
	slug := spell([]rune(feeds.HalfWidth(outlet)))
	switch {
	case slug == "":
		return hashed("outlet", outlet)
	case feeds.SlugFault(slug) != "":
		return hashed(slug, outlet)
	}
	return slug
}

// tailDigits is how many hexadecimal digits of a name's hash end a slug that the name alone does not give.
const tailDigits = 8

// hashed returns the slug with a part of the hash of the name that it was made from, cut to the length of a slug.
func hashed(slug, name string) string {
	digest := sha256.Sum256([]byte(name))
	slug = slug[:min(len(slug), feeds.MaxSlug-tailDigits-1)]
	return strings.Trim(slug, "-") + "-" + hex.EncodeToString(digest[:])[:tailDigits]
}

// spell returns the name in pinyin, without hyphens at its ends or beside one another.
func spell(name []rune) string {
	var spelled strings.Builder
	for len(name) > 0 {
		readings, size := wordAt(name)
		for _, r := range name[:max(size, 1)] {
			if reading, special := readings[r]; special {
				spelled.WriteString(reading)
			} else {
				spelled.WriteString(spellRune(r))
			}
		}
		name = name[max(size, 1):]
	}
	parts := strings.FieldsFunc(spelled.String(), func(r rune) bool { return r == '-' })
	return strings.Join(parts, "-")
}

func spellRune(r rune) string {
	if reading, ok := common[r]; ok {
		return reading
	}
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
