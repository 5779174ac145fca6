package storage

import (
	"context"
	"database/sql"
	"fmt"

	"finews.withounder.com/feeds"
)

// Items returns what the source last sent of the entries that it sends under these keys. A key that is not stored, and one
// of an entry that was pruned, is missing from it.
func (s *Store) Items(ctx context.Context, source string, keys []feeds.Key) (map[feeds.Key]feeds.Item, error) {
	items, err := s.items(ctx, source, keys)
	if err != nil {
		return nil, s.fault("read what "+source+" sent", err)
	}
	return items, nil
}

func (s *Store) items(ctx context.Context, source string, keys []feeds.Key) (map[feeds.Key]feeds.Item, error) {
	items := make(map[feeds.Key]feeds.Item)
	if len(keys) == 0 {
		return items, nil
	}
	rows, err := s.reader.QueryContext(ctx, `
		SELECT k.key, r.item FROM entry_keys k JOIN entry_raw r ON r.entry = k.entry AND r.source = k.source
		WHERE k.source = ? AND k.key IN (SELECT unhex(value) FROM json_each(?))`, source, keysText(keys))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key, packed sql.RawBytes
		if err := rows.Scan(&key, &packed); err != nil {
			return nil, err
		}
		if len(key) != len(feeds.Key{}) {
			return nil, damage(fmt.Sprintf("a key has %d bytes", len(key)))
		}
		item, err := s.unpackItem(packed)
		if err != nil {
			return nil, fmt.Errorf("key %x: %w", key, err)
		}
		items[feeds.Key(key)] = item
	}
	return items, rows.Err()
}
