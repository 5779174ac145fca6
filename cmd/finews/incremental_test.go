package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/storage"
)

// renderedNow publishes with the extent, and returns the names of what was rendered for it.
func renderedNow(t *testing.T, h *house, asked extent) []string {
	t.Helper()
	p, due, err := h.newPublication(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if due {
		for o, err := range p.outputs(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if !o.Gone {
				names = append(names, o.Name)
			}
		}
	}
	if _, err := h.publish(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

const threeCategories = "{slug: nongjinwang, title: 农金网新闻}, {slug: chunbo, title: 春播}, {slug: xianyu, title: 县域}"

// frontFiles are the files that tell of all categories.
var frontFiles = []string{"404.html", "all.atom", "all.json", "all.xml", "assets/feed.css", "assets/icon.png", "assets/style.css", "category/index.html",
	"feed.xml", "feeds.opml", "index.html", "robots.txt", "sitemap.xml", "sitemap-000001.xml", "sitemap-pages.xml"}

// TestPublicationRendersWhatChanged: one new entry has its page, its category's files and those of all categories rendered, and
// no others.
func TestPublicationRendersWhatChanged(t *testing.T) {
	h := newTestHouse(t, threeCategories)
	keep(t, h, telling("支农", "农金网", "一条短消息。", 1, "nongjinwang"), telling("县城", "县域网", "又一条短消息。", 2, "xianyu"))
	if all := renderedNow(t, h, extent{}); !slices.Contains(all, "xianyu.xml") || !slices.Contains(all, "chunbo.xml") {
		t.Errorf("the first publication renders %q", all)
	}
	if none := renderedNow(t, h, extent{}); len(none) != 0 {
		t.Errorf("nothing changed, and %q are rendered", none)
	}
	entries := keep(t, h, telling("春耕", "农金网", "另一条短消息。", 3, "chunbo"))
	want := slices.Concat(frontFiles, []string{"category/chunbo.html", "chunbo.atom", "chunbo.json", "chunbo.xml", entries[2].Path, "embed/chunbo.html"})
	slices.Sort(want)
	if got := renderedNow(t, h, extent{}); !slices.Equal(got, want) {
		t.Errorf("rendered are\n%q, and not\n%q", got, want)
	}
}

// TestMarkIsTrustedOnlyWhereItHolds: what was published before says nothing where the folder, the store or the settings are others.
func TestMarkIsTrustedOnlyWhereItHolds(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, h *house){
		"no mark":             func(t *testing.T, h *house) { remove(t, h, ".finews") },
		"a mark of no store":  func(t *testing.T, h *house) { overwrite(t, h, ".finews", strings.Repeat("0123456789abcdef", 2)+"\n") },
		"a mark that is none": func(t *testing.T, h *house) { overwrite(t, h, ".finews", strings.Repeat("x", 1<<20)) },
		"an emptied folder":   func(t *testing.T, h *house) { remove(t, h, "all.json") },
		"another title": func(t *testing.T, h *house) {
			h.catalogue = testCatalogue(t, strings.Replace(threeCategories, "县域", "县域新闻", 1))
		},
		"other rights": func(t *testing.T, h *house) { h.catalogue.Sources[0].Rights = feeds.RightsTitle },
		"another site": func(t *testing.T, h *house) { h.catalogue.Site.URL = "https://elsewhere.example" },
		"a hub":        func(t *testing.T, h *house) { h.catalogue.Site.Hub = "https://hub.example/" },
	} {
		t.Run(name, func(t *testing.T) {
			h := newTestHouse(t, threeCategories)
			keep(t, h, telling("支农", "农金网", "一条短消息。", 1, "nongjinwang"))
			put(t, h)
			spoil(t, h)
			p, due, err := h.newPublication(t.Context(), extent{})
			if err != nil || !due || !p.whole() {
				t.Errorf("due: %v, whole: %v, %v", due, p.whole(), err)
			}
		})
	}
}

func remove(t *testing.T, h *house, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(h.places.out, name)); err != nil {
		t.Fatal(err)
	}
}

func overwrite(t *testing.T, h *house, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(h.places.out, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestMarkOfAnOlderStore: a store that was replaced by a backup goes on from what the folder has only where both agree.
func TestMarkOfAnOlderStore(t *testing.T) {
	h := newTestHouse(t, threeCategories)
	keep(t, h, telling("支农", "农金网", "一条短消息。", 1, "nongjinwang"))
	put(t, h)
	copied := filepath.Join(t.TempDir(), "backup.db")
	if err := h.store.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	keep(t, h, telling("春耕", "农金网", "另一条短消息。", 3, "chunbo"))
	put(t, h)
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	h.places.database = copied
	if err := h.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range 5 { // its revision passes that of the folder
		keep(t, h, telling(fmt.Sprint("县城", n), "县域网", fmt.Sprint("第", n, "条短消息。"), n, "xianyu"))
	}
	if _, err := h.publish(t.Context(), extent{}); err == nil || !strings.Contains(err.Error(), "finews publish --accept") {
		t.Errorf("an entry vanished, and the error is %v", err)
	}
	if _, err := h.publish(t.Context(), extent{accept: true}); err != nil {
		t.Fatal(err)
	}
	_, there := put(t, h)
	if strings.Contains(there["chunbo.xml"], "春耕惠农贷款") || !strings.Contains(there["xianyu.xml"], "县城4惠农贷款") {
		t.Error("what is published is not what the store has")
	}
}

// TestPartsMakeTheWhole does what can be done to a store, in any order, and compares what was published step by step with
// what is published at once: every file is the same.
func TestPartsMakeTheWhole(t *testing.T) {
	seeds := 6
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			a := newAlteration(t, seed)
			a.catalogue.Site.Posts = seed%2 == 1
			a.run(30)
		})
	}
}

