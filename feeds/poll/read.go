package poll

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/parse"
)

// read asks a source and yields what came, in steps: one for a document, one for each batch of posts. The last
// step is marked, or is the failure that ended the reading.
func (c *cycle) read(ctx context.Context, source feeds.Source, state feeds.State) iter.Seq[step] {
	if source.Kind == feeds.KindPosts {
		return posts(source, state)
	}
	return func(yield func(step) bool) {
		yield(c.document(ctx, source, state))
	}
}

// document asks for one document, and for the pages that its list goes on on. Work ends where it is known that nothing has
// changed: at a 304, or at a body with the hash of the last one.
func (c *cycle) document(ctx context.Context, source feeds.Source, state feeds.State) step {
	answer, err := c.Client.Get(ctx, source, state.Validators)
	if err != nil {
		return fetchFailure(err)
	}
	s := step{
		last: true, bytes: len(answer.Body), validators: answer.Validators, fresh: answer.Fresh, movedTo: answer.MovedTo,
		url: fetch.Shown(answer.URL), status: http.StatusOK, done: answer.Release,
	}
	if answer.NotModified || answer.Validators.BodyHash == state.Validators.For(source.URL).BodyHash {
		s.unchanged = true
		return s
	}
	kept := false // until the step is done with
	defer func() {
		if !kept {
			answer.Release()
		}
	}()
	if s.parsed, err = c.parse(ctx, source, answer); err != nil {
		return step{phase: "parse", err: err, url: s.url, status: s.status}
	}
	if kept = !source.Body.Asked() && s.parsed.Next == ""; !kept {
		answer.Release() // what is asked for next may need the room
	}
	if s.parsed.Next != "" {
		whole := state.Validators.For(source.URL).BodyHash != "" // the last reading missed nothing
		if err := c.nextPages(ctx, source, whole, &s); err != nil {
			return step{store: err}
		}
	}
	return s
}

// parse reads the items of an answer, when there is room for it.
func (c *cycle) parse(ctx context.Context, source feeds.Source, answer fetch.Answer) (result parse.Result, err error) {
	err = c.atWork(ctx, len(answer.Body), func() error {
		document := parse.Document{Body: answer.Body, ContentType: answer.ContentType, URL: answer.URL, At: c.Now()}
		result, err = parse.Read(source, document)
		return err
	})
	return result, err
}

// nextPages adds to a list what stands on its next pages, up to the number that the source allows; as long as each has
// something new, where the last reading was whole. A page that cannot be had is a fault, and the list counts as torn: the
// next poll reads all of its pages again. The error is the store's.
func (c *cycle) nextPages(ctx context.Context, source feeds.Source, whole bool, s *step) error {
	seen := map[feeds.Key]bool{}
	add := func(items []feeds.Item) []feeds.Item { // without those that moved on to this page while we read
		return slices.DeleteFunc(items, func(it feeds.Item) bool {
			key, ok := feeds.NewKey(source.Name, it)
			twice := ok && seen[key]
			seen[key] = true
			return twice
		})
	}
	page := add(slices.Clone(s.parsed.Items))
	next, end := s.parsed.Next, c.Now().Add(maxMore)
	for read := 1; next != "" && read < source.Next.Pages && len(s.parsed.Items) < source.MaxItems; read++ {
		if fresh, err := c.anyNew(ctx, source, page); err != nil || whole && !fresh {
			return err
		}
		parsed, bytes, err := c.page(ctx, source, next)
		if err == nil && c.Now().After(end) {
			err = fmt.Errorf("the pages took longer than %v", maxMore)
		}
		if err != nil {
			s.parsed.Torn = true
			s.parsed.Faults = append(s.parsed.Faults, fmt.Sprintf("page %d of the list was not read: %v", read+1, err))
			s.retryAfter = fetchFailure(err).retryAfter
			return nil
		}
		page, next = add(parsed.Items), parsed.Next
		s.parsed.Torn = s.parsed.Torn || parsed.Torn
		s.bytes += bytes
		s.parsed.Faults = append(s.parsed.Faults, parsed.Faults...)
		s.parsed.Items = append(s.parsed.Items, page[:min(len(page), source.MaxItems-len(s.parsed.Items))]...)
	}
	return nil
}

// page asks for a further page of a list.
func (c *cycle) page(ctx context.Context, source feeds.Source, address string) (parse.Result, int, error) {
	answer, err := c.Client.GetAt(ctx, source, address)
	if err != nil {
		return parse.Result{}, 0, err
	}
	defer answer.Release()
	parsed, err := c.parse(ctx, source, answer)
	return parsed, len(answer.Body), err
}

// anyNew reports whether one of the items has never been seen.
func (c *cycle) anyNew(ctx context.Context, source feeds.Source, items []feeds.Item) (bool, error) {
	var keys []feeds.Key
	for _, it := range items {
		if key, ok := feeds.NewKey(source.Name, it); ok {
			keys = append(keys, key)
		}
	}
	known, err := c.Store.Digests(ctx, source.Name, keys)
	return len(known) < len(keys), err
}

func fetchFailure(err error) step {
	s := step{phase: "fetch", err: err}
	if failure, ok := errors.AsType[*fetch.Failure](err); ok {
		s.phase, s.status, s.retryAfter, s.fresh = failure.Phase, failure.Status, failure.RetryAfter, failure.Fresh
		s.url, s.err = failure.URL, failure.Err
	}
	return s
}

// posts reads a folder in batches. A folder whose listing is what it was is not read.
func posts(source feeds.Source, state feeds.State) iter.Seq[step] {
	return func(yield func(step) bool) {
		hash, err := parse.FolderHash(source)
		if err != nil {
			yield(step{phase: "read", err: err})
			return
		}
		done := step{last: true, validators: feeds.Validators{URL: source.Path, BodyHash: hash}}
		if hash == state.Validators.For(source.Path).BodyHash {
			done.unchanged = true
			yield(done)
			return
		}
		unread := 0
		for batch, err := range parse.Posts(source) {
			if err != nil {
				yield(step{phase: "read", err: err})
				return
			}
			unread += batch.Unread
			if !yield(step{parsed: batch}) {
				return
			}
		}
		if unread > 0 { // they may be readable the next time, without a sign of it in the folder
			done.validators = feeds.Validators{}
		}
		yield(done)
	}
}
