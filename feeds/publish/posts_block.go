package publish

import "strings"

// maxBlockLine is how long a line of a block gets, in bytes, before it is broken within a tag. kramdown looks for the end of the line
// at each element: 250 KB in one line cost it twelve seconds.
const maxBlockLine = 1000

// block returns HTML as a block of a Markdown document that comes out as it went in. No line of it is blank, because a blank line ends a block of HTML for
// CommonMark, and markdown="0" says the same to kramdown, whatever the site's _config.yml asks it to do with HTML. A brace is
// written as a character reference: {% endraw %}, {{ }} and {::options /} are text even for a Jekyll before 4, which knows no
// render_with_liquid. In body each < begins a tag and each > ends one, as package sanitize writes it.
func block(body string) string {
	body = strings.NewReplacer("\r\n", "\n", "\r", "\n", "{", "&#123;").Replace(body)
	var b strings.Builder
	b.WriteString(`<div markdown="0">`)
	line := 0 // where it started
	for body != "" {
		text, rest, tagged := strings.Cut(body, "<")
		writeText(&b, text)
		if strings.Contains(text, "\n") {
			line = b.Len()
		}
		if !tagged {
			break
		}
		tag, after, _ := strings.Cut(rest, ">")
		tag = strings.ReplaceAll(tag, "\n", "&#10;") // kramdown would make a space of it in a value
		if bare := strings.TrimSuffix(tag, "/"); b.Len()-line > maxBlockLine && (bare != tag || strings.HasPrefix(tag, "/")) {
			tag, line = bare+"\n"+tag[len(bare):], b.Len()
		}
		b.WriteString("<" + tag + ">")
		body = after
	}
	return b.String() + "</div>"
}

// writeText writes text between two tags, with references for the ends of those lines after which a blank one would come.
func writeText(b *strings.Builder, text string) {
	for {
		before, after, more := strings.Cut(text, "\n")
		b.WriteString(before)
		if !more {
			return
		}
		if next := strings.TrimLeft(after, " \t"); next != "" && next[0] == '\n' {
			b.WriteString("&#10;")
		} else {
			b.WriteByte('\n')
		}
		text = after
	}
}
