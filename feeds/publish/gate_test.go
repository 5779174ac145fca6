package publish

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/rogpeppe/go-internal/txtar"
)

// gateCase is a case as testdata/gate/<case>.txt holds it. Lists are a line for each entry: id, date, link.
type gateCase struct {
	about   string
	old     []byte         // the file that is there
	meant   []feeds.Listed // what the feed was meant to list
	read    []byte         // what is rendered; where the case does not say, what was meant
	left    []string       // ids that left the channel
	down    []string       // ids that were taken down
	listed  []string       // ids that the store has, and that belong there
	limit   int
	now     time.Time
	refused []string // what the error says; nothing: it passes
}

func readGateCase(t *testing.T, file string) gateCase {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := gateCase{about: strings.TrimSpace(string(archive.Comment))}
	for _, section := range archive.Files {
		switch section.Name {
		case "old":
			c.old = section.Data
		case "meant":
			c.read = section.Data
			if c.meant, err = readLines("", section.Data); err != nil {
				t.Fatal(err)
			}
		case "read":
			c.read = section.Data
		case "left":
			c.left = strings.Fields(string(section.Data))
		case "listed":
			c.listed = strings.Fields(string(section.Data))
		case "down":
			c.down = strings.Fields(string(section.Data))
		case "limit":
			c.limit, err = strconv.Atoi(strings.TrimSpace(string(section.Data)))
		case "now":
			c.now, err = time.Parse(time.RFC3339, strings.TrimSpace(string(section.Data)))
		case "refused":
			c.refused = strings.Split(strings.TrimSpace(string(section.Data)), "\n")
		default:
			t.Fatalf("%s: there is no section %q", file, section.Name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// readLines reads the lists of the cases back. It refuses one that holds 坏.
func readLines(_ string, content []byte) (listed []feeds.Listed, err error) {
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		if slices.Contains(fields, "坏") || len(fields) < 2 {
			return nil, fmt.Errorf("not a list: %q", line)
		}
		entry := feeds.Listed{ID: fields[0], Link: strings.Join(fields[2:], "")}
		if entry.Published, err = time.Parse(time.RFC3339Nano, fields[1]); err != nil {
			return nil, err
		}
		listed = append(listed, entry)
	}
	return listed, nil
}

// output is the feed of a case; read back it is the case's list, and its bytes are never those that are there.
func (c gateCase) output() feeds.Output {
	o := text("nongjinwang.xml", string(c.read))
	o.Listing = &feeds.Listing{Slug: "nongjinwang", Items: c.meant, Limit: c.limit}
	return o
}

func (c gateCase) options() Options {
	return Options{Read: readLines, Now: c.now, Left: func(listing feeds.Listing, ids []string) (map[string]Standing, error) {
		if listing.Slug != "nongjinwang" {
			return nil, fmt.Errorf("asked for %s", listing.Slug)
		}
		standings := map[string]Standing{}
		for _, id := range ids {
			for standing, all := range map[Standing][]string{Left: c.left, Down: c.down, Listed: c.listed} {
				if slices.Contains(all, id) {
					standings[id] = standing
				}
			}
		}
		return standings, nil
	}}
}

// TestGate: a feed that passes takes the place of the one that is there; of one that is refused, file and .gz stay, and the
// others are written. To add a case is to add a file.
func TestGate(t *testing.T) {
	cases, err := filepath.Glob("testdata/gate/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			c, root := readGateCase(t, file), t.TempDir()
			if c.old != nil {
				write(t, root, text("nongjinwang.xml", string(c.old)))
			}
			before := files(t, root)
			report, err := Write(root, sequence(c.output(), text("index.html", "首页")), c.options())
			after := files(t, root)
			if after["index.html"] != "首页" {
				t.Error("the other output was not written")
			}
			if c.refused == nil {
				if err != nil || report != (Report{Written: 2}) || after["nongjinwang.xml"] != string(c.read) {
					t.Errorf("%s: it was refused: %+v, %v", c.about, report, err)
				}
				return
			}
			if report != (Report{Written: 1, Failed: 1}) || err == nil {
				t.Fatalf("%s: report %+v, error %v", c.about, report, err)
			}
			for _, words := range append(c.refused, "publish nongjinwang.xml: refused, the old file stays: ") {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("the error lacks %q:\n%v", words, err)
				}
			}
			if after["nongjinwang.xml"] != before["nongjinwang.xml"] || after["nongjinwang.xml.gz"] != before["nongjinwang.xml.gz"] {
				t.Errorf("%s: the old file and its .gz did not stay", c.about)
			}
		})
	}
}

