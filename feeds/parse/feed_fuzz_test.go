package parse_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds/parse"
)

// FuzzFeed holds the whole of reading a feed: it ends, without a panic, and what it gives is bounded. A document with
// junk behind it is not torn by that.
func FuzzFeed(f *testing.F) {
	files, _ := filepath.Glob("testdata/feed/*")
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, "")
		f.Add(body[:len(body)*2/3], "text/xml; charset=gbk")
	}
	f.Add([]byte(strings.Repeat("<rss><channel><item>", 3)), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		if len(body) > 1<<20 {
			return
		}
		doc := parse.Document{Body: body, ContentType: contentType, URL: "https://county.example/feeds/a.xml", At: time.Unix(1_650_000_000, 0)}
		result, err := parse.Read(source(), doc)
		if panicked, ok := err.(*parse.PanicError); ok {
			t.Fatalf("%v\n%s", panicked, panicked.Stack)
		}
		if err != nil && (len(result.Items) > 0 || strings.ContainsAny(err.Error(), "\x00\x1b")) {
			t.Errorf("%d items beside the error %q", len(result.Items), err)
		}
		if len(result.Items) > 500 {
			t.Errorf("%d items", len(result.Items))
		}
		for _, item := range result.Items {
			if err := nothingOver(item); err != nil {
				t.Errorf("over its limit: %v of %+v", err, item)
			}
		}
		if again, _ := parse.Read(source(), doc); len(again.Items) != len(result.Items) || len(again.Items) > 0 && again.Items[0].Digest() != result.Items[0].Digest() {
			t.Error("read twice, it gives two results")
		}
	})
}
