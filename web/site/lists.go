package site

import (
	"cmp"
	"html"
	"net/url"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// How much of the entries that it is given the home page shows. The rest is one click away.
const (
	HomeLatest     = 50 // in the list of all that is new
	HomeEach       = 5  // of each category, as the predecessor had it
	HomeCategories = 30 // the most recently active
)

const embedEntries = 20 // in a partner's frame, which scrolls

// listed is an entry as a list shows it.
type listed struct {
	Href    string // article page, or the original where there is none; empty: the title is no link
	Title   string
	Outlet  string
	Also    string // other outlets that tell it too
	Summary string
	Date    moment
}

// list returns at most limit of the entries, as seen from a page whose way to the output folder is root.
func (r *Renderer) list(root string, entries []feeds.Entry, limit int) []listed {
	shown := make([]listed, 0, min(len(entries), limit))
	for _, e := range entries[:min(len(entries), limit)] {
		shown = append(shown, listed{
			Href:    entryLink(root, e),
			Title:   e.Title,
			Outlet:  e.Outlet,
			Also:    alsoNames(e),
			Summary: e.Summary,
			Date:    r.moment(e.Published),
		})
	}
	return shown
}

// entryLink returns where a list sends the reader of e.
func entryLink(root string, e feeds.Entry) string {
	if e.Path != "" {
		return relative(root, e.Path)
	}
	return originalLink(e.Link)
}

// originalLink returns the address of an original, or nothing where it may not be followed. Storage holds only good
// ones; a page is the last place to make sure.
func originalLink(address string) string {
	link, ok := feeds.WebAddress("", address)
	if !ok {
		return ""
	}
	return link
}

// section is a category on the home page and in the index of categories.
type section struct {
	Title       string
	Description string
	Href        string
	Newest      moment // of its newest entry; zero where it has none
	Entries     []listed
}

// section returns the channel with at most limit of its entries.
func (r *Renderer) section(root string, channel feeds.Channel, limit int) section {
	s := section{
		Title:       channel.Category.Title,
		Description: channel.Category.Description,
		Href:        relative(root, categoryName(channel.Category.Slug)),
		Entries:     r.list(root, channel.Entries, limit),
	}
	if len(channel.Entries) > 0 {
		s.Newest = r.moment(channel.Entries[0].Published)
	}
	return s
}

// Home returns index.html: the newest of all, and the most recently active categories with their newest
// entries. Categories without entries are left to the index of categories.
func (r *Renderer) Home(channels []feeds.Channel, latest feeds.Channel) feeds.Output {
	view := struct {
		frame
		Latest   []listed
		Sections []section
	}{frame: r.frame(homeName, r.site.Title)}
	view.Canonical = r.site.URL + "/"
	view.Description = latest.Category.Description
	view.Feeds = feedLinks(view.Root, latest.Category)
	view.Latest = r.list(view.Root, latest.Entries, HomeLatest)
	for _, channel := range mostActive(channels, HomeCategories) {
		view.Sections = append(view.Sections, r.section(view.Root, channel, HomeEach))
	}
	return r.output(homeName, "home", view)
}

// mostActive returns at most limit of the channels that have entries, that with the newest entry first.
func mostActive(channels []feeds.Channel, limit int) []feeds.Channel {
	active := slices.DeleteFunc(slices.Clone(channels), func(c feeds.Channel) bool { return len(c.Entries) == 0 })
	newest := func(c feeds.Channel) time.Time { return c.Entries[0].Published }
	slices.SortStableFunc(active, func(a, b feeds.Channel) int {
		return cmp.Or(newest(b).Compare(newest(a)), cmp.Compare(a.Category.Slug, b.Category.Slug))
	})
	return active[:min(len(active), limit)]
}

// Heading is a category as the index of categories shows it.
type Heading struct {
	Category feeds.Category
	Newest   time.Time // date of its newest entry; zero: it has none
}

// CategoryIndex returns category/index.html: every category, in the order given, with the date of its newest
// entry.
func (r *Renderer) CategoryIndex(headings []Heading) feeds.Output {
	view := struct {
		frame
		Sections []section
	}{frame: r.frame(categoryIndexName, "全部栏目")}
	view.Canonical = r.site.Address("category/")
	for _, heading := range headings {
		one := r.section(view.Root, feeds.Channel{Category: heading.Category}, 0)
		if !heading.Newest.IsZero() {
			one.Newest = r.moment(heading.Newest)
		}
		view.Sections = append(view.Sections, one)
	}
	return r.output(categoryIndexName, "categories", view)
}

// Category returns category/<slug>.html: the entries of a category, its feeds, and the code that embeds it.
func (r *Renderer) Category(channel feeds.Channel) feeds.Output {
	name := categoryName(channel.Category.Slug)
	view := struct {
		frame
		Entries   []listed
		EmbedCode string
	}{frame: r.frame(name, channel.Category.Title)}
	view.Description = channel.Category.Description
	view.Feeds = feedLinks(view.Root, channel.Category)
	view.Entries = r.list(view.Root, channel.Entries, len(channel.Entries))
	view.EmbedCode = r.embedCode(channel.Category)
	return r.output(name, "category", view)
}

func categoryName(slug string) string { return "category/" + slug + ".html" }

func embedName(slug string) string { return "embed/" + slug + ".html" }

// embedCode returns the two lines of HTML that a partner copies: the frame, and a link for those who see none.
// It is text on our page and markup on theirs, so the title is escaped here, and the whole again on the page.
func (r *Renderer) embedCode(category feeds.Category) string {
	title := html.EscapeString(category.Title)
	frame := html.EscapeString(r.site.Address(embedName(category.Slug)))
	page := html.EscapeString(r.site.Address(categoryName(category.Slug)))
	return `<iframe src="` + frame + `" title="` + title + `" width="100%" height="480" loading="lazy" style="border:0"></iframe>` +
		"\n" + `<a href="` + page + `">更多` + title + `</a>`
}

// Embed returns embed/<slug>.html: the list of a category alone, for a frame in a partner's page. Its links
// open in a window of their own, because a frame is too small to read in and the partner's page is not ours
// to replace.
func (r *Renderer) Embed(channel feeds.Channel) feeds.Output {
	name := embedName(channel.Category.Slug)
	view := struct {
		frame
		Href    string
		Entries []listed
	}{frame: r.frame(name, channel.Category.Title)}
	view.NoIndex = true
	view.Canonical = r.site.Address(categoryName(channel.Category.Slug))
	view.Href = relative(view.Root, categoryName(channel.Category.Slug))
	view.Entries = r.list(view.Root, channel.Entries, embedEntries)
	return r.output(name, "embed", view)
}

// NotFound returns 404.html. A server shows it at any depth, where no relative link would be right: its one
// link is a path from the root of the site's address, and its style stands in the page itself.
func (r *Renderer) NotFound() feeds.Output {
	view := struct {
		frame
		Home string
	}{frame: r.frame(notFoundName, "没有这个页面")}
	view.NoIndex = true
	view.Canonical = ""
	view.Home = "/"
	if u, err := url.Parse(r.site.URL); err == nil {
		view.Home = u.EscapedPath() + "/"
	}
	return r.output(notFoundName, "notfound", view)
}
