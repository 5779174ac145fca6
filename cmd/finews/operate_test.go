package main

import (
	"database/sql"
	"os"
	"strings"
	"testing"
)

// damagePage overwrites the first page of a table.
func damagePage(t *testing.T, database, table string) {
	t.Helper()
	db, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	var page, size int64
	err = db.QueryRow(`SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?`, table).Scan(&page, &size)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(database, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte(strings.Repeat("账", int(size)/len("账"))), (page-1)*size); err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsNotPublishedIsSaid: of a damaged store, what could not be read and that a backup helps, and not that publishing
// again does; of a folder that cannot be written, that it does.
func TestWhatIsNotPublishedIsSaid(t *testing.T) {
	h := newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}")
	keep(t, h, telling("支农", "农金网", "一条短消息。", 1, "nongjinwang"))
	put(t, h)
	out := h.places.out
	h.places.out = h.places.database // no folder
	err := h.publishChange(t.Context(), program{stderr: os.Stderr})
	if err == nil || !strings.HasSuffix(err.Error(), ": run finews publish") || !strings.Contains(err.Error(), "what was done is stored") {
		t.Errorf("without a folder: %v", err)
	}
	h.places.out = out
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	damagePage(t, h.places.database, "entry_categories")
	if err := h.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.catalogue.Site.Title = "另一个名字" // so that there is something to publish
	err = h.publishChange(t.Context(), program{stderr: os.Stderr})
	if err == nil || strings.Contains(err.Error(), "run finews publish") || strings.Contains(err.Error(), "changed") {
		t.Fatalf("of a damaged store: %v", err)
	}
	for _, word := range []string{"not all of " + out + " could be published", "read the newest entries of nongjinwang", "put a backup in its place"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("of a damaged store: %v; want %q in it", err, word)
		}
	}
}
