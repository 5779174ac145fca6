package sanitize_test

import (
	"slices"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"finews.withounder.com/sanitize"
)

func rules(t *testing.T, remove ...string) sanitize.Rules {
	t.Helper()
	r, err := sanitize.NewRules(remove)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRulesLeaveTheText: selectors that match most of an article are not heeded, and the fault says which they are.
func TestRulesLeaveTheText(t *testing.T) {
	const picture = `<img src="https://img.county.example/1.png">`
	for _, c := range []struct {
		name, dirty string
		html        feeds.SafeHTML
		fault       string
	}{
		{"the bar alone", `<p>春播贷款一亿元。</p><div class="share">分享到微信</div>`, "<p>春播贷款一亿元。</p>", ""},
		{"all by one", `<div class="ad"><p>农商行支农。</p></div>`, "<p>农商行支农。</p>", "most of the text out, by .ad (1): the body"},
		{"all but a footer", `<div class="ad"><p>县联社向三百户菜农发放春耕贷款。</p></div><p>分享</p>`, "<p>县联社向三百户菜农发放春耕贷款。</p>\n<p>分享</p>", "by .ad (1): the body"},
		{"all by two", `<div class="ad"><p>农商行</p></div><p class="share">支农</p>`, "<p>农商行</p>\n<p>支农</p>", "by .share (1), .ad (1): the body"},
		{"all but the picture", picture + `<div class="ad">农商行支农。</div>`, "", "by .ad (1): the body"},
		{"a picture that is removed", `<div class="ad">` + picture + `</div>`, "", ""},
		{"nothing at all", `<script>x()</script>`, "", ""},
	} {
		got := rules(t, ".share", ".ad").Clean(c.dirty, "https://county.example/1")
		if c.html != "" && got.HTML != c.html {
			t.Errorf("%s: %s, want %s", c.name, got.HTML, c.html)
		}
		told := strings.Join(got.Faults, "\n")
		if (c.fault == "") != (told == "") || !strings.Contains(told, c.fault) {
			t.Errorf("%s: faults %q, want %q", c.name, told, c.fault)
		}
		if c.fault != "" && (got.Text == "" || slices.ContainsFunc(got.Removed, func(s string) bool { return strings.Contains(s, "remove") })) {
			t.Errorf("%s: text %q, removed %q", c.name, got.Text, got.Removed)
		}
	}
}

// TestRulesAreSafeForSeveral runs one set of rules over bodies at the same time, for go test -race.
func TestRulesAreSafeForSeveral(t *testing.T) {
	r := rules(t, ".share", ".ad")
	for i := range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			class := []string{"share", "ad", "text", "ad share"}[i]
			if got := r.Clean(`<p class="`+class+`">正文</p>`, ""); got.Text != "正文" {
				t.Errorf("%s: %q", class, got.Text)
			}
		})
	}
}

// Selectors that look at many elements are not heeded on bodies that have many.
func TestRulesAreBounded(t *testing.T) {
	for _, css := range []string{".ad ~ i", "i:nth-child(2n+40000)", ".related ~ i ~ i", ".x div div p", "section:contains(贷)"} {
		many := strings.Repeat("<div>", 200) + "<p class=ad>广告</p><p>正文很长，是真正的文章。</p>" + strings.Repeat("<i></i>", 3_000)
		if got := strings.Join(rules(t, css).Clean(many, "").Faults, "\n"); !strings.Contains(got, "would take too long") {
			t.Errorf("%s: faults %q", css, got)
		}
		few := `<div class="related">相关</div><p>正文很长，是真正的文章，比相关的东西长得多。</p><i>广告</i>`
		if got := rules(t, css).Clean(few, "").Faults; got != nil {
			t.Errorf("%s: faults %q", css, got)
		}
	}
	if got := rules(t, ".ad", "#ad", "div.ad > p").Clean(strings.Repeat("<div>", 200)+strings.Repeat("<i>农</i>", 1_000), "").Faults; got != nil {
		t.Errorf("names alone: faults %q", got)
	}
}
