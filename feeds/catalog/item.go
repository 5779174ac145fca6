package catalog

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// item makes a reader of where the items of a source stand that has no feed. The kind is known by then.
func (r *reader) item(s *feeds.Source) func(value) {
	return func(v value) {
		list, text, link, image := r.inPage(""), r.inPage(""), r.inPage("href"), r.inPage("src")
		switch s.Kind {
		case feeds.KindJSON:
			list, text, link, image = r.inJSON, r.inJSON, r.inJSON, r.inJSON
		case feeds.KindFeed, feeds.KindPosts:
			r.fault(v, "a source of kind %s says itself where its items stand: take item out, or write kind: page or kind: json", s.Kind)
			list, text, link, image = anywhere, anywhere, anywhere, anywhere
		case "": // a mistake of its own
			list, text, link, image = anywhere, anywhere, anywhere, anywhere
		}
		given := r.mapping(v, keys{
			{"list", list(&s.Item.List)},
			{"id", text(&s.Item.ID)},
			{"title", text(&s.Item.Title)},
			{"link", link(&s.Item.Link)},
			{"published", text(&s.Item.Published)},
			{"outlet", text(&s.Item.Outlet)},
			{"summary", text(&s.Item.Summary)},
			{"image", image(&s.Item.Image)},
		})
		r.needFields(v, *s, given)
	}
}

// anywhere takes any place of a value, where a message about the kind has said enough.
func anywhere(*feeds.Selector) func(value) { return func(value) {} }

// needFields notes the fields without which there are no items.
func (r *reader) needFields(v value, s feeds.Source, given map[string]value) {
	switch s.Kind {
	case feeds.KindPage:
		r.need(v, given, "list", "write the selector of the items, such as ul.news li")
		r.need(v, given, "title", "write the selector of the title within an item, such as a")
		r.need(v, given, "link", "write the selector of the link within an item, such as {css: a, attr: href}")
		r.bareList(given, s.Item.List.Attr+s.Item.List.Pattern != "", "css")
	case feeds.KindJSON:
		r.need(v, given, "list", "write the path of the list, such as data.list, or \"@this\" where the document is the list")
		r.need(v, given, "title", "write the path of the title within a record, such as title")
		r.bareList(given, s.Item.List.Template+s.Item.List.Pattern != "", "path")
	}
}

// bareList refuses a list that is more than a place: a list is no text, and has no attribute.
func (r *reader) bareList(given map[string]value, more bool, key string) {
	if list, ok := given["list"]; ok && more {
		r.fault(list, "the list is found by %s alone: take the rest out", key)
	}
}

// body makes a reader of where the bodies of a source are asked for, or stand in the records of a list.
func (r *reader) body(s *feeds.Source) func(value) {
	return func(v value) {
		var follow string
		given := r.mapping(v, keys{
			{"url", r.bodyURL(&s.Body.URL)},
			{"path", r.path(&s.Body.Path)},
			{"css", r.css(&s.Body.CSS)},
			{"follow", choice(r, &follow, "link")},
		})
		s.Body.Follow = follow != ""
		switch s.Kind {
		case feeds.KindPosts:
			r.fault(v, "a post holds its body already: take body out")
		case feeds.KindFeed, feeds.KindPage:
			r.onlyJSON(given, s.Kind)
			r.need(v, given, "css", "write the selector of the article, such as div.article")
			r.need(v, given, "follow", "write follow: link, which asks for the body at the link of the item")
		case feeds.KindJSON:
			if _, path := given["path"]; path && len(given) == 1 {
				return // it stands in the list
			}
			r.oneOf(v, given, "url", "follow", "write url: \"https://news.example/text?id={id}\", or follow: link, or path alone where the list holds the text")
			r.oneOf(v, given, "path", "css", "write path: content for a JSON answer, or css: div.article for a page")
		}
	}
}

// onlyJSON refuses the keys of a body that ask an API.
func (r *reader) onlyJSON(given map[string]value, kind feeds.Kind) {
	for _, name := range []string{"url", "path"} {
		if each, ok := given[name]; ok {
			r.fault(each, "a source of kind %s has no such body: write {css: div.article, follow: link}", kind)
		}
	}
}

// oneOf notes a mistake unless exactly one of two keys was given.
func (r *reader) oneOf(v value, given map[string]value, first, second, advice string) {
	_, one := given[first]
	other, both := given[second]
	switch {
	case given == nil:
	case one && both:
		r.fault(other, "%s is there already: leave one of the two", first)
	case !one && !both:
		r.faultAt(v.line(), v.path, "neither "+first+" nor "+second+" is there: "+advice)
	}
}

