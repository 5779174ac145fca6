package storage

import (
	"context"
	"encoding/hex"
	"slices"

	"finews.withounder.com/feeds"
)

// insert stores a new entry: it mints its id, gives the dates that the source did not give, and files it.
func (w *writing) insert(ctx context.Context, draft feeds.Draft) error {
	e := draft.Entry
	e.FirstSeen, e.Changed = w.now, w.now
	if unix(e.Published) == 0 { // 1970-01-01T00:00:00Z is how many write that there is no date
		e.Published = w.now
	}
	if e.Updated.Before(e.Published) {
		e.Updated = e.Published
	}
	if err := w.file(ctx, &e, draft); err != nil {
		return err
	}
	var err error
	if e.ID, err = w.freeID(ctx, draft.Key); err != nil {
		return err
	}
	if e.Number, err = w.insertRow(ctx, e, draft); err != nil {
		return err
	}
	if err := w.index(ctx, e); err != nil {
		return err
	}
	return w.raw(ctx, e.Number, draft.Raw)
}

func (w *writing) insertRow(ctx context.Context, e feeds.Entry, draft feeds.Draft) (int64, error) {
	result, err := w.exec(ctx, `
		INSERT INTO entries (id, source, key, digest, link, canonical_link, title, outlet, authors, tags, summary,
			body, image, enclosures, published, updated, first_seen, changed, categories, path)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, w.source, draft.Key[:], draft.Digest[:], e.Link, feeds.CanonicalLink(e.Link), e.Title, e.Outlet,
		listText(e.Authors), listText(e.Tags), e.Summary, string(e.Body), e.Image, enclosuresText(e.Enclosures),
		unix(e.Published), unix(e.Updated), unix(e.FirstSeen), unix(e.Changed), listText(e.Categories), e.Path)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// freeID mints the id of a new entry. It carries 64 bits of the key, and two keys that share them can be made on
// purpose: the stored entry keeps its id, and the new one gets a longer one.
func (w *writing) freeID(ctx context.Context, key feeds.Key) (string, error) {
	id := feeds.NewID(w.site.Host(), w.now, key)
	for rest := hex.EncodeToString(key[:])[shortDigits:]; ; rest = rest[shortDigits:] {
		var number int64
		found, err := w.scan(ctx, `SELECT number FROM entries WHERE id = ?`, []any{id}, &number)
		if !found || err != nil || rest == "" {
			return id, err
		}
		id += rest[:shortDigits]
	}
}

// revise stores an edit of a stored entry and says whether there is one: a digest also changes with what we do
// not keep. Number, id, path, published and first-seen date stay.
func (w *writing) revise(ctx context.Context, number int64, draft feeds.Draft) (changed bool, err error) {
	row := w.tx.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM entries e WHERE e.number = ?`, number)
	old, err := scanEntry(row.Scan)
	if err != nil {
		return false, err
	}
	e := draft.Entry
	e.Number, e.ID, e.Path, e.Published, e.Updated = old.Number, old.ID, old.Path, old.Published, old.Updated
	e.FirstSeen, e.Changed = old.FirstSeen, w.now
	if err := w.file(ctx, &e, draft); err != nil {
		return false, err
	}
	edited := !sameText(old, e)
	if !edited && slices.Equal(old.Categories, e.Categories) {
		if _, err := w.exec(ctx, `UPDATE entries SET digest = ? WHERE number = ?`, draft.Digest[:], number); err != nil {
			return false, err
		}
		return false, w.raw(ctx, number, draft.Raw) // a later policy may make more of it
	}
	if edited {
		e.Updated = w.now
		if e.Updated.Before(e.Published) { // a date of tomorrow is believed
			e.Updated = e.Published
		}
	}
	if err := w.updateRow(ctx, e, draft); err != nil {
		return false, err
	}
	if err := w.unindex(ctx, old); err != nil {
		return false, err
	}
	if err := w.index(ctx, e); err != nil {
		return false, err
	}
	return true, w.raw(ctx, number, draft.Raw)
}

func (w *writing) updateRow(ctx context.Context, e feeds.Entry, draft feeds.Draft) error {
	_, err := w.exec(ctx, `
		UPDATE entries SET digest = ?, link = ?, canonical_link = ?, title = ?, outlet = ?, authors = ?, tags = ?,
			summary = ?, body = ?, image = ?, enclosures = ?, updated = ?, changed = ?, categories = ?, path = ?
		WHERE number = ?`,
		draft.Digest[:], e.Link, feeds.CanonicalLink(e.Link), e.Title, e.Outlet, listText(e.Authors), listText(e.Tags),
		e.Summary, string(e.Body), e.Image, enclosuresText(e.Enclosures), unix(e.Updated), unix(e.Changed),
		listText(e.Categories), e.Path, e.Number)
	return err
}

// raw keeps the body as the source sent it, compressed.
func (w *writing) raw(ctx context.Context, number int64, body string) error {
	if body == "" {
		_, err := w.exec(ctx, `DELETE FROM entry_raw WHERE entry = ?`, number)
		return err
	}
	_, err := w.exec(ctx, `INSERT OR REPLACE INTO entry_raw (entry, body) VALUES (?, ?)`,
		number, w.encoder.EncodeAll([]byte(body), nil))
	return err
}
