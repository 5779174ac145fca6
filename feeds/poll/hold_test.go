package poll_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/poll"
)

// casino is what stands at an address whose owner has lost it.
func casino(n int) []post {
	var posts []post
	for i := range n {
		posts = append(posts, post{fmt.Sprint("C", i), fmt.Sprintf("https://casino.example/%d", i), fmt.Sprintf("农商行 开户送彩金%d", i), monday, ""})
	}
	return posts
}

func (w *town) state() feeds.State {
	w.t.Helper()
	state, err := w.store.State(w.t.Context(), subject)
	if err != nil {
		w.t.Fatal(err)
	}
	return state
}

// held asserts that the row is that of a document held back, with a sentence that holds the words, and no command: who shows it adds that.
func (w *town) held(row poll.Result, words ...string) {
	w.t.Helper()
	if row.Outcome != poll.Held || row.Phase != "held" || row.Status != http.StatusOK {
		w.t.Fatalf("poll %d is not held: %+v", w.polls, row)
	}
	if strings.Contains(row.Cause, "finews accept") {
		w.t.Errorf("poll %d: the cause says what to do: %s", w.polls, row.Cause)
	}
	for _, word := range words {
		if !strings.Contains(row.Cause, word) {
			w.t.Errorf("poll %d: the cause does not say %q: %s", w.polls, word, row.Cause)
		}
	}
	if state := w.state(); state.Held != row.Cause || !state.HeldSince.Equal(row.FailingSince.Truncate(time.Second)) || state.Failing() {
		w.t.Errorf("poll %d: state %+v, row %+v", w.polls, state, row)
	}
}

func (w *town) accept() {
	w.t.Helper()
	accepted, err := w.store.Accept(w.t.Context(), subject, w.now)
	if err != nil || accepted.Held == "" {
		w.t.Fatalf("accepted %+v, %v", accepted, err)
	}
}

func TestFault42ReplacedWholesale(t *testing.T) {
	w := newTown(t)
	w.brings(county(5)...)
	validators := w.state().Validators
	row := w.brings(casino(5)...)
	w.held(row, "none of its 5 entries", "casino.example", "county.example")
	if !row.Tell || row.NextPoll.Sub(w.now) > 15*time.Minute {
		t.Errorf("the first time: %+v", row)
	}
	if row = w.brings(casino(6)...); row.Tell {
		t.Errorf("told again within the hour: %+v", row)
	}
	w.now = w.now.Add(23 * time.Hour)
	if row = w.brings(casino(5)...); !row.Tell || !row.FailingSince.Equal(w.now.Add(-25*time.Hour).Truncate(time.Second)) {
		t.Errorf("told a day later, since the first: %+v", row)
	}
	if state := w.state(); state.Validators != validators {
		t.Errorf("validators %+v of what was held took the place of %+v", state.Validators, validators)
	}

	w.accept()
	w.speaks["/subject.xml"] = func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusBadGateway) }
	w.brings()
	if !w.state().Accepted {
		t.Error("a failed request used up what the operator accepted")
	}
	delete(w.speaks, "/subject.xml")
	row = w.brings(casino(5)...)
	counted(t, row, 5, 0, 0, 0)
	if state := w.state(); !row.Recovered || state.Accepted || state.Held != "" || !state.HeldSince.IsZero() {
		t.Errorf("after it was accepted: %+v, state %+v", row, state)
	}
	if n := len(w.snapshot()); n != 10 {
		t.Errorf("%d entries, want the old ones and the new", n)
	}
	w.held(w.brings(post{"B", "https://bank.example/1", "农商行", monday, ""}), "bank.example") // accepted once, not for ever
}

func TestFault42TheOldItemsComeBack(t *testing.T) {
	for _, back := range []string{"in a new document", "unchanged, by validator", "unchanged, by hash"} {
		t.Run(back, func(t *testing.T) {
			w := newTown(t)
			old := rss(item("1", "农商行", ""))
			w.speaks["/subject.xml"] = func(out http.ResponseWriter, r *http.Request) {
				if back == "unchanged, by validator" {
					out.Header().Set("ETag", `"旧"`)
					if r.Header.Get("If-None-Match") == `"旧"` {
						out.WriteHeader(http.StatusNotModified)
						return
					}
				}
				old(out, r)
			}
			speak := w.speaks["/subject.xml"]
			counted(t, w.poll(poll.Request{Force: true}).Results[1], 1, 0, 0, 0)
			delete(w.speaks, "/subject.xml")
			w.held(w.brings(casino(3)...))
			w.speaks["/subject.xml"] = speak
			if back == "in a new document" {
				w.speaks["/subject.xml"] = rss(item("1", "农商行", ""), item("2", "农商行乙", ""))
			}
			w.now = w.now.Add(time.Hour)
			row := w.poll(poll.Request{}).Results[1]
			if state := w.state(); row.Failed() || !row.Recovered || state.Held != "" {
				t.Errorf("%+v, state %+v", row, state)
			}
		})
	}
}

func TestFault42EmptyWhereItHadSome(t *testing.T) {
	w := newTown(t)
	counted(t, w.brings(), 0, 0, 0, 0) // never at first
	w.brings(county(3)...)
	w.held(w.brings(), "sent no entries where it had some")
	w.held(w.brings(post{date: monday}, post{date: monday}), "none of its 2 entries", "link to nothing") // a template error, too
	w.accept()
	for range 3 {
		if row := w.brings(); row.Outcome != poll.Read {
			t.Errorf("it was accepted that it is empty: %+v", row)
		}
	}
	counted(t, w.brings(county(4)...), 1, 0, 3, 0)
	w.held(w.brings())
}

