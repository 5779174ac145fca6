package storage

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

var (
	shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)
	site     = feeds.Site{Title: "金融消息", URL: "https://finews.example.org", Location: shanghai}
	noon     = time.Date(2022, 4, 11, 4, 0, 0, 0, time.UTC) // time of the first poll
)

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openNew(t testing.TB) *Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "finews.db"))
}

func TestOddPaths(t *testing.T) {
	for _, name := range []string{"a#b.db", "a?b.db", "a?mode=ro.db", "100%25.db", "50%.db", "a b.db", "农金网.db", "a&b+c=d;e.db", ":memory:"} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			save(t, open(t, filepath.Join(folder, name)), batch(noon, draft(1)))
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				t.Error(err)
			}
			files, err := os.ReadDir(folder)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				if !strings.HasPrefix(file.Name(), name) {
					t.Errorf("another file was made: %s", file.Name())
				}
			}
		})
	}
}

func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	save(t, open(t, "finews.db"), batch(noon, draft(1)))
	if _, err := os.Stat("finews.db"); err != nil {
		t.Error(err)
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "finews.db")
	s := open(t, path)
	save(t, s, batch(noon, draft(1)))
	before := latest(t, s, "nongjinwang")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, latest(t, open(t, path), "nongjinwang")); diff != "" {
		t.Errorf("after reopening (-before +after):\n%s", diff)
	}
}

// Many open the new store at once: cron and a daemon, say. One makes it and all get it.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "finews.db")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			s, err := Open(context.Background(), path)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { s.Close() })
		})
	}
	group.Wait()
}

// A file that cannot be opened is named, and stays byte for byte as it was.
func TestOpenRefuses(t *testing.T) {
	cases := []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"no database", func(t *testing.T, path string) {
			write(t, path, strings.Repeat("农村信用社的账本，不是数据库。", 400))
		}, "the file is no SQLite database"},
		{"short text", func(t *testing.T, path string) { write(t, path, "农金网\n") }, "the file is no SQLite database"},
		{"another program's", other(`CREATE TABLE 账本 (余额 INTEGER)`), "a database of another program"},
		{"another program's mark", other(`PRAGMA application_id = 7; PRAGMA user_version = 1`), "a database of another program"},
		{"newer finews", other(fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = 999`, applicationID)), "run a newer finews"},
		{"negative version", other(fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = -1`, applicationID)), "run a newer finews"},
		{"folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}, "no regular file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "库.db")
			c.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := Open(context.Background(), path)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %q, want it to say %q and name %s", err, c.want, path)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

// other returns what makes a database of the statements, without finews.
func other(statements string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(statements); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestOpenWithoutFolder(t *testing.T) {
	_, err := Open(context.Background(), filepath.Join(t.TempDir(), "没有", "finews.db"))
	if err == nil || !strings.Contains(err.Error(), "create the folder first") {
		t.Errorf("error is %v, want what to do about the folder", err)
	}
}

// A step of the schema that fails leaves nothing of itself.
func TestFailingMigration(t *testing.T) {
	s := openNew(t)
	steps, err := migrationSteps()
	if err != nil {
		t.Fatal(err)
	}
	steps = append(steps, `CREATE TABLE half (done INTEGER) STRICT; INSERT INTO nowhere VALUES (1);`)
	if _, err := migrateOnce(context.Background(), s.writer, steps); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("step %d", len(steps))) {
		t.Errorf("error is %v, want the step that failed", err)
	}
	var version, tables int
	err = s.reader.QueryRow(`SELECT user_version, (SELECT count(*) FROM sqlite_schema WHERE name = 'half') FROM pragma_user_version`).Scan(&version, &tables)
	if err != nil || version != len(steps)-1 || tables != 0 {
		t.Errorf("version %d with %d half-made tables, %v; want version %d with none", version, tables, err, len(steps)-1)
	}
}

func TestPragmas(t *testing.T) {
	s := openNew(t)
	ctx := context.Background()
	for _, list := range []struct {
		db      *sql.DB
		pragmas []pragma
	}{{s.writer, writerPragmas[1:]}, {s.reader, readerPragmas}} {
		if err := checkPragmas(ctx, list.db, list.pragmas); err != nil {
			t.Error(err)
		}
	}
	for _, wrong := range []pragma{{"synchronus", "FULL", "2"}, {"synchronous", "FULLL", "2"}, {"busy_timeout", "5s", "5000"}} {
		pragmas := []pragma{busyTimeout, wrong}
		if db, err := connect(ctx, address(s.path, writable, pragmas), 1, pragmas); err == nil {
			db.Close()
			t.Errorf("%s(%s) was not noticed", wrong.name, wrong.value)
		}
	}
}

