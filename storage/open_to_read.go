package storage

import (
	"context"
	"errors"
	"fmt"
)

// OpenToRead opens the store at path for those who only look: it makes no file, brings no schema up to date, and needs
// no permission to write. What would change the store returns an error. A schema that is not today's is refused. Where
// SQLite cannot share the file with those who write, in a folder that is read-only or on a full disk, and its log is
// empty, nobody writes to it, and it is read as it is.
func OpenToRead(ctx context.Context, path string) (*Store, error) {
	return openBy(ctx, path, (*Store).openToRead)
}

func (s *Store) openToRead(ctx context.Context) error {
	if missing(s.path) {
		return errors.New("there is no such file: give the path of a store of finews")
	}
	version, err := s.inspect(ctx)
	if cannotShare(err) {
		version, err = s.inspectStill(ctx, err)
	}
	if err != nil {
		return err
	}
	steps, err := migrationSteps()
	if err != nil {
		return err
	}
	if version != len(steps) {
		return fmt.Errorf("its schema is version %d, and this finews reads version %d: finews poll brings it up to date", version, len(steps))
	}
	return s.openReaders(ctx)
}

// inspectStill is inspect without locks, where the log is empty. Otherwise it returns the error that there was with them.
func (s *Store) inspectStill(ctx context.Context, locked error) (version int, err error) {
	log, err := size(s.path + "-wal") // an attempt on a full disk leaves an empty one
	if err != nil || log > 0 {
		return 0, locked
	}
	s.still = true
	if version, err = s.inspect(ctx); cannotShare(err) {
		return 0, locked
	}
	return version, err
}

// cannotShare reports whether an error may come of the files that SQLite makes beside the store.
func cannotShare(err error) bool {
	switch resultCode(err) & 0xff {
	case codeReadOnly, codeIO, codeFull, codeCantOpen:
		return true
	}
	return false
}
