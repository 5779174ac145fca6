package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"time"

	"finews.withounder.com/feeds"
)

// file gives an entry its categories, and a path when it is filed for the first time.
func (w *writing) file(ctx context.Context, e *feeds.Entry, draft feeds.Draft) error {
	slug, err := w.made(ctx, draft)
	if err != nil {
		return err
	}
	e.Categories, err = settle(draft.Entry.Categories, draft.Made.Slug, slug)
	if err != nil || e.Path != "" || len(e.Categories) == 0 {
		return err
	}
	e.Path, err = w.freePath(ctx, e.Categories[0], e.Published, draft)
	return err
}

// settle returns the slugs, each once, with the made category under the slug that it has in the store. A slug
// is part of a path: a bad one is refused here too.
func settle(slugs []string, made, stored string) ([]string, error) {
	var settled []string
	for _, slug := range slugs {
		if slug == made {
			slug = stored
		}
		if fault := feeds.SlugFault(slug); fault != "" {
			return nil, errors.New(fault)
		}
		if !slices.Contains(settled, slug) {
			settled = append(settled, slug)
		}
	}
	return settled, nil
}

// made sees to it that the draft's category is stored and returns its slug. A post says its category's slug itself
// and is filed there whatever the title. A slug that was spelled from an outlet's name may belong to another
// outlet: then it gets a part of the title's hash. A title that is only the slug again gives way to any other,
// and otherwise the first one stays.
func (w *writing) made(ctx context.Context, draft feeds.Draft) (string, error) {
	category := draft.Made
	if category.Slug == "" {
		return "", nil
	}
	if fault := feeds.SlugFault(category.Slug); fault != "" {
		return "", errors.New(fault)
	}
	if category.Title == "" {
		category.Title = category.Slug
	}
	for n := 0; ; n++ { // it ends, because the store is finite
		slug := nthSlug(category, n)
		title, err := w.madeTitle(ctx, slug)
		switch {
		case err != nil:
			return "", err
		case title == category.Title:
			return slug, nil
		case title == "" || title == slug:
			return slug, w.putCategory(ctx, slug, category)
		case draft.ByPost:
			return slug, nil
		}
	}
}

// slugSuffixes are how many hexadecimal digits of a title's hash tell categories with one slug apart. It takes
// few for chance, and all of them for somebody who names an outlet after the slug that another one would get.
var slugSuffixes = []int{8, 16, 32, 64}

// nthSlug returns the slug of a category whose first n are taken: always the same for the same title. There is
// no last one, so that nobody can take them all.
func nthSlug(category feeds.Category, n int) string {
	if n == 0 {
		return category.Slug
	}
	hashed := category.Title
	if n > len(slugSuffixes) {
		hashed += strconv.Itoa(n)
	}
	sum := sha256.Sum256([]byte(hashed))
	suffix := hex.EncodeToString(sum[:])[:slugSuffixes[min(n, len(slugSuffixes))-1]]
	if len(suffix) == feeds.MaxSlug {
		return suffix
	}
	return category.Slug[:min(len(category.Slug), feeds.MaxSlug-1-len(suffix))] + "-" + suffix
}

// madeTitle returns the title of the made category, empty where there is none.
func (w *writing) madeTitle(ctx context.Context, slug string) (string, error) {
	var title string
	_, err := w.scan(ctx, `SELECT title FROM categories WHERE slug = ?`, []any{slug}, &title)
	return title, err
}

// putCategory stores the category under the slug, in the place of one that had no title of its own.
func (w *writing) putCategory(ctx context.Context, slug string, c feeds.Category) error {
	_, err := w.exec(ctx, `INSERT OR REPLACE INTO categories (slug, title, description, outlets) VALUES (?, ?, ?, ?)`,
		slug, c.Title, c.Description, listText(c.Outlets))
	return err
}

// freePath returns the path of a new article: with the post's name, or, where another article has that path,
// with a name from its key. The column compares letters of either case as one, and so does this.
func (w *writing) freePath(ctx context.Context, slug string, published time.Time, draft feeds.Draft) (string, error) {
	location := w.site.Location
	if location == nil {
		location = time.UTC
	}
	for n := 0; ; n++ { // it ends, because the store is finite
		path := feeds.ArticlePath(slug, published.In(location), nthName(draft, n), draft.Key)
		var number int64
		found, err := w.scan(ctx, `SELECT number FROM entries WHERE path = ? AND path <> ''`, []any{path}, &number)
		if !found || err != nil {
			return path, err
		}
	}
}

// nthName returns the name of an article whose first n are taken. A post may be named like another's key, by
// somebody who knows how keys are made: so there is no last one.
func nthName(draft feeds.Draft, n int) string {
	digits := hex.EncodeToString(draft.Key[:])
	switch n {
	case 0:
		return draft.Name
	case 1:
		return digits[:shortDigits]
	case 2:
		return digits
	}
	return digits + "-" + strconv.Itoa(n)
}

// shortDigits is how many hexadecimal digits of the key an id and a path carry where that is enough.
const shortDigits = 16

// index makes the entry one of its categories' newest.
func (w *writing) index(ctx context.Context, e feeds.Entry) error {
	for _, slug := range e.Categories {
		_, err := w.exec(ctx, `INSERT INTO entry_categories (category, published, entry) VALUES (?, ?, ?)`,
			slug, unix(e.Published), e.Number)
		if err != nil {
			return err
		}
	}
	return nil
}

// unindex takes back what index did.
func (w *writing) unindex(ctx context.Context, e feeds.Entry) error {
	for _, slug := range e.Categories {
		_, err := w.exec(ctx, `DELETE FROM entry_categories WHERE category = ? AND published = ? AND entry = ?`,
			slug, unix(e.Published), e.Number)
		if err != nil {
			return err
		}
	}
	return nil
}
