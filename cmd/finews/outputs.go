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
	"finews.withounder.com/storage"
)

// What lists hold where the catalogue does not say.
const (
	unionLimit  = 100 // entries of all.*
	madeLimit   = 50  // entries of the feeds of a category that was made
	generatedBy = "finews"
)

// yielding is what a part of a publication hands its outputs to; it stops where that returns false.
type yielding func(feeds.Output) bool

// each yields all outputs, and reports whether more are wanted.
func (yield yielding) each(outputs ...feeds.Output) bool {
	return !slices.ContainsFunc(outputs, func(o feeds.Output) bool { return !yield(o) })
}

// outputs yields what there is to publish: the feeds, page, embed and archive of each category that changed, what shows all
// of them, and the page of each entry that changed; and last, what must not be there any longer. It holds the entries of one
// document at a time.
func (p *publication) outputs(ctx context.Context) iter.Seq2[feeds.Output, error] {
	return func(yield func(feeds.Output, error) bool) {
		for _, part := range []func(context.Context, yielding) error{p.begin, p.announce, p.categories, p.union, p.front, p.articles, p.sitemaps, p.rest} {
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

// begin reads what all parts need, and remembers which categories are published before their files are there.
func (p *publication) begin(ctx context.Context, _ yielding) error {
	err := p.readCategories(ctx)
	if err != nil {
		return err
	}
	if p.states, err = p.store.States(ctx); err != nil {
		return err
	}
	if p.left, err = p.store.Published(ctx, slices.Collect(maps.Keys(p.named))); err != nil {
		return err
	}
	if p.old, err = p.oldAddresses(ctx); err != nil {
		return err
	}
	p.heads, err = p.store.Heads(ctx)
	return err
}

// readCategories reads which categories are published.
func (p *publication) readCategories(ctx context.Context) error {
	made, err := p.store.Categories(ctx)
	if err != nil {
		return err
	}
	p.named = map[string]feeds.Category{}
	for _, c := range slices.Concat(p.catalogue.Categories, made) {
		if _, twice := p.named[c.Slug]; twice {
			continue // it was made first, and declared later
		}
		if c.Limit == 0 {
			c.Limit = madeLimit
		}
		p.named[c.Slug] = c
		p.order = append(p.order, c)
	}
	return nil
}

func (p *publication) categories(ctx context.Context, yield yielding) error {
	for _, c := range p.order {
		if !p.changed(c.Slug) {
			continue
		}
		channel, err := p.store.Latest(ctx, c, c.Limit)
		if err != nil {
			return err
		}
		channel.Category = c
		p.limit(channel.Entries)
		p.see(channel)
		if more, err := p.archives(ctx, c, yield); err != nil || !more { // before the feed that leads to them
			return err
		}
		if !yield.each(p.category(channel)...) || !yield.each(p.movedCategory(p.old, c.Slug)...) {
			return nil
		}
	}
	return nil
}

// changed reports whether the files of a category are rendered.
func (p *publication) changed(slug string) bool {
	if p.whole() {
		return true
	}
	_, found := slices.BinarySearch(p.changes.Categories, slug)
	return found || len(p.changes.Archives[slug]) > 0
}

// category returns the files of a category: its feeds, page and embed. The page shows the newest, as many as the category
// asks for; the feeds have besides what no archive document holds yet.
func (p *publication) category(channel feeds.Channel) []feeds.Output {
	outputs := publish.Feeds(p.catalogue.Site, channel, p.title, generatedBy)
	channel.Entries = channel.Entries[:min(len(channel.Entries), channel.Category.Limit)]
	return append(outputs, p.pages.Category(channel), p.pages.Embed(channel))
}

// see remembers the head of a channel, for what shows all of them.
func (p *publication) see(channel feeds.Channel) {
	var head storage.Head
	if len(channel.Entries) > 0 {
		head = storage.Head{Newest: channel.Entries[0].Published, Changed: time.Unix(channel.Changed, 0)}
	}
	p.fresh[channel.Category.Slug], p.heads[channel.Category.Slug] = head, head
}

// archives yields the archive documents of a category that changed, and reports whether more is wanted. Those that hold nothing, or
// are not full, must not be there.
func (p *publication) archives(ctx context.Context, c feeds.Category, yield yielding) (more bool, err error) {
	full, err := p.store.Archives(ctx, c.Slug)
	if err != nil {
		return false, err
	}
	changed := p.changes.Archives[c.Slug]
	if p.whole() {
		if changed, err = p.archivesEver(ctx, c.Slug); err != nil {
			return false, err
		}
	}
	for _, n := range changed {
		if _, holds := slices.BinarySearch(full, n); !holds {
			p.paths = append(p.paths, publish.ArchiveName(c.Slug, n))
			continue
		}
		channel, err := p.store.Archive(ctx, c, n)
		if err != nil {
			return false, err
		}
		channel.Category = c
		p.limit(channel.Entries)
		if !yield(publish.Archive(p.catalogue.Site, channel, n, p.title, generatedBy)) {
			return false, nil
		}
	}
	return true, nil
}

// archivesEver returns the numbers of all archive documents that a category ever had.
func (p *publication) archivesEver(ctx context.Context, slug string) ([]int, error) {
	ever, err := p.store.ArchivesEver(ctx, slug)
	numbers := make([]int, ever)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers, err
}

// articles yields the page of each entry that changed. Where its categories have all left the catalogue it is in no list,
// and the page stays, because addresses stay good.
func (p *publication) articles(ctx context.Context, yield yielding) error {
	for entry, err := range p.store.Filed(ctx, p.since, func(slug string) feeds.Category { return p.named[slug] }) {
		if err != nil {
			return err
		}
		if len(entry.Categories) == 0 {
			p.filed = append(p.filed, entry.Path)
			continue
		}
		outputs := append([]feeds.Output{p.pages.Article(p.rights(entry).Limit(entry), p.home(entry))}, p.movedArticle(p.old, entry)...)
		if p.posting {
			posts, err := p.posts(ctx, entry)
			if err != nil {
				return err
			}
			outputs = append(outputs, posts...)
		}
		if !yield.each(p.withoutGone(outputs)...) {
			return nil
		}
	}
	return nil
}

// withoutGone returns the outputs that are to be written. The others wait until everything is: see rest.
func (p *publication) withoutGone(outputs []feeds.Output) []feeds.Output {
	return slices.DeleteFunc(outputs, func(o feeds.Output) bool {
		if o.Gone {
			p.paths = append(p.paths, o.Name)
		}
		return o.Gone
	})
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

// title returns the title of a category that is published, and nothing for others.
func (p *publication) title(slug string) string { return p.named[slug].Title }

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
