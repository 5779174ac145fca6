package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// prepareJSON leads a JSON Feed past its guard, closes one that was cut after its last whole item, and reads it into
// gofeed's form of it. gofeed's own reading loses the feed over one number where a text should stand, and its universal
// form panics at an author that is null.
func prepareJSON(doc []byte, size int) (prepared, error) {
	whole, items, err := guardJSON(doc)
	if err != nil {
		return prepared{}, err
	}
	p := prepared{root: "json"}
	value, err := firstValue(doc)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		if whole == 0 {
			return prepared{}, errNothingWhole
		}
		p.torn = true
		p.faults = append(p.faults, tornFault(size, "before its end", items))
		value, err = firstValue(append(bytes.Clone(doc[:whole]), "]}"...))
	}
	if err != nil {
		return prepared{}, fmt.Errorf("the feed is damaged: %w", err)
	}
	feed, _ := objectOf(value)
	if !isJSONFeed(feed) {
		return prepared{}, notJSONFeed(feed, doc)
	}
	for _, hub := range listOf(feed["hubs"]) {
		if h, ok := objectOf(hub); ok {
			p.hubs = append(p.hubs, stringOf(h["url"]))
		}
	}
	mended, nulls := mendFeed(feed)
	if nulls > 0 {
		p.faults = append(p.faults, fmt.Sprintf("%d items were null: dropped", nulls))
	}
	p.json = mended
	return p, nil
}

// firstValue returns the value that a text starts with. Its error is io.ErrUnexpectedEOF where the text is the start of
// one.
func firstValue(text []byte) (json.RawMessage, error) {
	var value json.RawMessage
	err := json.NewDecoder(bytes.NewReader(text)).Decode(&value)
	return value, err
}

// guardJSON refuses a JSON document that nests too deep, and one of more values than any feed has. It returns where
// the last whole object of its items ended, and how many there are up to there.
func guardJSON(text []byte) (whole, items int, err error) {
	depth, values, quoted, start, inItems := 0, 0, false, 0, false
	key := ""
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			if quoted = !quoted; quoted {
				start = i + 1
			} else if depth == 1 && i-start <= len("items") {
				key = strings.ToLower(string(text[start:i]))
			}
		case quoted:
		case c == '{' || c == '[':
			values++
			if depth++; depth > maxDepth {
				return 0, 0, fmt.Errorf("nesting over %d at byte %d", maxDepth, i)
			}
			inItems = inItems || depth == 2 && c == '[' && key == "items"
		case c == ',':
			values++
			if depth == 1 {
				key = ""
			}
		case c == '}' || c == ']':
			if depth--; depth == 2 && inItems && c == '}' {
				whole, items = i+1, items+1
			}
			inItems = inItems && depth > 1
		}
		if values > maxValues {
			return 0, 0, fmt.Errorf("more than %d values at byte %d", maxValues, i)
		}
	}
	return whole, items, nil
}

// isJSONFeed reports whether an object is a feed. One without a version is taken for one where it has the look of it.
func isJSONFeed(feed map[string]json.RawMessage) bool {
	if strings.Contains(stringOf(feed["version"]), "jsonfeed.org/version/") {
		return true
	}
	if feed["version"] != nil || feed["title"] == nil && feed["home_page_url"] == nil && feed["feed_url"] == nil {
		return false
	}
	for _, item := range listOf(feed["items"]) {
		it, ok := objectOf(item)
		if !ok {
			continue
		}
		return it["id"] != nil && (it["url"] != nil || it["content_html"] != nil || it["content_text"] != nil)
	}
	return false
}

// notJSONFeed says what came instead of a feed, in the words of the server where it has some.
func notJSONFeed(feed map[string]json.RawMessage, text []byte) error {
	const longest = 80 // characters
	for _, name := range []string{"message", "msg", "error", "errmsg", "detail", "reason"} {
		word := stringOf(feed[name])
		if inner, ok := objectOf(feed[name]); ok {
			word = stringOf(inner["message"])
		}
		if runes := []rune(strings.TrimSpace(word)); len(runes) > 0 {
			return fmt.Errorf("not a feed: JSON without a JSON Feed version, saying %q; check the address in a browser",
				string(runes[:min(len(runes), longest)]))
		}
	}
	return fmt.Errorf("not a feed: JSON without a JSON Feed version, starting %.80q", text)
}

// objectOf returns the members of an object, by their names in lower case: encoding/json, which gofeed reads with,
// looks at no case. A name that is written so goes before others.
func objectOf(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return nil, false
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		lower := strings.ToLower(name)
		if lower == name {
			continue
		}
		if _, taken := members[lower]; !taken {
			members[lower] = members[name]
		}
		delete(members, name)
	}
	return members, true
}

// listOf returns the elements of an array, or the one value that stands in its place.
func listOf(raw json.RawMessage) []json.RawMessage {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return []json.RawMessage{raw}
	}
	return list
}

// stringOf returns a text or a number as text, and nothing for any other value.
func stringOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}
