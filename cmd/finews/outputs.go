package main

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/web/site"
)

// What lists hold where the catalogue does not say.
const (
	unionLimit  = 100 // entries of all.*
	madeLimit   = 50  // entries of the feeds of a category that was made
	generatedBy = "finews"
)

// outputs yields everything that is published: the feeds, pages and embed of each category, those of the union, and
// the page of each article; and last, what must not be there any longer. It holds the entries of one category at a
// time.
func (h *house) outputs(ctx context.Context) iter.Seq2[feeds.Output, error] {
	p := publication{house: h, pages: site.New(h.catalogue.Site)}
	return func(yield func(feeds.Output, error) bool) {
		for _, part := range []func(context.Context, func(feeds.Output) bool) error{p.categories, p.union, p.articles, p.sitemaps, p.gone} {
			stopped := false
			err := part(ctx, func(o feeds.Output) bool {
				stopped = !yield(o, nil)
				return !stopped
			})
			if err != nil {
				yield(feeds.Output{}, err)
			}
			if err != nil || stopped {
				return
			}
		}
	}
}

// publication is one run over the store.
type publication struct {
	*house
	pages  *site.Renderer
	heads  []feeds.Channel // each category with its newest entries, for the lists of categories
	places []publish.Place // the pages of articles, for the sitemaps
	named  map[string]feeds.Category

	states map[string]feeds.State // of the sources, also of those that the catalogue no longer names
	left   []string               // slugs of categories that were published and are no more
	filed  []string               // paths of entries that were filed once and are filed nowhere now
}

// all returns the declared categories in their order, and after them those that were made.
func (p *publication) all(ctx context.Context) ([]feeds.Category, error) {
	made, err := p.store.Categories(ctx)
	if err != nil {
		return nil, err
	}
	p.named = map[string]feeds.Category{}
	categories := make([]feeds.Category, 0, len(p.catalogue.Categories)+len(made))
	for _, c := range append(append(categories, p.catalogue.Categories...), made...) {
		if _, twice := p.named[c.Slug]; twice {
			continue // it was made first, and declared later
		}
		if c.Limit == 0 {
			c.Limit = madeLimit
		}
		p.named[c.Slug] = c
		categories = append(categories, c)
	}
	return categories, nil
}

func (p *publication) categories(ctx context.Context, yield func(feeds.Output) bool) error {
	categories, err := p.all(ctx)
	if err != nil {
		return err
	}
	if p.states, err = p.store.States(ctx); err != nil {
		return err
	}
	if p.left, err = p.store.Published(ctx, slices.Collect(maps.Keys(p.named))); err != nil { // before they are written
		return err
	}
	for _, c := range categories {
		channel, err := p.store.Latest(ctx, c, c.Limit)
		if err != nil {
			return err
		}
		channel.Category = c
		p.limit(channel.Entries)
		for _, o := range p.category(channel) {
			if !yield(o) {
				return nil
			}
		}
		p.heads = append(p.heads, head(channel))
	}
	return nil
}

// category returns the files of a category: its feeds, page and embed.
func (p *publication) category(channel feeds.Channel) []feeds.Output {
	return append(publish.Feeds(p.catalogue.Site, channel, generatedBy), p.pages.Category(channel), p.pages.Embed(channel))
}

// head returns the newest entries of a channel without their bodies, in memory of their own: the heads of all
// categories are held at once, and 2,000 categories of 50 bodies would be hundreds of megabytes.
func head(channel feeds.Channel) feeds.Channel {
	channel.Entries = slices.Clone(channel.Entries[:min(len(channel.Entries), site.HomeEach)])
	for i := range channel.Entries {
		channel.Entries[i].Body = ""
	}
	return channel
}