// TestFault42WhatIsNotSuspicious: each of these replaces all items but one, or all of them, and is no hijack.
func TestFault42WhatIsNotSuspicious(t *testing.T) {
	at := func(link, title string) post { return post{title, link, "农商行" + title, monday, ""} }
	for _, c := range []struct {
		name     string
		old, new []post
	}{
		{"another item of the same host", []post{at("https://county.example/1", "甲")}, []post{at("https://county.example/2", "乙")}},
		{"a host of the same site", []post{at("https://www.county.com.cn/1", "甲")}, []post{at("https://news.county.com.cn/2", "乙")}},
		{"one old item is left", county(9), append(casino(9), county(1)...)},
		{"one host of many is the same", []post{at("https://a.example/1", "甲"), at("https://b.example/1", "乙")}, []post{at("https://c.example/1", "丙"), at("https://B.example:8080/2", "丁")}},
		{"no links on either side", []post{{guid: "甲", title: "农商行甲"}}, []post{{guid: "乙", title: "农商行乙"}}},
		{"the same GUIDs at a new address", []post{at("https://county.example/1", "甲")}, []post{at("https://xianyu.example/1", "甲")}},
		{"an address instead of a name", []post{at("http://[2001:db8::1]/1", "甲")}, []post{at("http://[2001:db8::1]:8080/2", "乙")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t)
			w.brings(c.old...)
			if row := w.brings(c.new...); row.Outcome != poll.Read {
				t.Errorf("%+v", row)
			}
		})
	}
}

func TestFault42WhatIsSuspicious(t *testing.T) {
	at := func(link, title string) post { return post{title, link, "农商行" + title, monday, ""} }
	for _, c := range []struct {
		name     string
		old, new []post
	}{
		{"another customer of one public suffix", []post{at("https://county.com.cn/1", "甲")}, []post{at("https://casino.com.cn/2", "乙")}},
		{"another user of one host for all", []post{at("https://county.github.io/1", "甲")}, []post{at("https://casino.github.io/2", "乙")}},
		{"the old name within another", []post{at("https://county.example/1", "甲")}, []post{at("https://county.example.casino.top/1", "乙")}},
		{"another number", []post{at("http://203.0.113.1/1", "甲")}, []post{at("http://198.51.113.1/1", "乙")}},
		{"links where there were none", []post{{guid: "甲", title: "农商行甲"}}, casino(1)},
		{"no links where there were some", county(3), []post{{guid: "乙", title: "农商行乙"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t)
			w.brings(c.old...)
			w.held(w.brings(c.new...))
		})
	}
}

func TestFault42HeldAndFailingByTurns(t *testing.T) {
	w := newTown(t)
	w.brings(county(3)...)
	broken := func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusBadGateway) }
	told := 0
	for n := range 8 {
		if delete(w.speaks, "/subject.xml"); n%2 == 1 {
			w.speaks["/subject.xml"] = broken
		}
		if row := w.brings(casino(3)...); row.Tell {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times within a day", told)
	}
	w.speaks["/subject.xml"] = broken
	w.brings()
	if state := w.state(); state.Held == "" || state.HeldSince.IsZero() {
		t.Errorf("a failure forgot that something is held: %+v", state)
	}
}

func TestFault42HostileNames(t *testing.T) {
	w := newTown(t)
	w.poller.Catalogue.Sources[1].Name = "县报 '财经'; rm -rf"
	w.sends["/subject.xml"] = county(3)
	w.now = w.now.Add(time.Hour)
	w.poll(poll.Request{Force: true})
	w.sends["/subject.xml"] = []post{{"1", "https://" + strings.Repeat("坏", 60) + ".example/\u202e", "农商行", monday, ""}}
	w.now = w.now.Add(time.Hour)
	row := w.poll(poll.Request{Force: true}).Results[1]
	if row.Outcome != poll.Held || len([]rune(row.Cause)) > 400 {
		t.Errorf("%+v", row)
	}
}

func TestFault42FolderOfPostsIsNeverHeld(t *testing.T) {
	h := newHouse(t)
	folder := t.TempDir()
	posts := h.source("旧站")
	posts.Kind, posts.URL, posts.Path = feeds.KindPosts, "", folder
	h.poller.Catalogue.Sources = []feeds.Source{posts}
	write := func(name, link string) {
		text := "---\ntitle: 农商行" + name + "\ndate: 2022-04-11 10:46:17 +0800\n---\n正文。\n\n<" + link + ">\n"
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("2022-04-11-A.md", "https://county.example/1")
	counted(t, h.poll(poll.Request{Force: true}).Results[0], 1, 0, 0, 0)
	before := h.channel()
	os.Remove(filepath.Join(folder, "2022-04-11-A.md"))
	if row := h.poll(poll.Request{Force: true}).Results[0]; row.Failed() {
		t.Errorf("an emptied folder: %+v", row)
	}
	if diff := cmp.Diff(before, h.channel()); diff != "" {
		t.Errorf("after the folder was emptied, -before +after:\n%s", diff)
	}
	write("2022-04-12-B.md", "https://casino.example/1")
	counted(t, h.poll(poll.Request{Force: true}).Results[0], 1, 0, 0, 0)
}
