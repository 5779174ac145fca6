package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/story"
)

// Bounds of the search for a story, for the day on which somebody sends thousands of entries that look alike.
const (
	maxMarksRead = 1000                // rows of the index that are read
	maxCompared  = 8                   // prints that are compared with one
	maxWeighed   = 2 << 20             // characters of texts that are compared in one transaction, which others wait for
	printsKept   = 10 * 24 * time.Hour // after first sight: a copy comes within days or not at all
)

// candidate is an entry that may tell the same story.
type candidate struct {
	number, story int64
	print         story.Print
}

// findStory puts a new entry into the story that it tells, if one is known, and remembers what it is recognised by.
// One that was never shown (first) and joins a story that was taken down is taken down with it. One that is held tells
// none: garbled texts are alike.
func (w *writing) findStory(ctx context.Context, e *feeds.Entry, first bool) error {
	if e.Held != "" {
		return nil
	}
	print := w.print(*e)
	marks := print.Marks()
	if len(marks) == 0 {
		return nil
	}
	if e.Story == 0 {
		if err := w.join(ctx, e, print, marks, first); err != nil {
			return err
		}
	}
	return w.putPrint(ctx, *e, print, marks)
}

// findStoryAgain does so for an edited entry. It stays in its story unless it tells another one now, or is held. One that was
// taken down is recognised by what was taken down, and not by what its source makes of it: or that source could have
// other people's news taken down.
func (w *writing) findStoryAgain(ctx context.Context, old feeds.Entry, e *feeds.Entry) error {
	if !e.Hidden.IsZero() {
		return nil
	}
	apart, err := w.dropPrint(ctx, e.Number)
	if apart || err != nil {
		return err
	}
	if e.Story != 0 {
		if err := w.leaveStory(ctx, old, e); err != nil {
			return err
		}
	}
	return w.findStory(ctx, e, old.Held != "")
}

// join looks for a copy among the entries of the same days and joins its story.
func (w *writing) join(ctx context.Context, e *feeds.Entry, print story.Print, marks []int64, first bool) error {
	candidates, err := w.candidates(ctx, *e, marks)
	if err != nil {
		return err
	}
	for _, c := range candidates {
		if !w.same(print, c.print) {
			continue
		}
		number := c.story
		if number == 0 {
			number = c.number
		}
		down, err := w.takenDown(ctx, c)
		if err != nil {
			return err
		}
		if !down.IsZero() && !first {
			continue // what is shown is not taken down by an edit, and does not bring back what was taken down
		}
		e.Story, e.Hidden = number, down
		_, err = w.exec(ctx, `UPDATE entries SET story = ?, hidden = iif(number = ?, ?, hidden) WHERE number IN (?, ?)`,
			e.Story, e.Number, unix(e.Hidden), c.number, e.Number)
		return err
	}
	return nil
}

// takenDown returns when the story of the candidate was taken down, zero where any of it is shown.
func (w *writing) takenDown(ctx context.Context, c candidate) (time.Time, error) {
	var shown, hidden int64
	_, err := w.scan(ctx, `
		SELECT count(*) FILTER (WHERE hidden = 0), max(hidden) FROM entries WHERE number = ?1 OR story = ?2 AND story <> 0`,
		[]any{c.number, c.story}, &shown, &hidden)
	if err != nil || shown > 0 {
		return time.Time{}, err
	}
	return fromUnix(hidden), nil
}

// print returns the print of an entry; those of the drafts were taken before the transaction began, which others wait for.
func (w *writing) print(e feeds.Entry) story.Print {
	if print, ok := w.ready[said{e.Title, e.Outlet, e.Body}]; ok {
		return print
	}
	return story.New(e)
}

// said is what a print is taken of.
type said struct {
	title, outlet string
	body          feeds.SafeHTML
}

// printsOf returns the prints of the drafts, and takes those that have none that can be read.
func printsOf(drafts []feeds.Draft) map[said]story.Print {
	prints := make(map[said]story.Print, len(drafts))
	for _, draft := range drafts {
		print, err := story.Decode(draft.Print)
		if err != nil {
			print = story.New(draft.Entry)
		}
		prints[said{draft.Entry.Title, draft.Entry.Outlet, draft.Entry.Body}] = print
	}
	return prints
}

// same compares two prints, until those of this transaction have been compared for long enough: then nothing more is
// recognised in it. Comparing is most of the work, and others wait for the lock.
func (w *writing) same(a, b story.Print) bool {
	w.weighed += a.Size() + b.Size()
	return w.weighed <= maxWeighed && story.Same(a, b)
}

