package storage

import (
	"context"

	"finews.withounder.com/feeds"
)

// Bounds of the former names of categories: a predecessor's names are short, and it has some thousands of categories.
const (
	maxFormerName  = 200 // bytes
	maxFormerNames = 10_000
)

// rememberName remembers the name that a Jekyll post gives its category, where that is no slug, with the category that it is filed
// under here. What is beyond the bounds is not remembered.
func (w *writing) rememberName(ctx context.Context, name string, slugs []string) error {
	if name == "" || len(name) > maxFormerName || feeds.SlugFault(name) == "" || len(slugs) == 0 {
		return nil
	}
	var today string
	_, err := w.scan(ctx, `SELECT slug FROM former_names WHERE name = ? ORDER BY number DESC LIMIT 1`, []any{name}, &today)
	if today == slugs[0] || err != nil {
		return err
	}
	if _, err := w.exec(ctx, `DELETE FROM former_names WHERE name = ? AND slug = ?`, name, slugs[0]); err != nil {
		return err
	}
	_, err = w.exec(ctx, `INSERT INTO former_names (name, slug) SELECT ?1, ?2 WHERE (SELECT count(*) FROM former_names) < ?3`,
		name, slugs[0], maxFormerNames)
	return err
}

// FormerName is the name that a category had in the predecessor.
type FormerName struct {
	Name  string   // no slug; it may hold anything, and 200 bytes at most
	Slugs []string // under which its posts are filed, or were, today's first
}

// FormerNames returns the names that categories had in the predecessor and that are no slugs, in order: 10,000 at most, counted for
// each slug.
func (s *Store) FormerNames(ctx context.Context) ([]FormerName, error) {
	var names []FormerName
	_, err := readRows(ctx, s.reader, func(scan func(...any) error) (none struct{}, err error) {
		var name, slug string
		err = scan(&name, &slug)
		if last := len(names) - 1; last < 0 || names[last].Name != name {
			names = append(names, FormerName{Name: name})
		}
		one := &names[len(names)-1]
		one.Slugs = append(one.Slugs, slug)
		return none, err
	}, `SELECT name, slug FROM former_names ORDER BY name, number DESC`)
	return names, s.fault("read the former names of categories", err)
}
