package storage

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Modes of a connection, in the words of SQLite's URIs.
const (
	writable = "rwc"
	readOnly = "ro"
)

// pragma is a setting of a connection. SQLite ignores a name that it does not know without a word, so that
// each is read back: want is what it must say then.
type pragma struct{ name, value, want string }

// busyTimeout comes first of all pragmas: those after it may have to wait for another process.
var busyTimeout = pragma{"busy_timeout", "5000", "5000"}

// writerPragmas: FULL, because with NORMAL a power cut loses transactions that were reported as stored.
var writerPragmas = []pragma{
	busyTimeout,
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "ON", "1"},
}

var readerPragmas = []pragma{
	busyTimeout,
	{"query_only", "ON", "1"},
}

// address returns the data source name of the file at the absolute path. The pragmas stand in it, because one
// that is set on a pooled connection is not set on the next; and it is built by net/url, because ?, # and %
// in a path would otherwise name another file. Transactions are immediate: a deferred one that comes to write
// while another process does fails at once, whatever the busy timeout.
func address(path, mode string, pragmas []pragma) string {
	query := url.Values{"mode": {mode}, "_txlock": {"immediate"}, "_error_rc": {"1"}}
	for _, p := range pragmas {
		query.Add("_pragma", p.name+"("+p.value+")")
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: query.Encode()}
	return u.String()
}

// connect opens a pool of so many connections and checks that its pragmas took.
func connect(ctx context.Context, address string, connections int, pragmas []pragma) (*sql.DB, error) {
	db, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := patiently(ctx, patience, func() error { return checkPragmas(ctx, db, pragmas) }); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// checkPragmas reads the pragmas back and returns an error about the first that did not take.
func checkPragmas(ctx context.Context, db *sql.DB, pragmas []pragma) error {
	for _, p := range pragmas {
		var got string
		err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got)
		if err == sql.ErrNoRows {
			return fmt.Errorf("SQLite knows no pragma %s: correct its name", p.name)
		}
		if err != nil {
			return fmt.Errorf("read the pragma %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("the pragma %s is %s where %s is needed: is the file on a local disk that can be written?", p.name, got, p.want)
		}
	}
	return nil
}

// readAddress is address for connections that only read the store.
func (s *Store) readAddress(pragmas []pragma) string {
	if s.still {
		return unlocked(address(s.path, readOnly, pragmas))
	}
	return address(s.path, readOnly, pragmas)
}

// unlocked makes an address one whose connections look at no lock and at no log: right for a file that nobody writes to.
func unlocked(address string) string { return address + "&immutable=1" }

// inspect looks at the file before anything is written to it, so that the file of another program stays as it
// is, and returns the version of its schema. No file is fine, and so is an empty one: it was created by a run that ended
// before it wrote.
func (s *Store) inspect(ctx context.Context) (version int, err error) {
	info, err := os.Stat(s.path) // never os.Open: closing a file drops the locks that SQLite has on it
	if os.IsNotExist(err) {
		_, err := os.Stat(filepath.Dir(s.path))
		return 0, err
	}
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("it is no regular file: give the path of a file")
	}
	if err := checkLog(ctx, s.path); err != nil {
		return 0, err
	}
	db, err := connect(ctx, s.readAddress(readerPragmas), 1, nil)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return schemaVersion(ctx, db)
}
