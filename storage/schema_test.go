package storage

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

var updateSchema = flag.Bool("update-schema", false, "write the dump of the newest schema; older ones are never written again")

// dumpOf returns the name of the dump of a store as that version of the schema has it.
func dumpOf(version int) string { return fmt.Sprintf("testdata/schema/%04d.sql", version) }

// A store of every version of the schema that there ever was is brought up to date with all that is in it, and goes on.
func TestMigrations(t *testing.T) {
	steps, err := migrationSteps()
	if err != nil {
		t.Fatal(err)
	}
	if *updateSchema {
		path := filepath.Join(t.TempDir(), "finews.db")
		t.Run("example", func(t *testing.T) { example(t, open(t, path)) }) // and close
		write(t, dumpOf(len(steps)), dump(t, path))
	}
	for version := 1; version <= len(steps); version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			script, err := os.ReadFile(dumpOf(version))
			if err != nil {
				t.Fatalf("%v: run the test with -update-schema while that version is the newest", err)
			}
			path := filepath.Join(t.TempDir(), "finews.db")
			other(string(script))(t, path)
			asItWas(t, open(t, path), version)
			publishedAsItWas(t, open(t, path), version)
			goesOn(t, open(t, path))
		})
	}
}

// The dump of the newest version is of the schema that its step makes: otherwise a step was changed after it was released,
// or the dump has to be written again.
func TestDumpIsOfItsSchema(t *testing.T) {
	steps, err := migrationSteps()
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(dumpOf(len(steps)))
	if err != nil {
		t.Fatal(err)
	}
	schema := func(text string) string {
		text, triggers, _ := strings.Cut(text, dumpedTriggers)
		text, _, _ = strings.Cut(text, "\nINSERT")
		text, _, _ = strings.Cut(text, "\nDELETE")
		return strings.TrimSpace(text) + "\n" + triggers
	}
	if diff := cmp.Diff(schema(string(script)), schema(dump(t, openNew(t).path))); diff != "" {
		t.Errorf("a store of today has another schema: run the test with -update-schema if it was not released (-dump +made):\n%s", diff)
	}
}

const exampleText = `<p>央视网消息：春耕时节，各地农村信用社加大支农贷款投放力度，农资供应充足，农民备耕有序。</p>
<p>记者从县农商行了解到，今年以来已发放春耕贷款三亿元，惠及农户一万二千户，贷款利率比去年下降半个百分点。</p>
<p>下一步，该行将继续推进整村授信，让普惠金融的活水流向田间地头，为粮食安全提供有力的金融支撑。</p>`

// richest is full without the NUL, which SQL text cannot hold.
func richest() feeds.Draft {
	d := full()
	d.Entry.Title = strings.ReplaceAll(d.Entry.Title, "\x00", "")
	return d
}

// exampleHub is the address of a hub.
const exampleHub = "https://hub.example/"

