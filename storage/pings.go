package storage

import (
	"context"
	"time"

	"finews.withounder.com/feeds"
)

// maxPingFault bounds what is kept of why a hub could not be told, in bytes.
const maxPingFault = 500

// Pings returns what the hub at this address has still to be told, the one that has waited longest first.
func (s *Store) Pings(ctx context.Context, hub string) ([]feeds.Ping, error) {
	pings, err := readRows(ctx, s.reader, func(scan func(...any) error) (p feeds.Ping, err error) {
		var since, notBefore int64
		err = scan(&p.Topic, &since, &p.Failures, &notBefore, &p.Fault)
		p.Since, p.NotBefore = fromUnix(since), fromUnix(notBefore)
		return p, err
	}, `SELECT topic, since, failures, not_before, fault FROM pings WHERE hub = ? ORDER BY since, topic`, hub)
	return pings, s.fault("read what a hub has to be told", err)
}

// AddPings remembers that the hub has to be told of the topics, and forgets what any other hub had to be told, and how it failed. A
// topic that waits already keeps its Since, and what became of it; the others are added, and returned. Where all wait it writes
// nothing.
func (s *Store) AddPings(ctx context.Context, hub string, topics []string, now time.Time) (added []string, err error) {
	err = s.write(ctx, now, func(w *writing) error {
		if _, err := w.exec(ctx, `DELETE FROM pings WHERE hub <> ?`, hub); err != nil {
			return err
		}
		for _, topic := range topics {
			fresh, err := w.addPing(ctx, hub, topic)
			if err != nil {
				return err
			}
			if fresh {
				added = append(added, topic)
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.fault("remember what a hub has to be told", err)
	}
	return added, nil
}

// addPing adds a ping, unless the topic waits already.
func (w *writing) addPing(ctx context.Context, hub, topic string) (fresh bool, err error) {
	result, err := w.exec(ctx, `INSERT INTO pings (topic, hub, since, failures, not_before, fault) VALUES (?, ?, ?, 0, 0, '') ON CONFLICT (topic) DO NOTHING`,
		topic, hub, unix(w.now))
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// ForgetPings forgets topics, of which no hub has to be told any more.
func (s *Store) ForgetPings(ctx context.Context, topics []string) error {
	err := s.write(ctx, time.Time{}, func(w *writing) error {
		for _, topic := range topics {
			if err := w.forgetPing(ctx, topic); err != nil {
				return err
			}
		}
		return nil
	})
	return s.fault("forget what a hub had to be told", err)
}

func (w *writing) forgetPing(ctx context.Context, topic string) error {
	_, err := w.exec(ctx, `DELETE FROM pings WHERE topic = ?`, topic)
	return err
}

// PutPings stores what became of pings of the hub at this address: those without failures were taken and are forgotten. Of a Fault
// the first 500 bytes are kept.
func (s *Store) PutPings(ctx context.Context, hub string, pings []feeds.Ping) error {
	err := s.write(ctx, time.Time{}, func(w *writing) error {
		for _, p := range pings {
			if err := w.putPing(ctx, hub, p); err != nil {
				return err
			}
		}
		return nil
	})
	return s.fault("store what a hub was told", err)
}

func (w *writing) putPing(ctx context.Context, hub string, p feeds.Ping) error {
	if p.Failures == 0 {
		return w.forgetPing(ctx, p.Topic)
	}
	_, err := w.exec(ctx, `
		INSERT INTO pings (topic, hub, since, failures, not_before, fault) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (topic) DO UPDATE SET failures = excluded.failures, not_before = excluded.not_before, fault = excluded.fault`,
		p.Topic, hub, unix(p.Since), p.Failures, unix(p.NotBefore), feeds.CutBytes(p.Fault, maxPingFault))
	return err
}

// DropPings forgets all pings: there is no hub any more. Where there are none it writes nothing.
func (s *Store) DropPings(ctx context.Context) error {
	err := s.write(ctx, time.Time{}, func(w *writing) error {
		_, err := w.exec(ctx, `DELETE FROM pings WHERE true`) // without a condition SQLite writes the page of a table that is empty
		return err
	})
	return s.fault("forget what a hub had to be told", err)
}
