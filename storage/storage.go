// Package storage keeps what finews knows in one SQLite file: entries by category with what their sources sent, the
// stories that they tell, what they said before they were edited, an index of their words, the categories that were
// made along the way, the state of each source, and what was published of all that.
//
// In goes a feeds.Batch, what one poll of one source brought: it is stored whole, entries and state in one
// transaction, or not at all. On the way an entry is recognised (identify.go), filed (filing.go) and joined to its
// story (story.go); one that is held back is neither, until it comes good. Ids and paths are minted once in its life.
// Out come entries by category, newest first and each story once (read.go), in archive documents (archive.go) or as pages
// (filed.go), what changed since a publication (changes.go), what a search finds (search.go), and the state of the
// sources. What can be seen and changes is counted by triggers (migrations/0003_publish.sql). The operator's commands
// hide, split, accept, redraft, prune, back up and check.
//
// One connection writes and a few read; other processes may use the file at the same time. Every write goes through
// Store.write in transaction.go.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// readConnections is how many reads run at once: publishing streams one and asks others beside it.
const readConnections = 4

// maxUnpacked bounds what is unpacked of one item, in bytes: a damaged file must not take all memory.
const maxUnpacked = 64 << 20

// Store is an open file of finews, which Open or OpenToRead opened. Its methods may be called from several goroutines.
type Store struct {
	path    string
	writer  *sql.DB // one connection: SQLite has one writer, and waiting in Go is fairer than busy retries
	reader  *sql.DB // read-only connections
	encoder *zstd.Encoder
	decoder *zstd.Decoder

	patience time.Duration // how long a transaction waits for those of other processes
	still    bool          // nobody can write to the file: it is read without locks
}

// Open opens the store at path, creates it where there is none (with the permissions that the umask leaves of
// 0644), and brings its schema up to date. It changes nothing and fails where the file is not a store of
// finews, was written by a newer finews, lacks its log or has another's, is read-only, or stays locked for 5 seconds.
func Open(ctx context.Context, path string) (*Store, error) { return openBy(ctx, path, (*Store).open) }

// openBy makes a Store for the path and has it opened.
func openBy(ctx context.Context, path string, open func(*Store, context.Context) error) (*Store, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, faultIn("open the store", path, err)
	}
	s := &Store{path: absolute, patience: patience}
	if err := open(s, ctx); err != nil {
		return nil, errors.Join(s.fault("open the store", err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if _, err := s.inspect(ctx); err != nil {
		return err
	}
	var err error
	if s.writer, err = connect(ctx, address(s.path, writable, writerPragmas), 1, writerPragmas); err != nil {
		return err
	}
	if _, err := s.writer.ExecContext(ctx, hasty); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer); err != nil {
		return err
	}
	if err := s.openReaders(ctx); err != nil {
		return err
	}
	s.encoder, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
	return err
}

// openReaders opens what every Store has.
func (s *Store) openReaders(ctx context.Context) (err error) {
	if s.reader, err = connect(ctx, s.readAddress(readerPragmas), readConnections, readerPragmas); err != nil {
		return err
	}
	s.decoder, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxUnpacked))
	return err
}

// Close ends all connections. The last one to the file folds the write-ahead log into it.
func (s *Store) Close() error {
	var faults []error
	for _, db := range []*sql.DB{s.reader, s.writer} { // the writer last: only it can fold the log
		if db != nil {
			faults = append(faults, db.Close())
		}
	}
	if s.decoder != nil {
		s.decoder.Close()
	}
	return s.fault("close the store", errors.Join(faults...))
}
