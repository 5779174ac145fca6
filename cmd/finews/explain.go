package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/sanitize"
	"finews.withounder.com/storage"
)

// newExplain returns `finews explain`: why an entry is what it is and where it is.
func newExplain(p program) *cobra.Command {
	var l looking
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "Explain where an entry came from, what filed it, and where it is published",
		Long: `explain tells of one entry which sources send it and whose text it has, which rule filed it
where and whether today's rules would, what was removed from its body, where its date
comes from, whose story it tells, and where it is published, or why it is nowhere.
` + meaningOfID,
		Example: `  finews explain 1
  finews explain https://county.example/1 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			h, err := newLookingHouse(p, cmd, l.places)
			if err != nil {
				return err
			}
			return h.look(cmd.Context(), func() error {
				x, err := h.explain(cmd.Context(), words[0])
				switch {
				case err != nil:
					return err
				case l.json:
					return p.printJSON(x)
				}
				h.printExplanation(sheet{p.stdout}, x)
				return nil
			})
		},
	}
	l.add(cmd)
	return cmd
}

// explanation is all that there is to say about how an entry came to be where it is.
type explanation struct {
	entryJSON
	SentBy       []sightingJSON `json:"sent_by"`
	Dated        string         `json:"dated"` // where the date of publication comes from
	Words        int            `json:"words"`
	Removed      []string       `json:"removed"`
	Faults       []string       `json:"faults,omitempty"`
	Today        []string       `json:"today,omitempty"`         // where today's rules file it, if that is elsewhere
	CleanedToday bool           `json:"cleaned_today,omitempty"` // today's rules would clean it otherwise
	Rights       feeds.Rights   `json:"rights,omitempty"`
	Copies       []entryJSON    `json:"copies,omitempty"` // the others of its story
	Published    []place        `json:"published"`
	Nowhere      string         `json:"nowhere,omitempty"` // why it is published nowhere

	entry  feeds.Entry
	copies []feeds.Entry
}

// sightingJSON is a source that sends an entry.
type sightingJSON struct {
	Source     string    `json:"source"`
	Named      bool      `json:"named"` // by feeds.yaml
	Seen       time.Time `json:"seen"`  // when it first sent it, or last changed it
	Categories []string  `json:"categories,omitempty"`
	Reasons    []string  `json:"reasons,omitempty"` // in step with categories
}

func (h *house) explain(ctx context.Context, word string) (x explanation, err error) {
	if x.entry, err = h.find(ctx, word); err != nil {
		return x, err
	}
	x.entryJSON, x.Removed, x.Published = h.entryJSON(x.entry), []string{}, []place{} // lists, and never null, for --json
	x.Words = feeds.Words(x.entry.Body.Text())
	if x.copies, err = h.copies(ctx, x.entry); err != nil {
		return x, err
	}
	x.Copies = h.entriesJSON(x.copies)
	sightings, err := h.store.Sightings(ctx, x.entry.Number)
	if err != nil {
		return x, err
	}
	for _, one := range sightings {
		_, named := h.catalogue.Source(one.Source)
		x.SentBy = append(x.SentBy, sightingJSON{one.Source, named, h.local(one.Seen), one.Categories, one.Reasons})
	}
	stored, err := h.store.Stored(ctx, x.entry.Number)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		x.Dated = "what its source sent is not kept"
	case err != nil:
		return x, err
	default:
		cleaned, err := h.cleaned(stored)
		if err != nil {
			return x, err
		}
		x.Removed, x.Faults = append(x.Removed, cleaned.Removed...), cleaned.Faults
		x.Dated = h.dated(x.entry, stored.Item)
		if x.Today, x.CleanedToday, err = h.filedToday(ctx, stored, x.SentBy); err != nil {
			return x, err
		}
	}
	if !h.configured() {
		return x, nil
	}
	return x, h.locate(ctx, &x)
}

// cleaned returns what today's rules of its source make of the body of an entry.
func (h *house) cleaned(stored storage.Stored) (sanitize.Result, error) {
	source, _ := h.catalogue.Source(stored.Entry.Source)
	rules, err := sanitize.NewRules(source.Remove)
	return rules.Clean(stored.Item.Body, stored.Item.Base), err
}

// dated says where the date of publication comes from.
func (h *house) dated(e feeds.Entry, item feeds.Item) string {
	switch {
	case item.Published.IsZero() && e.Published.Equal(e.FirstSeen):
		return "first sight: its source gives no date that can be read"
	case item.Published.IsZero():
		return "an earlier version: its source gives no date any more"
	case item.Published.Unix() == e.Published.Unix():
		return "the date that its source gives"
	case e.Published.Equal(e.FirstSeen):
		return "first sight: its source says " + h.minute(item.Published) + ", which was not credible"
	}
	return "first publication: its source says " + h.minute(item.Published) + " now"
}

func (h *house) printExplanation(s sheet, x explanation) {
	s.lines(x.Title + "\n\n")
	s.fact("id", x.ID)
	s.fact("link", x.Link)
	s.fact("outlet", x.Outlet+map[bool]string{true: ", which tells it itself"}[x.Own])
	s.fact("text of", x.Source+", "+wordCount(x.Words))
	for i, one := range x.SentBy {
		s.fact(map[bool]string{true: "sent by"}[i == 0], h.sightingLine(one))
	}
	s.fact("published", h.minute(x.entry.Published)+": "+x.Dated)
	s.fact("first seen", h.minute(x.entry.FirstSeen))
	s.fact("filed", whereFiled(x)...)
	if len(x.Today) > 0 {
		s.fact("today", fmt.Sprintf("the rules of %s file it under %s: finews reprocess does so", h.places.config, listed(x.Today)))
	}
	if x.CleanedToday {
		s.fact("today", "its text would be cleaned otherwise: finews reprocess does so")
	}
	s.fact("removed", x.Removed...)
	s.fact("faults", x.Faults...)
	s.fact("rights", string(x.Rights))
	s.fact("copies", h.lineOf(x.copies)...)
	if !h.configured() {
		s.fact("where", "without a feeds.yaml nothing can be said of where it is published")
		return
	}
	var places []string
	for _, one := range x.Published {
		places = append(places, one.line())
	}
	if x.Nowhere != "" {
		places = append(places, "nowhere: "+x.Nowhere)
	} else {
		places = append(places, "its page: "+x.Page)
	}
	s.fact("where", places...)
}

func (h *house) sightingLine(one sightingJSON) string {
	line := one.Source + ", " + h.minute(one.Seen)
	if h.configured() && !one.Named {
		line += " (feeds.yaml names it no more)"
	}
	return line
}

// whereFiled says where the entry is filed, and why.
func whereFiled(x explanation) []string {
	if len(x.Categories) == 0 {
		return []string{unfiled + ": " + whyUnfiled(x.entry)}
	}
	return filedLines(x.Categories, x.Reasons)
}

// filedLines says under what an entry is filed, and what filed it there. reasons are in step with slugs.
func filedLines(slugs, reasons []string) []string {
	var lines []string
	for i, slug := range slugs {
		if i < len(reasons) && reasons[i] != "" {
			slug += ": " + reasons[i]
		}
		lines = append(lines, slug)
	}
	return lines
}
