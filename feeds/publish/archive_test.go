package publish

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish/conform"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
)

// archived returns the outputs of a category with 250 entries: two archive documents, the second with an entry less because one
// was taken down, and the feeds with the newest 50.
func archived(site feeds.Site) (outputs []feeds.Output, ids []string) {
	category := feeds.Category{Slug: "nongjinwang", Title: "农金网新闻", Limit: 50}
	var entries []feeds.Entry // newest first
	for n := 250; n > 0; n-- {
		if n == 120 {
			continue // taken down
		}
		day := time.Date(2022, 4, 11, 0, n, 0, 0, time.UTC)
		id := fmt.Sprintf("tag:finews.example.org,2022:%04d", n)
		entries = append(entries, feeds.Entry{ID: id, Title: fmt.Sprintf("农商行第 %d 则", n), Outlet: "农金网",
			Body: "<p>正文</p>", Path: fmt.Sprintf("nongjinwang/%d.html", n), Published: day, Updated: day})
		ids = append(ids, id)
	}
	part := func(from, to, older int) feeds.Channel {
		return feeds.Channel{Category: category, Entries: entries[from:to], Older: older, Changed: 1649669400}
	}
	outputs = append(Feeds(site, part(0, 50, 2), nil, "finews"),
		Archive(site, part(50, 149, 1), 2, nil, "finews"), Archive(site, part(149, 249, 0), 1, nil, "finews"))
	return outputs, ids
}

// TestArchiveIsWalked follows prev-archive from each feed to the oldest document, as RFC 5005 section 4 has readers do, and finds
// each entry once.
func TestArchiveIsWalked(t *testing.T) {
	site := feeds.Site{Title: "金融消息", URL: "https://finews.example.org", Language: "zh-CN", Location: time.UTC, Hub: "https://hub.example/"}
	outputs, ids := archived(site)
	root := t.TempDir()
	for name, content := range renderAll(t, outputs) {
		placeFile(t, filepath.Join(root, filepath.FromSlash(name)), content)
	}
	found, checked, err := conform.Folder(site.URL, os.DirFS(root))
	if err != nil || len(found) > 0 || len(checked) != 5 {
		t.Errorf("%v, %q in %q", err, found, checked)
	}
	for _, start := range []string{"nongjinwang.xml", "nongjinwang.atom"} {
		var got []string
		documents := 0
		for name := start; name != ""; documents++ {
			var more []string
			more, name = readDocument(t, root, name, site.URL+"/")
			got = append(got, more...)
		}
		if diff := cmp.Diff(ids, got); diff != "" || documents != 3 {
			t.Errorf("from %s, %d documents: -stored +read\n%s", start, documents, diff)
		}
	}
}

// readDocument returns the ids in a document, and the name of the one before it.
func readDocument(t *testing.T, root, name, site string) (ids []string, older string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := gofeed.NewParser().ParseString(string(content))
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range parsed.Items {
		ids = append(ids, item.GUID)
	}
	if _, link, found := strings.Cut(string(content), `rel="prev-archive"`); found {
		_, link, _ = strings.Cut(link, `href="`+site)
		older, _, _ = strings.Cut(link, `"`)
	}
	return ids, older
}

// TestListing compares what each feed is meant to list with what a feed parser reads in it.
func TestListing(t *testing.T) {
	for _, folder := range goldenFolders(t) {
		in := readCase(t, folder)
		in.Channel.Category.Limit = 7
		for _, o := range in.outputs(t) {
			archive := strings.HasPrefix(o.Name, "archive/")
			if o.Listing == nil || o.Listing.Slug != in.Channel.Category.Slug || o.Topic == archive || (o.Listing.Limit == 7) == archive {
				t.Errorf("%s %s: topic %v, %+v", folder, o.Name, o.Topic, o.Listing)
				continue
			}
			var want []feeds.Listed
			for _, e := range readBack(t, renderAll(t, []feeds.Output{o})[o.Name]) {
				want = append(want, feeds.Listed{ID: e.ID, Link: e.Link, Published: e.Published})
			}
			same := func(a, b feeds.Listed) bool {
				return a.ID == b.ID && a.Link == b.Link && a.Published.Equal(b.Published)
			}
			if !slices.EqualFunc(o.Listing.Items, want, same) {
				t.Errorf("%s %s: listed\n%v\nread\n%v", folder, o.Name, o.Listing.Items, want)
			}
		}
	}
	for _, o := range []feeds.Output{Style(), Icon(), OPML(feeds.Site{}, nil), Sitemap(feeds.Site{}, PagesSitemap, nil), SitemapIndex(feeds.Site{}, nil)} {
		if o.Listing != nil || o.Topic {
			t.Errorf("%s is no feed: %+v", o.Name, o)
		}
	}
}
