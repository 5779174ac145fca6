package poll

import (
	"context"
	"errors"
	"iter"
	"net/http"

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

// document asks for one document. Work ends where it is known that nothing has changed: at a 304, or at a body with
// the hash of the last one.
func (c *cycle) document(ctx context.Context, source feeds.Source, state feeds.State) step {
	answer, err := c.Client.Get(ctx, source, state.Validators)
	if err != nil {
		return fetchFailure(err)
	}
	s := step{last: true, bytes: len(answer.Body), validators: answer.Validators, url: fetch.Shown(answer.URL), status: http.StatusOK}
	if answer.NotModified || answer.Validators.BodyHash == state.Validators.For(source.URL).BodyHash {
		s.unchanged = true
		return s
	}
	s.parsed, err = parse.Feed(source, parse.Document{Body: answer.Body, ContentType: answer.ContentType, URL: answer.URL})
	if err != nil {
		return step{phase: "parse", err: err, url: s.url, status: s.status}
	}
	return s
}

func fetchFailure(err error) step {
	s := step{phase: "fetch", err: err}
	if failure, ok := errors.AsType[*fetch.Failure](err); ok {
		s.phase, s.status, s.retryAfter = failure.Phase, failure.Status, failure.RetryAfter
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
