package main

import (
	"strconv"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

func TestDifferenceOfAnEdit(t *testing.T) {
	old := feeds.Entry{Title: "农商行支农", Outlet: "农金网", Body: body("首段", "贷款一亿元", "末段")}
	for _, c := range []struct {
		name string
		edit func(*feeds.Entry)
		want string
	}{
		{"nothing that people read", func(e *feeds.Entry) { e.Image = "https://county.example/1.png" }, "  only markup, images or the like\n"},
		{"title and outlet", func(e *feeds.Entry) { e.Title, e.Outlet = "农商行助农", "农民日报" },
			"- title: 农商行支农\n+ title: 农商行助农\n- outlet: 农金网\n+ outlet: 农民日报\n"},
		{"a paragraph replaced", func(e *feeds.Entry) { e.Body = body("首段", "贷款两亿元", "末段") }, "- 贷款一亿元\n+ 贷款两亿元\n"},
		{"a paragraph added", func(e *feeds.Entry) { e.Body = body("首段", "贷款一亿元", "又一段", "末段") }, "+ 又一段\n"},
		{"a paragraph moved", func(e *feeds.Entry) { e.Body = body("贷款一亿元", "首段", "末段") }, "- 首段\n+ 首段\n"},
		{"all gone", func(e *feeds.Entry) { e.Body = "" }, "- 首段\n- 贷款一亿元\n- 末段\n"},
	} {
		edited := old
		c.edit(&edited)
		if got := (edit{before: old, after: edited}).difference(); got != c.want {
			t.Errorf("%s:\n%swant:\n%s", c.name, got, c.want)
		}
	}
}

// TestDifferenceOfLongTexts holds the bound: what is too long to compare is shown as replaced, but for its ends.
func TestDifferenceOfLongTexts(t *testing.T) {
	const lines = 5000
	before, after := []string{"首段"}, []string{"首段"}
	for i := range lines {
		before, after = append(before, "前"+strconv.Itoa(i)), append(after, "后"+strconv.Itoa(i))
	}
	before[lines/2], after[lines/3] = "同一段", "同一段"
	got := lineDifference(append(before, "末段"), append(after, "末段"))
	if len(got) != 2*lines {
		t.Errorf("%d lines, want %d", len(got), 2*lines)
	}
}

// body makes a body of paragraphs.
func body(paragraphs ...string) feeds.SafeHTML {
	return feeds.SafeHTML("<p>" + strings.Join(paragraphs, "</p><p>") + "</p>")
}
