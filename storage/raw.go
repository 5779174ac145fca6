package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"finews.withounder.com/feeds"
)

// rawItem is feeds.Item with the names that stand in the file.
type rawItem struct {
	GUID        string        `json:"guid,omitempty"`
	Link        string        `json:"link,omitempty"`
	Title       string        `json:"title,omitempty"`
	Body        string        `json:"body,omitempty"`
	Summary     string        `json:"summary,omitempty"`
	Base        string        `json:"base,omitempty"`
	Authors     []string      `json:"authors,omitempty"`
	Tags        []string      `json:"tags,omitempty"`
	Outlet      string        `json:"outlet,omitempty"`
	OutletLink  string        `json:"outlet_link,omitempty"`
	Image       string        `json:"image,omitempty"`
	Enclosures  []enclosure   `json:"enclosures,omitempty"`
	Published   int64         `json:"published,omitempty"` // unix seconds: a year over 9999 has no other form in JSON
	Approximate bool          `json:"approximate,omitempty"`
	Updated     int64         `json:"updated,omitempty"`
	Name        string        `json:"name,omitempty"`
	Category    *postCategory `json:"category,omitempty"`
}

// postCategory is the category that a Jekyll post names.
type postCategory struct {
	Slug    string   `json:"slug"`
	Title   string   `json:"title,omitempty"`
	Outlets []string `json:"outlets,omitempty"`
}

// raw keeps the item as the source of the batch sent it, compressed: each source's latest.
func (w *writing) raw(ctx context.Context, number int64, it feeds.Item) error {
	packed, err := w.packItem(it)
	if err != nil {
		return fmt.Errorf("keep what the source sent: %w", err)
	}
	_, err = w.exec(ctx, `INSERT OR REPLACE INTO entry_raw (entry, source, item) VALUES (?, ?, ?)`, number, w.source, packed)
	return err
}

// packItem is the reverse of unpackItem.
func (w *writing) packItem(it feeds.Item) ([]byte, error) {
	stored := rawItem{
		GUID: it.GUID, Link: it.Link, Title: it.Title, Body: it.Body, Summary: it.Summary, Base: it.Base,
		Authors: it.Authors, Tags: it.Tags, Outlet: it.Outlet, OutletLink: it.OutletLink, Image: it.Image,
		Published: unix(it.Published), Approximate: it.Approximate, Updated: unix(it.Updated), Name: it.Name,
	}
	for _, e := range it.Enclosures {
		stored.Enclosures = append(stored.Enclosures, enclosure(e))
	}
	if c := it.Category; c.Slug != "" || c.Title != "" {
		stored.Category = &postCategory{Slug: c.Slug, Title: c.Title, Outlets: c.Outlets}
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return nil, err
	}
	return w.encoder.EncodeAll(text, nil), nil
}

// unpackItem is the reverse of packItem.
func (s *Store) unpackItem(packed []byte) (feeds.Item, error) {
	text, err := s.decoder.DecodeAll(packed, nil)
	if err != nil {
		return feeds.Item{}, fmt.Errorf("unpack what the source sent: %w", err)
	}
	var stored rawItem
	if err := json.Unmarshal(text, &stored); err != nil {
		return feeds.Item{}, fmt.Errorf("read what the source sent: %w", err)
	}
	it := feeds.Item{
		GUID: stored.GUID, Link: stored.Link, Title: stored.Title, Body: stored.Body, Summary: stored.Summary, Base: stored.Base,
		Authors: stored.Authors, Tags: stored.Tags, Outlet: stored.Outlet, OutletLink: stored.OutletLink, Image: stored.Image,
		Published: fromUnix(stored.Published), Approximate: stored.Approximate, Updated: fromUnix(stored.Updated), Name: stored.Name,
	}
	for _, e := range stored.Enclosures {
		it.Enclosures = append(it.Enclosures, feeds.Enclosure(e))
	}
	if c := stored.Category; c != nil {
		it.Category = feeds.Category{Slug: c.Slug, Title: c.Title, Outlets: c.Outlets}
	}
	return it, nil
}

// Stored is an entry with what its sources sent.
type Stored struct {
	Entry  feeds.Entry
	Item   feeds.Item            // of the source whose text it has
	Others map[string]feeds.Item // of the others that send it, by name; nil where there are none
}

// Stored returns the entry of that number with what its sources sent. It returns ErrNotFound where nothing is kept.
func (s *Store) Stored(ctx context.Context, number int64) (Stored, error) {
	one, err := s.everything(ctx, number-1, 1)
	if err == nil && (len(one) == 0 || one[0].Entry.Number != number) {
		err = ErrNotFound
	}
	if err != nil {
		return Stored{}, s.fault(fmt.Sprintf("read what was sent of entry %d", number), err)
	}
	return one[0], nil
}

// Everything returns the entries after that number with what their sources sent, in order of Number, limit of them at
// most; also those that are hidden or filed nowhere. An entry of which nothing is kept, because it was pruned, is left out;
// one that lacks only what its source sent is a damage of the file, and an error.
func (s *Store) Everything(ctx context.Context, after int64, limit int) ([]Stored, error) {
	all, err := s.everything(ctx, after, limit)
	return all, s.fault("read what is stored", err)
}

func (s *Store) everything(ctx context.Context, after int64, limit int) ([]Stored, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT `+entryColumns+`, ifnull(r.source, ''), r.item
		FROM (
			SELECT number FROM entries
			WHERE number > ?
				AND (body <> '' OR summary <> '' OR EXISTS (SELECT 1 FROM entry_raw WHERE entry = number))
			ORDER BY number LIMIT ?
		) n
		JOIN entries e ON e.number = n.number
		LEFT JOIN entry_raw r ON r.entry = n.number
		ORDER BY e.number, r.source <> e.source, r.source`, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Stored
	for rows.Next() {
		var packed []byte
		var source string
		entry, err := scanEntry(func(targets ...any) error { return rows.Scan(append(targets, &source, &packed)...) })
		if err != nil {
			return nil, err
		}
		last := len(all) - 1
		other := last >= 0 && all[last].Entry.Number == entry.Number
		if packed == nil || !other && source != entry.Source {
			return nil, damage("what its source sent of entry " + entry.ID + " is lost")
		}
		item, err := s.unpackItem(packed)
		if err != nil {
			return nil, fmt.Errorf("entry %s: %w", entry.ID, err)
		}
		if other {
			all[last].add(source, item)
		} else {
			all = append(all, Stored{Entry: entry, Item: item})
		}
	}
	return all, rows.Err()
}

func (s *Stored) add(source string, item feeds.Item) {
	if s.Others == nil {
		s.Others = make(map[string]feeds.Item)
	}
	s.Others[source] = item
}
