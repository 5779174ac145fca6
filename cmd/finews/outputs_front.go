package main

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/web/site"
)

// union yields the feeds of all categories.
func (p *publication) union(ctx context.Context, yield yielding) error {
	channel, err := p.store.LatestOfAll(ctx, p.publishes, unionLimit)
	if err != nil {
		return err
	}
	channel.Category = feeds.Category{Slug: publish.Union, Title: p.catalogue.Site.Title, Limit: unionLimit}
	p.limit(channel.Entries)
	p.newest = channel
	p.newest.Entries = channel.Entries[:min(len(channel.Entries), site.HomeLatest)]
	yield.each(publish.Feeds(p.catalogue.Site, channel, p.title, generatedBy)...)
	return nil
}

// front yields what shows all categories: the home page, the index, the list of subscriptions; and the files that are always the same.
func (p *publication) front(ctx context.Context, yield yielding) error {
	active, err := p.active(ctx)
	if err != nil {
		return err
	}
	outputs := []feeds.Output{p.pages.Home(active, p.newest), p.pages.CategoryIndex(p.headings()), p.pages.NotFound(), p.pages.Style(), publish.Style(), publish.Icon(),
		publish.OPML(p.catalogue.Site, append([]feeds.Channel{p.newest}, p.channels()...)), publish.Robots(p.catalogue.Site)}
	yield.each(outputs...)
	return nil
}

// active returns the most recently active categories, each with its newest entries.
func (p *publication) active(ctx context.Context) ([]feeds.Channel, error) {
	order := slices.DeleteFunc(slices.Clone(p.order), func(c feeds.Category) bool { return p.heads[c.Slug].Newest.IsZero() })
	slices.SortStableFunc(order, func(a, b feeds.Category) int {
		return cmp.Or(p.heads[b.Slug].Newest.Compare(p.heads[a.Slug].Newest), cmp.Compare(a.Slug, b.Slug))
	})
	var channels []feeds.Channel
	for _, c := range order[:min(len(order), site.HomeCategories)] {
		channel, err := p.store.Newest(ctx, c, site.HomeEach)
		if err != nil {
			return nil, err
		}
		channel.Category = c
		p.limit(channel.Entries)
		channels = append(channels, channel)
	}
	return channels, nil
}

// headings returns each category as the index of categories shows it.
func (p *publication) headings() []site.Heading {
	headings := make([]site.Heading, 0, len(p.order))
	for _, c := range p.order {
		headings = append(headings, site.Heading{Category: c, Newest: p.heads[c.Slug].Newest})
	}
	return headings
}

// channels returns each category without its entries.
func (p *publication) channels() []feeds.Channel {
	channels := make([]feeds.Channel, 0, len(p.order))
	for _, c := range p.order {
		channel := feeds.Channel{Category: c}
		if changed := p.heads[c.Slug].Changed; !changed.IsZero() {
			channel.Changed = changed.Unix()
		}
		channels = append(channels, channel)
	}
	return channels
}

// spareSitemaps is how many sitemaps behind the last one are seen to be gone: a store that was pruned may have fewer.
const spareSitemaps = 20

// sitemaps yields what tells search engines of the pages: the sitemaps that changed, and their index.
func (p *publication) sitemaps(ctx context.Context, yield yielding) error {
	pages := []publish.Place{{}, {Name: "category/"}}
	for _, c := range p.order {
		pages = append(pages, publish.Place{Name: "category/" + c.Slug + ".html", Changed: p.heads[c.Slug].Changed})
	}
	spans, err := p.store.Spans(ctx, publish.MaxPlaces)
	if err != nil {
		return err
	}
	names := []string{publish.PagesSitemap}
	for _, span := range spans {
		names = append(names, publish.SitemapName(int(span)+1))
	}
	if !yield.each(publish.Sitemap(p.catalogue.Site, publish.PagesSitemap, pages), publish.SitemapIndex(p.catalogue.Site, names)) {
		return nil
	}
	for _, n := range p.changedSpans(spans) {
		places, err := p.articlePlaces(ctx, n)
		if err != nil {
			return err
		}
		if len(places) == 0 {
			p.paths = append(p.paths, publish.SitemapName(n+1))
		} else if !yield(publish.Sitemap(p.catalogue.Site, publish.SitemapName(n+1), places)) {
			return nil
		}
	}
	return nil
}

// changedSpans returns the indexes of the sitemaps of articles that are rendered, or have to go.
func (p *publication) changedSpans(spans []int64) []int {
	changed := map[int]bool{}
	if p.whole() {
		last := 0
		if len(spans) > 0 {
			last = int(spans[len(spans)-1])
		}
		for n := range last + spareSitemaps {
			changed[n] = true
		}
		p.paths = append(p.paths, "sitemap/pages.xml", "sitemap/000001.xml") // where they lay before they lay at the top
	}
	for _, number := range p.changes.Entries {
		changed[int((number-1)/publish.MaxPlaces)] = true
	}
	return slices.Sorted(maps.Keys(changed))
}

// articlePlaces returns the pages that the nth sitemap of articles names; the first is 0.
func (p *publication) articlePlaces(ctx context.Context, n int) ([]publish.Place, error) {
	first := int64(n)*publish.MaxPlaces + 1
	pages, err := p.store.Pages(ctx, first, first+publish.MaxPlaces-1)
	if err != nil {
		return nil, err
	}
	places := make([]publish.Place, 0, len(pages))
	for _, page := range pages {
		places = append(places, publish.Place{Name: page.Path, Changed: page.Updated})
	}
	return places, nil
}
