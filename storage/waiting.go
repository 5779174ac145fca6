package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"finews.withounder.com/feeds"
)

// Waiting returns the items of a source whose bodies have still to be asked for, the newest first: they were put in with the
// oldest first.
func (s *Store) Waiting(ctx context.Context, source string) ([]feeds.Waiting, error) {
	waiting, err := s.waiting(ctx, source)
	return waiting, s.fault("read what waits of "+source, err)
}

func (s *Store) waiting(ctx context.Context, source string) ([]feeds.Waiting, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT key, digest, since, item FROM waiting WHERE source = ? ORDER BY since DESC, number DESC`, source)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var waiting []feeds.Waiting
	for rows.Next() {
		var key, digest, packed sql.RawBytes
		var since int64
		if err := rows.Scan(&key, &digest, &since, &packed); err != nil {
			return nil, err
		}
		if len(key) != len(feeds.Key{}) || len(digest) != len(feeds.Digest{}) {
			return nil, damage(fmt.Sprintf("a key has %d bytes, and its digest %d", len(key), len(digest)))
		}
		item, err := s.unpackItem(packed)
		if err != nil {
			return nil, err
		}
		waiting = append(waiting, feeds.Waiting{Key: feeds.Key(key), Digest: feeds.Digest(digest), Item: item, Since: fromUnix(since)})
	}
	return waiting, rows.Err()
}

// waitingDigests writes into digests those under which items of the keys wait. Few sources have any.
func (s *Store) waitingDigests(ctx context.Context, source string, keys []feeds.Key, digests map[feeds.Key]feeds.Digest) error {
	rows, err := s.reader.QueryContext(ctx, `SELECT key, digest FROM waiting WHERE source = ?`, source)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, digest sql.RawBytes
		if err := rows.Scan(&key, &digest); err != nil {
			return err
		}
		if len(key) == len(feeds.Key{}) && len(digest) == len(feeds.Digest{}) && slices.Contains(keys, feeds.Key(key)) {
			digests[feeds.Key(key)] = feeds.Digest(digest)
		}
	}
	return rows.Err()
}

// LeftAlone returns the hosts of bodies that asked to be left alone, and until when.
func (s *Store) LeftAlone(ctx context.Context) (map[string]time.Time, error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT host, not_before FROM hosts`)
	if err != nil {
		return nil, s.fault("read which hosts asked to be left alone", err)
	}
	defer rows.Close()
	hosts := make(map[string]time.Time)
	for rows.Next() {
		var host string
		var until int64
		if err := rows.Scan(&host, &until); err != nil {
			return nil, s.fault("read which hosts asked to be left alone", err)
		}
		hosts[host] = fromUnix(until)
	}
	return hosts, s.fault("read which hosts asked to be left alone", rows.Err())
}

// waiting stores what the batch says of items that wait, and of hosts.
func (w *writing) waiting(ctx context.Context, batch feeds.Batch) error {
	for _, one := range batch.Waiting {
		packed, err := w.packItem(one.Item)
		if err != nil {
			return fmt.Errorf("%q, which waits for its body: %w", one.Item.Title, err)
		}
		_, err = w.exec(ctx, `
			INSERT INTO waiting (source, key, digest, since, item) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (source, key) DO UPDATE SET digest = excluded.digest, item = excluded.item`,
			w.source, one.Key[:], one.Digest[:], unix(one.Since), packed)
		if err != nil {
			return fmt.Errorf("%q, which waits for its body: %w", one.Item.Title, err)
		}
	}
	for _, key := range batch.Answered {
		if _, err := w.exec(ctx, `DELETE FROM waiting WHERE source = ? AND key = ?`, w.source, key[:]); err != nil {
			return fmt.Errorf("an item that waits no longer: %w", err)
		}
	}
	return w.leftAlone(ctx, batch.LeftAlone)
}

// leftAlone stores which hosts asked to be left alone, and forgets those whose time is over.
func (w *writing) leftAlone(ctx context.Context, hosts map[string]time.Time) error {
	if len(hosts) == 0 {
		return nil
	}
	if _, err := w.exec(ctx, `DELETE FROM hosts WHERE not_before <= ?`, unix(w.now)); err != nil {
		return err
	}
	for host, until := range hosts {
		_, err := w.exec(ctx, `INSERT INTO hosts (host, not_before) VALUES (?, ?)
			ON CONFLICT (host) DO UPDATE SET not_before = max(not_before, excluded.not_before)`, host, unix(until))
		if err != nil {
			return err
		}
	}
	return nil
}
