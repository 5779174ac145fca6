package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"finews.withounder.com/feeds"
)

// maxPublicationFault bounds what is kept of why outputs failed, in bytes.
const maxPublicationFault = 2 << 10

// PublicationFault is that outputs fail which go into a folder. The zero PublicationFault is that none does.
type PublicationFault struct {
	Since  time.Time // when the first of them failed
	ToldAt time.Time // when the operator was told of it last
	Fault  string    // which outputs failed last, and why; lines
}

// PublicationFault returns what is known of outputs that fail which go into a folder; the zero one where all is well.
func (s *Store) PublicationFault(ctx context.Context, folder string) (f PublicationFault, err error) {
	var since, toldAt int64
	err = s.reader.QueryRowContext(ctx, `SELECT since, told_at, fault FROM publication_faults WHERE folder = ?`, folder).Scan(&since, &toldAt, &f.Fault)
	if errors.Is(err, sql.ErrNoRows) {
		return PublicationFault{}, nil
	}
	f.Since, f.ToldAt = fromUnix(since), fromUnix(toldAt)
	return f, s.fault("read what could not be published", err)
}

// PutPublicationFault remembers that outputs fail which go into a folder; a zero Since: that they fail no longer. Of the Fault the
// first 2048 bytes are kept.
func (s *Store) PutPublicationFault(ctx context.Context, folder string, f PublicationFault) error {
	err := s.write(ctx, time.Time{}, func(w *writing) error {
		if f.Since.IsZero() {
			_, err := w.exec(ctx, `DELETE FROM publication_faults WHERE folder = ?`, folder)
			return err
		}
		_, err := w.exec(ctx, `
			INSERT INTO publication_faults (folder, since, told_at, fault) VALUES (?, ?, ?, ?)
			ON CONFLICT (folder) DO UPDATE SET since = excluded.since, told_at = excluded.told_at, fault = excluded.fault`,
			folder, unix(f.Since), unix(f.ToldAt), feeds.CutBytes(f.Fault, maxPublicationFault))
		return err
	})
	return s.fault("remember what could not be published", err)
}
