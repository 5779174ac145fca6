package storage

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"finews.withounder.com/feeds"
)

// Digests returns the digests of those entries of the source that are stored under one of the keys: what is
// not among them is new, and what has another digest has changed. Those that were pruned are among them, and those that
// wait for their bodies, with the digest under which they wait.
func (s *Store) Digests(ctx context.Context, source string, keys []feeds.Key) (map[feeds.Key]feeds.Digest, error) {
	known, err := lookUp(ctx, s.reader, source, keys)
	if err != nil {
		return nil, s.fault("look up the entries of "+source, err)
	}
	digests := make(map[feeds.Key]feeds.Digest, len(known))
	for key, row := range known {
		digests[key] = row.digest
	}
	return digests, s.fault("look up what waits of "+source, s.waitingDigests(ctx, source, keys, digests))
}

// known is what has to be known of a stored entry to see whether a draft changes it.
type known struct {
	number int64 // 0: it was pruned
	digest feeds.Digest
}

// querier is a database, a connection or a transaction.
type querier interface {
	rowQuerier
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// lookUp finds the stored entries of the keys, in one query for any number of them.
func lookUp(ctx context.Context, db querier, source string, keys []feeds.Key) (map[feeds.Key]known, error) {
	found := make(map[feeds.Key]known)
	if len(keys) == 0 {
		return found, nil
	}
	rows, err := db.QueryContext(ctx, `
		SELECT key, ifnull(entry, 0), digest FROM entry_keys
		WHERE source = ? AND key IN (SELECT unhex(value) FROM json_each(?))`, source, keysText(keys))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key, digest sql.RawBytes
		var row known
		if err := rows.Scan(&key, &row.number, &digest); err != nil {
			return nil, err
		}
		if len(key) != len(feeds.Key{}) || len(digest) != len(feeds.Digest{}) {
			return nil, fmt.Errorf("entry %d has a key of %d and a digest of %d bytes: put a backup in the place of the file", row.number, len(key), len(digest))
		}
		row.digest = feeds.Digest(digest)
		found[feeds.Key(key)] = row
	}
	return found, rows.Err()
}

// keysText returns the keys as a JSON array of hexadecimal strings.
func keysText(keys []feeds.Key) string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = hex.EncodeToString(key[:])
	}
	text, _ := json.Marshal(texts) // strings always marshal
	return string(text)
}
