package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/storage"
)

// largeStore fills a store with entries of about 2 KB in categories that were made. The first categories are large: one entry in
// two is in one of the first twenty.
func largeStore(t testing.TB, path string, categories, entries int) {
	t.Helper()
	store, err := storage.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path+"?_pragma=foreign_keys(1)&_pragma=synchronous(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{
		`INSERT INTO categories (slug, title, description, outlets)
			WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
			SELECT 'c' || i, '第' || i || '县新闻', '', '[]' FROM n WHERE ?2 > 0`,
		`INSERT INTO entries (row, id, source, link, title, outlet, own, authors, tags, summary, body, image, enclosures, published, updated,
				first_seen, changed, categories, reasons, path, story, apart, hidden, held)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
			SELECT 1600000000 * 16 + i * 1600, 'tag:finews.example,2022:' || i, '快讯', 'https://news.example/' || i || '.html',
				'农商行支农贷款第' || i || '期', '县域网', 0, '["沈麦穗"]', '["支农"]', '农商行为村民办妥授信。',
				'<p>' || replace(hex(zeroblob(40)), '00', '农商行把办公桌搬进了村委会，') || '</p><p>第' || i || '期</p>', '', '[]',
				1600000000 + i * 100, 1600000000 + i * 100, 1600000000 + i * 100, 1600000000 + i * 100,
				'["c' || iif(i % 2, i / 2 % 20, i / 2 % ?1) || '"]', '["规则"]',
				'c' || iif(i % 2, i / 2 % 20, i / 2 % ?1) || '/2022/04/11/' || printf('%016x', i) || '.html', 0, 0, 0, '' FROM n`,
		`INSERT INTO entry_categories (category, published, entry, listed, place)
			SELECT substr(path, 1, instr(path, '/') - 1) AS slug, published, number, first_seen,
				row_number() OVER (PARTITION BY substr(path, 1, instr(path, '/') - 1) ORDER BY number)
			FROM entries WHERE ?1 > 0 AND ?2 > 0`,
	} {
		if _, err := db.Exec(query, categories, entries); err != nil {
			t.Fatal(err)
		}
	}
}

const largeCatalogue = `
site: {title: 金融消息, url: "https://finews.example"}
categories: [{slug: nongjinwang, title: 农金网新闻}]
sources: [{name: 快讯, url: "https://news.example/rss.xml"}]
`

// publishLarge runs `finews publish` over a store in the folder and returns the most memory that it had, in KiB, and how long it took.
func publishLarge(t testing.TB, binary, folder string, flags ...string) (peak int, took time.Duration) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(binary, append([]string{"publish"}, flags...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, &out, &out
	start := time.Now()
	peak, err := runWatched(t, cmd)
	if err != nil {
		t.Fatalf("finews publish: %v\n%s", err, out.String())
	}
	return peak, time.Since(start)
}

// TestLargePublicationStaysBelow300MB publishes 2,000 categories, then once more after one new entry. It takes a fifth of the
// entries that FINEWS_LARGE asks for otherwise: what is in memory at a time is a category, and those are as many.
func TestLargePublicationStaysBelow300MB(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes 40,000 files")
	}
	entries := 20_000
	if given := os.Getenv("FINEWS_LARGE"); given != "" {
		if _, err := fmt.Sscan(given, &entries); err != nil {
			t.Fatalf("FINEWS_LARGE is how many entries: %v", err)
		}
	}
	folder := t.TempDir()
	binary := buildInto(t, folder)
	if err := os.WriteFile(filepath.Join(folder, "feeds.yaml"), []byte(largeCatalogue), 0o644); err != nil {
		t.Fatal(err)
	}
	largeStore(t, filepath.Join(folder, "finews.db"), 2000, entries)
	peak, took := publishLarge(t, binary, folder)
	t.Logf("%d entries: peak of %d MiB, %v", entries, peak>>10, took)
	if peak == 0 || peak >= 300_000_000>>10 {
		t.Errorf("it took %d KiB", peak)
	}
	before := times(t, filepath.Join(folder, "public"))
	if _, took = publishLarge(t, binary, folder); !equalTimes(before, times(t, filepath.Join(folder, "public"))) {
		t.Error("nothing changed, and files were written")
	}
	t.Logf("nothing new: %v", took)
	oneMore(t, filepath.Join(folder, "finews.db"), entries)
	peak, took = publishLarge(t, binary, folder)
	t.Logf("one more: peak of %d MiB, %v", peak>>10, took)
	for name, at := range times(t, filepath.Join(folder, "public")) {
		old, there := before[name]
		if there && old.Equal(at) {
			continue
		}
		own := strings.HasPrefix(name, "c7.") || strings.HasPrefix(name, "c7/") || strings.HasPrefix(name, "archive/c7/") ||
			name == "category/c7.html" || strings.HasPrefix(name, "embed/c7.html")
		if !own && !isFront(name) {
			t.Errorf("%s was written for an entry of c7", name)
		}
	}
}

// oneMore adds one entry to category c7.
func oneMore(t testing.TB, path string, entries int) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{
		`INSERT INTO entries (row, id, source, link, title, outlet, own, authors, tags, summary, body, image, enclosures, published, updated,
				first_seen, changed, categories, reasons, path, story, apart, hidden, held)
			SELECT row + 16, 'tag:finews.example,2022:more', source, 'https://news.example/more.html', '再来一篇', outlet, own, authors, tags, summary, body, image,
				enclosures, published + 1, updated + 1, first_seen, changed + 1, '["c7"]', reasons, 'c7/2022/04/11/more.html', 0, 0, 0, ''
			FROM entries WHERE number = ?1`,
		`INSERT INTO entry_categories (category, published, entry, listed, place)
			SELECT 'c7', published, number, first_seen, (SELECT last + 1 FROM category_places WHERE category = 'c7') FROM entries WHERE number = ?1 + 1`,
	} {
		if _, err := db.Exec(query, entries); err != nil {
			t.Fatal(err)
		}
	}
}

// isFront reports whether a file tells of all categories.
func isFront(name string) bool {
	name = strings.TrimSuffix(name, ".gz")
	return name == ".finews" || strings.HasPrefix(name, "all.") || strings.HasPrefix(name, "sitemap") ||
		name == "feed.xml" || name == "index.html" || name == "category/index.html" || name == "feeds.opml"
}

// times returns when the files below a folder were written, by name.
func times(t testing.TB, root string) map[string]time.Time {
	t.Helper()
	all := map[string]time.Time{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			name, _ := filepath.Rel(root, path)
			all[filepath.ToSlash(name)] = info.ModTime()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func equalTimes(a, b map[string]time.Time) bool {
	for name, at := range a {
		if !b[name].Equal(at) {
			return false
		}
	}
	return len(a) == len(b)
}
