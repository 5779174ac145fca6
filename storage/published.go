package storage

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Published remembers the slugs of the categories that are published now, for ever, and returns those that were
// published before and are not among them, in order: their files have to go. Where all are known it writes nothing.
func (s *Store) Published(ctx context.Context, slugs []string) (left []string, err error) {
	known, err := s.texts(ctx, `SELECT slug FROM published_categories ORDER BY slug`)
	if err != nil {
		return nil, s.fault("read which categories were published", err)
	}
	now := make(map[string]bool, len(slugs))
	var added []string
	for _, slug := range slugs {
		if _, found := slices.BinarySearch(known, slug); !found && !now[slug] {
			added = append(added, slug)
		}
		now[slug] = true
	}
	if len(added) > 0 {
		if err := s.rememberPublished(ctx, added); err != nil {
			return nil, s.fault("remember which categories are published", err)
		}
	}
	return slices.DeleteFunc(known, func(slug string) bool { return now[slug] }), nil
}

func (s *Store) rememberPublished(ctx context.Context, slugs []string) error {
	return s.write(ctx, time.Time{}, func(w *writing) error {
		for _, slug := range slugs {
			if _, err := w.exec(ctx, `INSERT OR IGNORE INTO published_categories (slug) VALUES (?)`, slug); err != nil {
				return err
			}
		}
		return nil
	})
}

// PrunedPage returns the path of a page that stayed when its entry was pruned, by its path or public address, or
// ErrNotFound.
func (s *Store) PrunedPage(ctx context.Context, word string) (path string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT path FROM gone WHERE path = ?`, pathIn(word)).Scan(&path)
	if err = found(err); errors.Is(err, ErrNotFound) {
		return "", err
	}
	return path, s.fault("find the page "+word, err)
}

// RemovePage has publishing remove a page that PrunedPage finds, and returns its path. Of one that is to be removed
// already it says the same.
func (s *Store) RemovePage(ctx context.Context, word string) (path string, err error) {
	if path, err = s.PrunedPage(ctx, word); err != nil {
		return "", err
	}
	err = s.write(ctx, time.Time{}, func(w *writing) error {
		_, err := w.exec(ctx, `UPDATE gone SET remove = 1 WHERE path = ?`, path)
		return err
	})
	return path, s.fault(fmt.Sprintf("remove the page %q", path), err)
}

// pathIn returns the path of a page in a word that is it, or the page's public address.
func pathIn(word string) string {
	word = strings.TrimSpace(word)
	if u, err := url.Parse(word); err == nil && u.Host != "" {
		word = u.Path
	}
	return strings.TrimPrefix(word, "/")
}
