package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/publish"
	"finews.withounder.com/storage"
)

// TestPostsAreReadBack: of the demo's posts, title, date, address of the original, outlet, category, address of the page, text and files are
// what they were.
func TestPostsAreReadBack(t *testing.T) {
	folder, entries := demoPosts(t)
	readPost(t, filepath.Join(folder, "finews.db.demo/feeds.yaml"), filepath.Join(folder, "public"), entries)
}

// readBack polls posts that were published into an empty store, with the categories of a feeds.yaml, and compares what is stored then.
func readPost(t *testing.T, config, published string, entries []feeds.Entry) {
	t.Helper()
	folder := t.TempDir()
	settings, _, _ := strings.Cut(read(t, config), "\nsources:")
	settings += fmt.Sprintf("\nsources:\n  - {name: 旧站, kind: posts, path: %q}\n", filepath.Join(published, "_posts"))
	again := filepath.Join(folder, "feeds.yaml")
	if err := os.WriteFile(again, []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(folder, "finews.db")
	runIn(t, folder, "poll", "--config", again, "--db", database, "--out", filepath.Join(folder, "public"))
	store, err := storage.OpenToRead(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	stored, err := store.Entries(t.Context(), storage.Filter{}) // and not as the pages show them: a story is told again
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(saidOf(entries), saidOf(stored)); diff != "" {
		t.Errorf("-published +read back:\n%s", diff)
	}
}

// movedIn makes a finews with the posts of a folder of the predecessor in it, and publishes it with posts.
func movedIn(t *testing.T, posts, more map[string]string) (folder string, run func(words ...string)) {
	t.Helper()
	folder = t.TempDir()
	writePosts(t, folder, "_posts", posts)
	writePosts(t, folder, "more", more)
	text := `site: {title: 金融消息, url: "https://finews.example", posts: true}
categories: [{slug: nongjinwang, title: 农金网新闻}]
sources: [{name: 旧站, kind: posts, path: ./_posts}, {name: 又一站, kind: posts, path: ./more}]
`
	config := filepath.Join(folder, "feeds.yaml")
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	run = func(words ...string) {
		t.Helper()
		runIn(t, folder, append(words, "--config", config, "--db", filepath.Join(folder, "finews.db"), "--out", filepath.Join(folder, "public"))...)
	}
	run("poll", "--source", "旧站") // first, so that its entries are
	run("poll", "--force")
	return folder, run
}

// TestOldAddresses: wherever the predecessor's Jekyll put the page of a post, there is the page of the entry, or one that leads to it.
func TestOldAddresses(t *testing.T) {
	folder, _ := movedIn(t, map[string]string{
		"2022-04-11-NX1.md": "nongjinwang", "2022-04-11-NX2.md": "21shijijingjibaodao 21caijingAPP", "2022-04-11-NX3.md": `["Nong Jin（网）"]`,
		"2022-04-11-NX4.md": "Nongjinwang", "2022-04-11-NX5.md": "a  b c",
	}, nil)
	public := filepath.Join(folder, "public")
	there := filesIn(t, public, "")
	pages := 0
	for _, name := range filesIn(t, jekyll(t, folder), "category") {
		pages++
		if !slices.Contains(there, name) {
			t.Errorf("the old address %s leads nowhere", name)
			continue
		}
		page, post := read(t, filepath.Join(public, name)), strings.TrimSuffix(filepath.Base(name), ".html")
		if _, way, found := strings.Cut(page, `content="0; url=`); found {
			way, _, _ = strings.Cut(way, `"`)
			name = filepath.ToSlash(filepath.Join(filepath.Dir(name), way))
			page = read(t, filepath.Join(public, name))
		}
		if strings.Contains(page, "refresh") || !strings.Contains(page, fmt.Sprintf("<h1>农商行2022-04-11-%s.md</h1>", post)) {
			t.Errorf("%s is not the page of %s", name, post)
		}
	}
	if pages != 5 {
		t.Errorf("Jekyll made %d pages of 5 posts", pages)
	}
}

// TestPostsOfOneName: of two entries whose posts would have one name the earlier has it. When one is taken down, its post goes and so do
// the pages at its old addresses, and the other's stay.
func TestPostsOfOneName(t *testing.T) {
	const plain, old, first, second = "_posts/2022-04-11-NX1.md", "nong jin/2022/04/11/NX1.html", "nong-jin/2022/04/11/NX1.html", "nongjinwang/2022/04/11/nx1.html"
	folder, run := movedIn(t, map[string]string{"2022-04-11-NX1.md": `"nong jin"`}, map[string]string{"2022-04-11-nx1.md": "nongjinwang"})
	public := filepath.Join(folder, "public")
	suffixed := publish.PostName(feeds.Entry{Path: second}, true)
	look := func(want ...string) {
		t.Helper()
		var got []string
		for _, name := range []string{plain, suffixed, old, first, second} {
			if _, err := os.Stat(filepath.Join(public, name)); err == nil {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +there:\n%s", diff)
		}
	}
	look(plain, suffixed, old, first, second)
	if text := read(t, filepath.Join(public, plain)); !strings.Contains(text, `permalink: "/`+first+`"`) {
		t.Errorf("the first has not its own name:\n%s", text)
	}
	postsGoneOf(t, folder, first, plain, publish.PostName(feeds.Entry{Path: first}, true))
	postsGoneOf(t, folder, second, suffixed) // and not the other's
	run("hide", "1")
	look(suffixed, second)
	run("unhide", "1")
	look(plain, suffixed, old, first, second)
	run("hide", "2")
	look(plain, old, first)
}

// postsGoneOf asserts which files go with the post of the entry at that path.
func postsGoneOf(t *testing.T, folder, path string, want ...string) {
	t.Helper()
	store, err := storage.OpenToRead(t.Context(), filepath.Join(folder, "finews.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	p := publication{house: &house{store: store}}
	outputs, err := p.postsGone(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range outputs {
		if o.Gone {
			got = append(got, o.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("of %s, -want +gone:\n%s", path, diff)
	}
}

// TestPostKeepsRights: a post holds no more than the source lets out, and names no category that is not published.
func TestPostKeepsRights(t *testing.T) {
	for rights, want := range map[feeds.Rights][]string{
		feeds.RightsFull: {"惠农贷款", "独角兽的正文", "独角兽摘要"}, feeds.RightsExcerpt: {"惠农贷款", "独角兽摘要"}, feeds.RightsTitle: {"惠农贷款"},
	} {
		h := newTestHouse(t, "{slug: nongjinwang, title: 农金网新闻}")
		h.catalogue.Sources[0].Rights = rights
		entries := keep(t, h, telling("独角兽", "农金网", "独角兽的正文。", 1, "nongjinwang", "qitalanmu"))
		p := publication{house: h, named: map[string]feeds.Category{"nongjinwang": h.catalogue.Categories[0]}}
		outputs, err := p.posts(t.Context(), entries[0])
		if err != nil {
			t.Fatal(err)
		}
		var post strings.Builder
		if err := outputs[0].Render(&post); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, word := range []string{"惠农贷款", "独角兽的正文", "独角兽摘要", "qitalanmu"} {
			if strings.Contains(post.String(), word) {
				got = append(got, word)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", rights, diff)
		}
	}
}
