package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"finews.withounder.com/feeds/poll"
)

// reportStyle says how a cycle is reported.
type reportStyle struct {
	json, verbose bool
	quiet         bool // as on a pipe, also on a terminal
}

func (s *reportStyle) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&s.json, "json", false, "print the report as JSON")
	cmd.Flags().BoolVarP(&s.verbose, "verbose", "v", false, "print the table also where there is no terminal")
	cmd.MarkFlagsMutuallyExclusive("json", "verbose")
}

// printer reports a cycle: as JSON, as a table with progress, or, on a pipe, only what the operator must know.
type printer struct {
	program
	style reportStyle
	table bool
	bar   *progressbar.ProgressBar // nil: none is shown
	mark  func(poll.Result) string // put behind a source's outcome; nil: nothing is

	minute func(time.Time) string // writes a time as people read it
}

func (h *house) newPrinter(p program, style reportStyle, sources int) *printer {
	pr := &printer{program: p, style: style, minute: h.minute}
	pr.table = !style.json && !style.quiet && (style.verbose || isTerminal(p.stdout))
	if !style.json && !style.quiet && isTerminal(p.stderr) {
		pr.bar = progressbar.NewOptions(sources, progressbar.OptionSetWriter(p.stderr),
			progressbar.OptionSetDescription("polling"), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	}
	return pr
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

func (pr *printer) progress(poll.Result) {
	if pr.bar != nil {
		pr.bar.Add(1) // a bar that cannot be drawn is no failure of the poll
	}
}

// held says that another run is at work.
func (pr *printer) held(who string) error {
	fmt.Fprintf(pr.stderr, "finews: already running (%s): nothing was done\n", who)
	if pr.style.json {
		return json.NewEncoder(pr.stdout).Encode(map[string]any{"already_running": who, "sources": []poll.Result{}})
	}
	return nil
}

// done prints the report of a cycle; of one that never began, nothing.
func (pr *printer) done(s summary) error {
	if pr.bar != nil {
		pr.bar.Finish()
	}
	if s.Started.IsZero() {
		return nil
	}
	switch {
	case pr.style.json:
		return pr.printJSON(s)
	case pr.table:
		pr.printTable(s)
		printFaults(pr.stdout, s.Results)
	}
	for _, r := range s.Results {
		if r.Failed() && (pr.table || r.Tell) {
			since, cause := "failing", r.Cause
			if r.Outcome == poll.Held {
				since, cause = "held", cause+" If this is right: "+howToAccept(r.Source)
			}
			fmt.Fprintf(pr.stderr, "finews: %s: %s: %s (%s%s since %s, %s)\n",
				r.Source, r.Phase, printable(cause), pr.place(r), since, pr.minute(r.FailingSince), pr.again(r))
		}
		if r.Recovered {
			fmt.Fprintf(pr.stderr, "finews: %s: works again\n", r.Source)
		}
	}
	fmt.Fprint(pr.stderr, s.standing.recovery(pr.minute))
	return nil
}

// place returns the address that failed, for the line that tells of it.
func (pr *printer) place(r poll.Result) string {
	if r.URL == "" {
		return ""
	}
	return printable(r.URL) + ", "
}

// again says when a source that failed is asked again, and of one that is gone, what makes finews do so.
func (pr *printer) again(r poll.Result) string {
	if r.NextPoll.IsZero() {
		return "not asked again; " + howToAccept(r.Source) + " asks it again"
	}
	return "asked again " + pr.minute(r.NextPoll)
}

func (pr *printer) printTable(s summary) {
	t := table.NewWriter()
	t.SetOutputMirror(pr.stdout)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{"source", "what happened", "new", "updated", "unchanged", "time"})
	for _, r := range s.Results {
		happened := string(r.Outcome)
		if r.Outcome == poll.NotDue {
			happened += " until " + pr.minute(r.NextPoll)
		}
		if r.Outcome == poll.Gone {
			happened += " since " + pr.minute(r.FailingSince)
		}
		if r.Waiting > 0 {
			happened += fmt.Sprintf(", %d wait", r.Waiting)
		}
		if pr.mark != nil {
			happened += pr.mark(r)
		}
		t.AppendRow(table.Row{r.Source, happened, r.New, r.Updated, r.Unchanged, fmt.Sprintf("%.0f ms", r.Seconds*1000)})
	}
	t.Render()
	fmt.Fprintf(pr.stdout, "%d files written, %d unchanged\n", s.Published.Written, s.Published.Unchanged)
}

// printable replaces what would move a terminal's cursor or start a line of its own: GUIDs, titles and causes are the
// upstream's words. Blanks of any width are harmless, and Chinese text has wide ones.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
