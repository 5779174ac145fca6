package feeds

// Ideographs returns how many bytes of s, from its beginning, are Chinese characters of the block that nearly all of a text
// is made of (U+4E00–U+9FFF). It reads them faster than a loop over characters does.
func Ideographs(s string) int {
	i := 0
	for i+2 < len(s) {
		first, second, third := s[i], s[i+1], s[i+2]
		if first < 0xe4 || first > 0xe9 || second > 0xbf || third&0xc0 != 0x80 || second < 0x80 || first == 0xe4 && second < 0xb8 {
			break
		}
		i += 3
	}
	return i
}

// IsSign reports whether a character is one of the signs and blanks that stand between words: those of ASCII, and the
// usual ones of Chinese. There are more; for these no table has to be searched.
func IsSign(r rune) bool {
	switch {
	case r < 0x80:
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	case r >= 0x2010 && r <= 0x203e, r >= 0x3000 && r <= 0x3003, r >= 0x3008 && r <= 0x301f:
		return true
	}
	return r >= 0xff01 && r <= 0xff0f || r >= 0xff1a && r <= 0xff20
}
