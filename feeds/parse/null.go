package parse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// dropNullItems removes from a JSON Feed the items that are null, at which gofeed panics, and says so. A text that
// is no JSON stays as it is: the parser will say so better.
func dropNullItems(text []byte) (kept []byte, faults []string) {
	if !bytes.Contains(text, []byte("null")) {
		return text, nil
	}
	var document map[string]json.RawMessage
	if json.Unmarshal(text, &document) != nil {
		return text, nil
	}
	dropped := 0
	for name, value := range document {
		if !strings.EqualFold(name, "items") { // encoding/json, which gofeed reads with, looks at no case
			continue
		}
		var items []json.RawMessage
		if json.Unmarshal(value, &items) != nil {
			continue
		}
		left := slices.DeleteFunc(items, func(item json.RawMessage) bool { return string(item) == "null" })
		dropped += len(items) - len(left)      // items keeps its length
		document[name], _ = json.Marshal(left) // cannot fail: each value was read from JSON
	}
	if dropped == 0 {
		return text, nil
	}
	text, _ = json.Marshal(document) // cannot fail: each value was read from JSON
	return text, []string{fmt.Sprintf("%d items were null: dropped", dropped)}
}
