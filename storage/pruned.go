package storage

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// stillPruned reports whether the draft is of an entry that was pruned: by its key, or, where its GUID changes with each
// poll, by what identify goes by. It remembers the key and digest, so that the next poll knows the item unchanged.
func (w *writing) stillPruned(ctx context.Context, draft feeds.Draft, knownKey bool) (bool, error) {
	key := draft.Key[:]
	if !knownKey {
		if draft.Item.Title == "" && draft.Item.Body == "" {
			return false, nil // as in alike
		}
		var err error
		if key, err = w.prunedAlike(ctx, draft); key == nil || err != nil {
			return false, err
		}
	}
	_, err := w.exec(ctx, `UPDATE entry_keys SET key = ?, digest = ?, seen = ? WHERE source = ? AND key = ?`,
		draft.Key[:], draft.Digest[:], w.now.Unix(), w.source, key)
	return true, err
}

// prunedAlike returns the key of a pruned entry that was like the draft and did not come itself, or nil.
func (w *writing) prunedAlike(ctx context.Context, draft feeds.Draft) (key []byte, err error) {
	all, err := readColumn[[]byte](ctx, w.tx, `
		SELECT key FROM entry_keys
		WHERE source = ? AND likeness = ? AND entry IS NULL AND seen >= ?
		ORDER BY seen DESC, key`, w.source, likeness(draft), w.now.Add(-likenessWindow).Unix())
	for _, key := range all {
		if !w.came(hex.EncodeToString(key)) {
			return key, err
		}
	}
	return nil, err
}

// weigh counts what goes with the entries.
func (s *Store) weigh(ctx context.Context, numbers []int64, archives bool) (Pruned, error) {
	list, err := json.Marshal(numbers)
	if err != nil {
		return Pruned{}, err
	}
	var p Pruned
	var oldest, newest int64
	err = s.reader.QueryRowContext(ctx, `
		SELECT count(*), ifnull(min(published), 0), ifnull(max(published), 0), count(*) FILTER (WHERE path <> '' AND hidden = 0),
			ifnull(sum((SELECT count(*) FROM entry_versions WHERE entry = e.number)), 0),
			ifnull(sum(octet_length(body) + octet_length(summary)
				+ ifnull((SELECT octet_length(item) FROM entry_raw WHERE entry = e.number), 0)
				+ ifnull((SELECT sum(octet_length(body)) FROM entry_versions WHERE entry = e.number), 0)), 0)
		FROM entries e WHERE number IN (SELECT value FROM json_each(?))`, string(list)).
		Scan(&p.Entries, &oldest, &newest, &p.Pages, &p.Versions, &p.Bytes)
	if err != nil {
		return Pruned{}, err
	}
	p.Oldest, p.Newest = fromUnix(oldest), fromUnix(newest)
	if !archives {
		p.Pages = 0
	}
	p.PerCategory, err = s.counts(ctx, `
		SELECT c.value, count(*) FROM entries e, json_each(e.categories) c
		WHERE e.hidden = 0 AND e.number IN (SELECT value FROM json_each(?)) GROUP BY 1`, string(list))
	return p, err
}

// add adds what went in one step.
func (p *Pruned) add(step Pruned) {
	if p.Entries == 0 {
		p.Oldest, p.Newest = step.Oldest, step.Newest
	}
	if step.Oldest.Before(p.Oldest) {
		p.Oldest = step.Oldest
	}
	if step.Newest.After(p.Newest) {
		p.Newest = step.Newest
	}
	p.Entries += step.Entries
	p.Versions += step.Versions
	p.Pages += step.Pages
	p.Bytes += step.Bytes
	for slug, count := range step.PerCategory {
		p.PerCategory[slug] += count
	}
}

// removePages has publishing remove the pages of what was pruned before and left them.
func (s *Store) removePages(ctx context.Context, dry bool, now time.Time, pruned *Pruned) error {
	paths, err := s.texts(ctx, `SELECT path FROM gone WHERE remove = 0`)
	if err != nil {
		return err
	}
	for step := range slices.Chunk(paths, pruneStep) {
		if !dry {
			err := s.write(ctx, now, func(w *writing) error {
				for _, path := range step {
					if _, err := w.exec(ctx, `UPDATE gone SET remove = 1 WHERE path = ?`, path); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		pruned.Pages += len(step)
	}
	return nil
}