// next makes a reader of where a list goes on.
func (r *reader) next(s *feeds.Source) func(value) {
	const most = 20 // pages: what is older was seen at an earlier poll
	return func(v value) {
		next := feeds.NextRules{Attr: "href", Pages: 1}
		given := r.mapping(v, keys{
			{"css", r.css(&next.CSS)},
			{"attr", r.attribute(&next.Attr)},
			{"pages", r.number(&next.Pages, 1, most)},
		})
		switch s.Kind {
		case feeds.KindFeed, feeds.KindJSON, feeds.KindPosts:
			r.fault(v, "a source of kind %s has no pages to go on with: take next out, or write kind: page", s.Kind)
		case feeds.KindPage:
			r.need(v, given, "css", "write the selector of the link to the next page, such as a.next")
			r.need(v, given, "pages", "write how many pages are read at most, such as 3: without it only the first is")
			s.Next = next
		}
	}
}

// agreeItem checks what the keys about items and bodies say together, and with the kind.
func (r *reader) agreeItem(v value, s *feeds.Source, given map[string]value) {
	if s.Kind == feeds.KindPage || s.Kind == feeds.KindJSON {
		r.need(v, given, "item", "write where the items stand: item: {list: …, title: …, link: …}")
	}
	full := given["full_text"]
	body, hasBody := given["body"]
	switch {
	case !s.Body.FullText:
	case s.Kind == feeds.KindPosts:
		r.fault(full, "a post holds its body already: take full_text out")
	case hasBody:
		r.fault(body, "full_text finds the body already: leave one of the two")
	default:
		s.Body.Follow = true
	}
	if item, ok := given["item"]; ok && s.Kind == feeds.KindJSON {
		r.agreeJSON(item, *s, hasBody)
	}
}

// agreeJSON checks that the fields are there which the body and the key of an item are made of.
func (r *reader) agreeJSON(item value, s feeds.Source, hasBody bool) {
	entries, _ := item.entries()
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e entry) bool { return e.name == name })
	}
	asked := func(name, advice string) {
		r.faultAt(item.line(), join(item.path, name), "this key is missing: "+advice)
	}
	switch {
	case len(entries) == 0: // a mistake of its own
	case strings.Contains(s.Body.URL, "{id}") && !has("id"):
		asked("id", "write the path that {id} of body.url is found by")
	case (strings.Contains(s.Body.URL, "{link}") || s.Body.Follow) && !has("link"):
		asked("link", "write the path of the link that the body is asked for at")
	case (!hasBody || s.Body.Path != "" && !s.Body.Asked()) && !has("id") && !has("link"):
		asked("link", "write the path of the link within a record, or id for its number")
	}
}

// maxPlaceholders bounds the names in a template.
const maxPlaceholders = 10

// placeholder is a name between braces.
var placeholder = regexp.MustCompile(`\{([^{}]+)\}`)

// names returns the names in a template, and what is wrong with its form.
func names(template string) (found []string, fault string) {
	for _, match := range placeholder.FindAllStringSubmatch(template, maxPlaceholders+1) {
		found = append(found, match[1])
	}
	switch {
	case len(found) > maxPlaceholders:
		return nil, fmt.Sprintf("it has more than %d names: write fewer", maxPlaceholders)
	case strings.ContainsAny(placeholder.ReplaceAllString(template, ""), "{}"):
		return nil, "a brace in it is open, empty or one too many: write each name as {id}"
	}
	return found, ""
}

// recordTemplate makes a reader of a text with {path} in it, for paths of a record.
func (r *reader) recordTemplate(into *string) func(value) {
	return r.checked(into, func(text string) string {
		paths, fault := names(text)
		for _, path := range paths {
			fault = cmp.Or(fault, isNo("path", path, pathFault(path)))
		}
		return isNo("template", text, fault)
	})
}

// bodyNames are what a body's address may be made of.
var bodyNames = []string{"id", "link", "title"}

// bodyURL makes a reader of the template of a body's address.
func (r *reader) bodyURL(into *string) func(value) {
	return r.checked(into, bodyURLFault)
}

// bodyURLFault says what is wrong with the template of an address; it is empty for a good one. The host is fixed, unless
// the template begins with the link: what a source says must not choose whom finews asks.
func bodyURLFault(text string) string {
	shown, _, _ := strings.Cut(text, "?")
	found, fault := names(text)
	for _, name := range found {
		if !slices.Contains(bodyNames, name) && fault == "" {
			fault = "{" + short(name) + "} is no name of the item: write {id}, {link} or {title}"
		}
	}
	switch {
	case fault != "":
		return quote(shown) + " is no template: " + fault
	case len(found) == 0:
		return quote(shown) + " is the same for every item: write {id}, {link} or {title} where it differs"
	case strings.HasPrefix(text, "{link}"):
		return ""
	}
	plain := placeholder.ReplaceAllString(text, "x")
	u, err := url.Parse(plain)
	if fault := addressFault(plain, u, err); fault != "" {
		return fault
	}
	if host := strings.SplitN(text, "/", 4)[2]; strings.ContainsAny(host, "{}") {
		return quote(shown) + " takes its host from the item: write the host out"
	}
	return ""
}
