package feeds

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFileName is the longest name, in bytes, that IsFileName takes: file systems take 255, and a writer needs some of them for
// the extension and for the name of the file that takes the place of another.
const maxFileName = 200

// deviceName is what Windows takes for a device, whatever extension follows it.
var deviceName = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)`)

// IsFileName reports whether a name that somebody else chose can be the name of one file or folder on every system: at most 200
// bytes of UTF-8 without / and \, without controls and what Windows forbids, not hidden by a dot in front, without the spaces
// and dots at its ends that Windows drops, and not that of a device (CON, nul.html).
func IsFileName(name string) bool {
	if name == "" || len(name) > maxFileName || !utf8.ValidString(name) || deviceName.MatchString(name) {
		return false
	}
	if strings.ContainsAny(name, `/\<>:"|?*`) || strings.ContainsFunc(name, unicode.IsControl) {
		return false
	}
	return name == strings.Trim(name, " ") && name[0] != '.' && name[len(name)-1] != '.'
}
