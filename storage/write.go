package storage

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// insert stores a new entry: it mints its id, gives the dates that the source did not give, files it, and finds the
// story that it belongs to. It says whether that was taken down, and the entry with it.
func (w *writing) insert(ctx context.Context, draft feeds.Draft) (hidden bool, err error) {
	e := draft.Entry
	e.Source = w.source
	e.FirstSeen, e.Changed = w.now, w.now
	if unix(e.Published) == 0 { // 1970-01-01T00:00:00Z is how many write that there is no date
		e.Published = w.now
	}
	if e.Updated.Before(e.Published) {
		e.Updated = e.Published
	}
	filing, err := w.settled(ctx, draft)
	if err != nil {
		return false, err
	}
	draft.Entry.Categories, draft.Entry.Reasons = filing.slugs, filing.reasons
	e.Categories, e.Reasons = filing.slugs, filing.reasons
	if err := w.givePath(ctx, &e, draft); err != nil {
		return false, err
	}
	if e.ID, err = w.freeID(ctx, draft.Key); err != nil {
		return false, err
	}
	if e.Number, err = w.insertRow(ctx, e); err != nil {
		return false, err
	}
	if err := w.putKey(ctx, e.Number, draft); err != nil {
		return false, err
	}
	if err := w.putLinks(ctx, e.Number, draft.Item); err != nil {
		return false, err
	}
	if err := w.findStory(ctx, &e, true); err != nil {
		return false, err
	}
	if err := w.show(ctx, e); err != nil {
		return false, err
	}
	return !e.Hidden.IsZero(), w.raw(ctx, e.Number, draft.Item)
}

