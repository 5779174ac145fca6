package main

import (
	"bytes"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/web/site"
)

// TestCommandsOfReadmeAndHelpAreRun holds README and the examples of --help to what the scripts and the gate run, with
// more flags where a script needs a port of its own.
func TestCommandsOfReadmeAndHelpAreRun(t *testing.T) {
	run := read(t, "../../.ci/run")
	scripts, _ := filepath.Glob("testdata/script/*.txtar")
	for _, name := range scripts {
		run += read(t, name)
	}
	commands := append(commandsOf(read(t, "../../README.md")), examples(newRoot(program{}))...)
	if len(commands) < 15 {
		t.Fatalf("only %d commands were found: %q", len(commands), commands)
	}
	run = strings.ReplaceAll(run, " $ADDR", "")
	for _, command := range commands {
		if !strings.Contains(run, command) {
			t.Errorf("%q is promised, and neither a script nor the gate runs it", command)
		}
	}
}

// commandLine is an indented line that somebody would type, or put in a crontab.
var commandLine = regexp.MustCompile(`(?m)^ +(?:\*/5 \* \* \* \* cd \S+ && )?((?:CGO_ENABLED=0 )?(?:\./finews|finews|go run|go test|go build) .*)$`)

func commandsOf(text string) []string {
	var commands []string
	for _, found := range commandLine.FindAllStringSubmatch(text, -1) {
		command, _, _ := strings.Cut(found[1], "|")
		command = strings.TrimSpace(command)
		command = strings.ReplaceAll(command, "go run ./cmd/finews", "finews")
		command = strings.TrimPrefix(command, "./")
		if strings.HasPrefix(command, "finews ") {
			command = "exec " + command
		}
		if strings.Contains(command, "-bench") {
			continue // minutes long; the gate runs the same chain on a few feeds
		}
		if strings.HasPrefix(command, "go test") {
			command = "$command" // the gate reads it from README itself
		}
		command = strings.TrimSuffix(command, " -o finews ./cmd/finews")
		command, _, _ = strings.Cut(command, " 127.0.0.1:") // a script serves on a port that is free
		commands = append(commands, command)
	}
	return commands
}

func examples(cmd *cobra.Command) []string {
	commands := commandsOf(cmd.Long + "\n" + cmd.Example)
	for _, sub := range cmd.Commands() {
		commands = append(commands, examples(sub)...)
	}
	return slices.Compact(commands)
}

// TestReadmeCatalogueIsGood holds the feeds.yaml that README shows to finews check.
func TestReadmeCatalogueIsGood(t *testing.T) {
	_, rest, found := strings.Cut(read(t, "../../README.md"), "```yaml\n")
	text, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatal("README shows no feeds.yaml")
	}
	if _, err := catalog.Parse("README.md", []byte(text), os.Getenv); err != nil {
		t.Error(err)
	}
}

// TestReadmeShowsTheEmbedCode holds the lines for partners to those that the category's page offers.
func TestReadmeShowsTheEmbedCode(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, "../../README.md"), "```html\n")
	want, _, found := strings.Cut(rest, "```")
	var page bytes.Buffer
	channel := feeds.Channel{Category: feeds.Category{Slug: "nongjinwang", Title: "农金网新闻"}}
	if err := site.New(feeds.Site{Title: "农金消息", URL: "https://your.site"}).Category(channel).Render(&page); err != nil {
		t.Fatal(err)
	}
	if !found || !strings.Contains(html.UnescapeString(page.String()), strings.TrimSpace(want)) {
		t.Errorf("README shows\n%s, and the page of a category does not", want)
	}
}

// TestReadmeTellsHowFast holds the figures that README promises.
func TestReadmeTellsHowFast(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, "../../README.md"), "## How fast")
	figures, _, _ := strings.Cut(rest, "\n## ")
	if !regexp.MustCompile(`[0-9.]+ ×`).MatchString(figures) {
		t.Errorf("README gives no ratio to the yardstick:\n%s", figures)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
