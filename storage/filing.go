package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// file gives an entry its categories, and a path when it is filed for the first time.
func (w *writing) file(ctx context.Context, e *feeds.Entry, draft feeds.Draft) error {
	slug, err := w.made(ctx, draft.Made)
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

// made sees to it that the category is stored and returns its slug: its own, or, where that belongs to a
// category with another title, one with a part of the title's hash.
func (w *writing) made(ctx context.Context, category feeds.Category) (string, error) {
	if category.Slug == "" {
		return "", nil
	}
	if category.Title == "" {
		category.Title = category.Slug
	}
	for _, slug := range []string{category.Slug, suffixed(category)} {
		title, err := w.madeTitle(ctx, slug)
		if err != nil {
			return "", err
		}
		if title == "" {
			category.Slug = slug
			return slug, w.insertCategory(ctx, category)
		}
		if title == category.Title {
			return slug, nil
		}
	}
	return "", fmt.Errorf("the slugs %s and %s both belong to categories with other titles: declare the category %q in feeds.yaml",
		category.Slug, suffixed(category), category.Title)
}

// slugSuffix is how many hexadecimal digits of a title's hash tell two categories with one slug apart.
const slugSuffix = 8

// suffixed returns the slug of a category whose own is taken: always the same for the same title.
func suffixed(category feeds.Category) string {
	const longest = 64 // see feeds.SlugPattern
	sum := sha256.Sum256([]byte(category.Title))
	stem := category.Slug[:min(len(category.Slug), longest-1-slugSuffix)]
	return stem + "-" + hex.EncodeToString(sum[:])[:slugSuffix]
}

// madeTitle returns the title of the made category, empty where there is none.
func (w *writing) madeTitle(ctx context.Context, slug string) (string, error) {
	var title string
	_, err := w.scan(ctx, `SELECT title FROM categories WHERE slug = ?`, []any{slug}, &title)
	return title, err
}

func (w *writing) insertCategory(ctx context.Context, c feeds.Category) error {
	if fault := feeds.SlugFault(c.Slug); fault != "" {
		return errors.New(fault)
	}
	_, err := w.exec(ctx, `INSERT INTO categories (slug, title, description, outlets) VALUES (?, ?, ?, ?)`,
		c.Slug, c.Title, c.Description, listText(c.Outlets))
	return err
}

// freePath returns the path of a new article: with the post's name, or, where another article has that path,
// with a name from its key.
func (w *writing) freePath(ctx context.Context, slug string, published time.Time, draft feeds.Draft) (string, error) {
	location := w.site.Location
	if location == nil {
		location = time.UTC
	}
	path := feeds.ArticlePath(slug, published.In(location), draft.Name, draft.Key)
	var number int64
	found, err := w.scan(ctx, `SELECT number FROM entries WHERE path = ? AND path <> ''`, []any{path}, &number)
	if found {
		path = feeds.ArticlePath(slug, published.In(location), "", draft.Key)
	}
	return path, err
}

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
