package publish

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// clean returns text without the characters that no feed may hold, and without invalid UTF-8.
func clean(text string) string { return replace(text, -1) }

// cleanBody does the same to HTML that is safe. There a space takes their place: letters that never stood side
// by side when the body was sanitized do not stand side by side when it is published.
func cleanBody(body feeds.SafeHTML) string { return replace(string(body), ' ') }

func replace(text string, with rune) string {
	if strings.IndexFunc(text, unfit) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unfit(r) {
			return with
		}
		return r
	}, text)
}

// unfit reports whether r is no Char of XML 1.0 (section 2.2), or one that XML discourages and feed
// validators warn of: C1 controls, noncharacters, and U+FFFD, which says only that something was lost before.
func unfit(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n' && r != '\r'
	case r < 0x7F:
		return false
	case r <= 0x9F:
		return true
	case r < 0xD800:
		return false
	}
	return r == utf8.RuneError || r&0xFFFE == 0xFFFE || (r >= 0xFDD0 && r <= 0xFDEF)
}

// plain is text of an element that holds no markup. Readers disagree whether RSS means text or HTML by it; with < and
// & as hexadecimal references most read text (RSS Advisory Board, Best Practices Profile, "Character Data"), and
// validators see that S&P500 is no entity, in Atom too. So it is escaped here and not by the encoder.
type plain struct {
	Escaped string `xml:",innerxml"`
}

var escaper = strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;")

func newPlain(text string) plain { return plain{escaper.Replace(clean(text))} }

// uriMarks are the characters besides letters and digits that may stand in a URI as they are (RFC 2396, which
// feed validators hold links to); square brackets may stand in the host alone.
const uriMarks = ";/?:@&=+$.-_!~*'()%,#"

// address returns the address of something elsewhere as it is published; empty where it is none that finews publishes.
func address(given string) string {
	found, ok := feeds.WebAddress("", given)
	if !ok {
		return ""
	}
	return uri(found)
}

// uri returns an address with every byte escaped that may not stand in a URI. Queries are the usual place: a
// source's link may well end in ?q=农金网.
func uri(address string) string {
	start := authorityEnd(address)
	var b strings.Builder
	b.WriteString(address[:start])
	for i := start; i < len(address); i++ {
		if c := address[i]; uriByte(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// authorityEnd returns where the path, query or fragment of an address starts; 0 where the host itself holds
// what a URI may not, so that it is escaped too.
func authorityEnd(address string) int {
	scheme := strings.Index(address, "://")
	if scheme < 0 {
		return 0
	}
	host := scheme + len("://")
	end := len(address)
	if i := strings.IndexAny(address[host:], "/?#"); i >= 0 {
		end = host + i
	}
	for i := host; i < end; i++ {
		if !uriByte(address[i]) && address[i] != '[' && address[i] != ']' {
			return 0
		}
	}
	return end
}

func uriByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(uriMarks, c) >= 0
}

// headline is the title of an entry, never empty: of a title that holds no character that can be published, the
// summary is left.
func headline(e feeds.Entry) string {
	if title := strings.TrimSpace(clean(e.Title)); title != "" {
		return title
	}
	return summary(e)
}

// summary is the text that stands for an entry where its body does not: the summary, or, of a source that lets
// no more than its titles out, at least where it comes from.
func summary(e feeds.Entry) string {
	if text := strings.TrimSpace(clean(e.Summary)); text != "" {
		return text
	}
	return "来源：" + clean(e.Outlet)
}

// body is the HTML of an entry with the line under it that says whose it is and who tells it too. Where there is no
// body to publish, for rights or for want of one, the summary stands above the line.
func (p publication) body(e feeds.Entry) string {
	text := cleanBody(e.Body)
	if summary := strings.TrimSpace(clean(e.Summary)); text == "" && summary != "" {
		text = "<p>" + html.EscapeString(summary) + "</p>"
	}
	return strings.TrimPrefix(text+"\n<p>"+attribution(e)+p.seeAlso(e)+"</p>", "\n")
}

// attribution names the outlet and leads to the original.
func attribution(e feeds.Entry) string {
	original := address(e.Link)
	if original == "" {
		return "来源：" + html.EscapeString(clean(e.Outlet))
	}
	return "来源：" + anchor(e.Outlet, original) + "（原文）"
}

// seeAlso names the outlets that tell the same story and leads to their originals; it is empty where none does.
func (p publication) seeAlso(e feeds.Entry) string {
	var names []string
	for _, c := range p.copies(e) {
		names = append(names, anchor(c.Outlet, c.Link))
	}
	if len(names) == 0 {
		return ""
	}
	return "<br>另见：" + strings.Join(names, "、")
}

// anchor is a link of that text, or the text alone where there is no address.
func anchor(text, address string) string {
	text = html.EscapeString(clean(text))
	if address == "" {
		return text
	}
	return `<a href="` + html.EscapeString(address) + `">` + text + "</a>"
}

// authors are the names of those who wrote an entry; without any, the outlet's.
func authors(e feeds.Entry) []string {
	names := cleanAll(e.Authors)
	if len(names) == 0 {
		names = cleanAll([]string{e.Outlet})
	}
	return names
}

// cleanAll cleans each text, and leaves out what is empty then.
func cleanAll(texts []string) []string {
	var kept []string
	for _, text := range texts {
		if text = strings.TrimSpace(clean(text)); text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}
