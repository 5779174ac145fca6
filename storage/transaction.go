package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/story"
	"github.com/klauspost/compress/zstd"
)

// writing is one transaction that writes: the storing of a batch, or an operator's command.
type writing struct {
	tx         *sql.Tx
	statements map[string]*sql.Stmt // by their text; they end with the transaction
	encoder    *zstd.Encoder
	decoder    *zstd.Decoder
	now        time.Time
	site       feeds.Site
	searchable []feeds.Entry // to be indexed at the end
	weighed    int           // characters of texts that were compared

	ready map[said]story.Print // prints of the drafts

	source string
	rights feeds.Rights
	batch  map[feeds.Key]bool // the keys of all items that came
	links  map[string]int     // how many drafts have a canonical address
}

// write runs do in a transaction: all of it is stored, or nothing.
func (s *Store) write(ctx context.Context, now time.Time, do func(*writing) error) error {
	if s.writer == nil {
		return errors.New("the store was opened to be read: open it with storage.Open to change it")
	}
	tx, err := begin(ctx, s.writer, s.patience)
	if err != nil {
		return ended(ctx, err)
	}
	defer tx.Rollback()
	w := &writing{tx: tx, statements: make(map[string]*sql.Stmt), encoder: s.encoder, decoder: s.decoder, now: now,
		batch: make(map[feeds.Key]bool), links: make(map[string]int)}
	if err := do(w); err != nil {
		return ended(ctx, err)
	}
	if err := w.addToSearch(ctx, w.searchable); err != nil {
		return ended(ctx, fmt.Errorf("the search index: %w", err))
	}
	if err := tx.Commit(); err != nil {
		return ended(ctx, fmt.Errorf("commit: %w", err))
	}
	return nil
}

// ended returns the end of ctx as the cause of an error that came of it: database/sql ends the transaction under our
// hands then, and says of the next statement no more than that it is closed.
func ended(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || resultCode(err) != 0 || errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

// statement returns the query, compiled once in the transaction.
func (w *writing) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if statement, ok := w.statements[query]; ok {
		return statement, nil
	}
	statement, err := w.tx.PrepareContext(ctx, query)
	if err == nil {
		w.statements[query] = statement
	}
	return statement, err
}

// exec runs a statement.
func (w *writing) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	statement, err := w.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

// scan reads the one row of a query into targets and says whether there is one.
func (w *writing) scan(ctx context.Context, query string, args []any, targets ...any) (found bool, err error) {
	statement, err := w.statement(ctx, query)
	if err != nil {
		return false, err
	}
	err = statement.QueryRowContext(ctx, args...).Scan(targets...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// patience is how long a transaction waits for those of other processes.
const patience = 5 * time.Second

// hasty is how long SQLite itself waits, in milliseconds, before begin asks it again. It looks ever more rarely, 100 ms
// apart in the end, and is passed by those that come later: of four processes that wrote all the time, one waited 4 s.
const hasty = "PRAGMA busy_timeout = 10"

// begin starts a transaction that may write. It waits for other processes as long as most says.
func begin(ctx context.Context, db *sql.DB, most time.Duration) (tx *sql.Tx, err error) {
	err = patiently(ctx, most, func() error {
		tx, err = db.BeginTx(ctx, nil)
		return err
	})
	return tx, err
}

// patiently calls do until the file is not busy, for as long as most says. SQLite waits by itself, but not in all
// places: of two processes that give a new file its write-ahead log at once, one is sent away.
func patiently(ctx context.Context, most time.Duration, do func() error) error {
	for start := time.Now(); ; {
		err := do()
		if err == nil || resultCode(err)&0xff != codeBusy || ctx.Err() != nil || time.Since(start) > most {
			return err
		}
	}
}
