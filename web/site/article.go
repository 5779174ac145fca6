package site

import (
	"html/template"
	"strings"

	"finews.withounder.com/feeds"
)

// article is the view of one entry.
type article struct {
	frame
	Original    string // address of the original, or empty
	Outlet      string
	Authors     string // joined for people; empty where they say no more than the outlet
	Published   moment
	Updated     moment // zero where people would read the same minute
	Body        template.HTML
	Summary     string // shown where there is no body
	Image       string // likewise
	Also        []also // the other tellings of its story
	Attachments []string
	Tags        []string
	Category    string // title; empty: the entry has no category to go back to
	Back        string // relative address of the category's page
}

// Article returns the page of an entry at entry.Path, which links back to category. The caller has taken away
// what the source's rights keep in the house: a page without a body shows the summary and the lead image.
func (r *Renderer) Article(entry feeds.Entry, category feeds.Category) feeds.Output {
	view := article{
		frame:     r.frame(entry.Path, entry.Title),
		Original:  originalLink(entry.Link),
		Outlet:    entry.Outlet,
		Authors:   authors(entry),
		Published: r.moment(entry.Published),
		Body:      trusted(entry.Body),
		Tags:      entry.Tags,
	}
	view.Description = entry.Summary
	if view.Original != "" {
		view.Canonical = view.Original
	}
	if updated := r.moment(entry.Updated); entry.Updated.After(entry.Published) && updated.Human != view.Published.Human {
		view.Updated = updated
	}
	if entry.Body == "" {
		view.Summary = entry.Summary
		view.Image, _ = feeds.WebAddress("", entry.Image)
	}
	view.Also = alsoOn(view.Root, entry)
	for _, e := range entry.Enclosures {
		if address, ok := feeds.WebAddress("", e.URL); ok {
			view.Attachments = append(view.Attachments, address)
		}
	}
	if category.Slug != "" {
		view.Category = category.Title
		view.Back = relative(view.Root, categoryName(category.Slug))
		view.Feeds = feedLinks(view.Root, category)
	}
	return r.output(entry.Path, "article", view)
}

// authors returns the authors in one line, or nothing where they only repeat the outlet.
func authors(entry feeds.Entry) string {
	line := strings.Join(entry.Authors, "、")
	if line == entry.Outlet {
		return ""
	}
	return line
}

// trusted is the one place where a cleaned body becomes markup of a page.
func trusted(body feeds.SafeHTML) template.HTML { return template.HTML(body) }
