package publish

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish/conform"
	"github.com/google/go-cmp/cmp"
)

const (
	randomEntries = 50_000
	randomChannel = 500 // entries in each
	longText      = 20_000
)

// fragments are what parsers stumble over.
var fragments = []string{
	"]]>", "<![CDATA[", "<!--", "-->", "<?xml", "?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&#0;", "&#xFFFE;", "&amp;", "<script>", "</title>",
	"</content:encoded>", "\x00", "\ufffe", "\ufeff", "\u2028", "\u202e", "\xed\xa0\x80", "\xff", "\xc0\xaf", "农商银行", "普惠金融", "🌾", "\r\n", "\\u0000", `\"`,
}

// randomness makes entries; the same seed makes the same ones.
type randomness struct{ *rand.Rand }

// text returns random text of up to so many parts: runes of all planes, halves of pairs and controls among them, bytes, and
// fragments.
func (r randomness) text(parts int) string {
	if r.IntN(2000) == 0 {
		parts = longText
	}
	var b strings.Builder
	for range r.IntN(parts + 1) {
		switch r.IntN(10) {
		case 0:
			b.WriteString(fragments[r.IntN(len(fragments))])
		case 1:
			b.WriteByte(byte(r.IntN(256)))
		case 2:
			b.WriteRune(rune(r.IntN(0x20)))
		case 3, 4:
			b.WriteRune(rune(r.IntN(utf8.MaxRune + 1)))
		case 5:
			b.WriteString(fmt.Sprintf("<%c>", rune('a'+r.IntN(26))))
		default:
			b.WriteRune(rune(0x4E00 + r.IntN(0x5000)))
		}
	}
	return b.String()
}

func (r randomness) texts() []string {
	var all []string
	for range r.IntN(3) {
		all = append(all, r.text(4))
	}
	return all
}

func (r randomness) link() string {
	starts := []string{"https://county.example/", "http://[2001:db8::1]/?", "javascript:", "", "//", "https://a b/", "https://农金网.example/#"}
	return starts[r.IntN(len(starts))] + r.text(4)
}

func (r randomness) entry(n int) feeds.Entry {
	const years = 400_000_000_000 // in seconds: more than 10,000 before and after 1970
	published := time.Unix(r.Int64N(2*years)-years, r.Int64N(1_000_000_000))
	e := feeds.Entry{
		ID: fmt.Sprintf("tag:finews.example.org,2022:%016x", n), Path: fmt.Sprintf("edu/%d.html", n), Source: r.text(4),
		Title: r.text(8), Outlet: r.text(3), Link: r.link(), Authors: r.texts(), Tags: r.texts(), Categories: r.texts(),
		Summary: r.text(12), Body: feeds.SafeHTML(r.text(40)), Published: published, Updated: published.Add(time.Duration(r.IntN(1e9))),
	}
	if r.IntN(4) == 0 {
		e.Image = r.link()
		e.Enclosures = []feeds.Enclosure{{URL: r.link(), Type: r.text(2), Length: r.Int64() - r.Int64()}}
		e.Copies = []feeds.Copy{{ID: "tag:finews.example.org,2022:c", Outlet: r.text(3), Link: r.link(), Path: r.text(2)}}
	}
	return e
}

// TestRandomEntries publishes 50,000 random entries, 500 in a feed, and reads every feed back whole: encoding/xml or
// encoding/json, and libxml2, find as many entries in it as went in.
func TestRandomEntries(t *testing.T) {
	r := randomness{rand.New(rand.NewPCG(6, 2022))}
	root := t.TempDir()
	var names []string
	for first := 0; first < randomEntries/thorough; first += randomChannel {
		channel := feeds.Channel{
			Category: feeds.Category{Slug: fmt.Sprintf("s%d", first), Title: r.text(5), Description: r.text(5)},
			Changed:  r.Int64N(1 << 40), Older: r.IntN(3),
		}
		for n := range randomChannel {
			channel.Entries = append(channel.Entries, r.entry(first+n))
		}
		site := feeds.Site{Title: r.text(5), URL: "https://finews.example.org", Language: "zh-CN", Location: time.UTC, Hub: r.link()}
		titles := func(slug string) string { return slug }
		outputs := append(Feeds(site, channel, titles, r.text(2)), Archive(site, channel, 3, titles, ""))
		for name, content := range renderAll(t, outputs) {
			if got := countEntries(t, name, content); got != randomChannel {
				t.Errorf("%s: %d entries of %d", name, got, randomChannel)
			}
			if path.Ext(name) != ".json" {
				placeFile(t, filepath.Join(root, filepath.FromSlash(name)), content)
				names = append(names, name)
			}
		}
	}
	countByLibxml(t, root, names)
}

// countByLibxml has libxml2 read files, and count the entries of each.
func countByLibxml(t *testing.T, root string, names []string) {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Log(conform.ErrNoLint)
		return
	}
	const count = `count(//*[local-name()="item" or local-name()="entry"])`
	command := exec.CommandContext(t.Context(), lint, append([]string{"--nonet", "--xpath", count}, names...)...)
	command.Dir = root
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, shortened(string(said)))
	}
	if diff := cmp.Diff(strings.Repeat(fmt.Sprintln(randomChannel), len(names)), string(said)); diff != "" {
		t.Errorf("libxml2 counted\n%s", shortened(diff))
	}
}
