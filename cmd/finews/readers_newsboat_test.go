package main

import (
	"database/sql"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// newsboat is a newsboat (https://newsboat.org) with subscriptions and a cache of its own.
type newsboat struct {
	*subscribable
	name string
}

func (n newsboat) urls() string { return n.path(n.name + ".urls") }

// subscribe makes the addresses all that is subscribed to.
func (n newsboat) subscribe(addresses ...string) {
	n.t.Helper()
	if err := os.WriteFile(n.urls(), []byte(strings.Join(addresses, "\n")+"\n"), 0o644); err != nil {
		n.t.Fatal(err)
	}
}

func (n newsboat) run(words ...string) string {
	n.t.Helper()
	return n.reads(nil, "newsboat", append([]string{"-q", "-u", n.urls(), "-C", os.DevNull, "-c", n.path(n.name + ".db")}, words...)...)
}

func (n newsboat) reload() { n.t.Helper(); n.run("-x", "reload") }

// rows calls row for each row of a query of the cache.
func (n newsboat) rows(query string, row func(scan func(...any) error) error) {
	n.t.Helper()
	cache, err := sql.Open("sqlite", n.path(n.name+".db"))
	if err != nil {
		n.t.Fatal(err)
	}
	defer cache.Close()
	rows, err := cache.QueryContext(n.t.Context(), query)
	if err != nil {
		n.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			n.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		n.t.Fatal(err)
	}
}

// items returns what newsboat lists, in its order of articles that are of the same date too.
func (n newsboat) items() (items []shown) {
	n.t.Helper()
	n.rows(`SELECT guid, title, url, pubDate, author, content, coalesce(enclosure_url, '') FROM rss_item WHERE deleted = 0
		ORDER BY pubDate DESC, id DESC`, func(scan func(...any) error) error {
		var one shown
		var author, content, enclosure string
		err := scan(&one.ID, &one.Title, &one.Link, &one.Published, &author, &content, &enclosure)
		one.Text = withoutSource(n.t, content)
		if author != "" {
			one.Authors = []string{author}
		}
		if enclosure != "" {
			one.Enclosures = []string{enclosure}
		}
		items = append(items, one)
		return err
	})
	return items
}

// unread returns the titles of what newsboat shows as unread.
func (n newsboat) unread() (titles []string) {
	n.t.Helper()
	n.rows(`SELECT title FROM rss_item WHERE unread = 1`, func(scan func(...any) error) error {
		titles = append(titles, "")
		return scan(&titles[len(titles)-1])
	})
	return titles
}

// readAll is the person who reads all that there is.
func (n newsboat) readAll() {
	n.t.Helper()
	n.rows(`UPDATE rss_item SET unread = 0 RETURNING guid`, func(scan func(...any) error) error { return scan(new(string)) })
}

// title returns the title of the one feed.
func (n newsboat) title() (title string) {
	n.t.Helper()
	n.rows(`SELECT title FROM rss_feed`, func(scan func(...any) error) error { return scan(&title) })
	return title
}

// inNewsboat makes of what is meant what newsboat shows of it: no tags, and the authors as one.
func inNewsboat(address string) func(*shown) {
	return func(one *shown) {
		one.Tags = nil
		one.Authors = []string{strings.Join(one.Authors, byFormat(address, "、", ", "))}
	}
}

// TestNewsboatShowsWhatIsStored subscribes to every feed by itself: of an entry that several feeds have newsboat shows one, in
// one of them.
func TestNewsboatShowsWhatIsStored(t *testing.T) {
	s := newSubscribableDemo(t)
	s.latecomer()
	for _, address := range s.withAtom(s.subscriptions()) {
		n := newsboat{s, strings.ReplaceAll(strings.TrimPrefix(address, s.site.URL+"/"), "/", "-")}
		n.subscribe(address)
		n.reload()
		compare(t, address, changed(s.meant(address), inNewsboat(address)), n.items())
		if got, want := n.title(), s.list(address).Category.Title; got != want {
			t.Errorf("%s is titled %s, want %s", address, got, want)
		}
	}
}

// onceInAll holds what a reader of all feeds lists to the ids that are in any of them. A story is told under the id of its first
// copy in each list, and which that is may differ.
func (s *subscribable) onceInAll(items []shown) {
	s.t.Helper()
	wanted := map[string]bool{}
	for _, channel := range s.lists() {
		for _, e := range channel.Entries {
			wanted[e.ID] = true
		}
	}
	var got []string
	for _, one := range items {
		got = append(got, one.ID)
	}
	slices.Sort(got)
	if !slices.Equal(slices.Sorted(maps.Keys(wanted)), got) {
		s.t.Errorf("%d entries are listed, want each of %d once: %q", len(got), len(wanted), got)
	}
}

// TestNewsboatSubscribesToAll imports feeds.opml and reads all of it: each entry is there once, though several feeds have
// it. Then one more is published, and that alone is unread; what did not change is not sent again.
func TestNewsboatSubscribesToAll(t *testing.T) {
	s := newSubscribableDemo(t)
	n := newsboat{s, "all"}
	n.subscribe()
	list, _ := s.get(s.site.URL + "/feeds.opml")
	if err := os.WriteFile(s.path("feeds.opml"), list, 0o644); err != nil {
		t.Fatal(err)
	}
	n.run("-i", s.path("feeds.opml"))
	imported := strings.Fields(strings.ReplaceAll(read(t, n.urls()), `"`, " "))
	for _, address := range s.subscriptions() {
		if !slices.Contains(imported, address) {
			t.Errorf("the import lacks %s: %q", address, imported)
		}
	}
	n.subscribe(s.withAtom(s.subscriptions())...)
	s.aMinuteAgo()
	n.reload()
	s.onceInAll(n.items())
	n.readAll()
	n.reload()
	if again := n.unread(); len(again) > 0 {
		t.Errorf("unread, though nothing was published: %q", again)
	}
	want := s.latecomer()
	n.reload()
	if got := n.unread(); len(got) != 1 || got[0] != want {
		t.Errorf("unread after one more was published: %q, want %q", got, want)
	}
	n.reload()
	for _, address := range s.withAtom(s.subscriptions()) {
		if got := s.answered(address); got != http.StatusNotModified {
			t.Errorf("%s did not change and was answered with %d", address, got)
		}
	}
}