// alteration is a store that changes at random.
type alteration struct {
	*testing.T
	*house
	chance *rand.Rand
	now    time.Time
	count  int
	drafts []feeds.Draft
}

func newAlteration(t *testing.T, seed int) *alteration {
	return &alteration{T: t, house: newTestHouse(t, threeCategories), chance: rand.New(rand.NewPCG(uint64(seed), 6)), now: published.Add(time.Hour)}
}

func (a *alteration) run(steps int) {
	for step := range steps {
		done := a.step()
		_, parts := put(a.T, a.house)
		whole := inMemory(a.T, a.house)
		a.compare(fmt.Sprintf("step %d, %s", step, done), parts, whole)
		if a.Failed() {
			return
		}
	}
}

// inMemory returns what is published at once, by name.
func inMemory(t *testing.T, h *house) map[string]string {
	t.Helper()
	p, _, err := h.newPublication(t.Context(), extent{all: true})
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]string{}
	for o, err := range p.outputs(t.Context()) {
		var text bytes.Buffer
		if err == nil && !o.Gone {
			err = o.Render(&text)
			whole[o.Name] = text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return whole
}

// compare finds the files that differ. The pages of pruned entries stay where archives are kept: only the parts have them.
func (a *alteration) compare(step string, parts, whole map[string]string) {
	a.Helper()
	for name, text := range whole {
		if parts[name] != text {
			a.Errorf("%s: %s is\n%s\nand published at once\n%s", step, name, parts[name], text)
		}
	}
	for name := range parts {
		if _, there := whole[strings.TrimSuffix(name, ".gz")]; there {
			continue
		}
		if !a.wasPruned(name) {
			a.Errorf("%s: %s is there, and published at once it is not", step, name)
		}
	}
}

// wasPruned reports whether a file is the page of a pruned entry, or the Jekyll post of one.
func (a *alteration) wasPruned(name string) bool {
	pages := []string{name}
	if post, found := strings.CutPrefix(name, "_posts/"); found {
		date := strings.Replace(post, "-", "/", 3)
		for _, c := range a.catalogue.Categories {
			pages = append(pages, c.Slug+"/"+strings.TrimSuffix(date, ".md")+".html")
		}
	}
	return slices.ContainsFunc(pages, func(page string) bool {
		_, err := a.store.PrunedPage(a.Context(), page)
		return err == nil
	})
}

// step changes the store, or the settings, and says how.
func (a *alteration) step() string {
	a.now = a.now.Add(time.Minute)
	entries, err := a.store.Entries(a.Context(), storage.Filter{Limit: 10_000})
	if err != nil {
		a.Fatal(err)
	}
	if len(entries) < 5 {
		return a.more(60)
	}
	e := entries[a.chance.IntN(len(entries))]
	switch a.chance.IntN(12) {
	case 0:
		return a.more(130)
	case 1, 2:
		return a.more(1 + a.chance.IntN(3))
	case 3:
		return a.edit()
	case 4:
		_, err = a.store.Hide(a.Context(), e.Number, a.chance.IntN(2) == 0, a.now)
		return fmt.Sprint("hide ", e.Number, err)
	case 5:
		if a.chance.IntN(2) == 0 { // it comes anew into its categories, and nothing was published meanwhile
			_, err = a.store.Hide(a.Context(), e.Number, false, a.now)
		}
		_, again := a.store.Unhide(a.Context(), e.Number, a.chance.IntN(2) == 0, a.now)
		return fmt.Sprint("unhide ", e.Number, err, again)
	case 6:
		_, err = a.store.Split(a.Context(), e.Number, a.now)
		return fmt.Sprint("split ", e.Number, err)
	case 7:
		limits := storage.Limits{PerCategory: 20 + a.chance.IntN(100)}
		_, err = a.store.Prune(a.Context(), limits, a.chance.IntN(2) == 0, false, a.now)
		return fmt.Sprint("prune ", limits, err)
	case 8:
		return a.refile(e)
	case 9:
		_, err = a.store.Redraft(a.Context(), a.catalogue.Site, []storage.Redrafted{{Number: e.Number, Entry: e}}, a.now)
		return fmt.Sprint("reprocess ", e.Number, err)
	case 10:
		a.catalogue.Sources[0].Rights = []feeds.Rights{feeds.RightsFull, feeds.RightsExcerpt, feeds.RightsTitle}[a.chance.IntN(3)]
		return fmt.Sprint("rights ", a.catalogue.Sources[0].Rights)
	}
	return "nothing"
}

// more saves new entries, some of which tell a story that is known.
func (a *alteration) more(many int) string {
	slugs := []string{"nongjinwang", "chunbo", "xianyu"}
	var fresh []feeds.Draft
	for range many {
		a.count++
		word, text := fmt.Sprint("第", a.count, "条"), fmt.Sprintf("第%d条短消息，说的是%d号村的事。", a.count, a.chance.IntN(1000))
		outlet := fmt.Sprint("outlet", a.chance.IntN(4))
		if a.chance.IntN(5) == 0 {
			text = wire
		}
		draft := telling(word, outlet, text, a.chance.IntN(600)-300, slugs[a.chance.IntN(3)])
		if a.chance.IntN(3) == 0 {
			draft.Entry.Categories = []string{slugs[0], slugs[2]}
		}
		if text == wire {
			draft.Entry.Title = "青禾农商行把办公桌搬进村委会"
		}
		fresh = append(fresh, draft)
	}
	a.save(fresh)
	a.drafts = append(a.drafts, fresh...)
	return fmt.Sprint(many, " more")
}

func (a *alteration) edit() string {
	draft := a.drafts[a.chance.IntN(len(a.drafts))]
	draft.Item.Body += "（更新）"
	draft.Entry.Body += feeds.SafeHTML("<p>" + fmt.Sprint("更新", a.count) + "</p>")
	draft.Digest = draft.Item.Digest()
	a.save([]feeds.Draft{draft})
	return "edit " + draft.Entry.Title
}

// refile has today's rules file an entry elsewhere, or nowhere.
func (a *alteration) refile(e feeds.Entry) string {
	filing := storage.Filing{Source: "快讯"}
	if slug := []string{"", "chunbo", "xianyu"}[a.chance.IntN(3)]; slug != "" {
		filing.Categories, filing.Reasons = []string{slug}, []string{"规则"}
	}
	_, err := a.store.Redraft(a.Context(), a.catalogue.Site, []storage.Redrafted{{Number: e.Number, Entry: e, Filings: []storage.Filing{filing}}}, a.now)
	return fmt.Sprint("refile ", e.Number, filing.Categories, err)
}

func (a *alteration) save(drafts []feeds.Draft) {
	a.Helper()
	if _, err := a.store.Save(a.Context(), feeds.Batch{Source: "快讯", Now: a.now, Drafts: drafts}, a.catalogue.Site); err != nil {
		a.Fatal(err)
	}
}

// TestPublicationThatFailedIsMadeUpFor: what could not be written is rendered again by the next one.
func TestPublicationThatFailedIsMadeUpFor(t *testing.T) {
	h := newTestHouse(t, threeCategories)
	keep(t, h, telling("支农", "农金网", "一条短消息。", 1, "nongjinwang"))
	put(t, h)
	blocked := filepath.Join(h.places.out, "chunbo.atom")
	remove(t, h, "chunbo.atom")
	if err := os.MkdirAll(filepath.Join(blocked, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	keep(t, h, telling("春耕", "农金网", "另一条短消息。", 3, "chunbo"))
	if _, err := h.publish(t.Context(), extent{}); err == nil {
		t.Fatal("a folder in the place of a feed is no fault")
	}
	if err := os.RemoveAll(blocked); err != nil {
		t.Fatal(err)
	}
	_, there := put(t, h)
	h.places.out = filepath.Join(t.TempDir(), "whole")
	if _, whole := put(t, h); !maps.Equal(there, whole) {
		t.Error("the folder is not what is published at once")
	}
}
