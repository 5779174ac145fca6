package publish

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestBlockKeepsHTML: whatever lines a body has, its block means the same to a parser of HTML, no line of it is blank, and none is so
// long that kramdown is busy with it for seconds.
func TestBlockKeepsHTML(t *testing.T) {
	for name, body := range map[string]string{
		"lines":      "<p>一</p>\n<p>二</p>\n\n \t\n\n<pre>\n\n三\n \n  四\n\n</pre>\n",
		"values":     "<p title=\"一\n\n二\">三</p>",
		"text":       "\n\n一\r\n\r\n二\r\r三",
		"many tags":  strings.Repeat("<p>农商行<b>贷款</b><br/>乡村振兴<img src=\"https://img.example/a.png\"/></p>", 4000),
		"many lines": strings.Repeat("<p>农商行</p>\n", 4000),
		"breaks":     strings.Repeat("<br/>", 20_000),
		"nothing":    "",
	} {
		t.Run(name, func(t *testing.T) {
			got := block(body)
			if want := parsed(t, "<div>"+body+"</div>"); parsed(t, strings.Replace(got, ` markdown="0"`, "", 1)) != want {
				t.Errorf("%.300q means something else than %.300q", got, body)
			}
			for line := range strings.SplitSeq(got, "\n") {
				if strings.TrimSpace(line) == "" || len(line) > maxBlockLine+200 {
					t.Errorf("a line of %d bytes: %.300q", len(line), line)
				}
			}
		})
	}
}

// parsed returns HTML as a parser understands it.
func parsed(t *testing.T, text string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := html.Render(&b, root); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
