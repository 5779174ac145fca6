package storage

import (
	"context"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/story"
)

// telling is a list in which each story is told once, while it is read.
type telling struct {
	db        querier
	category  feeds.Category         // whose list it is; zero: that of all categories
	published func(slug string) bool // of the list of all: which categories count
	first     map[int64]int64        // of stories that were met: the number of the copy in whose place the story stands
	told      map[int64]bool         // numbers of the entries that are in the list
	bytes     int                    // of their bodies
}

// walk adds to the channel what the list shows of the entries of a query and what is not in it yet, until it holds limit of them;
// 0: of all.
func (l *telling) walk(ctx context.Context, channel *feeds.Channel, limit int, query string, args ...any) error {
	if l.told == nil {
		l.told = make(map[int64]bool)
	}
	for entry, err := range queryEntries(ctx, l.db, query, args...) {
		if err != nil {
			return err
		}
		entry, shown, err := l.tell(ctx, entry)
		if err != nil {
			return err
		}
		if !shown || l.told[entry.Number] {
			continue
		}
		l.told[entry.Number] = true
		if l.bytes += len(entry.Body); l.bytes > feeds.MaxBodies {
			entry.Body = ""
		}
		channel.Entries = append(channel.Entries, entry)
		channel.Changed = max(channel.Changed, entry.Changed.Unix())
		if len(channel.Entries) == limit {
			break
		}
	}
	return nil
}

// tell returns the entry as the list shows it: merged with the copies of its story that are in the list. shown is
// false for all copies but the one that came into the list first, in whose place the story stands.
func (l *telling) tell(ctx context.Context, e feeds.Entry) (merged feeds.Entry, shown bool, err error) {
	if l.published != nil && !slices.ContainsFunc(e.Categories, l.published) {
		return e, false, nil
	}
	if e.Story == 0 || l.category.EveryCopy {
		return e, true, nil
	}
	if first, met := l.first[e.Story]; met && first != e.Number {
		return e, false, nil // a story of a thousand copies is not read a thousand times
	}
	copies, err := l.copies(ctx, e.Story)
	if err != nil {
		return e, false, err
	}
	if len(copies) == 0 { // it left the story meanwhile
		return e, true, nil
	}
	if l.first == nil {
		l.first = make(map[int64]int64)
	}
	l.first[e.Story] = copies[0].Number
	if copies[0].Number != e.Number {
		return e, false, nil
	}
	return story.Merge(copies, l.category.Outlets), true, nil
}

// copies returns what the list holds of a story, in the order in which it came there, each with as much as its source
// lets out: a copy of which only the title may be published is not the one with the fullest text.
func (l *telling) copies(ctx context.Context, number int64) ([]feeds.Entry, error) {
	rows, err := l.db.QueryContext(ctx, copiesQuery, number, l.category.Slug)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var copies []feeds.Entry
	for rows.Next() {
		var rights feeds.Rights
		var listed int64
		one, err := scanEntry(func(targets ...any) error { return rows.Scan(append(targets, &rights, &listed)...) })
		if err != nil {
			return nil, err
		}
		if l.published == nil || slices.ContainsFunc(one.Categories, l.published) {
			one.Listed = fromUnix(listed)
			copies = append(copies, rights.Limit(one))
		}
	}
	return copies, rows.Err()
}

// copiesQuery reads what a category shows of a story, and for the empty slug what all do: the first copies of each
// source and the first of all, because somebody may send many.
const copiesQuery = `
	SELECT ` + entryColumns + `, ifnull(s.rights, 'full'), m.listed
	FROM (
		SELECT e.number, min(c.listed) AS listed,
			row_number() OVER (PARTITION BY e.source ORDER BY min(c.listed), e.number) AS place
		FROM entries e JOIN entry_categories c ON c.entry = e.number AND ?2 IN ('', c.category)
		WHERE e.story = ?1 AND e.story <> 0
		GROUP BY e.number
	) m
	CROSS JOIN entries e ON e.number = m.number
	LEFT JOIN sources s ON s.name = e.source
	WHERE m.place <= 3
	ORDER BY m.listed, e.number LIMIT 100`

// tellings are the stories of several lists, while pages are read.
type tellings struct {
	db       querier
	category func(slug string) feeds.Category
	known    map[storyList][]feeds.Entry // the copies in them, without their bodies
}

// storyList is a story in a category.
type storyList struct {
	story int64
	slug  string
}

// maxLists bounds how many lists are remembered: a story is met again soon or not at all.
const maxLists = 200

// page returns an entry of a story as its own page shows it.
func (t *tellings) page(ctx context.Context, e feeds.Entry) (feeds.Entry, error) {
	slug, _, _ := strings.Cut(e.Path, "/")
	category := t.category(slug)
	if category.EveryCopy {
		return e, nil
	}
	where := storyList{e.Story, slug}
	copies, known := t.known[where]
	if !known || len(copies) > 0 && copies[0].Number == e.Number {
		l := telling{db: t.db, category: feeds.Category{Slug: slug, Outlets: category.Outlets}}
		var err error
		if copies, err = l.copies(ctx, e.Story); err != nil {
			return e, err
		}
		t.remember(where, copies)
	}
	if len(copies) > 0 && copies[0].Number == e.Number {
		return story.Merge(copies, category.Outlets), nil
	}
	e.Copies = story.Others(copies, e)
	return e, nil
}

func (t *tellings) remember(where storyList, copies []feeds.Entry) {
	if t.known == nil || len(t.known) >= maxLists {
		t.known = make(map[storyList][]feeds.Entry)
	}
	light := slices.Clone(copies)
	for i := range light {
		light[i].Body = ""
	}
	t.known[where] = light
}
