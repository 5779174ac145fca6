package main

import (
	"cmp"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/poll"
	"finews.withounder.com/sanitize"
)

// trialJSON is a trial as --json gives it.
type trialJSON struct {
	Source   string       `json:"source"`
	Kind     feeds.Kind   `json:"kind"`
	Asked    string       `json:"asked,omitempty"`      // without credentials and query, as those of the answer and of a failure are
	Known    []string     `json:"remembered,omitempty"` // what the store knows of the source that bears on the trial
	Failure  *failureJSON `json:"failure,omitempty"`
	URL      string       `json:"url,omitempty"` // final address
	MovedTo  string       `json:"moved_to,omitempty"`
	Type     string       `json:"content_type,omitempty"`
	Bytes    int          `json:"bytes"`
	Seconds  float64      `json:"seconds"`
	ETag     string       `json:"etag,omitempty"`
	Modified string       `json:"last_modified,omitempty"`
	Fresh    float64      `json:"fresh_seconds,omitempty"`
	Interval float64      `json:"interval_seconds,omitempty"` // from one poll to the next, as it would be
	Hints    feeds.Hints  `json:"hints"`
	Next     string       `json:"next_page,omitempty"`
	Torn     bool         `json:"torn,omitempty"`
	Faults   []string     `json:"faults,omitempty"`
	Total    int          `json:"total"` // items of the document
	Items    []triedJSON  `json:"items"`
}

// failureJSON is the step that failed.
type failureJSON struct {
	Phase  string `json:"phase"`
	Cause  string `json:"cause"` // with what to do about it
	Status int    `json:"status,omitempty"`
	URL    string `json:"url,omitempty"`
}

// triedJSON is what the steps made of one item.
type triedJSON struct {
	GUID       string    `json:"guid,omitempty"`
	Link       string    `json:"link,omitempty"`
	BodyURL    string    `json:"body_url,omitempty"`
	Faults     []string  `json:"faults,omitempty"`
	Removed    []string  `json:"removed,omitempty"`
	Dropped    string    `json:"dropped,omitempty"` // why nothing would be stored
	Title      string    `json:"title"`
	Said       time.Time `json:"said,omitzero"`      // date that the source gives
	Published  time.Time `json:"published,omitzero"` // none: first sight will be it
	Outlet     string    `json:"outlet,omitempty"`
	Own        bool      `json:"own"` // its outlet itself tells it
	Authors    []string  `json:"authors,omitempty"`
	Tags       []string  `json:"tags,omitempty"`
	Image      string    `json:"image,omitempty"`
	Summary    string    `json:"summary,omitempty"`
	Text       string    `json:"text"`
	HTML       string    `json:"html"`
	Categories []string  `json:"categories"`
	Reasons    []string  `json:"reasons,omitempty"` // in step with categories
	Held       string    `json:"held,omitempty"`
}

func (h *house) trialJSON(a attempt) trialJSON {
	source, t := a.source, a.trial
	all := trialJSON{
		Source: source.Name, Kind: source.Kind, Asked: fetch.Shown(source.URL), Known: a.remembered, URL: t.URL, MovedTo: t.MovedTo,
		Type: t.ContentType, Bytes: t.Bytes, Seconds: t.Seconds, ETag: t.Validators.ETag, Modified: t.Validators.LastModified,
		Fresh: t.Fresh.Seconds(), Interval: cmp.Or(source.Every, t.Interval).Seconds(), Hints: t.Hints, Next: t.Next, Torn: t.Torn, Faults: t.Faults,
		Total: t.Total, Items: []triedJSON{},
	}
	if f := t.Failure; f != nil {
		all.Failure = &failureJSON{f.Phase, f.Cause + a.hint(), f.Status, f.URL}
	}
	for _, one := range t.Items {
		all.Items = append(all.Items, h.triedJSON(source, one))
	}
	return all
}

func (h *house) triedJSON(source feeds.Source, one poll.TrialItem) triedJSON {
	e := one.Draft.Entry
	tried := triedJSON{
		GUID: one.Item.GUID, Link: one.Item.Link, BodyURL: bodyAddress(source, one), Faults: one.Faults, Dropped: one.Dropped, Removed: one.Removed,
		Title: e.Title, Said: h.local(one.Item.Published), Published: h.local(e.Published), Outlet: e.Outlet, Own: e.Own,
		Authors: e.Authors, Tags: e.Tags, Image: e.Image, Summary: e.Summary, Text: e.Body.Text(), HTML: string(e.Body),
		Categories: append([]string{}, e.Categories...), Reasons: e.Reasons, Held: e.Held,
	}
	if one.Dropped != "" {
		tried.Title = sanitize.Text(one.Item.Title)
	}
	return tried
}
