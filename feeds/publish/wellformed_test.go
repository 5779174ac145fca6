package publish

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"path"
	"testing"
)

// countEntries reads a whole feed as encoding/xml or encoding/json does, and returns how many entries it holds.
func countEntries(t *testing.T, name string, content []byte) int {
	t.Helper()
	if path.Ext(name) == ".json" {
		var document struct{ Items []json.RawMessage }
		if err := json.Unmarshal(content, &document); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return len(document.Items)
	}
	entries := 0
	decoder := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return entries
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "item" || start.Name.Local == "entry") {
			entries++
		}
	}
}
