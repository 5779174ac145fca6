package parse

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// What is kept of an item. An entry of 8 MB is no article, and is stored, searched and published all the same.
const (
	maxBody       = 256 << 10 // bytes of Body, and of Summary
	maxGUID       = 2 << 10   // bytes
	maxTitle      = 2_000     // characters
	maxAuthors    = 20
	maxTagWords   = 50
	maxWordLength = 200 // characters of an author, a tag or an outlet
)

// boundItem returns the item with each of its parts cut to its limit, and says so in its Faults. What is cut is a copy,
// so that a short text does not keep the document alive that it came from.
func boundItem(item feeds.Item) feeds.Item {
	cut := func(name, text string, limit int) string {
		short := cutHTML(text, limit)
		if len(short) < len(text) {
			item.Faults = append(item.Faults, fmt.Sprintf("the %s of %d bytes was cut to %d", name, len(text), len(short)))
		}
		return short
	}
	item.Faults = slices.Clip(item.Faults)
	item.Body = cut("body", item.Body, maxBody)
	item.Summary = cut("summary", item.Summary, maxBody)
	item.Title = cut("title", item.Title, bytesOf(item.Title, maxTitle))
	item.Outlet = cutText(item.Outlet, maxWordLength)
	item.Authors = boundedWords(item.Authors, maxAuthors)
	item.Tags = boundedWords(item.Tags, maxTagWords)
	item.Enclosures = item.Enclosures[:min(len(item.Enclosures), maxEnclosures)]
	if len(item.GUID) > maxGUID {
		hash := sha256.Sum256([]byte(item.GUID))
		item.Faults = append(item.Faults, fmt.Sprintf("the GUID of %d bytes was replaced by its hash", len(item.GUID)))
		item.GUID = "sha256:" + hex.EncodeToString(hash[:])
	}
	return item
}

// boundedWords cuts a list and each of its words, into a list of its own.
func boundedWords(words []string, limit int) []string {
	if len(words) == 0 {
		return nil
	}
	kept := make([]string, min(len(words), limit))
	for i := range kept {
		kept[i] = cutText(words[i], maxWordLength)
	}
	return kept
}

// cutText cuts a plain text after a number of characters.
func cutText(text string, limit int) string {
	size := bytesOf(text, limit)
	if size == len(text) {
		return text
	}
	return strings.Clone(text[:size])
}

// bytesOf returns the number of bytes of the first characters of a text.
func bytesOf(text string, characters int) int {
	if len(text) <= characters {
		return len(text)
	}
	for i := range text {
		if characters--; characters < 0 {
			return i
		}
	}
	return len(text)
}

// maxReference bounds a character reference, in bytes; the longest that HTML names is of 33.
const maxReference = 40

// cutHTML cuts HTML to at most limit bytes, and not within a character, a reference, a comment or a tag: what is cut
// there would swallow the text that follows it on a page.
func cutHTML(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	limit = len(feeds.CutBytes(text, limit))
	tokens := html.NewTokenizer(strings.NewReader(text[:limit]))
	size := 0
	for {
		kind := tokens.Next()
		raw := tokens.Raw()
		if kind == html.ErrorToken || kind == html.CommentToken && size+len(raw) == limit && !strings.HasSuffix(string(raw), "-->") {
			break
		}
		size += len(raw)
	}
	from := max(size-maxReference, 0)
	if i := strings.LastIndexByte(text[from:size], '&'); i >= 0 && !strings.Contains(text[from+i:size], ";") {
		size = from + i
	}
	return strings.Clone(text[:size])
}
