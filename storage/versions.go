package storage

import (
	"context"
	"fmt"
	"time"

	"finews.withounder.com/feeds"
)

// maxVersions is how many earlier versions of an entry are kept: some sources print the time of day into each page.
const maxVersions = 50

// Version is what an entry said before it was edited.
type Version struct {
	Entry    feeds.Entry // as it was, with the id, dates and categories of today
	Replaced time.Time   // when the next version took its place
}

// keepVersion keeps what the entry says now, before it is replaced. Of too many versions the first stays, and the
// second goes.
func (w *writing) keepVersion(ctx context.Context, old feeds.Entry) error {
	_, err := w.exec(ctx, `
		INSERT INTO entry_versions (entry, replaced, source, link, title, outlet, authors, tags, summary, body, image, enclosures, updated, held)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		old.Number, w.now.Unix(), old.Source, old.Link, old.Title, old.Outlet, listText(old.Authors), listText(old.Tags),
		old.Summary, string(old.Body), old.Image, enclosuresText(old.Enclosures), unix(old.Updated), old.Held)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `
		DELETE FROM entry_versions WHERE number = (
			SELECT number FROM entry_versions WHERE entry = ?1 ORDER BY number LIMIT 1 OFFSET 1
		) AND (SELECT count(*) FROM entry_versions WHERE entry = ?1) > ?2`, old.Number, maxVersions)
	return err
}

// versionColumns are entryColumns with what an earlier version v says in their place.
const versionColumns = `e.number, e.id, v.source, v.link, v.title, v.outlet, e.own, v.authors, v.tags, v.summary,
	v.body, v.image, v.enclosures, e.published, v.updated, e.first_seen, e.changed, e.categories, e.reasons, e.path,
	e.story, e.hidden, v.held`

// Versions returns what the entry said before its edits, the earliest first: 50 at most.
func (s *Store) Versions(ctx context.Context, number int64) ([]Version, error) {
	versions, err := s.versions(ctx, number)
	return versions, s.fault(fmt.Sprintf("read the earlier versions of entry %d", number), err)
}

func (s *Store) versions(ctx context.Context, number int64) ([]Version, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+versionColumns+`, v.replaced FROM entry_versions v JOIN entries e ON e.number = v.entry
		WHERE v.entry = ? ORDER BY v.number`, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var versions []Version
	for rows.Next() {
		var replaced int64
		entry, err := scanEntry(func(targets ...any) error { return rows.Scan(append(targets, &replaced)...) })
		if err != nil {
			return nil, err
		}
		versions = append(versions, Version{Entry: entry, Replaced: fromUnix(replaced)})
	}
	return versions, rows.Err()
}
