package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
)

// meaningOfID says what the commands take for an entry.
const meaningOfID = `ID is what entries lists, the whole id, the entry's number, the address of its page, or that
of the original.`

// newShow returns `finews show`: one entry, whole.
func newShow(p program) *cobra.Command {
	var l looking
	var history bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show an entry, and what it said before it was edited",
		Long:  "show prints one entry: what it says, when and where, and its text.\n" + meaningOfID,
		Example: `  finews show 1
  finews show 1 --history
  finews show https://county.example/1 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			h, err := newLookingHouse(p, cmd, l.places)
			if err != nil {
				return err
			}
			return h.look(cmd.Context(), func() error { return h.show(cmd.Context(), p, words[0], history, l.json) })
		},
	}
	l.add(cmd)
	cmd.Flags().BoolVar(&history, "history", false, "and its earlier versions: when they were replaced, and what was changed")
	return cmd
}

// shownJSON is what --json gives of an entry.
type shownJSON struct {
	entryJSON
	Text    string        `json:"text"`
	HTML    string        `json:"html"`
	Copies  []entryJSON   `json:"copies,omitempty"`  // the others of its story
	History []versionJSON `json:"history,omitempty"` // the earliest first
}

// versionJSON is what an entry said before it was edited.
type versionJSON struct {
	Replaced time.Time `json:"replaced"`
	Title    string    `json:"title"`
	Link     string    `json:"link,omitempty"`
	Outlet   string    `json:"outlet"`
	Updated  time.Time `json:"updated"`
	Text     string    `json:"text"`
	HTML     string    `json:"html"`
}

func (h *house) show(ctx context.Context, p program, word string, history, asJSON bool) error {
	e, err := h.find(ctx, word)
	if err != nil {
		return err
	}
	copies, err := h.copies(ctx, e)
	if err != nil {
		return err
	}
	var edits []edit
	if history {
		if edits, err = h.edits(ctx, e); err != nil {
			return err
		}
	}
	if asJSON {
		shown := shownJSON{entryJSON: h.entryJSON(e), Text: e.Body.Text(), HTML: string(e.Body), Copies: h.entriesJSON(copies)}
		for _, one := range edits {
			v := one.before
			shown.History = append(shown.History, versionJSON{Replaced: h.local(one.at), Title: v.Title, Link: v.Link,
				Outlet: v.Outlet, Updated: h.local(v.Updated), Text: v.Body.Text(), HTML: string(v.Body)})
		}
		return p.printJSON(shown)
	}
	s := sheet{p.stdout}
	h.printEntry(s, e, copies)
	s.lines("\n" + e.Body.Text() + "\n")
	if history {
		h.printHistory(s, edits)
	}
	return nil
}

// copies returns the other copies of an entry's story.
func (h *house) copies(ctx context.Context, e feeds.Entry) ([]feeds.Entry, error) {
	story, err := h.store.Story(ctx, e)
	var others []feeds.Entry
	for _, one := range story {
		if one.Number != e.Number {
			others = append(others, one)
		}
	}
	return others, err
}

// printEntry prints what there is to say about an entry, but not its text.
func (h *house) printEntry(s sheet, e feeds.Entry, copies []feeds.Entry) {
	s.lines(e.Title + "\n\n")
	s.fact("id", e.ID)
	s.fact("link", e.Link)
	s.fact("outlet", e.Outlet)
	s.fact("source", e.Source)
	s.fact("authors", strings.Join(e.Authors, ", "))
	s.fact("tags", strings.Join(e.Tags, ", "))
	s.fact("published", h.minute(e.Published))
	if !e.Updated.Equal(e.Published) {
		s.fact("updated", h.minute(e.Updated))
	}
	s.fact("first seen", h.minute(e.FirstSeen))
	if len(e.Categories) == 0 {
		s.fact("categories", unfiled+": "+whyUnfiled(e))
	}
	s.fact("categories", strings.Join(e.Categories, ", "))
	s.fact("page", h.page(e))
	if !e.Hidden.IsZero() {
		s.fact("hidden", "since "+h.minute(e.Hidden))
	}
	s.fact("copies", h.lineOf(copies)...)
}

// lineOf names entries in a line each.
func (h *house) lineOf(entries []feeds.Entry) []string {
	var lines []string
	for _, e := range entries {
		line := digits(e.ID) + "  " + e.Outlet + "  " + e.Title
		if !e.Hidden.IsZero() {
			line += "  (hidden since " + h.minute(e.Hidden) + ")"
		}
		lines = append(lines, line)
	}
	return lines
}