// example fills a store with something of everything that a store can hold.
func example(t *testing.T, s *Store) {
	rich := richest()
	rich.Made = feeds.Category{Slug: "nongcunjinrongshibao", Title: "农村金融时报新闻", Outlets: []string{"农村金融时报"}}
	rich.Entry.Categories = append(rich.Entry.Categories, rich.Made.Slug)
	rich.Item.Category, rich.ByPost = feeds.Category{Slug: "21shijijingjibaodao 21caijingAPP"}, true
	first, second := titled(2, "春耕备耕有序", noon.Add(-2*time.Hour), "nongjinwang"), titled(3, "春耕备耕有序", noon.Add(-time.Hour), "nongjinwang")
	first.Entry.Body, second.Entry.Body, second.Entry.Outlet = exampleText, exampleText, "央视网"
	hidden, edited := titled(4, "撤下的报道", noon.Add(-3*time.Hour), "nongjinwang"), titled(5, "利率公告", noon.Add(-4*time.Hour), "nongjinwang")
	pruned := titled(7, "去年的旧闻", noon.Add(-300*day), "nongjinwang")
	save(t, s, batch(noon, rich, first, second, hidden, edited, titled(6, "不归类的消息", noon.Add(-5*time.Hour)), pruned))
	edited.Entry.Title, edited.Digest = "利率公告（更正）", feeds.Digest{1}
	save(t, s, batch(noon.Add(time.Hour), edited))
	hide(t, s, hidden)
	prune(t, s, Limits{OlderThan: noon.Add(-100 * day)}, true)
	held := titled(8, "锟斤拷烫烫烫", noon.Add(-6*time.Hour))
	held.Entry.Held = "its text is garbled"
	save(t, s, batch(noon, held))
	state := feeds.State{Failures: 2, LastError: "503", Held: "源站清空", HeldSince: noon, LastPoll: noon, Rights: "excerpt", Gone: noon,
		Move: feeds.Move{From: "https://a.example/", To: "https://b.example/农金", Since: noon}, Hints: feeds.Hints{Interval: time.Hour}}
	save(t, s, feeds.Batch{Source: "金融时报", Now: noon, State: state})
	if _, err := s.Published(t.Context(), []string{"chunbo", "nongjinwang"}); err != nil {
		t.Fatal(err)
	}
	_, err := s.PutPublication(t.Context(), Publication{Revision: 7, Settings: "农金"}, map[string]Head{"nongjinwang": {Newest: noon, Changed: noon}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddPings(t.Context(), exampleHub, []string{"https://finews.example.org/nongjinwang.xml"}, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.PutPublicationFault(t.Context(), "public", PublicationFault{Since: noon, ToldAt: noon, Fault: "少了两条"}); err != nil {
		t.Fatal(err)
	}
}

// publishedAsItWas fails the test unless the store has what example published, and its entries have places.
func publishedAsItWas(t *testing.T, s *Store, version int) {
	t.Helper()
	if wrong := query(t, s, `SELECT count(*) FROM (SELECT place, row_number() OVER (PARTITION BY category ORDER BY listed, entry) AS want FROM entry_categories) WHERE place < want`); wrong != 0 {
		t.Errorf("%d places are not in the order in which their entries came", wrong)
	}
	if given := query(t, s, `SELECT last FROM category_places WHERE category = 'nongjinwang'`); given < 4 {
		t.Errorf("%d places are given in nongjinwang, want 4 or more", given)
	}
	if c, err := s.Changes(t.Context(), 0); err != nil || c.Revision < 1 || !c.All {
		t.Errorf("changes are %+v, %v; want all, at a revision", c, err)
	}
	if version < 3 {
		return
	}
	heads, err := s.Heads(t.Context())
	if want := (Head{Newest: noon, Changed: noon}); err != nil || heads["nongjinwang"] != want || len(heads) != 2 {
		t.Errorf("heads are %v, %v", heads, err)
	}
	if pings, err := s.Pings(t.Context(), exampleHub); err != nil || len(pings) != 1 || pings[0].Since != noon {
		t.Errorf("pings are %v, %v", pings, err)
	}
	if names, err := s.FormerNames(t.Context()); err != nil || !cmp.Equal(names, []FormerName{{"21shijijingjibaodao 21caijingAPP", []string{"xiangcunzhenxing"}}}) {
		t.Errorf("former names are %q, %v", names, err)
	}
	if gone := query(t, s, `SELECT count(*) FROM gone WHERE id <> '' AND number = 7`); gone != 1 {
		t.Errorf("%d pages are known by what had them, want 1", gone)
	}
	if marks := query(t, s, `SELECT count(*) FROM publications WHERE revision = 7 AND settings = '农金'`); marks != 1 {
		t.Errorf("%d publications are remembered, want 1", marks)
	}
	if f, err := s.PublicationFault(t.Context(), "public"); err != nil || f.Fault != "少了两条" || f.Since != noon {
		t.Errorf("what could not be published is %+v, %v", f, err)
	}
}

// asItWas fails the test unless the store has all that example put into it.
func asItWas(t *testing.T, s *Store, version int) {
	want := []string{richest().Entry.Title, "春耕备耕有序", "春耕备耕有序", "撤下的报道", "利率公告（更正）", "不归类的消息"}
	if version > 1 {
		want = append(want, "锟斤拷烫烫烫")
	}
	if diff := cmp.Diff(want, left(t, s)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	ctx := t.Context()
	find := func(n int) feeds.Entry {
		t.Helper()
		e, err := s.Find(ctx, fmt.Sprint(n))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if got, want := find(1), richest().Entry; got.Body != want.Body || !cmp.Equal(got.Enclosures, want.Enclosures) || len(got.Categories) != 3 || !got.Own {
		t.Errorf("the first entry is %+v", got)
	}
	if story, err := s.Story(ctx, find(3)); err != nil || len(story) != 2 {
		t.Errorf("the story has %d copies, %v", len(story), err)
	}
	if find(4).Hidden.IsZero() {
		t.Error("what was taken down is shown")
	}
	if versions, err := s.Versions(ctx, 5); err != nil || len(versions) != 1 || versions[0].Entry.Title != "利率公告" {
		t.Errorf("earlier versions: %+v, %v", versions, err)
	}
	if gone, err := s.Gone(ctx, 0); err != nil || len(gone) != 2 {
		t.Errorf("gone: %v, %v", gone, err)
	}
	if made, err := s.Categories(ctx); err != nil || len(made) != 1 || made[0].Title != "农村金融时报新闻" {
		t.Errorf("made categories: %+v, %v", made, err)
	}
	if state, err := s.State(ctx, "金融时报"); err != nil || state.Held != "源站清空" || state.Rights != "excerpt" {
		t.Errorf("a state: %+v, %v", state, err)
	}
	if state, err := s.State(ctx, "金融时报"); version > 1 && (err != nil || state.Gone != noon || state.Move.To != "https://b.example/农金" || state.Hints.Interval != time.Hour) {
		t.Errorf("of version 2 a state is %+v, %v", state, err)
	}
	if held, err := s.Entries(ctx, Filter{Held: true}); err != nil || len(held) != min(version-1, 1) {
		t.Errorf("%d entries are held, %v", len(held), err)
	}
	if left, err := s.Published(ctx, []string{"nongjinwang"}); err != nil || len(left) != 1 || left[0] != "chunbo" {
		t.Errorf("published before and not now: %v, %v", left, err)
	}
	if all, err := s.Everything(ctx, 0, 100); err != nil || len(all) != len(want) || all[0].Item.Name != richest().Item.Name {
		t.Errorf("%d entries with what their sources sent, %v", len(all), err)
	}
	sound(t, s)
}

// goesOn fails the test unless the store of example can be added to as one of today.
func goesOn(t *testing.T, s *Store) {
	edited := titled(2, "春耕备耕有序（更正）", noon, "nongjinwang")
	edited.Entry.Body, edited.Digest = exampleText, feeds.Digest{2}
	pruned := titled(7, "去年的旧闻（更正）", noon.Add(-300*day), "nongjinwang")
	pruned.Digest[0]++
	id := idOf(t, s, "春耕备耕有序")
	if got := save(t, s, batch(noon, titled(100, "新到的消息", noon, "nongjinwang"), edited, pruned, draft(6))); got != (Saved{New: 1, Updated: 1, Unchanged: 2}) {
		t.Errorf("saved %+v", got)
	}
	if got, err := s.Entry(t.Context(), id); err != nil || got.Title != "春耕备耕有序（更正）" {
		t.Errorf("the edited entry is %+v, %v", got, err)
	}
	if _, err := s.Hide(t.Context(), 1, false, noon); err != nil {
		t.Error(err)
	}
	prune(t, s, Limits{PerCategory: 2}, false)
	sound(t, s)
}

// idOf returns the id of the first entry of that title.
func idOf(t *testing.T, s *Store, title string) (id string) {
	t.Helper()
	if err := s.reader.QueryRow(`SELECT id FROM entries WHERE title = ? ORDER BY number`, title).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}
