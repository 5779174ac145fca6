package bench

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	gorilla "github.com/gorilla/feeds"
	"github.com/microcosm-cc/bluemonday"
	"github.com/mmcdole/gofeed"
	_ "modernc.org/sqlite" // the driver that storage uses
)

// naive is the straight line that anyone would write, one source after the other. It cleans less than finews,
// indexes nothing, recognises no story, keeps no raw body, writes one feed and no page per source, and checks nothing.
type naive struct {
	client *http.Client
	policy *bluemonday.Policy
	db     *sql.DB
	dir    string
	read   int     // feeds that went all the way
	faults []error // feeds that gofeed could not read
}

// naiveTable holds what the naive chain keeps of an entry.
const naiveTable = `CREATE TABLE entries (
	feed TEXT NOT NULL, guid TEXT NOT NULL, title TEXT NOT NULL, link TEXT NOT NULL, published INTEGER NOT NULL, body TEXT NOT NULL,
	PRIMARY KEY (feed, guid)) STRICT`

const naiveUpsert = `INSERT INTO entries (feed, guid, title, link, published, body) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (feed, guid) DO UPDATE SET title = excluded.title, link = excluded.link, published = excluded.published, body = excluded.body`

// newNaive opens a database in dir, with the durability that storage has.
func newNaive(ctx context.Context, dir string) (*naive, error) {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)"}}
	address := url.URL{Scheme: "file", Path: filepath.Join(dir, "naive.db"), RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, naiveTable); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &naive{client: &http.Client{Transport: &http.Transport{}}, policy: bluemonday.UGCPolicy(), db: db, dir: dir}, nil
}

func (n *naive) close() error {
	n.client.CloseIdleConnections()
	return n.db.Close()
}

// run takes the feeds at the addresses through the chain. It returns the errors of everything but gofeed.
func (n *naive) run(ctx context.Context, addresses []string) error {
	for i, address := range addresses {
		if err := n.one(ctx, address, fmt.Sprintf("%05d.xml", i)); err != nil {
			return fmt.Errorf("naive chain, %s: %w", address, err)
		}
	}
	return nil
}

func (n *naive) one(ctx context.Context, address, name string) error {
	document, err := n.get(ctx, address)
	if err != nil {
		return err
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(document))
	if err != nil {
		n.faults = append(n.faults, fmt.Errorf("%s: %w", address, err))
		return nil
	}
	out := &gorilla.Feed{Title: feed.Title, Link: &gorilla.Link{Href: address}, Description: feed.Description}
	for _, item := range feed.Items {
		out.Items = append(out.Items, &gorilla.Item{
			Id:      cmp.Or(item.GUID, item.Link),
			Title:   item.Title,
			Link:    &gorilla.Link{Href: item.Link},
			Created: *cmp.Or(item.PublishedParsed, &time.Time{}),
			Content: n.policy.Sanitize(text(item)),
		})
	}
	if err := n.store(ctx, address, out.Items); err != nil {
		return err
	}
	n.read++
	return writeRSS(filepath.Join(n.dir, name), out)
}

func (n *naive) get(ctx context.Context, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := n.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer is %s", answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// store upserts the entries of one feed in one transaction.
func (n *naive) store(ctx context.Context, feed string, items []*gorilla.Item) error {
	tx, err := n.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, item := range items {
		if _, err := tx.ExecContext(ctx, naiveUpsert, feed, item.Id, item.Title, item.Link.Href, item.Created.Unix(), item.Content); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func writeRSS(path string, feed *gorilla.Feed) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(feed.WriteRss(file), file.Close())
}

// text returns the body of an item, wherever its format keeps it.
func text(item *gofeed.Item) string { return cmp.Or(item.Content, item.Description) }

func TestTheNaiveChainKeepsEverything(t *testing.T) {
	const sources = 20 // every form once
	addresses := startServer(t, sources)
	chain, err := newNaive(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer chain.close()
	for range 2 { // the second run upserts what is there
		if err := chain.run(t.Context(), addresses); err != nil {
			t.Fatal(err)
		}
	}
	if len(chain.faults) > 0 || chain.read != 2*sources {
		t.Errorf("%d feeds were read, want %d; the others: %v", chain.read, 2*sources, errors.Join(chain.faults...))
	}
	want := 0
	for index := range sources {
		u, err := generate(seed, index)
		if err != nil {
			t.Fatal(err)
		}
		want += len(u.entries)
	}
	var got int
	if err := chain.db.QueryRowContext(t.Context(), "SELECT count(*) FROM entries WHERE body <> '' AND published > 0").Scan(&got); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(chain.dir, "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if got != want || len(files) != sources {
		t.Errorf("%d entries and %d files, want %d and %d", got, len(files), want, sources)
	}
}
