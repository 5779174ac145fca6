package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"finews.withounder.com/storage"
)

// mostFound is the most that one search gives.
const mostFound = 100

// newSearch returns `finews search`: entries by their words.
func newSearch(p program) *cobra.Command {
	var l looking
	var q storage.Query
	var dates period
	cmd := &cobra.Command{
		Use:   "search WORDS...",
		Short: "Find entries by words in title and text",
		Long: `search finds the entries in which all words occur, the newest first; also those that no
rule filed, but not those that are hidden. One character is a word, too. "…" or 「…」
hold a phrase together, in a shell within '…'; a word with - before it must not occur.
Nothing else has a meaning, and nothing is an error. On a pipe each entry is a line of
fields between tabs: id, date, outlet, title, and the text around what was found.`,
		Example: `  finews search 普惠金融 农商行
  finews search '"普惠金融 支农"' -招聘
  finews search 农 --outlet 农金网 --since 2022-04-01 --best`,
		DisableFlagParsing: true, // -招聘 is no flag: separate tells
		RunE: func(cmd *cobra.Command, arguments []string) error {
			words, err := separate(cmd, arguments)
			if err != nil {
				return err
			}
			if help, _ := cmd.Flags().GetBool("help"); help {
				return cmd.Help()
			}
			q.Text = strings.Join(words, " ")
			return runSearch(cmd, p, l, q, dates)
		},
	}
	l.add(cmd)
	dates.add(cmd)
	cmd.Flags().StringVar(&q.Category, "category", "", "only in this category, by slug")
	cmd.Flags().StringVar(&q.Outlet, "outlet", "", "only of this outlet")
	cmd.Flags().StringVar(&q.Source, "source", "", "only with the text of this source")
	cmd.Flags().BoolVar(&q.Best, "best", false, "the best first, of the newest 10000 that match")
	cmd.Flags().IntVar(&q.Limit, "limit", 20, "how many, 100 at most")
	return cmd
}

func runSearch(cmd *cobra.Command, p program, l looking, q storage.Query, dates period) error {
	if q.Limit < 1 || q.Limit > mostFound {
		return fmt.Errorf("--limit %d is not between 1 and %d", q.Limit, mostFound)
	}
	h, err := newLookingHouse(p, cmd, l.places)
	if err != nil {
		return err
	}
	if q.Since, q.Until, err = dates.read(h.catalogue.Site.Location); err != nil {
		return err
	}
	return h.look(cmd.Context(), func() error { return h.search(cmd.Context(), p, q, l.json) })
}

// separate tells the words of a search from its flags, and sets these. One dash leaves a word out, wherever it
// stands; two dashes and a Latin letter are a flag; what follows -- alone are words.
func separate(cmd *cobra.Command, arguments []string) (words []string, err error) {
	var given []string
	for i := 0; i < len(arguments); i++ {
		word := arguments[i]
		name, _, hasValue := strings.Cut(strings.TrimLeft(word, "-"), "=")
		flag := cmd.Flags().Lookup(name)
		switch {
		case word == "--":
			return append(words, arguments[i+1:]...), cmd.Flags().Parse(given)
		case word == "-h":
			given = append(given, word)
		case strings.HasPrefix(word, "--") && startsLatin(name):
			given = append(given, word)
			if takesValue := flag != nil && !hasValue && flag.NoOptDefVal == ""; takesValue && i+1 < len(arguments) {
				i++
				given = append(given, arguments[i])
			}
		case strings.HasPrefix(word, "-") && flag != nil:
			return nil, fmt.Errorf("%s: a flag has two dashes: write --%s; to leave out the word, write it after --", word, name)
		default:
			words = append(words, word)
		}
	}
	return words, cmd.Flags().Parse(given)
}

func startsLatin(s string) bool {
	return s != "" && (s[0]|0x20) >= 'a' && (s[0]|0x20) <= 'z'
}

// hitJSON is an entry that was found as --json gives it.
type hitJSON struct {
	entryJSON
	TitlePieces []pieceJSON `json:"title_pieces"`
	Snippet     []pieceJSON `json:"snippet"`
}

// pieceJSON is a part of a text. Match tells whether it is what was searched for.
type pieceJSON struct {
	Text  string `json:"text"`
	Match bool   `json:"match,omitempty"`
}

func (h *house) search(ctx context.Context, p program, q storage.Query, asJSON bool) error {
	found, err := h.store.Search(ctx, q)
	if err != nil {
		return err
	}
	if len(found.Hits) == 0 {
		if err := h.knows(ctx, q.Category, q.Source); err != nil {
			return err
		}
	}
	if asJSON {
		hits := make([]hitJSON, len(found.Hits))
		for i, hit := range found.Hits {
			hits[i] = hitJSON{entryJSON: h.entryJSON(hit.Entry), TitlePieces: piecesJSON(hit.Title), Snippet: piecesJSON(hit.Snippet)}
		}
		return p.printJSON(map[string]any{"hits": hits, "more": found.More})
	}
	terminal := isTerminal(p.stdout)
	for _, hit := range found.Hits {
		h.printHit(p, hit, terminal)
	}
	switch {
	case !terminal:
	case len(found.Hits) == 0:
		fmt.Fprintln(p.stdout, "nothing was found")
	case found.More:
		fmt.Fprintln(p.stdout, "there are more: --limit gives up to 100, --until older ones")
	}
	return nil
}

// printHit prints an entry that was found: on a terminal in two lines with the matches in bold, on a pipe in one.
func (h *house) printHit(p program, hit storage.Hit, terminal bool) {
	format := "%s\t%s\t%s\t%s\t%s\n"
	if terminal {
		format = "%s  %s  %s  %s\n    %s\n"
	}
	e := hit.Entry
	fmt.Fprintf(p.stdout, format, digits(e.ID), h.minute(e.Published), printable(e.Outlet),
		marked(hit.Title, terminal), marked(hit.Snippet, terminal))
}

// marked joins the pieces of a text, what was searched for in bold where that can be shown.
func marked(pieces []storage.Piece, bold bool) string {
	var b strings.Builder
	for _, piece := range pieces {
		shown := printable(strings.ReplaceAll(piece.Text, "\n", " "))
		if piece.Match && bold {
			shown = text.Bold.Sprint(shown)
		}
		b.WriteString(shown)
	}
	return b.String()
}

func piecesJSON(pieces []storage.Piece) []pieceJSON {
	all := make([]pieceJSON, len(pieces))
	for i, piece := range pieces {
		all[i] = pieceJSON(piece)
	}
	return all
}