func (w *writing) insertRow(ctx context.Context, e feeds.Entry) (int64, error) {
	row, err := w.freeRow(ctx, e.Published)
	if err != nil {
		return 0, err
	}
	result, err := w.exec(ctx, `
		INSERT INTO entries (row, id, source, link, title, outlet, own, authors, tags, summary, body, image, enclosures,
			published, updated, first_seen, changed, categories, reasons, path, story, apart, hidden, held)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)`,
		row, e.ID, e.Source, e.Link, e.Title, e.Outlet, e.Own,
		listText(e.Authors), listText(e.Tags), e.Summary, string(e.Body), e.Image, enclosuresText(e.Enclosures),
		unix(e.Published), unix(e.Updated), unix(e.FirstSeen), unix(e.Changed),
		listText(e.Categories), listText(e.Reasons), e.Path, e.Held)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// freeID mints the id of a new entry. It carries 64 bits of the key, and two keys that share them can be made on
// purpose: the stored entry keeps its id, and the new one gets a longer one. A whole key can come again too, when its
// source gave the GUID to another item meanwhile: so there is no last one.
func (w *writing) freeID(ctx context.Context, key feeds.Key) (string, error) {
	id, rest := feeds.NewID(w.site.Host(), w.now, key), hex.EncodeToString(key[:])[shortDigits:]
	for whole, n := id+rest, 2; ; n++ { // it ends, because the store is finite
		var number int64
		found, err := w.scan(ctx, `SELECT number FROM entries WHERE id = ?`, []any{id}, &number)
		if !found || err != nil {
			return id, err
		}
		if rest == "" {
			id = whole + "-" + strconv.Itoa(n)
			continue
		}
		id, rest = id+rest[:shortDigits], rest[shortDigits:]
	}
}

// again stores what a source sends of an entry that is stored: an edit of its own text, or a copy of another
// source's, which takes its place where it is better. It says whether the entry changed. Where what comes has to be held
// and what is stored has not, that stays, filed as it was and with what was sent of it: the digest alone is remembered.
func (w *writing) again(ctx context.Context, number int64, draft feeds.Draft, newKey bool) (changed bool, err error) {
	old, err := w.entry(ctx, number)
	if err != nil {
		return false, err
	}
	stays := draft.Entry.Held != "" && old.Held == ""
	if err := w.sentAgain(ctx, number, &draft, newKey, stays); stays || err != nil {
		return false, err
	}
	e, err := w.taken(ctx, draft, old)
	if err != nil {
		return false, err
	}
	if e.Categories, e.Reasons, err = w.filed(ctx, e); err != nil {
		return false, err
	}
	if err := w.givePath(ctx, &e, draft); err != nil {
		return false, err
	}
	if err := w.raw(ctx, number, draft.Item); err != nil { // a later policy may make more of it
		return false, err
	}
	return w.revise(ctx, old, e)
}

// sentAgain remembers under which key the source sends a stored entry now, and how it files it: where the entry stays as
// it is, as before.
func (w *writing) sentAgain(ctx context.Context, number int64, draft *feeds.Draft, newKey, stays bool) error {
	settle := w.settled
	if stays {
		settle = func(ctx context.Context, _ feeds.Draft) (filing, error) { return w.settledBefore(ctx, number) }
	}
	filing, err := settle(ctx, *draft)
	if err != nil {
		return err
	}
	draft.Entry.Categories, draft.Entry.Reasons = filing.slugs, filing.reasons
	if newKey {
		if err := w.dropKeys(ctx, number); err != nil {
			return err
		}
	}
	return w.putKey(ctx, number, *draft)
}

// taken returns the entry with what the source sends in the place of its text, if that takes it.
func (w *writing) taken(ctx context.Context, draft feeds.Draft, old feeds.Entry) (feeds.Entry, error) {
	takes, err := w.takes(ctx, draft.Entry, old)
	if !takes || err != nil {
		return old, err
	}
	if err := w.putLinks(ctx, old.Number, draft.Item); err != nil {
		return old, err
	}
	e := draft.Entry
	e.Source = w.source
	e.Number, e.ID, e.Path, e.Published, e.Updated = old.Number, old.ID, old.Path, old.Published, old.Updated
	e.FirstSeen, e.Changed, e.Story, e.Hidden = old.FirstSeen, old.Changed, old.Story, old.Hidden
	return e, nil
}

// takes reports whether what the source sends takes the place of the entry's text: an edit of its own does, unless
// other sources send the entry too and it says something else entirely now; a copy does where it is better.
func (w *writing) takes(ctx context.Context, fresh, old feeds.Entry) (bool, error) {
	switch {
	case old.Held != "" && fresh.Held == "": // nobody has read it, and its text says nothing
		return true, nil
	case old.Source != w.source:
		return w.better(ctx, fresh, old)
	}
	var others int
	_, err := w.scan(ctx, `SELECT count(*) FROM entry_keys WHERE entry = ? AND source <> ?`, []any{old.Number, w.source}, &others)
	return others == 0 || agree(fresh, old), err
}

// better reports whether a copy by this source takes the place of the text that another source gave: the outlet's
// own first, then what may be published in full, then the clearly fuller text; always of the same address, and
// only if it tells what the other does, or the title agrees with next to no text. No text takes the place of any.
func (w *writing) better(ctx context.Context, fresh, old feeds.Entry) (bool, error) {
	var rights string
	if _, err := w.scan(ctx, `SELECT rights FROM sources WHERE name = ?`, []any{old.Source}, &rights); err != nil {
		return false, err
	}
	freshLength, oldLength := utf8.RuneCountInString(fresh.Body.Text()), utf8.RuneCountInString(old.Body.Text())
	switch ours, theirs := w.rights.Rank(), feeds.Rights(rights).Rank(); {
	case freshLength == 0, feeds.CanonicalLink(fresh.Link) != feeds.CanonicalLink(old.Link):
		return false, nil
	case !tellsAll(fresh, old) && (oldLength > nextToNothing || !agree(fresh, old)):
		return false, nil
	case fresh.Own != old.Own:
		return fresh.Own, nil
	case ours != theirs:
		return ours > theirs && 2*freshLength >= oldLength, nil
	}
	return 5*freshLength >= 6*oldLength, nil // 1.2 times as long
}

// nextToNothing is the length of a text, in characters, that says no more than a title does.
const nextToNothing = 40

// revise stores e in the place of old and says whether anything differs that can be seen. Where the text does, the
// old one is kept as a version. Number, id, path, published and first-seen date stay.
func (w *writing) revise(ctx context.Context, old, e feeds.Entry) (changed bool, err error) {
	edited := !sameText(old, e)
	if !edited && old.Held == e.Held && slices.Equal(old.Categories, e.Categories) && slices.Equal(old.Reasons, e.Reasons) &&
		old.Path == e.Path && old.Source == e.Source && old.Own == e.Own { // rights hang on the source
		return false, nil
	}
	e.Changed = w.now
	if edited {
		if err := w.keepVersion(ctx, old); err != nil {
			return false, err
		}
		e.Updated = w.now
		if e.Updated.Before(e.Published) { // a date of tomorrow is believed
			e.Updated = e.Published
		}
	}
	return true, w.replace(ctx, old, e, edited)
}

// replace writes e over old: row, index and, for another text or one that is held no longer, search and story.
func (w *writing) replace(ctx context.Context, old, e feeds.Entry, edited bool) error {
	if err := w.updateRow(ctx, e); err != nil {
		return err
	}
	if edited || old.Held != e.Held {
		if err := w.findStoryAgain(ctx, old, &e); err != nil {
			return err
		}
	}
	return w.show(ctx, e)
}

func (w *writing) updateRow(ctx context.Context, e feeds.Entry) error {
	_, err := w.exec(ctx, `
		UPDATE entries SET source = ?, link = ?, title = ?, outlet = ?, own = ?, authors = ?, tags = ?, summary = ?,
			body = ?, image = ?, enclosures = ?, updated = ?, changed = ?, categories = ?, reasons = ?, path = ?, held = ?
		WHERE number = ?`,
		e.Source, e.Link, e.Title, e.Outlet, e.Own, listText(e.Authors), listText(e.Tags),
		e.Summary, string(e.Body), e.Image, enclosuresText(e.Enclosures), unix(e.Updated), unix(e.Changed),
		listText(e.Categories), listText(e.Reasons), e.Path, e.Held, e.Number)
	return err
}

// entry reads one entry within the transaction.
func (w *writing) entry(ctx context.Context, number int64) (feeds.Entry, error) {
	return scanEntry(w.tx.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM entries e WHERE e.number = ?`, number).Scan)
}