// leaveStory takes an edited entry out of its story where neither what it said before nor any copy that is remembered
// tells the same as it does now.
func (w *writing) leaveStory(ctx context.Context, old feeds.Entry, e *feeds.Entry) error {
	if e.Held != "" {
		return w.quitStory(ctx, e)
	}
	print := w.print(*e)
	if w.same(print, story.New(old)) {
		return nil
	}
	others, err := w.prints(ctx, `
		SELECT e.number, e.story, p.print FROM entries e JOIN story_prints p ON p.entry = e.number
		WHERE e.story = ? AND e.number <> ? ORDER BY e.number LIMIT ?`, e.Story, e.Number, maxCompared)
	if err != nil || slices.ContainsFunc(others, func(c candidate) bool { return w.same(print, c.print) }) {
		return err
	}
	return w.quitStory(ctx, e)
}

// quitStory takes an entry out of its story.
func (w *writing) quitStory(ctx context.Context, e *feeds.Entry) error {
	left := e.Story
	e.Story = 0
	if _, err := w.exec(ctx, `UPDATE entries SET story = 0 WHERE number = ?`, e.Number); err != nil {
		return err
	}
	return w.mendStories(ctx, map[int64]bool{left: true})
}

// candidates returns the entries that share marks with e, those that share the most first.
func (w *writing) candidates(ctx context.Context, e feeds.Entry, marks []int64) ([]candidate, error) {
	list, err := json.Marshal(marks)
	if err != nil {
		return nil, err
	}
	return w.prints(ctx, `
		SELECT e.number, e.story, p.print
		FROM (
			SELECT entry, count(*) AS shared
			FROM (SELECT entry FROM story_marks WHERE mark IN (SELECT value FROM json_each(?)) LIMIT ?)
			GROUP BY entry HAVING count(*) >= ?
		) m
		CROSS JOIN story_prints p ON p.entry = m.entry
		CROSS JOIN entries e ON e.number = m.entry
		WHERE m.entry <> ? AND p.published BETWEEN ? AND ?
		ORDER BY m.shared DESC, m.entry LIMIT ?`,
		string(list), maxMarksRead, min(story.LeastShared, len(marks)), e.Number,
		unix(e.Published.Add(-story.Window)), unix(e.Published.Add(story.Window)), maxCompared)
}

// prints reads a query of numbers, stories and prints. A print that was made by another version of finews is passed over.
func (w *writing) prints(ctx context.Context, query string, args ...any) ([]candidate, error) {
	statement, err := w.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var candidates []candidate
	for rows.Next() {
		var c candidate
		var packed sql.RawBytes
		if err := rows.Scan(&c.number, &c.story, &packed); err != nil {
			return nil, err
		}
		text, err := w.decoder.DecodeAll(packed, nil)
		if err != nil {
			return nil, err
		}
		if c.print, err = story.Decode(string(text)); err == nil {
			candidates = append(candidates, c)
		}
	}
	return candidates, rows.Err()
}

func (w *writing) putPrint(ctx context.Context, e feeds.Entry, print story.Print, marks []int64) error {
	_, err := w.exec(ctx, `INSERT OR REPLACE INTO story_prints (entry, published, seen, print) VALUES (?, ?, ?, ?)`,
		e.Number, unix(e.Published), unix(e.FirstSeen), w.encoder.EncodeAll([]byte(print.Encode()), nil))
	if err != nil {
		return err
	}
	for _, mark := range marks {
		if _, err := w.exec(ctx, `INSERT OR IGNORE INTO story_marks (mark, entry) VALUES (?, ?)`, mark, e.Number); err != nil {
			return err
		}
	}
	return nil
}

// dropPrint forgets what the entry is recognised by, and says whether the operator took it out of its story.
func (w *writing) dropPrint(ctx context.Context, number int64) (apart bool, err error) {
	if _, err := w.exec(ctx, `DELETE FROM story_marks WHERE entry = ?`, number); err != nil {
		return false, err
	}
	if _, err := w.exec(ctx, `DELETE FROM story_prints WHERE entry = ?`, number); err != nil {
		return false, err
	}
	_, err = w.scan(ctx, `SELECT apart FROM entries WHERE number = ?`, []any{number}, &apart)
	return apart, err
}

// forgetPrints forgets the oldest prints where their time is over, a few more than were added: so the index keeps its
// size, and no transaction has much to do.
func (w *writing) forgetPrints(ctx context.Context, added int) error {
	rows, err := w.tx.QueryContext(ctx, `SELECT entry, seen FROM story_prints ORDER BY entry LIMIT ?`, 2*added+10)
	if err != nil {
		return err
	}
	defer rows.Close()
	var old []int64
	for rows.Next() {
		var number, seen int64
		if err := rows.Scan(&number, &seen); err != nil {
			return err
		}
		if seen < w.now.Add(-printsKept).Unix() {
			old = append(old, number)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, number := range old {
		if _, err := w.dropPrint(ctx, number); err != nil {
			return err
		}
	}
	return nil
}
