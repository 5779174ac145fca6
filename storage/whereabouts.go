package storage

import (
	"context"
	"strings"

	"finews.withounder.com/feeds"
)

// Whereabouts is what became of an entry.
type Whereabouts struct {
	Categories []string // where it is filed
	Documents  []string // slug/number of the archive documents that cover its places in lists, full or not
	Story      int64    // as in feeds.Entry
	Hidden     bool
	Held       bool
	Pruned     bool
}

// Whereabouts returns what became of the entries with these ids; one that the store never had is not in the map, and neither is one
// that was pruned without ever having had a page.
func (s *Store) Whereabouts(ctx context.Context, ids []string) (map[string]Whereabouts, error) {
	found := make(map[string]Whereabouts, len(ids))
	_, err := readRows(ctx, s.reader, func(scan func(...any) error) (none struct{}, err error) {
		var id string
		var one Whereabouts
		err = scan(&id, list[string]{&one.Categories}, list[string]{&one.Documents}, &one.Story, &one.Hidden, &one.Held, &one.Pruned)
		found[id] = one
		return none, err
	}, whereaboutsQuery, listText(ids))
	return found, s.fault("look up what became of entries", err)
}

// whereaboutsQuery selects what is there after what was pruned: an id that was given again is that of the entry that has it.
const whereaboutsQuery = `
	WITH asked (id) AS MATERIALIZED (SELECT value FROM json_each(?))
	SELECT a.id, '[]', '[]', 0, 0, 0, 1 FROM asked a CROSS JOIN gone g ON g.id = a.id AND g.id <> ''
	UNION ALL SELECT a.id, e.categories,
		(SELECT json_group_array(category || '/' || ((place + 99) / 100)) FROM entry_categories WHERE entry = e.number), e.story, e.hidden <> 0, e.held <> '', 0 FROM asked a CROSS JOIN entries e ON e.id = a.id`

// NamedEarlier reports whether an entry that was stored earlier has a path that ends like this one behind its category:
// 2022/04/11/name.html, letters of either case being one. Their Jekyll posts would have one name. What was pruned counts, and what is
// hidden, so that a name stays whose it is.
func (s *Store) NamedEarlier(ctx context.Context, e feeds.Entry) (bool, error) {
	_, rest, inFolder := strings.Cut(e.Path, "/")
	if !inFolder {
		return false, nil
	}
	var earlier bool
	err := s.reader.QueryRowContext(ctx, namedEarlierQuery, rest, e.Path).Scan(&earlier)
	return earlier, s.fault("look whether "+e.Path+" is the first of its name", err)
}

const namedEarlierQuery = `
	WITH own (number) AS (SELECT number FROM entries WHERE path <> '' AND path = ?2 UNION SELECT number FROM gone WHERE path = ?2)
	SELECT EXISTS (SELECT 1 FROM own CROSS JOIN entries e
			WHERE e.path <> '' AND substr(e.path, instr(e.path, '/') + 1) COLLATE NOCASE = ?1 AND e.number < own.number)
		OR EXISTS (SELECT 1 FROM own CROSS JOIN gone g WHERE substr(g.path, instr(g.path, '/') + 1) COLLATE NOCASE = ?1 AND g.number < own.number)`
