package catalog

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/text/encoding/htmlindex"

	"finews.withounder.com/feeds"
)

// Defaults and bounds of a source's limits. A folder of posts is the operator's own and holds years, so its
// default is the bound.
const (
	defaultItems = 500
	maxItems     = 100_000

	minBytes     = 1 << 10
	defaultBytes = 8 << 20
	maxBytes     = 256 << 20
)

// maxName bounds the name of a source, in bytes: it stands in tables, logs and the store.
const maxName = 100

// defaultSource is a source of which nothing is said yet. MaxItems depends on the kind, and comes last.
func defaultSource(every time.Duration, zone *time.Location) feeds.Source {
	return feeds.Source{
		Kind: feeds.KindFeed, Every: every, Location: zone,
		MaxBytes: defaultBytes, Rights: feeds.RightsFull,
	}
}

// sources reads the upstreams, each beginning as the default, and holds them against each other.
func (r *reader) sources(v value, blank feeds.Source, slugs firsts) []feeds.Source {
	var sources []feeds.Source
	names, places := firsts{}, firsts{}
	r.each(v, func(v value) {
		s := blank
		given := r.source(v, &s, slugs)
		if name := given["name"]; s.Name != "" {
			if line, twice := names.add(s.Name, name.line()); twice {
				r.fault(name, "%s is the name of the source at line %d too: give each its own", quote(s.Name), line)
			}
		}
		if place, where, ok := location(s, given); ok {
			if line, twice := places.add(place, where.line()); twice {
				r.fault(where, "the source at line %d asks the same: one is enough, whatever the number of categories", line)
			}
		}
		sources = append(sources, s)
	})
	return sources
}

// location returns by what two sources are found to read the same: the canonical address, or the folder.
func location(s feeds.Source, given map[string]value) (place string, where value, ok bool) {
	switch {
	case s.URL != "":
		return "url " + feeds.CanonicalLink(s.URL), given["url"], true
	case s.Path != "":
		return "path " + s.Path, given["path"], true
	}
	return "", value{}, false
}

func (r *reader) source(v value, s *feeds.Source, slugs firsts) map[string]value {
	given := r.mapping(v, keys{
		{"name", r.name(&s.Name)},
		{"kind", r.kind(&s.Kind)},
		{"url", r.sourceURL(&s.URL)},
		{"path", r.folder(&s.Path)},
		{"categories", r.declared(&s.Categories, slugs)},
		{"category", func(v value) { r.by(v, &s.ByOutlet) }},
		{"every", r.duration(&s.Every, minEvery, maxEvery)},
		{"timezone", r.zone(&s.Location)},
		{"charset", r.charset(&s.Charset)},
		{"headers", r.headers(&s.Headers)},
		{"basic_auth", r.basicAuth(&s.Headers)},
		{"proxy", r.proxy(&s.Proxy)},
		{"max_items", r.number(&s.MaxItems, 1, maxItems)},
		{"max_bytes", r.bytes(&s.MaxBytes, minBytes, maxBytes)},
		{"rights", choice(r, &s.Rights, feeds.RightsFull, feeds.RightsExcerpt, feeds.RightsTitle)},
		{"remove", r.remove(&s.Remove)},
		{"full_text", r.flag(&s.Body.FullText)},
		{"disabled", r.flag(&s.Disabled)},
		{"insecure_tls", r.flag(&s.InsecureTLS)},
		{"item", r.item(s)}, // these three mean what the kind makes of them, and are read after it
		{"body", r.body(s)},
		{"next", r.next(s)},
	})
	r.need(v, given, "name", "write what finews shall know it by, such as 中新网财经")
	r.agreeItem(v, s, given)
	r.agree(v, *s, given)
	if s.MaxItems == 0 {
		s.MaxItems = defaultItems
		if s.Kind == feeds.KindPosts {
			s.MaxItems = maxItems
		}
	}
	return given
}

// agree checks what the keys of a source say together.
func (r *reader) agree(v value, s feeds.Source, given map[string]value) {
	if category, both := given["category"]; both && len(s.Categories) > 0 {
		r.fault(category, "categories files every entry already: leave one of the two")
	}
	if s.Kind == "" {
		return
	}
	if s.Kind == feeds.KindPosts {
		r.need(v, given, "path", "write the folder of the posts, such as ./_posts")
		if address, ok := given["url"]; ok {
			r.fault(address, "a source of kind posts is a folder and has no address: write path instead")
		}
		return
	}
	if path, ok := given["path"]; ok {
		r.fault(path, "a source of kind %s is asked by its address: write url instead, or kind: posts for a folder", s.Kind)
		return
	}
	r.need(v, given, "url", "write the address to ask, such as https://news.example/rss.xml")
}

func (r *reader) name(into *string) func(value) {
	return r.checked(into, func(text string) string {
		if len(text) > maxName {
			return fmt.Sprintf("this name of %d bytes is too long: write at most %d", len(text), maxName)
		}
		return ""
	})
}

// kind reads what a source publishes. Of a word that is no kind none is left, so that nothing else is held against it.
func (r *reader) kind(into *feeds.Kind) func(value) {
	return func(v value) {
		var kind feeds.Kind
		choice(r, &kind, feeds.KindFeed, feeds.KindPosts, feeds.KindPage, feeds.KindJSON)(v)
		*into = kind
	}
}

func (r *reader) sourceURL(into *string) func(value) {
	return func(v value) {
		if u, ok := r.address(v); ok {
			*into = u.String()
		}
	}
}

// folder makes a reader of a path, which is relative to the folder of the file.
func (r *reader) folder(into *string) func(value) {
	return func(v value) {
		text, ok := r.line(v)
		if !ok {
			return
		}
		if !filepath.IsAbs(text) {
			text = filepath.Join(filepath.Dir(r.file), text)
		}
		*into = filepath.Clean(text)
	}
}

// by reads how a source is filed that is not filed by fixed categories or by rules.
func (r *reader) by(v value, byOutlet *bool) {
	var by string
	r.mapping(v, keys{{"by", choice(r, &by, "outlet")}})
	*byOutlet = by == "outlet"
}

// charset makes a reader of a character set's label. Those of the web (WHATWG Encoding) are known, and a few
// that Chinese servers and old feeds use besides.
func (r *reader) charset(into *string) func(value) {
	return func(v value) {
		text, ok := r.line(v)
		if !ok {
			return
		}
		name := feeds.CharsetName(text)
		if _, err := htmlindex.Get(name); err != nil && !strings.HasPrefix(name, "utf-32") {
			r.fault(v, "%s is no character set: write one such as gb18030, gbk, big5 or utf-8", quote(text))
			return
		}
		*into = name
	}
}
