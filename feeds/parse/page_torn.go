package parse

import (
	"bytes"

	"golang.org/x/net/html"
)

// isCutPage reports whether the end of a page is missing: it ends within a tag, or opens <html> or <body> and closes
// neither. HTML allows to leave both end tags out; a page of such a site is read at every poll, and nothing else.
func isCutPage(text []byte) bool {
	if indexFold(text, "</body") >= 0 || indexFold(text, "</html") >= 0 {
		return false
	}
	return endsWithinTag(text) || indexFold(text, "<body") >= 0 || indexFold(text, "<html") >= 0
}

func endsWithinTag(text []byte) bool {
	open := bytes.LastIndexByte(text, '<')
	return open > bytes.LastIndexByte(text, '>') && tagStart.Match(append(text[open:len(text):len(text)], '/'))
}

// wholeElements returns the elements of a page that was cut without the last one where nothing follows it: it may be torn,
// and half a title would be published as one.
func wholeElements(elements []*html.Node) []*html.Node {
	last := elements[len(elements)-1]
	for n := last; n != nil; n = n.Parent {
		if n.NextSibling != nil {
			return elements
		}
	}
	return elements[:len(elements)-1]
}
