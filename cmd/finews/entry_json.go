package main

import (
	"encoding/json"
	"time"

	"finews.withounder.com/feeds"
)

// entryJSON is an entry as --json gives it.
type entryJSON struct {
	ID         string    `json:"id"`
	Digits     string    `json:"digits"` // the end of the id, for the other commands
	Number     int64     `json:"number"`
	Title      string    `json:"title"`
	Link       string    `json:"link,omitempty"` // of the original
	Page       string    `json:"page,omitempty"` // public address of its page
	Source     string    `json:"source"`         // whose text it has
	Outlet     string    `json:"outlet"`
	Own        bool      `json:"own"` // its outlet itself tells it
	Authors    []string  `json:"authors,omitempty"`
	Tags       []string  `json:"tags,omitempty"`
	Summary    string    `json:"summary,omitempty"`
	Categories []string  `json:"categories"`
	Reasons    []string  `json:"reasons,omitempty"` // in step with categories
	Published  time.Time `json:"published"`
	Updated    time.Time `json:"updated"`
	FirstSeen  time.Time `json:"first_seen"`
	Changed    time.Time `json:"changed"`
	Hidden     time.Time `json:"hidden,omitzero"`
	Held       string    `json:"held,omitempty"`  // why it is published nowhere
	Story      int64     `json:"story,omitempty"` // number of the first entry of its story
}

// entryJSON returns an entry as --json gives it, with times in the site's zone.
func (h *house) entryJSON(e feeds.Entry) entryJSON {
	r := entryJSON{
		ID: e.ID, Digits: digits(e.ID), Number: e.Number, Title: e.Title, Link: e.Link, Page: h.page(e), Source: e.Source,
		Outlet: e.Outlet, Own: e.Own, Authors: e.Authors, Tags: e.Tags, Summary: e.Summary,
		Categories: append([]string{}, e.Categories...), Reasons: e.Reasons,
		Published: h.local(e.Published), Updated: h.local(e.Updated), FirstSeen: h.local(e.FirstSeen),
		Changed: h.local(e.Changed), Hidden: h.local(e.Hidden), Held: e.Held, Story: e.Story,
	}
	return r
}

// entriesJSON is entryJSON of each, never nil.
func (h *house) entriesJSON(entries []feeds.Entry) []entryJSON {
	all := make([]entryJSON, len(entries))
	for i, e := range entries {
		all[i] = h.entryJSON(e)
	}
	return all
}

// local returns a time in the site's zone. The zero time stays what it is.
func (h *house) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(h.catalogue.Site.Location)
}

// page returns the public address of an entry's page, its path where the site is not known, and nothing where it has
// none.
func (h *house) page(e feeds.Entry) string {
	if e.Path == "" || !h.configured() {
		return e.Path
	}
	return h.catalogue.Site.Address(e.Path)
}

// printJSON prints a value for programs: indented, and with < and & as they are.
func (p program) printJSON(value any) error {
	out := json.NewEncoder(p.stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(value)
}
