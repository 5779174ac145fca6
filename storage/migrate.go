package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// The numbered steps of the schema. A step that was released is never changed: a new one follows it.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file (bytes 68 to 71) as a store of finews: "fnws". The first migration sets it.
const applicationID = 0x666e7773

// migrate brings the schema up to date, each step in a transaction of its own. It takes the write lock even
// where nothing is to be done: so a file that is locked or read-only is found at the start.
func migrate(ctx context.Context, db *sql.DB) error {
	steps, err := migrationSteps()
	if err != nil {
		return err
	}
	for {
		done, err := migrateOnce(ctx, db, steps)
		if done || err != nil {
			return err
		}
	}
}

// migrateOnce takes the next step, and says whether there was none left. The version is read inside of the
// transaction, because another process may be at it too.
func migrateOnce(ctx context.Context, db *sql.DB, steps []string) (done bool, err error) {
	tx, err := begin(ctx, db, patience)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	version, err := schemaVersion(ctx, tx)
	if err != nil {
		return true, err
	}
	if version == len(steps) { // BEGIN IMMEDIATE does not fail where the file is read-only, and a write that is rolled back does
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
		return true, err
	}
	if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
		return false, fmt.Errorf("take step %d of the schema: %w", version+1, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return false, err
	}
	return false, tx.Commit()
}

// migrationSteps returns the SQL of the steps. Their names are four digits and a word, without a gap.
func migrationSteps() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]string, len(names))
	for i, name := range names {
		var number int
		if _, err := fmt.Sscanf(name, "migrations/%04d_", &number); err != nil || number != i+1 {
			return nil, fmt.Errorf("%s is not step %d of the schema: number the steps without a gap", name, i+1)
		}
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, err
		}
		steps[i] = string(text)
	}
	return steps, nil
}

// rowQuerier is a database or a transaction.
type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// schemaVersion returns how many steps of the schema the file has, 0 for an empty one. It returns an error for
// a file of another program or of a newer finews.
func schemaVersion(ctx context.Context, db rowQuerier) (int, error) {
	var application, version, tables int
	err := db.QueryRowContext(ctx, `
		SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`).Scan(&application, &version, &tables)
	if err != nil {
		return 0, err
	}
	if application != applicationID && (application != 0 || version != 0 || tables != 0) {
		return 0, errors.New("it is a database of another program: give the path of a store of finews")
	}
	steps, err := migrationSteps()
	if err != nil {
		return 0, err
	}
	if version < 0 || version > len(steps) {
		return 0, fmt.Errorf("its schema is version %d and this finews knows %d: run a newer finews", version, len(steps))
	}
	return version, nil
}