// What the pragmas are for, asked of the connections themselves.
func TestPragmasTook(t *testing.T) {
	s := openNew(t)
	for query, want := range map[string]string{
		"PRAGMA journal_mode": "wal", "PRAGMA synchronous": "2", "PRAGMA foreign_keys": "1", "PRAGMA busy_timeout": "10",
	} {
		var got string
		if err := s.writer.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", query, got, err, want)
		}
	}
	// The two locks of a read connection, each without the other.
	for _, lock := range []struct {
		mode    string
		pragmas []pragma
	}{{readOnly, nil}, {writable, readerPragmas}} {
		db, err := connect(context.Background(), address(s.path, lock.mode, lock.pragmas), 1, lock.pragmas)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(`DELETE FROM entries`); err == nil {
			t.Errorf("a connection of mode %s with the pragmas %v wrote", lock.mode, lock.pragmas)
		}
		db.Close()
	}
}

func TestFault(t *testing.T) {
	s := &Store{path: "/var/lib/finews/库.db"}
	for code, want := range map[int]string{
		5: "locked", 261: "locked", 8: "cannot be written", 1544: "cannot be written", 10: "disk failed", 778: "disk failed",
		11: "damaged", 13: "disk is full", 14: "cannot be opened", 26: "no SQLite database",
	} {
		err := s.fault("save what 农金网 brought", fmt.Errorf("commit: %w", codedError(code)))
		for _, part := range []string{"save what 农金网 brought", s.path, "commit", want} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("code %d: error is %q, want %q in it", code, err, part)
			}
		}
	}
}

type codedError int

func (codedError) Error() string { return "from SQLite" }
func (c codedError) Code() int   { return int(c) }

// A full disk is said, what is stored can be read, and it goes on when there is room again.
func TestDiskFull(t *testing.T) {
	s := openNew(t)
	save(t, s, batch(noon, draft(1)))
	var pages int
	if err := s.writer.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)); err != nil {
		t.Fatal(err)
	}
	big := draft(2)
	big.Entry.Body = feeds.SafeHTML(strings.Repeat("<p>普惠金融下乡。</p>", 5000))
	if _, err := s.Save(context.Background(), batch(noon, big), site); err == nil || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("error is %v, want it to say that the disk is full", err)
	}
	if got := latest(t, s, "nongjinwang").Entries; len(got) != 1 {
		t.Errorf("%d entries can be read, want the 1 that was stored", len(got))
	}
	if _, err := s.writer.Exec(`PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if got := save(t, s, batch(noon, big)); got != (Saved{New: 1}) {
		t.Errorf("afterwards: %+v", got)
	}
}

// Another process that holds the lock is waited for, and then it is said; nothing is stored.
func TestLocked(t *testing.T) {
	s := openNew(t)
	other := open(t, s.path)
	tx, err := other.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	s.patience = 0
	if _, err := s.Save(context.Background(), batch(noon, draft(1)), site); err == nil || !strings.Contains(err.Error(), "locked: wait") {
		t.Errorf("error is %v, want it to say that the file is locked", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := save(t, s, batch(noon, draft(1))); got != (Saved{New: 1}) {
		t.Errorf("afterwards: %+v", got)
	}
}

// Two write at once, as cron beside a daemon does, and neither fails.
func TestTwoWriters(t *testing.T) {
	const saves = 200
	path := filepath.Join(t.TempDir(), "finews.db")
	stores := []*Store{open(t, path), open(t, path)}
	var group sync.WaitGroup
	for which, s := range stores {
		group.Go(func() {
			for i := range saves {
				b := batch(noon, draft(which*saves+i))
				b.Source = fmt.Sprintf("源%d", which)
				if _, err := s.Save(context.Background(), b, site); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	channel, err := stores[0].LatestOfAll(context.Background(), anyCategory, 10*saves)
	if err != nil || len(channel.Entries) != 2*saves {
		t.Errorf("%d entries, %v; want %d", len(channel.Entries), err, 2*saves)
	}
}

// Two processes write at once: what keeps them apart is the lock on the file alone.
func TestTwoProcesses(t *testing.T) {
	const saves = 100
	if path := os.Getenv("FINEWS_TEST_STORE"); path != "" { // this is one of the two
		s := open(t, path)
		for n := range saves {
			b := batch(noon, draft(n))
			b.Source = os.Getenv("FINEWS_TEST_SOURCE")
			b.Drafts[0].Item.Link += "?" + url.QueryEscape(b.Source) // or they were one entry of two sources
			b.Drafts[0].Key, _ = feeds.NewKey(b.Source, feeds.Item{Link: b.Drafts[0].Entry.Link})
			save(t, s, b)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "finews.db")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var group sync.WaitGroup
	for _, name := range []string{"农金网", "金融时报"} {
		group.Go(func() {
			writer := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestTwoProcesses$")
			writer.Env = append(os.Environ(), "FINEWS_TEST_STORE="+path, "FINEWS_TEST_SOURCE="+name)
			if said, err := writer.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, said)
			}
		})
	}
	group.Wait()
	if n := len(filed(t, open(t, path))); n != 2*saves {
		t.Errorf("%d entries, want %d", n, 2*saves)
	}
}
