package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"finews.withounder.com/feeds"
)

// Archive returns what the nth archive document of the category holds, newest in the category first: of the entries with places
// (n-1)×100+1 to n×100 those that are still there, each story once as in Latest. Older is the document with entries before it.
func (s *Store) Archive(ctx context.Context, category feeds.Category, n int) (feeds.Channel, error) {
	channel, err := s.ofCategory(ctx, category, func(list *telling, channel *feeds.Channel) (err error) {
		last := int64(n) * feeds.ArchiveSize
		if err := list.walk(ctx, channel, 0, placesQuery, category.Slug, last-feeds.ArchiveSize+1, last); err != nil {
			return err
		}
		channel.Older, err = olderArchive(ctx, list.db, category.Slug, n-1)
		return err
	})
	return channel, s.fault(fmt.Sprintf("read archive document %d of %s", n, category.Slug), err)
}

// placesQuery walks places of a category, from the last to the first.
const placesQuery = `
	SELECT ` + entryColumns + `
	FROM entry_categories c INDEXED BY entry_categories_place CROSS JOIN entries e ON e.number = c.entry
	WHERE c.category = ? AND c.place BETWEEN ? AND ?
	ORDER BY c.place DESC`

// placing is what is known of the places of a category.
type placing struct {
	last   int   // that was given; 0: none
	leftAt int64 // when an entry left the category last, in unix seconds; 0: none did
}

func placesOf(ctx context.Context, db querier, slug string) (p placing, err error) {
	err = db.QueryRowContext(ctx, `SELECT last, left_at FROM category_places WHERE category = ?`, slug).Scan(&p.last, &p.leftAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return p, err
}

// olderArchive returns the number of the last archive document that holds entries, up to the nth, 0 where none does.
func olderArchive(ctx context.Context, db querier, slug string, n int) (older int, err error) {
	err = db.QueryRowContext(ctx, `
		SELECT (ifnull(max(place), 0) + ?1 - 1) / ?1 FROM entry_categories WHERE category = ?2 AND place <= ?1 * ?3`,
		feeds.ArchiveSize, slug, n).Scan(&older)
	return older, err
}

// Archives returns the numbers of the full archive documents of the category that hold entries, rising.
func (s *Store) Archives(ctx context.Context, slug string) ([]int, error) {
	numbers, err := readColumn[int](ctx, s.reader, archivesQuery, slug)
	return numbers, s.fault("read which archive documents "+slug+" has", err)
}

// archivesQuery leaps from each document to the next one that holds entries.
const archivesQuery = `
	WITH RECURSIVE
		full (last) AS (SELECT last / 100 * 100 FROM category_places WHERE category = ?1),
		documents (n) AS (
			SELECT 0
			UNION ALL SELECT (
				SELECT (min(place) + 99) / 100 FROM entry_categories
				WHERE category = ?1 AND place > documents.n * 100 AND place <= (SELECT last FROM full))
			FROM documents WHERE n IS NOT NULL)
	SELECT n FROM documents WHERE n > 0`

// ArchivesEver returns how many archive documents the category ever had, full or not: their files have to go with it.
func (s *Store) ArchivesEver(ctx context.Context, slug string) (n int, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT ifnull((SELECT (last + ?1 - 1) / ?1 FROM category_places WHERE category = ?2), 0)`,
		feeds.ArchiveSize, slug).Scan(&n)
	return n, s.fault("read how many archive documents "+slug+" had", err)
}
