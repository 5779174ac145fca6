package main

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
)

// posts returns the Jekyll post of an entry that is filed and shown, and what must not be there beside it: its name may
// have been another one, when an entry was still there that is gone now.
func (p *publication) posts(ctx context.Context, e feeds.Entry) ([]feeds.Output, error) {
	second, err := p.store.NamedEarlier(ctx, e)
	if err != nil {
		return nil, err
	}
	name := publish.PostName(e, second)
	if name == "" {
		return nil, nil
	}
	home := p.home(e)
	e = p.rights(e).Limit(e)
	e.Categories = p.living(e)
	outputs := []feeds.Output{publish.Post(p.catalogue.Site, e, home, name)}
	if other := publish.PostName(e, true); other != name {
		outputs = append(outputs, feeds.Output{Name: other, Gone: true})
	}
	return outputs, nil
}

// postsGone returns what must not be there of the post of the entry that had that path and is not shown any more. The plain
// name is left alone where it is that of an entry that was stored earlier.
func (p *publication) postsGone(ctx context.Context, path string) ([]feeds.Output, error) {
	e := feeds.Entry{Path: path}
	second, err := p.store.NamedEarlier(ctx, e)
	if err != nil {
		return nil, err
	}
	var outputs []feeds.Output
	for _, name := range slices.Compact([]string{publish.PostName(e, second), publish.PostName(e, true)}) {
		if name != "" {
			outputs = append(outputs, feeds.Output{Name: name, Gone: true})
		}
	}
	return outputs, nil
}

// oldAddresses are the names that categories had in the predecessor and that are no slugs, as their addresses had them.
type oldAddresses struct {
	pages   map[string][]string // names of the pages of a category, by slug
	folders map[string][]string // folders in which the pages of its articles lay
}

// oldAddresses reads the names that can be those of files beside ours. A name that another one has in other letters is left
// out: it may be the same file, and where it is not, only one of two addresses is lost that differ in capitals.
func (p *publication) oldAddresses(ctx context.Context) (oldAddresses, error) {
	names, err := p.store.FormerNames(ctx)
	if err != nil {
		return oldAddresses{}, err
	}
	old := oldAddresses{pages: map[string][]string{}, folders: map[string][]string{}}
	taken := map[string]bool{}
	for _, former := range names {
		name, today := former.Name, former.Slugs[0]
		if page := strings.ToLower(name); feeds.IsFileName(name) && !feeds.SlugPattern.MatchString(page) && !taken["/"+page] {
			taken["/"+page] = true
			old.pages[today] = append(old.pages[today], name)
		}
		for _, folder := range foldersOf(name) {
			if taken[folder] {
				continue
			}
			taken[folder] = true
			for _, slug := range former.Slugs { // the page of an article stays where it was first published
				old.folders[slug] = append(old.folders[slug], folder)
			}
		}
	}
	return old, nil
}

// foldersOf returns where Jekyll put the articles of a category of that name: in one folder, or where the post said
// "categories: a b", which is two for Jekyll, in a/b; in small letters. Unsafe ones are left out.
func foldersOf(name string) []string {
	var folders []string
	for _, parts := range [][]string{{name}, strings.Fields(name)} {
		folder := strings.ToLower(strings.Join(parts, "/"))
		if feeds.SlugPattern.MatchString(folder) || slices.ContainsFunc(parts, isUnsafeFolder) || slices.Contains(folders, folder) {
			continue
		}
		folders = append(folders, folder)
	}
	return folders
}

// ourFiles is how the names of files of ours end: a folder of that name may stand in the place of one.
var ourFiles = regexp.MustCompile(`(?i)\.(html|xml|atom|json|opml|txt|css|js|png|md|gz)$`)

// isUnsafeFolder reports whether a part of a former name cannot be a folder of the output. Those with _ in front are Jekyll's.
func isUnsafeFolder(part string) bool {
	return !feeds.IsFileName(part) || part[0] == '_' || ourFiles.MatchString(part)
}

// movedCategory returns the pages at the old addresses of a category's page.
func (p *publication) movedCategory(old oldAddresses, slug string) []feeds.Output {
	var outputs []feeds.Output
	for _, name := range old.pages[slug] {
		outputs = append(outputs, p.pages.Moved("category/"+name+".html", "category/"+slug+".html", p.title(slug)))
	}
	return outputs
}

// movedArticle returns the pages at the old addresses of an entry's page, where it was a post: the page of one that was none is
// named by the digits of its id.
func (p *publication) movedArticle(old oldAddresses, e feeds.Entry) []feeds.Output {
	if digits := e.ID[strings.LastIndexByte(e.ID, ':')+1:]; strings.HasPrefix(path.Base(e.Path), digits) {
		return nil
	}
	var outputs []feeds.Output
	for _, name := range old.articles(e.Path) {
		outputs = append(outputs, p.pages.Moved(name, e.Path, e.Title))
	}
	return outputs
}

// movedGone returns what must not be there when the page at that path is gone.
func (p *publication) movedGone(old oldAddresses, path string) []feeds.Output {
	var outputs []feeds.Output
	for _, name := range old.articles(path) {
		outputs = append(outputs, feeds.Output{Name: name, Gone: true})
	}
	return outputs
}

// articles returns the old addresses of the article whose page is there now.
func (old oldAddresses) articles(page string) []string {
	slug, rest, found := strings.Cut(page, "/")
	var names []string
	for _, folder := range old.folders[slug] {
		if found {
			names = append(names, path.Join(folder, rest))
		}
	}
	return names
}
