package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Publication is a state of the store and the settings as it was published into a folder.
type Publication struct {
	Revision int64
	Settings string // digest of what else decides what is published
}

// Head is what lists of categories tell of one.
type Head struct {
	Newest  time.Time // date of publication of its newest entry; zero: it has none
	Changed time.Time // newest change among the entries of its feed; zero: it has none
}

// maxPublications is how many publications are remembered. One for each folder that is published into would do: the rest is for
// folders that are published into rarely.
const maxPublications = 64

// Publication returns the publication that left this mark in its folder, and whether it is known: the mark of another store, or of one
// that was replaced by a backup, is not. The newest 64 are known.
func (s *Store) Publication(ctx context.Context, mark string) (p Publication, known bool, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT revision, settings FROM publications WHERE mark = ?`, mark).Scan(&p.Revision, &p.Settings)
	if errors.Is(err, sql.ErrNoRows) {
		return Publication{}, false, nil
	}
	return p, err == nil, s.fault("look up what was published", err)
}

// PutPublication remembers a publication whose files are all in place, and the heads of the categories that it rendered, in one
// transaction. It returns the mark to leave in the folder: the same for the same publication. Where all is known it writes nothing.
func (s *Store) PutPublication(ctx context.Context, p Publication, heads map[string]Head, now time.Time) (mark string, err error) {
	err = s.write(ctx, now, func(w *writing) error {
		if err := w.heads(ctx, heads); err != nil {
			return err
		}
		mark, err = w.mark(ctx, p)
		return err
	})
	if err != nil {
		return "", s.fault("remember what was published", err)
	}
	return mark, nil
}

// heads stores the heads. SQLite writes no page for values that it has already.
func (w *writing) heads(ctx context.Context, heads map[string]Head) error {
	for _, slug := range slices.Sorted(maps.Keys(heads)) {
		head := heads[slug]
		_, err := w.exec(ctx, `
			INSERT INTO published_categories (slug, newest, changed) VALUES (?, ?, ?)
			ON CONFLICT (slug) DO UPDATE SET newest = excluded.newest, changed = excluded.changed`, slug, unix(head.Newest), unix(head.Changed))
		if err != nil {
			return err
		}
	}
	return nil
}

// mark returns the mark of the newest publication where it is this one, and otherwise stores a new one. It hashes the one before and
// the time, so that a store that was put back to an earlier state does not take a mark of its former self for its own.
func (w *writing) mark(ctx context.Context, p Publication) (string, error) {
	var before string
	var last Publication
	_, err := w.scan(ctx, `SELECT mark, revision, settings FROM publications ORDER BY number DESC LIMIT 1`, nil, &before, &last.Revision, &last.Settings)
	if err != nil || before != "" && last == p {
		return before, err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %q %d", before, p.Revision, p.Settings, w.now.UnixNano()))
	mark := hex.EncodeToString(sum[:16])
	result, err := w.exec(ctx, `INSERT INTO publications (mark, revision, settings) VALUES (?, ?, ?)`, mark, p.Revision, p.Settings)
	if err != nil {
		return "", err
	}
	number, err := result.LastInsertId()
	if err != nil {
		return "", err
	}
	_, err = w.exec(ctx, `DELETE FROM publications WHERE number <= ?`, number-maxPublications)
	return mark, err
}

// Heads returns the heads of all categories that were ever published, by slug.
func (s *Store) Heads(ctx context.Context) (map[string]Head, error) {
	heads := make(map[string]Head)
	_, err := readRows(ctx, s.reader, func(scan func(...any) error) (none struct{}, err error) {
		var slug string
		var newest, changed int64
		err = scan(&slug, &newest, &changed)
		heads[slug] = Head{Newest: fromUnix(newest), Changed: fromUnix(changed)}
		return none, err
	}, `SELECT slug, newest, changed FROM published_categories`)
	return heads, s.fault("read what was published of the categories", err)
}
