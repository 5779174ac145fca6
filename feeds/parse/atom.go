package parse

import (
	"encoding/base64"
	"html"
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"finews.withounder.com/feeds"
)

// atom reads the entries of Atom 0.3 and 1.0.
func (r reader) atom(f *atom.Feed) []feeds.Item {
	items := make([]feeds.Item, len(f.Entries))
	for i, entry := range f.Entries {
		note, noted := r.noteOf(i, len(f.Entries))
		items[i] = r.atomEntry(entry, note)
		if noted {
			r.atomTexts(&items[i], note)
		} else {
			items[i].GUID, items[i].Title, items[i].Summary = entry.ID, entry.Title, entry.Summary
			if entry.Content != nil {
				items[i].Body = entry.Content.Value
			}
		}
		if items[i].Body == "" {
			items[i].Body, items[i].Summary = items[i].Summary, ""
		}
		if len(items[i].Authors) == 0 {
			items[i].Authors = personNames(f.Authors)
		}
	}
	return items
}

func (r reader) atomEntry(entry *atom.Entry, note itemNote) feeds.Item {
	item := feeds.Item{Base: note.base, Link: atomLink(entry, note.base), Authors: personNames(entry.Authors)}
	unfit(&item, note.base, "link", related(entry.Links, "alternate")...)
	if entry.Content != nil {
		unfit(&item, note.base, "link", entry.Content.Src)
	}
	item.Authors = addWords(item.Authors, words(entry.Extensions, "dc", "creator")...)
	if source := entry.Source; source != nil {
		item.Outlet = strings.TrimSpace(source.Title)
		item.OutletLink = linkTo(source.Links, note.base)
		if item.OutletLink == "" {
			item.OutletLink = firstAddress(note.base, related(source.Links, "self")...)
		}
		if len(item.Authors) == 0 {
			item.Authors = personNames(source.Authors)
		}
	}
	for _, c := range entry.Categories {
		if c.Label != "" {
			item.Tags = addWords(item.Tags, c.Label)
		} else {
			item.Tags = addWords(item.Tags, c.Term)
		}
	}
	item.Tags = addWords(item.Tags, words(entry.Extensions, "dc", "subject")...)
	for _, link := range entry.Links {
		if strings.EqualFold(link.Rel, "enclosure") {
			length, _ := strconv.ParseInt(strings.TrimSpace(link.Length), 10, 64)
			item.Enclosures = addEnclosure(item.Enclosures, note.base, link.Href, link.Type, length)
			unfit(&item, note.base, "enclosure", link.Href)
		}
	}
	addMedia(&item, entry.Extensions, note.base)
	r.lastChange(&item, entry.Updated)
	r.firstDate(&item, entry.Published, entry.Updated)
	return item
}

// atomLink returns the page of an entry. A body that stands elsewhere (content src) is better than none.
func atomLink(entry *atom.Entry, base string) string {
	if link := firstAddress(base, words(entry.Extensions, "feedburner", "origLink")...); link != "" {
		return link
	}
	if link := linkTo(entry.Links, base); link != "" || entry.Content == nil {
		return link
	}
	return firstAddress(base, entry.Content.Src)
}

// linkTo returns the page that links lead to: an alternate that is HTML or does not say what it is, or else any other.
func linkTo(links []*atom.Link, base string) string {
	var pages, others []string
	for _, link := range links {
		if !strings.EqualFold(link.Rel, "alternate") {
			continue
		}
		if link.Type == "" || strings.Contains(strings.ToLower(link.Type), "html") {
			pages = append(pages, link.Href)
		} else {
			others = append(others, link.Href)
		}
	}
	return firstAddress(base, append(pages, others...)...)
}

func related(links []*atom.Link, rel string) []string {
	var list []string
	for _, link := range links {
		if strings.EqualFold(link.Rel, rel) {
			list = append(list, link.Href)
		}
	}
	return list
}

func personNames(people []*atom.Person) []string {
	var names []string
	for _, p := range people {
		names = addWords(names, p.Name)
	}
	return names
}

// atomTexts reads the texts of an entry as they are written: gofeed resolves an id, and tells no type of a summary.
func (r reader) atomTexts(item *feeds.Item, note itemNote) {
	if p, ok := note.last("id"); ok {
		item.GUID = characterData(r.inner(p))
	}
	if p, ok := note.last("title"); ok {
		item.Title, _ = atomText(r.inner(p), p)
	}
	if p, ok := note.last("summary"); ok {
		item.Summary, item.Base = asHTML(atomText(r.inner(p), p)), p.base
	}
	if p, ok := note.last("content"); ok {
		if body := asHTML(atomText(r.inner(p), p)); body != "" {
			item.Body, item.Base = body, p.base
		}
	}
}

// inner returns what stands between the tags of a piece.
func (r reader) inner(p piece) string {
	if p.to > len(r.text) {
		return ""
	}
	return strings.TrimSpace(string(r.text[p.from:p.to]))
}

// textKind is what an Atom text is.
type textKind int

const (
	plainText textKind = iota
	markupText
)

// atomText reads an Atom text construct or content (RFC 4287, sections 3.1 and 4.1.3; in Atom 0.3 by mode). A text that
// does not say what it is and looks like HTML is taken for HTML. What is neither text nor HTML is empty.
func atomText(inner string, p piece) (string, textKind) {
	inCDATA := strings.Contains(inner, "<![CDATA[")
	isHTML := p.kind == "html" || p.kind == "text/html" || strings.Contains(p.kind, "xhtml")
	isText := p.kind == "" || p.kind == "text" || strings.HasPrefix(p.kind, "text/")
	switch {
	case p.mode == "base64" && (isHTML || isText):
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(inner), ""))
		clean, _ := cleanXML(decoded)
		if err != nil || isHTML {
			return string(clean), markupText
		}
		return string(clean), plainText
	case isHTML && !inCDATA && (strings.Contains(p.kind, "xhtml") || strings.Contains(inner, "<")):
		return inner, markupText // the markup itself, with its own escapes
	case isHTML:
		return characterData(inner), markupText
	case isText:
		text := characterData(inner)
		if p.kind == "" && looksLikeHTML(text) {
			return text, markupText
		}
		return text, plainText
	}
	return "", plainText
}

// asHTML returns a text as HTML.
func asHTML(text string, kind textKind) string {
	if kind == markupText {
		return text
	}
	return paragraphs(text)
}

// looksLikeHTML reports whether a text holds the end tags that articles are made of.
func looksLikeHTML(text string) bool {
	for _, tag := range []string{"</p>", "<br>", "<br/>", "<br />", "</div>", "</a>"} {
		if strings.Contains(text, tag) {
			return true
		}
	}
	return false
}

// characterData returns the text of what stands between two tags: references are read, but not in CDATA sections.
func characterData(inner string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(inner, "<![CDATA[")
		b.WriteString(html.UnescapeString(before))
		if !found {
			return strings.TrimSpace(b.String())
		}
		inside, after, _ := strings.Cut(rest, "]]>")
		b.WriteString(inside)
		inner = after
	}
}

// paragraphs turns plain text into HTML: a paragraph for each line. It ends where the body is longer than what is kept:
// eight megabytes of short lines make eighty.
func paragraphs(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString("<p>" + html.EscapeString(line[:bytesOf(line, maxBody)]) + "</p>")
		}
		if b.Len() > maxBody {
			break
		}
	}
	return b.String()
}
