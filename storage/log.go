package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// checkLog refuses a file whose write-ahead log is missing or is of another file. SQLite itself would go on without the
// one, and with it without what was acknowledged last; and would write the pages of the other into a backup that was
// put in the place of the store. It looks only beside SQLite's locks, so that it may run while others use the file.
func checkLog(ctx context.Context, path string) error {
	if logMissing(path) {
		return fmt.Errorf("its log %s-wal is missing, and with it what was stored last: put it back, or remove %[1]s-shm to go on without it", path)
	}
	length, err := size(path + "-wal")
	if err != nil || length == 0 {
		return err
	}
	if isBackup(ctx, path) {
		return fmt.Errorf("the log %s-wal is not of this file, which is a backup: remove %[1]s-wal and %[1]s-shm", path)
	}
	return nil
}

// logMissing reports whether there is an index of the log and no log. SQLite makes the log before its index and removes
// it after it; another process that opens or closes the file meanwhile is not fast enough to do both.
func logMissing(path string) bool {
	return missing(path+"-wal") && !missing(path+"-shm") && missing(path+"-wal")
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}

// isBackup reports whether the file was never opened since VACUUM INTO made it: its header says that it has no log. It
// is read without regard for a log; a file that cannot be read so is none.
func isBackup(ctx context.Context, path string) bool {
	db, err := connect(ctx, unlocked(address(path, readOnly, nil)), 1, nil)
	if err != nil {
		return false
	}
	defer db.Close()
	var version int // https://www.sqlite.org/fileformat2.html#file_format_version_numbers
	err = db.QueryRowContext(ctx, `SELECT hex(substr(data, 19, 1)) FROM sqlite_dbpage WHERE pgno = 1`).Scan(&version)
	return err == nil && version == 1
}