// gateList is a feed of n entries, a minute apart, the newest first; ids begin with the word.
func gateList(word string, n int) gateCase {
	var list bytes.Buffer
	for i := range n {
		fmt.Fprintf(&list, "%s%d %s https://county.example/%d\n", word, i, time.Unix(1649669400-int64(i)*60, 0).UTC().Format(time.RFC3339), i)
	}
	meant, _ := readLines("", list.Bytes())
	return gateCase{read: list.Bytes(), meant: meant, limit: n}
}

// TestGateAsksOnce: the store is asked once for a file, for so many ids at most; and not at all where nothing is missing.
func TestGateAsksOnce(t *testing.T) {
	root, many, one := t.TempDir(), gateList("旧", askedMost+10), gateList("新", 1)
	write(t, root, text("nongjinwang.xml", string(many.read)))
	var asked []int
	options := Options{Read: readLines, Left: func(_ feeds.Listing, ids []string) (map[string]Standing, error) {
		asked = append(asked, len(ids))
		all := map[string]Standing{}
		for _, id := range ids {
			all[id] = Left
		}
		return all, nil
	}}
	one.limit = 0
	if _, err := Write(root, sequence(one.output()), options); err == nil || !strings.Contains(err.Error(), "10 of the 5010 entries") {
		t.Errorf("error %v", err)
	}
	if _, err := Write(root, sequence(many.output()), options); err != nil {
		t.Error(err)
	}
	if !slices.Equal(asked, []int{askedMost}) {
		t.Errorf("asked for %v", asked)
	}
}

// TestGateWithoutAnswer: where the store does not say what left, nothing is taken to have left.
func TestGateWithoutAnswer(t *testing.T) {
	root, broken := t.TempDir(), errors.New("数据库读不了")
	write(t, root, text("nongjinwang.xml", string(gateList("旧", 2).read)))
	for _, left := range []func(feeds.Listing, []string) (map[string]Standing, error){nil, func(feeds.Listing, []string) (map[string]Standing, error) { return nil, broken }} {
		report, err := Write(root, sequence(gateList("新", 1).output()), Options{Read: readLines, Left: left})
		if report.Failed != 1 || err == nil || left != nil && !errors.Is(err, broken) {
			t.Errorf("report %+v, error %v", report, err)
		}
		if _, of := errors.AsType[Failures](err); of != (left == nil) {
			t.Errorf("that the store does not answer is a failure of an output: %v", err)
		}
	}
}

// TestGateIsOpen: without a reader, for what is no feed, and for bytes that are there already, nothing is asked.
func TestGateIsOpen(t *testing.T) {
	root, never := t.TempDir(), Options{Read: func(string, []byte) ([]feeds.Listed, error) { return nil, errors.New("read") }}
	list := gateList("旧", 2)
	write(t, root, list.output())
	if report, err := Write(root, sequence(list.output(), text("a.xml", "<甲/>")), never); err != nil || report != (Report{Written: 1, Unchanged: 1}) {
		t.Errorf("report %+v, error %v", report, err)
	}
	write(t, root, gateList("新", 1).output())
}

// TestGateOfLargeFile: an old file that is too large to be compared is one that cannot be read.
func TestGateOfLargeFile(t *testing.T) {
	root, list := t.TempDir(), gateList("新", 2)
	file := filepath.Join(root, "nongjinwang.xml")
	if err := os.WriteFile(file, gateList("旧", 2).read, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, oldMost+1); err != nil {
		t.Fatal(err)
	}
	read := func(name string, content []byte) ([]feeds.Listed, error) {
		if len(content) > 1000 {
			t.Errorf("%d bytes were read", len(content))
		}
		return readLines(name, content)
	}
	if report, err := Write(root, sequence(list.output()), Options{Read: read}); err != nil || report.Written != 1 {
		t.Errorf("report %+v, error %v", report, err)
	}
}
