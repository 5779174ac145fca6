package bench

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"hash/maphash"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// corpusSize is how many sources the tests look at, and the smallest size that is measured.
const corpusSize = 200

// eachUpstream generates the corpus, one source at a time.
func eachUpstream(t *testing.T, do func(index int, u upstream)) {
	t.Helper()
	for index := range corpusSize {
		u, err := generate(seed, index)
		if err != nil {
			t.Fatalf("source %d: %v", index, err)
		}
		do(index, u)
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	for _, index := range []int{0, 1, 15, 18, 19, 199} {
		first, err := generate(seed, index)
		if err != nil {
			t.Fatal(err)
		}
		second, err := generate(seed, index)
		if err != nil {
			t.Fatal(err)
		}
		other, err := generate(seed+1, index)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.document, second.document) {
			t.Errorf("source %d: two documents from one seed", index)
		}
		if bytes.Equal(first.document, other.document) {
			t.Errorf("source %d: one document from two seeds", index)
		}
	}
}

// leastText is the length, in bytes, from which a piece of text counts: share bars and empty paragraphs do not.
const leastText = 30

// TestTheCorpusIsWhatTheFiguresRestOn looks at all of the corpus in one pass, because making it takes most of the time.
func TestTheCorpusIsWhatTheFiguresRestOn(t *testing.T) {
	formats, charsets := map[format]int{}, map[string]int{}
	place := maphash.MakeSeed()
	seen := map[uint64]bool{}
	pieces, bodies := 0, 0
	once := func(piece string) {
		if len(piece) < leastText {
			return
		}
		pieces++
		hash := maphash.String(place, piece)
		if seen[hash] {
			t.Errorf("said twice: %s", piece)
		}
		seen[hash] = true
	}
	eachUpstream(t, func(index int, u upstream) {
		formats[u.format]++
		charsets[u.charset]++
		if n := len(u.entries); n < leastEntries || n > mostEntries {
			t.Errorf("source %d has %d entries, want %d to %d", index, n, leastEntries, mostEntries)
		}
		checkCharset(t, index, u)
		for _, e := range u.entries {
			bodies++
			if len(e.body) < leastBody || len(e.body) > mostBody {
				t.Errorf("%s has %d bytes, want %d to %d", e.id, len(e.body), leastBody, mostBody)
			}
			eachPiece(e.body, once)
		}
	})
	if pieces < 10*bodies {
		t.Errorf("%d bodies gave only %d paragraphs and sentences: the test looks at too little", bodies, pieces)
	}
	want := map[format]int{rss: corpusSize * 70 / 100, atom: corpusSize * 20 / 100, rdf: corpusSize * 5 / 100, jsonFeed: corpusSize * 5 / 100}
	for f, n := range want {
		if formats[f] != n {
			t.Errorf("%d of %s, want %d", formats[f], f, n)
		}
	}
	if got, want := charsets["GBK"]+charsets["GB18030"], corpusSize/5; got != want {
		t.Errorf("%d documents in GBK or GB18030, want %d", got, want)
	}
}

// eachPiece calls once with each paragraph of the text of a body, and with each of its sentences where it has several.
// The line of attribution, which is the same throughout a source, and scripts are left out.
func eachPiece(body string, once func(string)) {
	body, _, _ = strings.Cut(body, "<script")
	for part := range strings.SplitSeq(body, "</p>") {
		if strings.Contains(part, `class="em_media"`) {
			continue
		}
		paragraph := plain(part)
		sentences := strings.SplitAfter(paragraph, "。")
		if len(sentences) > 2 {
			once(paragraph)
		}
		for _, sentence := range sentences {
			once(sentence)
		}
	}
}

// plain returns the text of generated HTML, which has no > in an attribute, without its white space.
func plain(html string) string {
	var b strings.Builder
	for html != "" {
		text, rest, _ := strings.Cut(html, "<")
		b.WriteString(strings.ReplaceAll(text, "&nbsp;", ""))
		_, html, _ = strings.Cut(rest, ">")
	}
	return strings.Join(strings.Fields(b.String()), "")
}

// checkCharset holds a document to the charset that it names.
func checkCharset(t *testing.T, index int, u upstream) {
	t.Helper()
	if u.charset == "UTF-8" {
		if !utf8.Valid(u.document) {
			t.Errorf("source %d is not the UTF-8 that it says", index)
		}
		return
	}
	if utf8.Valid(u.document) {
		t.Errorf("source %d says %s and is UTF-8", index, u.charset)
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(u.document)
	if err != nil || !bytes.Contains(text, []byte(escape(u.entries[0].title))) {
		t.Errorf("source %d cannot be read as the %s that it says: %v", index, u.charset, err)
	}
}

// TestEveryDocumentIsWellFormed reads with encoding/xml and encoding/json, which forgive less than gofeed. One run of
// twenty sources holds every form.
func TestEveryDocumentIsWellFormed(t *testing.T) {
	for index := range 20 {
		u, err := generate(seed, index)
		if err != nil {
			t.Fatal(err)
		}
		if u.format == jsonFeed {
			if !json.Valid(u.document) {
				t.Errorf("source %d is no JSON", index)
			}
			continue
		}
		if err := readXML(u.document); err != nil {
			t.Errorf("source %d, %s in %s: %v", index, u.format, u.charset, err)
		}
	}
}

func readXML(document []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) {
		return simplifiedchinese.GB18030.NewDecoder().Reader(input), nil
	}
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// TestGofeedReadsEveryForm: the naive chain must have nothing to stumble over, or it would be measured too light.
func TestGofeedReadsEveryForm(t *testing.T) {
	for index := range 20 {
		u, err := generate(seed, index)
		if err != nil {
			t.Fatal(err)
		}
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(u.document))
		if err != nil {
			t.Errorf("source %d, %s in %s: %v", index, u.format, u.charset, err)
			continue
		}
		if len(feed.Items) != len(u.entries) {
			t.Errorf("source %d, %s in %s: %d items, want %d", index, u.format, u.charset, len(feed.Items), len(u.entries))
			continue
		}
		for n, item := range feed.Items {
			if e := u.entries[n]; item.Title != e.title || text(item) != e.body || item.PublishedParsed == nil || !item.PublishedParsed.Equal(e.published) {
				t.Errorf("source %d, %s in %s: %s is not read as it was written", index, u.format, u.charset, e.id)
			}
		}
	}
}
