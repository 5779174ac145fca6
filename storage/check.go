package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Finding is one thing that doctor looked at.
type Finding struct {
	Check   string // what it is about, in a word or two
	Trouble string // what is wrong; empty: all is well
	Advice  string // what to do about it; empty where all is well
	Fact    string // such as "12,034 entries"
}

// look looks at one thing.
type look func(ctx context.Context, s *Store, now time.Time) (Finding, error)

// looks are what Check looks at, in order. Each asks one question of the store, so that a poll beside it cannot change
// the answer between two halves.
var looks = []struct {
	name string
	look look
}{
	{"integrity", lookAtIntegrity},
	{"references", lookAtReferences},
	{"format", lookAtFormat},
	{"size", lookAtSize},
	{"clock", lookAtClock},
	{"entries", lookAtEntries},
	{"categories", looser(lostFilings, "every filed entry is listed", "filed entries are missing from the lists of their categories", fileAnew)},
	{"filings", looser(strayFilings, "and nothing else is", "entries are listed in categories that they are not filed in", fileAnew)},
	{"places", looser(strayPlaces, "every place was given once", "listed entries have places that were not given", "run finews hide and then finews unhide on each, which gives new ones")},
	{"hidden", looser(shownHidden, "no hidden entry is listed or found", "hidden entries are still listed or found", "run finews unhide and then finews hide on each")},
	{"search", looser(notFound, "every entry can be found", "entries are missing from the search index", fileAnew)},
	{"search rows", looser(strayRows, "and nothing else", "rows of the search index are of entries that are gone", "they find nothing and do no harm")},
	{"stories", looser(lostStories, "every story has its first entry", "entries belong to stories that are gone", "run finews split on each")},
	{"prints", looser(barePrints, "copies can be recognised", "entries cannot be recognised as copies", "it passes: they are forgotten after 10 days")},
}

// Advice for what can be mended and for what cannot.
const (
	fileAnew = "run finews reprocess, which writes lists and search index anew"
	restore  = "stop finews, put a backup in the place of %s, and remove %[1]s-wal and %[1]s-shm where they are there"
)

// Check looks at the whole store, and changes nothing: whether the file is sound, its parts agree with each other, and
// the clock can be right; times are told in the zone of now. What it finds wrong is a Finding; an error is that it could not look. It reads the whole file,
// and a poll may run beside it. Where Open fails, the file is damaged so that nothing can be asked of it: its error says
// what to do.
func (s *Store) Check(ctx context.Context, now time.Time) ([]Finding, error) {
	var findings []Finding
	for _, one := range looks {
		finding, err := one.look(ctx, s, now)
		if Damaged(err) {
			finding, err = Finding{Trouble: err.Error(), Advice: fmt.Sprintf(restore, s.path)}, nil
		}
		if err != nil {
			return findings, s.fault("look at the "+one.name+" of the store", ended(ctx, err))
		}
		finding.Check = one.name
		finding.Trouble = strings.ToValidUTF8(finding.Trouble, "\uFFFD") // names in a damaged schema may be anything
		if finding.Trouble == "" {
			finding.Advice = ""
		}
		findings = append(findings, finding)
	}
	return findings, nil
}

// maxFaults is how many lines of SQLite's own check are read.
const maxFaults = 20

func lookAtIntegrity(ctx context.Context, s *Store, _ time.Time) (Finding, error) {
	faults, err := s.texts(ctx, fmt.Sprintf(`PRAGMA integrity_check(%d)`, maxFaults))
	if err != nil {
		return Finding{}, err
	}
	if len(faults) == 1 && faults[0] == "ok" {
		return Finding{Fact: "every page is sound"}, nil
	}
	return Finding{Trouble: "the file is damaged: " + strings.Join(faults, "; "), Advice: fmt.Sprintf(restore, s.path)}, nil
}

func lookAtReferences(ctx context.Context, s *Store, _ time.Time) (Finding, error) {
	tables, err := s.texts(ctx, `SELECT "table" || ': ' || count(*) FROM pragma_foreign_key_check GROUP BY "table"`)
	if err != nil || len(tables) == 0 {
		return Finding{Fact: "every row names an entry that is there"}, err
	}
	return Finding{Trouble: "rows name entries that are not there: " + strings.Join(tables, ", "), Advice: fmt.Sprintf(restore, s.path)}, nil
}

func lookAtFormat(ctx context.Context, s *Store, _ time.Time) (Finding, error) {
	var application, version int
	var library, journal string
	err := s.reader.QueryRowContext(ctx, `
		SELECT application_id, user_version, sqlite_version(), journal_mode
		FROM pragma_application_id, pragma_user_version, pragma_journal_mode`).Scan(&application, &version, &library, &journal)
	if err != nil {
		return Finding{}, err
	}
	steps, err := migrationSteps()
	if err != nil {
		return Finding{}, err
	}
	f := Finding{Fact: fmt.Sprintf("schema %d of %d, SQLite %s, journal %s", version, len(steps), library, journal)}
	switch {
	case application != applicationID:
		f.Trouble, f.Advice = fmt.Sprintf("its application_id is %d and not finews'", application), "see which program writes to this file"
	case version != len(steps):
		f.Trouble, f.Advice = fmt.Sprintf("its schema is version %d and this finews knows %d", version, len(steps)), "run the newest finews alone"
	case journal != "wal" && s.writer != nil: // a backup has none until it is opened to be written
		f.Trouble, f.Advice = "its journal mode is "+journal+" and not wal", "stop what else uses the file, and run finews poll"
	}
	return f, nil
}

// lookAtClock compares the clock with what it said before.
func lookAtClock(ctx context.Context, s *Store, now time.Time) (Finding, error) {
	var seconds int64
	err := s.reader.QueryRowContext(ctx, `
		SELECT max((SELECT ifnull(max(first_seen), 0) FROM entries), (SELECT ifnull(max(last_poll), 0) FROM sources))`).Scan(&seconds)
	const format = time.DateTime + " -07:00"
	f := Finding{Fact: now.Format(format)}
	if last := fromUnix(seconds).In(now.Location()); now.Before(last.Add(-clockSlack)) {
		f.Trouble, f.Advice = "the clock is before the newest entry or poll, of "+last.Format(format), "set the clock"
	}
	return f, err
}

// clockSlack is how much a clock may be set back and still be right.
const clockSlack = 24 * time.Hour

func lookAtEntries(ctx context.Context, s *Store, _ time.Time) (Finding, error) {
	var all, unfiled, hidden, held int
	err := s.reader.QueryRowContext(ctx, `
		SELECT count(*), count(*) FILTER (WHERE categories = '[]'), count(*) FILTER (WHERE hidden <> 0), count(*) FILTER (WHERE held <> '') FROM entries`).
		Scan(&all, &unfiled, &hidden, &held)
	f := Finding{Fact: fmt.Sprintf("%s entries, %s filed nowhere, %s hidden", thousands(all), thousands(unfiled), thousands(hidden))}
	if held > 0 {
		f.Fact += fmt.Sprintf("; %s are held because they cannot be read: finews entries --held", thousands(held))
	}
	return f, err
}

// thousands writes n as 12,034.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
