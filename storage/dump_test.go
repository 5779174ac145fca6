package storage

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// dumpedTriggers stands before the triggers of a dump. They come last: they would count the rows before them as changes.
const dumpedTriggers = "\n-- Triggers.\n"

// dump returns a store as the SQL that makes it, the same for the same store.
func dump(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite", address(path, readOnly, readerPragmas))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var text strings.Builder
	for _, name := range []string{"application_id", "user_version"} {
		fmt.Fprintf(&text, "PRAGMA %s = %s;\n", name, column(t, db, "PRAGMA "+name)[0])
	}
	// FTS5 makes its own tables; they are filled like others.
	for _, made := range column(t, db, `
		SELECT s.sql || ';' FROM sqlite_schema s JOIN pragma_table_list l ON l.name = s.tbl_name AND l.schema = 'main'
		WHERE s.sql IS NOT NULL AND s.type <> 'trigger' AND l.type <> 'shadow' AND s.name <> 'sqlite_sequence' ORDER BY s.type DESC, s.name`) {
		text.WriteString("\n" + made + "\n")
	}
	for _, table := range column(t, db, `
		SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'virtual' AND name <> 'sqlite_schema' ORDER BY name`) {
		text.WriteString("\n")
		if strings.HasPrefix(table, "sqlite_") || strings.HasPrefix(table, "entry_search_") || strings.HasPrefix(table, "entry_chars_") {
			fmt.Fprintf(&text, "DELETE FROM %s;\n", table)
		}
		columns := strings.Join(column(t, db, `SELECT '"' || name || '"' FROM pragma_table_info(?) ORDER BY cid`, table), ", ")
		values := strings.ReplaceAll(columns, ", ", ") || ', ' || quote(")
		for _, row := range column(t, db, fmt.Sprintf(`SELECT quote(%s) FROM %s ORDER BY 1`, values, table)) {
			fmt.Fprintf(&text, "INSERT INTO %s (%s) VALUES (%s);\n", table, columns, row)
		}
	}
	text.WriteString(dumpedTriggers)
	for _, made := range column(t, db, `SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger' ORDER BY name`) {
		text.WriteString("\n" + made + "\n")
	}
	return text.String()
}

// column returns the first column of a query.
func column(t *testing.T, db *sql.DB, query string, args ...any) (all []string) {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
