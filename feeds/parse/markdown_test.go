package parse

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestIntricateMarkdownIsKeptAsText shows what would cost goldmark seconds to minutes, or gigabytes.
func TestIntricateMarkdownIsKeptAsText(t *testing.T) {
	var lists, definitions strings.Builder
	for i := range 300 {
		lists.WriteString(strings.Repeat("  ", i) + "- 农信\n")
		fmt.Fprintf(&definitions, "[农信%d]: /a\n", i)
	}
	address := "[a]: /" + strings.Repeat("农", 20_000) + "\n\n"
	for name, body := range map[string]string{
		"references":       address + strings.Repeat("[a]", 50_000),
		"fewer references": address + strings.Repeat("[a]", 1_000),
		"long, referred":   "[a]: /b\n\n" + strings.Repeat("[a]", 1_900) + strings.Repeat("农", 2_000),
		"brackets":         strings.Repeat("[", 2_100),
		"open links":       strings.Repeat("[农](", 30_000),
		"long open links":  strings.Repeat("[农]("+strings.Repeat("b", 120), 1_900),
		"quotes":           strings.Repeat(">", 200_000),
		"lists":            lists.String(),
		"lists in a line":  strings.Repeat("- ", 2_000) + "农信",
		"definitions":      definitions.String(),
		"emphasis":         strings.Repeat("*农_", 3_000),
		"tenfold":          strings.Repeat("#\n", 120_000), // 2 bytes become 10
	} {
		rendered, faults := markdown([]byte(body))
		if len(faults) != 1 || faults[0] != "its Markdown is too intricate: kept as text" {
			t.Errorf("%s: faults %q", name, faults)
		}
		if !strings.HasPrefix(rendered, "<p>") {
			t.Errorf("%s: body starts %.40q", name, rendered)
		}
	}
}

func TestOrdinaryMarkdownIsRendered(t *testing.T) {
	for body, want := range map[string]string{
		"农信\n\n<div>\n" + strings.Repeat(" ", 200) + "<p>社</p>\n</div>\n": "<div>",
		"[农信][a]\n\n[a]: https://example.org/":                            `<a href="https://example.org/">农信</a>`,
		"> > - **农信**":           "<strong>农信</strong>",
		strings.Repeat("-", 300): "<hr>",
	} {
		if rendered, faults := markdown([]byte(body)); !strings.Contains(rendered, want) || len(faults) != 0 {
			t.Errorf("%.40q became %.200q, faults %q", body, rendered, faults)
		}
	}
}

func TestLongMarkdownIsCut(t *testing.T) {
	for name, line := range map[string]string{"lines": "农信社\n\n", "one line": "农信社"} {
		rendered, faults := markdown([]byte(strings.Repeat(line, 60_000)))
		if len(faults) != 1 || !strings.Contains(faults[0], "cut") || len(rendered) < maxMarkdown/2 || len(rendered) > 2*maxMarkdown {
			t.Errorf("%s: %d bytes, faults %q", name, len(rendered), faults)
		}
		if !utf8.ValidString(rendered) {
			t.Errorf("%s: cut within a character: ends %q", name, rendered[len(rendered)-20:])
		}
	}
}
