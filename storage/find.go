package storage

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

// Find returns the entry that a person means by a word: its id or the digits at the end of it, its number, the path
// or public address of its page, or the address of the original. It returns ErrNotFound where there is none, and an
// error that names the entries where there are several.
func (s *Store) Find(ctx context.Context, word string) (feeds.Entry, error) {
	word = strings.TrimSpace(word)
	entry, err := s.find(ctx, word)
	return entry, s.fault("find the entry "+word, err)
}

// shortestDigits is how many digits of an id somebody has to give: fewer would be a number.
const shortestDigits = 8

func (s *Store) find(ctx context.Context, word string) (feeds.Entry, error) {
	number, _ := strconv.ParseInt(word, 10, 64)
	queries := []struct {
		where string
		value any
	}{
		{`e.id = ?`, word},
		{`e.path = ? AND e.path <> ''`, pathIn(word)},
		{`e.number IN (SELECT entry FROM entry_links WHERE link = ?)`, feeds.CanonicalLink(word)},
		{`e.number = ?`, number},
	}
	if len(word) >= shortestDigits && isHex(word) {
		queries = append(queries, struct {
			where string
			value any
		}{`e.id GLOB ?`, "tag:*:" + strings.ToLower(word) + "*"})
	}
	for _, q := range queries {
		found, err := collect(queryEntries(ctx, s.reader, `SELECT `+entryColumns+` FROM entries e WHERE `+q.where+` ORDER BY e.number LIMIT 5`, q.value))
		switch {
		case err != nil:
			return feeds.Entry{}, err
		case len(found) == 1:
			return found[0], nil
		case len(found) > 1:
			var ids []string
			for _, e := range found {
				ids = append(ids, e.ID)
			}
			return feeds.Entry{}, fmt.Errorf("several entries are meant by that: give the id of one: %s", strings.Join(ids, ", "))
		}
	}
	return feeds.Entry{}, ErrNotFound
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// collect gathers entries, up to the first error.
func collect(entries func(func(feeds.Entry, error) bool)) ([]feeds.Entry, error) {
	var all []feeds.Entry
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// Story returns the copies of an entry's story in order of first sight, the entry among them, also hidden ones and
// those that are filed nowhere; and nothing where it stands alone.
func (s *Store) Story(ctx context.Context, e feeds.Entry) ([]feeds.Entry, error) {
	all, err := collect(queryEntries(ctx, s.reader, storyQuery, e.Story))
	return all, s.fault("read the story of "+e.ID, err)
}

// Sighting is a source that sends an entry.
type Sighting struct {
	Source              string
	Seen                time.Time // when it first sent it so, or last changed it
	Categories, Reasons []string  // how it files it, in step
}

// Sightings returns the sources that send the entry, in order of time.
func (s *Store) Sightings(ctx context.Context, number int64) ([]Sighting, error) {
	sightings, err := s.sightings(ctx, number)
	return sightings, s.fault(fmt.Sprintf("read who sends entry %d", number), err)
}

func (s *Store) sightings(ctx context.Context, number int64) ([]Sighting, error) {
	rows, err := s.reader.QueryContext(ctx, `
		SELECT source, seen, categories, reasons FROM entry_keys WHERE entry = ? ORDER BY seen, source, key`, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Sighting
	for rows.Next() {
		var one Sighting
		var seen int64
		if err := rows.Scan(&one.Source, &seen, list[string]{&one.Categories}, list[string]{&one.Reasons}); err != nil {
			return nil, err
		}
		one.Seen = fromUnix(seen)
		all = append(all, one)
	}
	return all, rows.Err()
}

// Filter chooses entries for an operator's list.
type Filter struct {
	Category, Outlet, Source string    // each counts where it is not empty
	Unfiled, Hidden, Held    bool      // only those that are filed nowhere; that are taken down; that are held
	Since, Until             time.Time // of publication, Until not included; zero: no bound
	Limit                    int       // 0: no bound
}

// Entries returns the newest entries that the filter chooses, each by itself, also hidden ones.
func (s *Store) Entries(ctx context.Context, f Filter) ([]feeds.Entry, error) {
	var where []string
	var args []any
	add := func(wanted bool, condition string, values ...any) {
		if wanted {
			where, args = append(where, condition), append(args, values...)
		}
	}
	add(f.Category != "", `EXISTS (SELECT 1 FROM json_each(e.categories) WHERE value = ?)`, f.Category)
	add(f.Outlet != "", `e.outlet = ?`, f.Outlet)
	add(f.Source != "", `e.number IN (SELECT entry FROM entry_keys WHERE source = ?)`, f.Source)
	add(f.Unfiled, `e.categories = '[]'`)
	add(f.Hidden, `e.hidden <> 0`)
	add(f.Held, `e.held <> ''`)
	add(!f.Since.IsZero(), `e.published >= ?`, unix(f.Since))
	add(!f.Until.IsZero(), `e.published < ?`, unix(f.Until))
	query := `SELECT ` + entryColumns + ` FROM entries e`
	if len(where) > 0 {
		query += ` WHERE ` + strings.Join(where, ` AND `)
	}
	query += ` ORDER BY e.published DESC, e.row DESC` // those of one second as they came, by entries_published
	if f.Limit > 0 {
		query += fmt.Sprintf(` LIMIT %d`, f.Limit)
	}
	all, err := collect(queryEntries(ctx, s.reader, query, args...))
	return all, s.fault("list the entries", err)
}

// Hosts returns the hosts that the newest 500 entries of the source link to, and whether it has any entries: those whose
// text is its own, because others' links say nothing of it.
func (s *Store) Hosts(ctx context.Context, source string) (hosts map[string]bool, some bool, err error) {
	links, err := s.texts(ctx, `
		SELECT e.link FROM entry_keys k JOIN entries e ON e.number = k.entry
		WHERE k.source = ?1 AND e.source = ?1 ORDER BY e.number DESC LIMIT 500`, source)
	hosts = make(map[string]bool)
	for _, link := range links {
		if u, err := url.Parse(link); err == nil && u.Host != "" {
			hosts[strings.ToLower(u.Hostname())] = true
		}
	}
	return hosts, len(links) > 0, s.fault("read where entries of "+source+" link to", err)
}