func (p *publication) union(ctx context.Context, yield func(feeds.Output) bool) error {
	channel, err := p.store.LatestOfAll(ctx, p.publishes, unionLimit)
	if err != nil {
		return err
	}
	channel.Category = feeds.Category{Slug: publish.Union, Title: p.catalogue.Site.Title, Limit: unionLimit}
	p.limit(channel.Entries)
	outputs := publish.Feeds(p.catalogue.Site, channel, generatedBy)
	channel.Entries = channel.Entries[:min(len(channel.Entries), site.HomeLatest)]
	outputs = append(outputs, p.pages.Home(p.heads, channel), p.pages.CategoryIndex(p.heads), p.pages.NotFound(), p.pages.Style(),
		publish.OPML(p.catalogue.Site, append([]feeds.Channel{channel}, p.heads...)), publish.Robots(p.catalogue.Site))
	for _, o := range outputs {
		if !yield(o) {
			return nil
		}
	}
	return nil
}

// articles yields the page of each entry that is filed. Where its categories have all left the catalogue it is in no list,
// and the page stays, because addresses stay good.
func (p *publication) articles(ctx context.Context, yield func(feeds.Output) bool) error {
	for entry, err := range p.store.Filed(ctx, func(slug string) feeds.Category { return p.named[slug] }) {
		if err != nil {
			return err
		}
		if len(entry.Categories) == 0 {
			p.filed = append(p.filed, entry.Path)
			continue
		}
		if !yield(p.pages.Article(p.rights(entry).Limit(entry), p.home(entry))) {
			return nil
		}
		p.places = append(p.places, publish.Place{Name: entry.Path, Changed: entry.Updated})
	}
	return nil
}

// spareSitemaps is how many sitemaps behind the last one are seen to be gone: a store that was pruned has fewer.
const spareSitemaps = 20

// sitemaps yields what tells search engines of the pages.
func (p *publication) sitemaps(_ context.Context, yield func(feeds.Output) bool) error {
	pages := []publish.Place{{}, {Name: "category/"}}
	for _, channel := range p.heads {
		place := publish.Place{Name: "category/" + channel.Category.Slug + ".html"}
		if channel.Changed != 0 {
			place.Changed = time.Unix(channel.Changed, 0)
		}
		pages = append(pages, place)
	}
	outputs := publish.Sitemaps(p.catalogue.Site, pages, p.places)
	for n, first := 0, len(outputs)-1; n < spareSitemaps; n++ { // two of them are no sitemap of articles
		outputs = append(outputs, feeds.Output{Name: publish.SitemapName(first + n), Gone: true})
	}
	for _, o := range outputs {
		if !yield(o) {
			return nil
		}
	}
	return nil
}

// home returns the category that an entry's page leads back to: the one whose folder it lies in, or else the first that
// is published; none is the zero Category.
func (p *publication) home(e feeds.Entry) feeds.Category {
	living := p.living(e)
	if slug, _, _ := strings.Cut(e.Path, "/"); slices.Contains(living, slug) {
		return p.named[slug]
	}
	if len(living) == 0 {
		return feeds.Category{}
	}
	return p.named[living[0]]
}

// gone yields what must not be there, after all that is written: Write removes none of that.
func (p *publication) gone(ctx context.Context, yield func(feeds.Output) bool) error {
	paths, err := p.store.Gone(ctx)
	if err != nil {
		return err
	}
	for _, slug := range p.left {
		for _, o := range p.category(feeds.Channel{Category: feeds.Category{Slug: slug}}) {
			paths = append(paths, o.Name)
		}
	}
	for _, path := range append(paths, p.filed...) {
		if !yield(feeds.Output{Name: path, Gone: true}) {
			return nil
		}
	}
	return nil
}

// living returns the categories of an entry that are published: the catalogue may have lost some since it was filed.
func (p *publication) living(e feeds.Entry) []string {
	var slugs []string
	for _, slug := range e.Categories {
		if p.publishes(slug) {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

// publishes reports whether a category is published.
func (p *publication) publishes(slug string) bool {
	_, found := p.named[slug]
	return found
}

// limit takes from the entries what the rights of their sources do not allow to be published.
func (p *publication) limit(entries []feeds.Entry) {
	for i, e := range entries {
		entries[i] = p.rights(e).Limit(e)
	}
}

// rights returns what the catalogue grants today; for a source that it no longer names, what it last granted.
func (p *publication) rights(e feeds.Entry) feeds.Rights {
	if source, found := p.catalogue.Source(e.Source); found {
		return source.Rights
	}
	return p.states[e.Source].Rights
}
