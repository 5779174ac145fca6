package poll

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/parse"
	"finews.withounder.com/feeds/route"
)

// Trial is what finews makes of a source, step by step. Nothing of it is stored.
type Trial struct {
	Failure *Result // the step that failed, in Phase, Cause, Status and URL; nil: none did

	URL         string // final address, for people: without credentials and query
	ContentType string
	Bytes       int // of the body, decompressed
	Seconds     float64
	Validators  feeds.Validators
	Fresh       time.Duration // how long the server says that the answer is good
	MovedTo     string        // where permanent redirects lead, for people; empty: nowhere
	Interval    time.Duration // until the next poll, as it would be

	Hints  feeds.Hints
	Next   string   // the next page of the list, for people
	Torn   bool     // the document was cut
	Faults []string // of the document
	Total  int      // items of the document; of a folder of posts, of what was read of it
	Items  []TrialItem
}

// TrialItem is what finews makes of one item.
type TrialItem struct {
	Item    feeds.Item  // what the source said, with the body where it is asked for
	BodyURL string      // that the body was asked for at, for people; empty: it came with the item
	Draft   feeds.Draft // what would be stored: cleaned, attributed, filed, with reasons
	Dropped string      // why nothing would be stored; empty: Draft would
	Faults  []string    // what was mended
	Removed []string    // what was taken out of its body, as sanitize.Result tells it
}

// Try asks a source once, whenever it was asked last, and returns what finews makes of it and of its first items, at most limit of
// them, whose bodies it asks for where the source is so configured. The error is that of a cancelled ctx, or of a selector of the catalogue
// that is none.
func Try(ctx context.Context, catalogue feeds.Catalogue, client *fetch.Client, now func() time.Time, source feeds.Source, limit int) (Trial, error) {
	rules, err := rulesOf(catalogue)
	if err != nil {
		return Trial{}, err
	}
	c := &cycle{
		Poller: &Poller{Catalogue: catalogue, Client: client, Now: now},
		router: route.New(catalogue.Categories), rules: rules, work: semaphore.NewWeighted(workBytes), started: now(),
	}
	if source.Kind == feeds.KindPosts {
		return c.tryPosts(ctx, source, limit), ctx.Err()
	}
	return c.try(ctx, source, limit), ctx.Err()
}

// try is document, with every step kept.
func (c *cycle) try(ctx context.Context, source feeds.Source, limit int) Trial {
	begun := c.Now()
	answer, err := c.Client.Get(ctx, source, feeds.Validators{})
	if err != nil {
		return Trial{Failure: failureOf(fetchFailure(err))}
	}
	defer answer.Release()
	t := Trial{
		URL: fetch.Shown(answer.URL), ContentType: answer.ContentType, Bytes: len(answer.Body), Seconds: c.Now().Sub(begun).Seconds(),
		Validators: answer.Validators, Fresh: answer.Fresh, MovedTo: fetch.Shown(answer.MovedTo),
	}
	parsed, err := c.parse(ctx, source, answer)
	answer.Release() // the bodies may need the room
	if err != nil {
		t.Failure = failureOf(step{phase: "parse", err: err, url: t.URL, status: http.StatusOK})
		return t
	}
	t.Next, t.Hints = fetch.Shown(parsed.Next), parsed.Hints
	t.Interval = afterSuccess(c.started, source, answer.Validators, answer.Fresh, parsed.Hints).Sub(c.started)
	c.tryItems(ctx, source, parsed, limit, &t)
	return t
}

// tryPosts reads of a folder of posts as many batches as it needs.
func (c *cycle) tryPosts(ctx context.Context, source feeds.Source, limit int) Trial {
	var t Trial
	for batch, err := range parse.Posts(source) {
		if err != nil {
			t.Failure = failureOf(step{phase: "read", err: err})
			return t
		}
		c.tryItems(ctx, source, batch, limit-len(t.Items), &t)
		if len(t.Items) >= limit {
			break // a folder may hold 20,000
		}
	}
	return t
}

func failureOf(s step) *Result {
	return &Result{Phase: s.phase, Cause: s.err.Error(), Status: s.status, URL: s.url}
}

// tryItems adds what was parsed to the trial, and what finews makes of the first items.
func (c *cycle) tryItems(ctx context.Context, source feeds.Source, parsed parse.Result, limit int, t *Trial) {
	t.Torn = t.Torn || parsed.Torn
	t.Total += len(parsed.Items)
	t.Faults = append(t.Faults, parsed.Faults...)
	for _, item := range parsed.Items[:min(len(parsed.Items), max(limit, 0))] {
		if ctx.Err() != nil {
			return
		}
		t.Items = append(t.Items, c.tryItem(ctx, source, item))
	}
}

func (c *cycle) tryItem(ctx context.Context, source feeds.Source, item feeds.Item) TrialItem {
	one := TrialItem{Item: item}
	if source.Body.Asked() {
		address, err := parse.BodyAddress(source, item)
		s := step{phase: "address", err: err}
		if err == nil {
			one.Item, s = c.askBody(ctx, source, item, address)
			one.BodyURL = fetch.Shown(address)
		}
		if s.err != nil {
			one.Faults = append(one.Faults, "its body could not be had: "+s.phase+": "+s.err.Error())
		}
	}
	var said faults
	one.Draft, _ = c.draft(source, one.Item, false, &said)
	one.Faults = append(one.Faults, said.mended...)
	one.Removed = c.rules[source.Name].Clean(one.Item.Body, one.Item.Base).Removed
	if len(said.dropped) > 0 {
		one.Dropped = said.dropped[0]
	}
	return one
}
