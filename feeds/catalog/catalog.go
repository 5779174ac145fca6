// Package catalog reads feeds.yaml: what to poll, how to file it, and what the site is called.
//
// In goes the text of the file; out comes a [feeds.Catalogue] in which everything has been checked, with
// the defaults filled in, or [Mistakes]: all that is wrong with the file at once, each with its line and with
// what to write instead. A catalogue with a mistake is not used in part: nothing is started.
//
// Each section of the file is one function with one table: the name of a key stands beside what is done with
// its value, and nowhere else. A key whose room is not built yet is known, and refused as "not supported
// yet", so that it is never taken for a slip of the pen and never silently without effect.
package catalog

import (
	"bytes"
	"io"
	"os"
	"time"

	"finews.withounder.com/feeds"
)

// maxFile bounds feeds.yaml, in bytes. The predecessor's 2,000 categories written out take a tenth of it.
const maxFile = 4 << 20

// Load reads the catalogue at path. getenv gives the values of the environment that headers, basic_auth and proxies ask
// for; it is
// [os.Getenv] but in tests. The error is [Mistakes], or one of reading that names the file.
func Load(path string, getenv func(string) string) (feeds.Catalogue, error) {
	f, err := Open(path, getenv)
	return f.Catalogue, err
}

// readFile reads one byte more than Parse takes, so that Parse sees that a file is too long.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// Parse reads a catalogue from text, which is UTF-8 with or without a byte order mark. name is the path of
// the file: messages begin with it, and a relative `path:` of a source is relative to its folder. No file is
// opened and no address is asked. The error is always [Mistakes].
func Parse(name string, text []byte, getenv func(string) string) (feeds.Catalogue, error) {
	return parseWith(name, text, getenv, nil)
}

// parseWith reads a catalogue as if further sources stood at the end of its list.
func parseWith(name string, text []byte, getenv func(string) string, further []feeds.Source) (feeds.Catalogue, error) {
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
	r := &reader{file: name, getenv: getenv}
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if !r.readable(text) {
		return feeds.Catalogue{}, r.sorted()
	}
	root, ok := r.document(text)
	if !ok {
		return feeds.Catalogue{}, r.sorted()
	}
	root.extend(further)
	c := r.catalogue(root)
	if len(r.mistakes) > 0 {
		return feeds.Catalogue{}, r.sorted()
	}
	return c, nil
}

// byteOrderMark is what some editors put before UTF-8.
const byteOrderMark = "\uFEFF"

// reader reads one file. It goes on after a mistake with what it has, so that one run finds them all.
type reader struct {
	file     string
	getenv   func(string) string
	mistakes Mistakes
	dropped  int // mistakes beyond maxMistakes
}

// Bounds of a poll interval. Below a minute no upstream of news is asked politely; above a week the answer's
// own hints are cut off too.
const (
	minEvery = time.Minute
	maxEvery = 7 * 24 * time.Hour
)

// catalogue reads the whole file. The sections are read in the order of the table, not of the file: sources
// need the site's time zone and the slugs of the categories.
func (r *reader) catalogue(root value) feeds.Catalogue {
	c := feeds.Catalogue{Site: defaultSite(), Network: defaultNetwork()}
	var every time.Duration // 0: the operator gave no word, and the poll's own default holds
	var slugs firsts
	given := r.mapping(root, keys{
		{"every", r.duration(&every, minEvery, maxEvery)},
		{"site", func(v value) { r.site(v, &c.Site) }},
		{"network", func(v value) { r.network(v, &c.Network) }},
		{"categories", func(v value) { c.Categories, slugs = r.categories(v) }},
		{"sources", func(v value) {
			c.Sources = r.sources(v, defaultSource(every, c.Site.Location), slugs)
		}},
	})
	r.need(root, given, "site", "write site: {title: …, url: …}")
	return c
}
