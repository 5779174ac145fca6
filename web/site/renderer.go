package site

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed assets/style.css
var styleSheet string

// The names of the outputs that have a fixed place.
const (
	homeName          = "index.html"
	categoryIndexName = "category/index.html"
	notFoundName      = "404.html"
	styleName         = "assets/style.css"
)

// defaultLanguage is what a page says of itself where the site names no language: the interface is Chinese.
const defaultLanguage = "zh-CN"

// Renderer makes the pages of one site. It holds no state but its templates: it may be used by several
// goroutines at a time.
type Renderer struct {
	site  feeds.Site
	pages *template.Template
}

// New returns a renderer of the site's pages. It panics where the templates in the binary are broken, which
// the tests would have said.
func New(site feeds.Site) *Renderer {
	if site.Language == "" {
		site.Language = defaultLanguage
	}
	if site.Location == nil {
		site.Location = time.UTC
	}
	return &Renderer{site: site, pages: template.Must(template.ParseFS(templates, "templates/*.html"))}
}

// Style returns the one style sheet, assets/style.css.
func (r *Renderer) Style() feeds.Output {
	return feeds.Output{Name: styleName, Render: func(w io.Writer) error {
		_, err := io.WriteString(w, styleSheet)
		return err
	}}
}

// output returns the file of that name, made by the named template from view when it is written.
func (r *Renderer) output(name, page string, view any) feeds.Output {
	return feeds.Output{Name: name, Render: func(w io.Writer) error {
		if err := r.pages.ExecuteTemplate(w, page, view); err != nil {
			return fmt.Errorf("render page %s: %w", name, err)
		}
		return nil
	}}
}

// frame is what every page has around its own content.
type frame struct {
	Language    string
	Site        string // title of the site
	Root        string // relative way to the output folder: "", "../", …
	Title       string
	Description string
	Canonical   string // absolute address, or empty
	NoIndex     bool   // a page that search engines should leave alone
	Refresh     string // relative address that the page leads to by itself, or empty
	Feeds       []feedLink
}

// frame returns the frame of the page at name.
func (r *Renderer) frame(name, title string) frame {
	return frame{
		Language:  r.site.Language,
		Site:      r.site.Title,
		Root:      root(name),
		Title:     title,
		Canonical: r.site.Address(name),
	}
}

// feedLink is one format of a category's feed.
type feedLink struct {
	Label string // as people know it
	Type  string // media type
	Title string
	Href  string // relative
}

// feedLinks returns the three feeds of a category as seen from a page whose way to the output folder is root.
func feedLinks(root string, category feeds.Category) []feedLink {
	base := root + url.PathEscape(category.Slug)
	return []feedLink{
		{"RSS", "application/rss+xml", category.Title + "（RSS）", base + ".xml"},
		{"Atom", "application/atom+xml", category.Title + "（Atom）", base + ".atom"},
		{"JSON", "application/feed+json", category.Title + "（JSON Feed）", base + ".json"},
	}
}

// root returns the relative way from the output of that name to the output folder.
func root(name string) string { return strings.Repeat("../", strings.Count(name, "/")) }

// relative returns the address of the output of that name, as seen from a page whose way to the output folder
// is root.
func relative(root, name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return root + strings.Join(parts, "/")
}

// moment is a time as machines and as people read it.
type moment struct {
	Machine string // RFC 3339
	Human   string // 2022-04-11 10:46, in the site's zone
}

func (r *Renderer) moment(t time.Time) moment {
	t = t.In(r.site.Location)
	return moment{Machine: t.Format(time.RFC3339), Human: t.Format("2006-01-02 15:04")}
}
