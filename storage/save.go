package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"finews.withounder.com/feeds"
	"github.com/klauspost/compress/zstd"
)

// Saved counts what became of the drafts of a batch. Updated are those whose text or categories changed.
type Saved struct{ New, Updated, Unchanged int }

// Save stores the batch in one transaction: the new and edited entries, the categories made for them, and the
// state of the source. After an error nothing of it is stored, unless the error came from the commit itself:
// then it may be, and saving it again does no harm. The site's host goes into new ids, its location into new
// paths. Of two drafts with one key the first counts.
func (s *Store) Save(ctx context.Context, batch feeds.Batch, site feeds.Site) (Saved, error) {
	saved, err := s.save(ctx, batch, site)
	err = ended(ctx, err)
	return saved, s.fault("save what "+batch.Source+" brought", err)
}

func (s *Store) save(ctx context.Context, batch feeds.Batch, site feeds.Site) (Saved, error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return Saved{}, err
	}
	defer tx.Rollback()
	w := &writing{tx: tx, statements: make(map[string]*sql.Stmt), encoder: s.encoder,
		source: batch.Source, now: batch.Now, site: site}
	saved, err := w.drafts(ctx, batch.Drafts)
	if err != nil {
		return Saved{}, err
	}
	if err := w.state(ctx, batch.State); err != nil {
		return Saved{}, err
	}
	if err := tx.Commit(); err != nil {
		return Saved{}, fmt.Errorf("commit: %w", err)
	}
	return saved, nil
}

// ended returns the end of ctx as the cause of an error that came of it: database/sql ends the transaction under our
// hands then, and says of the next statement no more than that it is closed.
func ended(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || resultCode(err) != 0 || errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

// writing is the storing of one batch.
type writing struct {
	tx         *sql.Tx
	statements map[string]*sql.Stmt // by their text; they end with the transaction
	encoder    *zstd.Encoder
	source     string
	now        time.Time
	site       feeds.Site
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

// drafts stores the drafts and counts them.
func (w *writing) drafts(ctx context.Context, drafts []feeds.Draft) (Saved, error) {
	keys := make([]feeds.Key, len(drafts))
	for i, draft := range drafts {
		keys[i] = draft.Key
	}
	stored, err := lookUp(ctx, w.tx, w.source, keys)
	if err != nil {
		return Saved{}, err
	}
	var saved Saved
	seen := make(map[feeds.Key]bool, len(drafts))
	for _, draft := range drafts {
		if seen[draft.Key] {
			continue
		}
		seen[draft.Key] = true
		if err := w.draft(ctx, draft, stored, &saved); err != nil {
			return Saved{}, fmt.Errorf("entry %q: %w", draft.Entry.Title, err)
		}
	}
	return saved, nil
}

// draft stores one draft. One whose digest is known costs nothing.
func (w *writing) draft(ctx context.Context, draft feeds.Draft, stored map[feeds.Key]known, saved *Saved) error {
	old, ok := stored[draft.Key]
	switch {
	case !ok:
		saved.New++
		return w.insert(ctx, draft)
	case old.digest == draft.Digest:
		saved.Unchanged++
		return nil
	}
	changed, err := w.revise(ctx, old.number, draft)
	if changed {
		saved.Updated++
	} else {
		saved.Unchanged++
	}
	return err
}

// sameText reports whether two entries say the same.
func sameText(a, b feeds.Entry) bool {
	return a.Title == b.Title && a.Link == b.Link && a.Outlet == b.Outlet && a.Summary == b.Summary &&
		a.Body == b.Body && a.Image == b.Image && slices.Equal(a.Authors, b.Authors) &&
		slices.Equal(a.Tags, b.Tags) && slices.Equal(a.Enclosures, b.Enclosures)
}
