package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// articlePath takes the path of an article's page apart (feeds.ArticlePath): year, month, day, name.
var articlePath = regexp.MustCompile(`^[^/]+/(\d{4})/(\d{2})/(\d{2})/([^/]+)\.html$`)

// digitsAtEnd is how the name of a post ends that another entry's name stood in the way of.
var digitsAtEnd = regexp.MustCompile(`-[0-9a-f]{16}$`)

// PostsFolder is where Jekyll looks for posts.
const PostsFolder = "_posts"

// PostName returns the name of the Jekyll post of an entry, _posts/2022-04-11-<name>.md, from the path of its page; empty where it
// has none. A post that came from a folder of posts has its own name there. second: another entry that was stored earlier has the
// name already; then 16 hexadecimal digits of the path's hash follow it, and they also follow a name that ends in such digits
// itself, so that nobody else's name can be chosen. Nothing but the path counts: it tells the names of a post that is gone.
func PostName(e feeds.Entry, second bool) string {
	parts := articlePath.FindStringSubmatch(e.Path)
	if parts == nil {
		return ""
	}
	name := parts[4]
	if second || digitsAtEnd.MatchString(name) {
		sum := sha256.Sum256([]byte(e.Path))
		name += "-" + hex.EncodeToString(sum[:8])
	}
	return fmt.Sprintf(PostsFolder+"/%s-%s-%s-%s.md", parts[1], parts[2], parts[3], name)
}

// Post returns the Jekyll post of an entry, a file of that name: front matter, the body, the address of the original, and the links back to
// the category (none where it is the zero Category) and to the home page. categories are those of the entry, that one first. The caller has
// taken away what the source's rights keep in the house (feeds.Rights.Limit) and the categories that are not published.
//
// The address of its page is that of ours, by permalink: it stays when the date is corrected, and where the post has another name. Liquid
// and Markdown leave the body alone (see block).
func Post(site feeds.Site, entry feeds.Entry, category feeds.Category, name string) feeds.Output {
	return feeds.Output{Name: name, Render: func(w io.Writer) error {
		p := publication{site: site}
		_, err := fmt.Fprintf(w, "---\n%s---\n%s\n\n%s", p.frontMatter(entry, category), block(postBody(entry)), p.tail(entry, category))
		return err
	}}
}

// frontMatter returns what stands between the --- lines, with the last line's end. Jekyll has its own meaning for id: so it is guid.
// The excerpt stands in the place of the one that Jekyll would make by rendering the body a second time; like that one it is HTML.
func (p publication) frontMatter(e feeds.Entry, category feeds.Category) string {
	const stamp = "2006-01-02 15:04:05 -0700"
	var b strings.Builder
	line := func(key, value string) { b.WriteString(key + ": " + value + "\n") }
	line("layout", "post")
	line("title", quoted(headline(e)))
	line("date", p.date(e.Published).Format(stamp))
	line("last_modified_at", p.date(e.Updated).Format(stamp))
	line("categories", quotedList(append([]string{category.Slug}, e.Categories...)))
	line("tags", quotedList(append([]string{category.Title}, e.Tags...)))
	line("outlet", quoted(e.Outlet))
	line("original", quoted(original(e)))
	line("guid", quoted(e.ID))
	if files := attached(e.Enclosures); files != "" {
		line("enclosures", files)
	}
	line("excerpt", quoted(html.EscapeString(strings.TrimSpace(e.Summary))))
	line("permalink", quoted("/"+e.Path))
	line("render_with_liquid", "false")
	return b.String()
}

// quoted returns text as a JSON string, which is a double-quoted scalar of YAML too, 1.1 and 1.2: what YAML would take for a line's end
// (U+0085, U+2028), or for no character, is taken out by clean or written as an escape.
func quoted(text string) string { return encoded(clean(text)) }

// encoded returns text, or an object of it, as JSON that YAML reads too.
func encoded(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // addresses hold &
	encoder.Encode(value)        // text and numbers always encode
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\ufeff", `\ufeff`)
}

// quotedList returns the texts as a list of YAML, each once.
func quotedList(texts []string) string {
	var scalars []string
	for _, text := range cleanAll(texts) {
		if scalar := quoted(text); !slices.Contains(scalars, scalar) {
			scalars = append(scalars, scalar)
		}
	}
	return "[" + strings.Join(scalars, ", ") + "]"
}

// attached returns the files that go with an entry as a list of JSON objects; it is empty where there are none.
func attached(enclosures []feeds.Enclosure) string {
	type file struct {
		URL    string `json:"url"`
		Type   string `json:"type"`
		Length int64  `json:"length"`
	}
	var files []string
	for _, e := range enclosures {
		if address, ok := feeds.WebAddress("", e.URL); ok {
			files = append(files, encoded(file{uri(address), clean(e.Type), e.Length}))
		}
	}
	if len(files) == 0 {
		return ""
	}
	return "[" + strings.Join(files, ", ") + "]"
}

// original returns the address of the original as a URI, or nothing.
func original(e feeds.Entry) string {
	address, ok := feeds.WebAddress("", e.Link)
	if !ok {
		return ""
	}
	return uri(address)
}

// postBody returns the HTML of a post: the body, or where there is none the summary and the lead image; and the line by which the
// predecessor named the outlet.
func postBody(e feeds.Entry) string {
	text := cleanBody(e.Body)
	if text == "" {
		text = paragraph(html.EscapeString(strings.TrimSpace(clean(e.Summary))))
		if image, ok := feeds.WebAddress("", e.Image); ok {
			text += paragraph(`<img src="` + html.EscapeString(uri(image)) + `" alt=""/>`)
		}
	}
	return text + paragraph("（文章来源："+html.EscapeString(strings.TrimSpace(clean(e.Outlet)))+"）")
}

func paragraph(content string) string {
	if content == "" {
		return ""
	}
	return "<p>" + content + "</p>"
}

// tail returns what the predecessor wrote below each article: the address of the original, and the way back.
func (p publication) tail(e feeds.Entry, category feeds.Category) string {
	home := "[返回首页](" + p.site.URL + "/)\n"
	if category.Slug != "" {
		home = "[返回" + literal(category.Title) + "](" + p.site.Address("category/"+category.Slug+".html") + ")｜" + home
	}
	if address := original(e); address != "" {
		return "<" + address + ">\n\n" + home
	}
	return home
}

// literal returns text for Markdown in which no character means more than itself.
func literal(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(clean(text)), " ") {
		if r > ' ' && r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0x7F {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
