package parse

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // a bare machine has no zones of its own

	"finews.withounder.com/feeds"
)

// dateCase is a line of testdata/dates.txt.
type dateCase struct {
	dates  dates
	zone   string
	text   string
	want   time.Time
	approx bool
}

func dateCases(t testing.TB) []dateCase {
	t.Helper()
	table, err := os.ReadFile("testdata/dates.txt")
	if err != nil {
		t.Fatal(err)
	}
	var cases []dateCase
	for line := range strings.Lines(string(table)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "|")
		if len(fields) != 5 {
			t.Fatalf("testdata/dates.txt: %q has %d fields, not 5", line, len(fields))
		}
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		location, err := time.LoadLocation(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, dateCase{
			dates: dates{location: location, at: tableTime(t, fields[0])}, zone: fields[1],
			text: fields[2], want: tableTime(t, fields[3]), approx: fields[4] == "approx",
		})
	}
	return cases
}

// tableTime reads a time of the table; - is zero.
func tableTime(t testing.TB, s string) time.Time {
	t.Helper()
	if s == "-" {
		return time.Time{}
	}
	read, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestDates(t *testing.T) {
	for _, c := range dateCases(t) {
		got, approx := c.dates.read(c.text)
		if !got.Equal(c.want) || approx != c.approx {
			t.Errorf("%q, %s, asked for at %s: read %s, approximate %t; want %s, %t", c.text, c.zone,
				c.dates.at.Format(time.RFC3339), got.UTC().Format(time.RFC3339Nano), approx, c.want.Format(time.RFC3339Nano), c.approx)
		}
	}
}

// TestTheTableOfDatesIsLong keeps the table from losing lines: a form that is no longer tried is one that may be lost.
func TestTheTableOfDatesIsLong(t *testing.T) {
	const forms, refused = 203, 78
	read, none, seen := 0, 0, map[dateCase]bool{}
	for _, c := range dateCases(t) {
		if key := (dateCase{zone: c.zone, text: c.text, dates: dates{at: c.dates.at}}); seen[key] {
			t.Errorf("%q, %s stands twice", c.text, c.zone)
		} else {
			seen[key] = true
		}
		if c.want.IsZero() {
			none++
		} else {
			read++
		}
	}
	if read < forms || none < refused {
		t.Errorf("%d forms that are read and %d that are not, want at least %d and %d", read, none, forms, refused)
	}
}

func TestADateWithoutZoneOfSourceIsChinese(t *testing.T) {
	got, _ := dates{}.read("2022年4月11日 10:46")
	if want := time.Date(2022, 4, 11, 2, 46, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("read %s, want %s", got, want)
	}
}

// TestFeedDatesAreOfTheSourcesZone leads dates through a whole feed: gofeed alone would read them as UTC, 8 hours off.
func TestFeedDatesAreOfTheSourcesZone(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	source := feeds.Source{Name: "农金网", Kind: feeds.KindFeed, Location: shanghai}
	for _, text := range []string{"2022-04-11 10:46:17", "2022年4月11日10时46分17秒", "Mon, 11 Apr 2022 10:46:17 CST"} {
		body := `<rss version="2.0"><channel><title>农信</title><item><title>支农</title><pubDate>` + text + `</pubDate></item></channel></rss>`
		result, err := Feed(source, Document{Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Items[0].Published.UTC().Format(time.RFC3339); got != "2022-04-11T02:46:17Z" {
			t.Errorf("pubDate %s was read as %s, want 2022-04-11T02:46:17Z", text, got)
		}
	}
}

// FuzzDate holds what is read against itself: it is in the years that are promised, and written plainly it is read as
// the same second.
func FuzzDate(f *testing.F) {
	var zones []*time.Location
	for _, c := range dateCases(f) {
		f.Add(c.text, c.dates.at.Unix(), uint8(len(zones)))
		zones = append(zones, c.dates.location)
	}
	f.Fuzz(func(t *testing.T, text string, at int64, zone uint8) {
		d := dates{location: zones[int(zone)%len(zones)]}
		const latest = 253402300799 // 9999-12-31
		if at > 0 && at <= latest {
			d.at = time.Unix(at, 0)
		}
		got, approximate := d.read(text)
		if got.IsZero() {
			if approximate {
				t.Errorf("%q is no date, and approximate", text)
			}
			return
		}
		if got.Year() < firstDateYear || got.Year() > lastDateYear {
			t.Errorf("%q: the year of %s", text, got)
		}
		written := got.Format(time.RFC3339)
		if again, _ := d.read(written); again.Unix() != got.Unix() {
			t.Errorf("%q was read as %s, and that as %s", text, written, again)
		}
	})
}

// BenchmarkDate compares with the standard library on the form that it reads too.
func BenchmarkDate(b *testing.B) {
	d := dates{location: beijing, at: time.Date(2022, 4, 11, 12, 0, 0, 0, time.UTC)}
	const standard = "Mon, 11 Apr 2022 10:46:17 GMT"
	b.Run("time.Parse/RFC1123", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := time.Parse(time.RFC1123, standard); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, text := range map[string]string{"RFC1123": standard, "Chinese": "2022年4月11日 下午2:05", "ago": "10分钟前", "text": "发布时间：2022-04-11 10:46 来源：农金网"} {
		b.Run("read/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if t, _ := d.read(text); t.IsZero() {
					b.Fatal("not read")
				}
			}
		})
	}
}

// TestOnlyTheStartOfALongTextIsRead moves a date over the bound: it is read, or it is none, or it is cut at its clock,
// but it is no other day.
func TestOnlyTheStartOfALongTextIsRead(t *testing.T) {
	const text = "2022-04-19 下午12:46:17"
	for before := range 2 * maxDateBytes {
		got, _ := dates{}.read(strings.Repeat("x", before) + " " + text)
		switch written := got.Format("2006-01-02"); {
		case before+1+len(text) <= maxDateBytes && got.Format(time.DateTime) != "2022-04-19 12:46:17":
			t.Errorf("after %d bytes read as %s", before, got)
		case before > maxDateBytes && !got.IsZero():
			t.Errorf("after %d bytes read all the same: %s", before, got)
		case !got.IsZero() && written != "2022-04-19":
			t.Errorf("after %d bytes read as %s", before, written)
		}
	}
}
