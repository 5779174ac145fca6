package parse

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

func TestCutHTML(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"支农", 6, "支农"}, {"支农", 5, "支"}, {"支农", 2, ""}, {"", 0, ""},
		{"<p>支农</p>", 9, "<p>支农"}, {"<p>支农</p>", 12, "<p>支农"}, {"<p>支农</p>后", 13, "<p>支农</p>"},
		{`支<a title="1 > 2" href="x">农</a>`, 20, "支"}, {`支<a title='">'>农</a>`, 16, "支"},
		{"支&amp;农", 5, "支"}, {"支&amp;农", 8, "支&amp;"}, {"A&B&C农", 4, "A&B"},
		{"支<!-- 农 -->信", 10, "支"}, {"支<!-- 农 -->信", 15, "支<!-- 农 -->"}, {"支 < 农信", 9, "支 < 农"}, {"支<农信", 7, "支<农"},
	} {
		if got := cutHTML(c.text, c.limit); got != c.want {
			t.Errorf("%q at %d: %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

func TestBoundItem(t *testing.T) {
	long := strings.Repeat("农", 5_000)
	item := feeds.Item{GUID: long + "1", Title: long, Outlet: long}
	for i := range 100 {
		item.Authors = append(item.Authors, fmt.Sprint(i, long))
		item.Tags = append(item.Tags, fmt.Sprint(i, long))
	}
	other := item
	other.GUID = long + "2"
	a, b := boundItem(item), boundItem(other)
	if a.GUID == b.GUID || len(a.GUID) != len("sha256:")+64 || !strings.HasPrefix(a.GUID, "sha256:") {
		t.Errorf("GUIDs %q and %q", a.GUID, b.GUID)
	}
	if utf8.RuneCountInString(a.Title) != 2000 || utf8.RuneCountInString(a.Outlet) != 200 || len(a.Authors) != 20 || len(a.Tags) != 50 {
		t.Errorf("title of %d, outlet of %d, %d authors, %d tags", len(a.Title), len(a.Outlet), len(a.Authors), len(a.Tags))
	}
	if utf8.RuneCountInString(a.Tags[49]) != 200 || len(a.Faults) != 2 {
		t.Errorf("tag %q, faults %q", a.Tags[49], a.Faults)
	}
	small := feeds.Item{GUID: "1", Title: "农信", Body: "<p>支农</p>", Authors: []string{"记者"}}
	if got := boundItem(small); got.Digest() != small.Digest() || len(got.Faults) != 0 {
		t.Errorf("a small item became %+v", got)
	}
}

// TestRescue: a panic becomes an error with the stack of where it was, and leaves no result.
func TestRescue(t *testing.T) {
	panics := func() (result Result, err error) {
		defer recovered(&err)
		result.Torn = true
		var nothing *feeds.Item
		return Result{Items: []feeds.Item{*nothing}}, nil
	}
	result, err := panics()
	panicked, ok := err.(*PanicError)
	if !ok || result.Torn || !strings.Contains(string(panicked.Stack), "TestRescue") || !strings.HasPrefix(err.Error(), "the parser panicked: ") {
		t.Errorf("%+v, %v", result, err)
	}
}
