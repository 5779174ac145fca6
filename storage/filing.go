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

// filing is where an entry belongs, and why, in step.
type filing struct{ slugs, reasons []string }

// add appends a slug once, with its reason.
func (f *filing) add(slug, reason string) {
	if !slices.Contains(f.slugs, slug) {
		f.slugs, f.reasons = append(f.slugs, slug), append(f.reasons, reason)
	}
}

// settled returns the filing of a draft, with the made category under the slug that it has in the store; of one that is
// held, none. A slug is part of a path: a bad one is refused here too. The name that a post gives its category is remembered where
// it is none.
func (w *writing) settled(ctx context.Context, draft feeds.Draft) (f filing, err error) {
	if draft.Entry.Held != "" {
		return f, nil
	}
	made, err := w.made(ctx, draft)
	if err != nil {
		return f, err
	}
	for i, slug := range draft.Entry.Categories {
		if slug == draft.Made.Slug {
			slug = made
		}
		if fault := feeds.SlugFault(slug); fault != "" {
			return f, errors.New(fault)
		}
		f.add(slug, at(draft.Entry.Reasons, i))
	}
	if draft.ByPost {
		err = w.rememberName(ctx, draft.Item.Category.Slug, f.slugs)
	}
	return f, err
}

// settledBefore returns how the source filed the stored entry the last time.
func (w *writing) settledBefore(ctx context.Context, number int64) (f filing, err error) {
	_, err = w.scan(ctx, `SELECT categories, reasons FROM entry_keys WHERE entry = ? AND source = ? ORDER BY seen DESC, key LIMIT 1`,
		[]any{number, w.source}, list[string]{&f.slugs}, list[string]{&f.reasons})
	return f, err
}

// filed returns the categories of a stored entry: those of the source whose text it has, and then those of the
// others that send it; of one that is held, none.
func (w *writing) filed(ctx context.Context, e feeds.Entry) (slugs, reasons []string, err error) {
	if e.Held != "" {
		return nil, nil, nil
	}
	rows, err := w.tx.QueryContext(ctx, `
		SELECT categories, reasons FROM entry_keys WHERE entry = ? ORDER BY source <> ?, seen, source, key`, e.Number, e.Source)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var sum filing
	for rows.Next() {
		var one filing
		if err := rows.Scan(list[string]{&one.slugs}, list[string]{&one.reasons}); err != nil {
			return nil, nil, err
		}
		for i, slug := range one.slugs {
			sum.add(slug, at(one.reasons, i))
		}
	}
	return sum.slugs, sum.reasons, rows.Err()
}

// givePath gives an entry a path when it is filed for the first time.
func (w *writing) givePath(ctx context.Context, e *feeds.Entry, draft feeds.Draft) (err error) {
	if e.Path == "" && len(e.Categories) > 0 {
		e.Path, err = w.freePath(ctx, e.Categories[0], e.Published, draft)
	}
	return err
}

// at returns the nth of a list, and nothing where the list is shorter.
func at(list []string, n int) string {
	if n < len(list) {
		return list[n]
	}
	return ""
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

// putCategory stores the category under the slug, in the place of one that had no title of its own. That is an update: INSERT OR
// REPLACE deletes the old row without a word to its triggers, and what shows its name would not be published anew.
func (w *writing) putCategory(ctx context.Context, slug string, c feeds.Category) error {
	_, err := w.exec(ctx, `
		INSERT INTO categories (slug, title, description, outlets) VALUES (?, ?, ?, ?)
		ON CONFLICT (slug) DO UPDATE SET title = excluded.title, description = excluded.description, outlets = excluded.outlets`,
		slug, c.Title, c.Description, listText(c.Outlets))
	return err
}

// freePath returns the path of a new article: with the post's name, or, where another article has that path,
// with a name from its key. One that was pruned keeps its path: its page may still be there. The columns compare
// letters of either case as one, and so does this.
func (w *writing) freePath(ctx context.Context, slug string, published time.Time, draft feeds.Draft) (string, error) {
	location := w.site.Location
	if location == nil {
		location = time.UTC
	}
	for n := 0; ; n++ { // it ends, because the store is finite
		path := feeds.ArticlePath(slug, published.In(location), nthName(draft, n), draft.Key)
		var taken bool
		_, err := w.scan(ctx, `
			SELECT EXISTS (SELECT 1 FROM entries WHERE path = ?1 AND path <> '') OR EXISTS (SELECT 1 FROM gone WHERE path = ?1)`,
			[]any{path}, &taken)
		if !taken || err != nil {
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
		return draft.Item.Name
	case 1:
		return digits[:shortDigits]
	case 2:
		return digits
	}
	return digits + "-" + strconv.Itoa(n)
}

// shortDigits is how many hexadecimal digits of the key an id and a path carry where that is enough.
const shortDigits = 16

// show makes the entry one of its categories' newest, and of no others', and lets it be found. A hidden one is neither. In a
// category where it is already it keeps its place; the next one that is given is counted by a trigger, when a row came in.
func (w *writing) show(ctx context.Context, e feeds.Entry) error {
	if !e.Hidden.IsZero() {
		return w.unshow(ctx, e)
	}
	if err := w.leave(ctx, e.Number, e.Categories); err != nil {
		return err
	}
	_, err := w.exec(ctx, `DELETE FROM entry_categories WHERE entry = ? AND category NOT IN (SELECT value FROM json_each(?))`,
		e.Number, listText(e.Categories))
	if err != nil {
		return err
	}
	for _, slug := range e.Categories {
		_, err := w.exec(ctx, `
			INSERT INTO entry_categories (category, published, entry, listed, place)
			VALUES (?1, ?2, ?3, ?4, 1 + ifnull((SELECT last FROM category_places WHERE category = ?1), 0))
			ON CONFLICT (category, published, entry) DO NOTHING`,
			slug, unix(e.Published), e.Number, w.now.Unix())
		if err != nil {
			return err
		}
	}
	w.searchable = append(slices.DeleteFunc(w.searchable, func(one feeds.Entry) bool { return one.Number == e.Number }), e)
	return nil
}

// leave notes that an entry leaves its lists but those that it stays in, before it does: that is a change of them, though no
// entry of theirs changed.
func (w *writing) leave(ctx context.Context, number int64, stays []string) error {
	_, err := w.exec(ctx, `
		UPDATE category_places SET left_at = max(left_at, ?)
		WHERE category IN (SELECT category FROM entry_categories WHERE entry = ? AND category NOT IN (SELECT value FROM json_each(?)))`,
		w.now.Unix(), number, listText(stays))
	return err
}

// unshow takes back what show did.
func (w *writing) unshow(ctx context.Context, e feeds.Entry) error {
	if err := w.leave(ctx, e.Number, nil); err != nil {
		return err
	}
	if _, err := w.exec(ctx, `DELETE FROM entry_categories WHERE entry = ?`, e.Number); err != nil {
		return err
	}
	w.searchable = slices.DeleteFunc(w.searchable, func(one feeds.Entry) bool { return one.Number == e.Number })
	return w.dropFromSearch(ctx, e)
}
