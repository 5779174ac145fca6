package storage

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// withStory is a store in which every check has something to look at.
func withStory(t *testing.T) *Store {
	s := seven(t)
	text := feeds.SafeHTML("<p>" + strings.Repeat("农业农村部今天发布消息，全国春耕备耕进展顺利，各地信用社加大支农贷款投放力度。", 6) + "</p>")
	for n, outlet := range []string{"农金网", "金融时报"} {
		d := titled(20+n, "春耕备耕进展顺利", noon.Add(-time.Hour), "nongjinwang")
		d.Entry.Outlet, d.Entry.Body = outlet, text
		save(t, s, batch(noon, d))
	}
	return s
}

func TestCheckIsWell(t *testing.T) {
	s := withStory(t)
	if n := query(t, s, `SELECT count(*) FROM entries WHERE story <> 0`); n != 2 {
		t.Fatalf("%d entries are in a story, want 2", n)
	}
	findings, err := s.Check(t.Context(), noon)
	if err != nil || len(findings) != len(looks) {
		t.Fatalf("%d findings, %v; want %d", len(findings), err, len(looks))
	}
	for _, f := range findings {
		if f.Check == "" || f.Fact == "" || f.Trouble != "" || f.Advice != "" {
			t.Errorf("%+v, want a fact alone", f)
		}
	}
	if f := findings[5]; f.Fact != "9 entries, 1 filed nowhere, 1 hidden" {
		t.Errorf("the entries: %q", f.Fact)
	}
}

// Each kind of damage is found by its check, which names entries and says what to do. Damaged pages are in TestFault65Corrupt.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, damage, check, want string }{
		{"no such entry", `INSERT INTO entry_links VALUES ('news.example/x', 4711)`, "references", "entry_links: 1"},
		{"another program's mark", `PRAGMA application_id = 7`, "format", "application_id is 7"},
		{"another version", `PRAGMA user_version = 99`, "format", "version 99"},
		{"from the future", `UPDATE entries SET first_seen = 1700000000 WHERE number = 2`, "clock", "2023-11-14"},
		{"polled in the future", `UPDATE sources SET last_poll = 1700000000`, "clock", "2023-11-14"},
		{"not listed", `DELETE FROM entry_categories WHERE entry = 2 AND category = 'xiangcun'`, "categories", "1 filed entries are missing from the lists of their categories: 2"},
		{"listed at another date", `UPDATE entry_categories SET published = 7 WHERE entry IN (2, 4)`, "filings", ": 2, 4"},
		{"listed elsewhere", `INSERT INTO entry_categories SELECT 'caijing', published, number, 0, number FROM entries WHERE hidden = 0`, "filings", "8 entries are listed in categories that they are not filed in: 1, 2, 3, 4, 5 and others"},
		{"listed though hidden", `INSERT INTO entry_categories SELECT 'nongjinwang', published, number, 0, 900 FROM entries WHERE number = 7`, "hidden", ": 7"},
		{"a place that was not given", `UPDATE entry_categories SET place = 4711 WHERE entry = 2 AND category = 'xiangcun'`, "places", "1 listed entries have places that were not given: 2"},
		{"no places were given", `DELETE FROM category_places WHERE category = 'xiangcun'`, "places", ": 2, 4, 5"},
		{"found though hidden", `INSERT INTO entry_search (rowid, title) SELECT row, title FROM entries WHERE number = 7`, "hidden", ": 7"},
		{"not found", `DELETE FROM entry_search WHERE rowid = (SELECT row FROM entries WHERE number = 3)`, "search", ": 3"},
		{"not found by a character", `DELETE FROM entry_chars WHERE rowid = (SELECT row FROM entries WHERE number = 3)`, "search", ": 3"},
		{"found though gone", `INSERT INTO entry_search (rowid, title) VALUES (4711, '丢')`, "search rows", ": 4711"},
		{"found by a character though gone", `INSERT INTO entry_chars (rowid, chars) VALUES (4711, '丢')`, "search rows", ": 4711"},
		{"found by a character though hidden", `INSERT INTO entry_chars (rowid, chars) SELECT row, title FROM entries WHERE number = 7`, "hidden", ": 7"},
		{"a story that is gone", `UPDATE entries SET story = 4711 WHERE number = 9`, "stories", ": 9"},
		{"a story that another one is in", `UPDATE entries SET story = 0 WHERE number = 8`, "stories", ": 9"},
		{"no marks", `DELETE FROM story_marks WHERE entry = 9`, "prints", ": 9"},
		{"no print", `DELETE FROM story_prints WHERE entry = 9`, "prints", ": 9"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := withStory(t)
			other(`PRAGMA foreign_keys = OFF; `+c.damage)(t, s.path)
			findings, err := s.Check(t.Context(), noon)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if f.Check == c.check && strings.Contains(f.Trouble, c.want) && f.Advice != "" {
					return
				}
			}
			t.Errorf("%+v, want one about %s with %q and what to do", findings, c.check, c.want)
		})
	}
}

// The log of a store that is always read cannot be folded into it. It is asked for by its size alone.
func TestCheckFindsALongLog(t *testing.T) {
	s := withStory(t)
	log := s.path + "-wal"
	if err := os.Truncate(log, longLog+1); err != nil {
		t.Fatal(err)
	}
	f, err := lookAtSize(t.Context(), s, noon)
	if err != nil || !strings.Contains(f.Trouble, "268.4 MB") || f.Advice == "" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestCheckEnds(t *testing.T) {
	s := withStory(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Check(ctx, noon); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("error is %v", err)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 12034: "12,034", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
