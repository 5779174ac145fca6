package storage

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

// likenessWindow is how long an entry can be found again under another GUID: some sources make new ones at each poll.
const likenessWindow = 30 * 24 * time.Hour

// likeness is a hash of what an item keeps when its GUID changes: link, title and date, and the body where one of them is
// missing, as a date is that comes out otherwise at each poll. A daily price list keeps link and title, and is another
// entry each day.
func likeness(draft feeds.Draft) int64 {
	it, rest, published := draft.Item, "", draft.Entry.Published
	if it.Approximate {
		published = time.Time{}
	}
	if it.Link == "" || it.Title == "" || published.IsZero() {
		rest = it.Body
	}
	date := strconv.FormatInt(unix(published), 10)
	sum := sha256.Sum256([]byte(feeds.CanonicalLink(it.Link) + "\x00" + it.Title + "\x00" + date + "\x00" + rest))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// identify finds the stored entry that a draft with a new key is, or 0: one that its source sent before under
// another key, or one that another source sent under the same address.
func (w *writing) identify(ctx context.Context, draft feeds.Draft) (number int64, err error) {
	number, err = w.alike(ctx, draft)
	if number != 0 || err != nil {
		return number, err
	}
	for _, link := range addresses(draft.Item) {
		if number, err = w.atAddress(ctx, link, draft); number != 0 || err != nil {
			return number, err
		}
	}
	return 0, nil
}

// alike returns the entry that the source sent in the last 30 days with the same link, title and date. One that came
// under its own key this time is another entry, unless it says the same: then the source sends it twice. What was
// taken down is found for ever.
func (w *writing) alike(ctx context.Context, draft feeds.Draft) (number int64, err error) {
	if draft.Item.Title == "" && draft.Item.Body == "" {
		return 0, nil // a link alone may be that of a front page
	}
	if draft.Item.Name != "" {
		return 0, nil // posts are told apart by their files
	}
	statement, err := w.statement(ctx, `
		SELECT k.entry, hex(k.key), e.body = ?1 FROM entry_keys k JOIN entries e ON e.number = k.entry
		WHERE k.source = ?2 AND k.likeness = ?3 AND (k.seen >= ?4 OR e.hidden <> 0)
		ORDER BY e.body = ?1 DESC, k.seen DESC, k.entry DESC`)
	if err != nil {
		return 0, err
	}
	rows, err := statement.QueryContext(ctx, string(draft.Entry.Body), w.source, likeness(draft), w.now.Add(-likenessWindow).Unix())
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var digits string
		var same bool
		if err := rows.Scan(&number, &digits, &same); err != nil {
			return 0, err
		}
		if same || !w.came(digits) {
			return number, nil
		}
	}
	return 0, rows.Err()
}

// came reports whether an item came under the key, given in hexadecimal.
func (w *writing) came(digits string) bool {
	key, err := hex.DecodeString(digits)
	return err == nil && len(key) == len(feeds.Key{}) && w.batch[feeds.Key(key)]
}

// addresses returns the canonical addresses that an item can be recognised by across sources: its link, and its GUID
// where that is an http address, each as it came and as it is published, without those who shared it. A bare GUID says
// nothing outside of its source, and a site's front page nothing at all.
func addresses(it feeds.Item) []string {
	var canonical []string
	for _, address := range []string{it.Link, it.GUID} {
		if absolute, ok := feeds.WebAddress("", address); ok {
			for _, link := range []string{feeds.CanonicalLink(absolute), feeds.CanonicalLink(feeds.WithoutTrackers(absolute))} {
				if strings.ContainsAny(link, "/?") && !slices.Contains(canonical, link) {
					canonical = append(canonical, link)
				}
			}
		}
	}
	return canonical
}

// atAddress returns the one entry that has the canonical address. Where several have it, stored or to be stored, it
// tells nothing apart; and an entry that this source sends already is not sent by it twice: all items of a source may
// link to one page. One that another source's charset made unreadable is nobody's but its own: who sends garbage under the
// addresses of others must not date their entries, nor name them.
func (w *writing) atAddress(ctx context.Context, link string, draft feeds.Draft) (number int64, err error) {
	if w.links[link] > 1 {
		return 0, nil
	}
	var entries int
	_, err = w.scan(ctx, `
		SELECT ifnull(max(l.entry), 0), count(*) FROM entry_links l JOIN entries e ON e.number = l.entry
		WHERE l.link = ? AND (e.held = '' OR e.source = ?)`, []any{link, w.source}, &number, &entries)
	if entries != 1 || err != nil {
		return 0, err
	}
	return w.unlessSent(ctx, number, draft)
}

// unlessSent returns the number of an entry that this source does not send yet. One that it sends is another, unless
// it did not come under its own key this time, and was taken down or has the date of the draft: then it has a new
// GUID, and a new title too.
func (w *writing) unlessSent(ctx context.Context, number int64, draft feeds.Draft) (int64, error) {
	var keys []string
	var again bool
	_, err := w.scan(ctx, `
		SELECT (SELECT json_group_array(hex(key)) FROM entry_keys WHERE entry = e.number AND source = ?),
			e.hidden <> 0 OR e.published = ?
		FROM entries e WHERE e.number = ?`,
		[]any{w.source, unix(draft.Entry.Published), number}, list[string]{&keys}, &again)
	if err != nil || len(keys) > 0 && (!again || draft.Item.Name != "" || slices.ContainsFunc(keys, w.came)) {
		return 0, err
	}
	if len(keys) == 0 {
		old, err := w.entry(ctx, number)
		if err != nil || !agree(draft.Entry, old) {
			return 0, err
		}
	}
	return number, nil
}

// putKey remembers under which key the source sent the entry, and how it files it.
func (w *writing) putKey(ctx context.Context, number int64, draft feeds.Draft) error {
	_, err := w.exec(ctx, `
		INSERT OR REPLACE INTO entry_keys (source, key, entry, digest, likeness, seen, categories, reasons)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		w.source, draft.Key[:], number, draft.Digest[:], likeness(draft), w.now.Unix(),
		listText(draft.Entry.Categories), listText(draft.Entry.Reasons))
	return err
}

// dropKeys forgets the keys under which the source sent the entry before, but those of this batch: a source whose
// GUIDs change with each poll would fill the store with them.
func (w *writing) dropKeys(ctx context.Context, number int64) error {
	old, err := readColumn[string](ctx, w.tx, `SELECT hex(key) FROM entry_keys WHERE entry = ? AND source = ?`, number, w.source)
	if err != nil {
		return err
	}
	for _, digits := range old {
		if w.came(digits) {
			continue
		}
		if _, err := w.exec(ctx, `DELETE FROM entry_keys WHERE source = ? AND key = unhex(?)`, w.source, digits); err != nil {
			return err
		}
	}
	return nil
}

// putLinks remembers the addresses of the entry.
func (w *writing) putLinks(ctx context.Context, number int64, it feeds.Item) error {
	for _, link := range addresses(it) {
		if _, err := w.exec(ctx, `INSERT OR IGNORE INTO entry_links (link, entry) VALUES (?, ?)`, link, number); err != nil {
			return err
		}
	}
	return nil
}
