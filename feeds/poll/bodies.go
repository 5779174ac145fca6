package poll

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/parse"
)

// Bounds of asking for bodies.
const (
	maxBodies         = 100             // of one source in one poll; the rest waits for the next
	maxWaiting        = 1000            // items of one source that wait; the list is read again for the rest
	bodiesPerBatch    = 10              // stored at a time: what came is safe, and not all of it in memory
	maxMore           = 2 * time.Minute // for the further pages of a list, and as long for bodies: the others are published after it
	maxHostFailures   = 3               // of one host in one poll, after which it is left alone until the next
	manyFailures      = 5               // so many and no success: it is not the articles, it is the rules or the server
	patienceForBodies = 24 * time.Hour  // how long an item waits for its body before it is stored without
)

// withBodies stores the items of a list whose bodies stand elsewhere: those that need none at once, the others when their
// bodies have come. Until then they wait in the store, so that neither a crash nor a server that is down loses one.
func (k *keeping) withBodies(ctx context.Context) error {
	if garbled := k.garbledTitles(); garbled != "" {
		return k.hold(ctx, garbled)
	}
	queue, err := k.enqueue(ctx)
	if err != nil {
		return k.stopped(ctx, err, k.result)
	}
	k.asking = asking{end: k.Now().Add(maxMore), crowded: k.asking.crowded, failures: map[string]int{}, came: map[[sha256.Size]byte]feeds.Key{}, leftAlone: map[string]time.Time{}}
	for batch := range slices.Chunk(inTurn(queue, k.started), bodiesPerBatch) {
		if err := k.answer(ctx, batch); err != nil {
			return k.stopped(ctx, err, k.result)
		}
	}
	defer k.tell()
	if k.asking.nothingCame() {
		return k.fail(ctx, k.source, *k.state, k.asking.failure(), k.result)
	}
	if k.asking.waiting > 0 {
		k.said.mended = append(k.said.mended, k.asking.sentence())
	}
	k.succeed()
	if err := k.save(ctx, feeds.Batch{}); err != nil {
		return k.stopped(ctx, err, k.result)
	}
	return nil
}

// inTurn returns the items that wait, of which the newest stand first, in the order in which they are asked for: of those
// that came now the newest hundred, as old ones first, because that is the order in which entries without dates stand; and
// then those that were asked for in vain before, beginning with another one each minute, so that none of them is in the
// way of the others.
func inTurn(queue []feeds.Waiting, now time.Time) []feeds.Waiting {
	var fresh, tried []feeds.Waiting
	for _, w := range queue {
		if w.Since.Equal(now) || w.Since.Unix() == now.Unix() {
			fresh = append(fresh, w)
		} else {
			tried = append(tried, w)
		}
	}
	newest := fresh[:min(len(fresh), maxBodies)]
	slices.Reverse(newest)
	if len(tried) > 0 {
		first := int(now.Unix()/60) % len(tried)
		tried = slices.Concat(tried[first:], tried[:first])
	}
	return slices.Concat(newest, tried, fresh[len(newest):])
}

// enqueue puts the items that are new into the queue of those that wait, and returns it. One that has changed keeps the
// body that it had and what its page said besides, and needs no request; unless its title is another: then the article was
// edited.
func (k *keeping) enqueue(ctx context.Context) ([]feeds.Waiting, error) {
	queue, err := k.Store.Waiting(ctx, k.source.Name)
	if err != nil {
		return nil, err
	}
	news := k.items.news
	if len(news) == 0 {
		return queue, nil
	}
	stored, err := k.Store.Items(ctx, k.source.Name, keysOfKnown(news))
	if err != nil {
		return nil, err
	}
	var ready []piece
	var fresh []feeds.Waiting
	for _, p := range news {
		before, kept := stored[p.key]
		waits := slices.ContainsFunc(queue, func(w feeds.Waiting) bool { return w.Key == p.key })
		switch {
		case kept && !waits && before.Title == p.item.Title:
			p.item = completed(p.item, before)
			ready = append(ready, p)
		case p.known && !kept && !waits: // it was pruned, and stays so
			ready = append(ready, p)
		case !waits && len(queue)+len(fresh) >= maxWaiting:
			k.asking.crowded = true
		default:
			fresh = append(fresh, feeds.Waiting{Key: p.key, Digest: p.digest, Item: p.item, Since: k.started})
		}
	}
	drafts, err := k.drafts(ctx, k.source, ready, k.state.Accepted, &k.said)
	if err != nil {
		return nil, err
	}
	if err := k.saveMidway(ctx, feeds.Batch{Drafts: drafts, Waiting: fresh}); err != nil {
		return nil, err
	}
	return k.Store.Waiting(ctx, k.source.Name)
}

func keysOfKnown(pieces []piece) []feeds.Key {
	var keys []feeds.Key
	for _, p := range pieces {
		if p.known {
			keys = append(keys, p.key)
		}
	}
	return keys
}

// completed returns an item of the list with what was taken from its page before.
func completed(item, before feeds.Item) feeds.Item {
	item.Body, item.Base = before.Body, before.Base
	if item.Outlet == "" {
		item.Outlet, item.OutletLink = before.Outlet, before.OutletLink
	}
	if len(item.Authors) == 0 {
		item.Authors = before.Authors
	}
	if item.Image == "" {
		item.Image = before.Image
	}
	if item.Published.IsZero() {
		item.Published, item.Approximate = before.Published, before.Approximate
	}
	return item
}

// answer asks for the bodies of some items that wait, and stores what came.
func (k *keeping) answer(ctx context.Context, batch []feeds.Waiting) error {
	var keys []feeds.Key
	for _, w := range batch {
		keys = append(keys, w.Key)
	}
	stored, err := k.Store.Items(ctx, k.source.Name, keys)
	if err != nil {
		return err
	}
	var pieces []piece
	var answered []feeds.Key
	for _, w := range batch {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p, stays := k.settle(ctx, w, stored)
		if p.item.Title != "" || p.item.Body != "" || p.item.Link != "" {
			pieces = append(pieces, p)
		}
		if stays {
			k.asking.waiting++
		} else {
			answered = append(answered, w.Key)
		}
	}
	return k.atWork(ctx, sizeOf(pieces), func() error {
		drafts, err := k.drafts(ctx, k.source, pieces, k.state.Accepted, &k.said)
		if err != nil {
			return err
		}
		return k.saveMidway(ctx, feeds.Batch{Drafts: drafts, Answered: answered, LeftAlone: k.asking.leftAlone})
	})
}

// sizeOf is about what some items take, in bytes.
func sizeOf(pieces []piece) int {
	n := 0
	for _, p := range pieces {
		n += len(p.item.Body) + len(p.item.Summary)
	}
	return n
}

// settle asks for the body of one item, and returns what is to be stored of it now, which may be nothing, and whether it
// goes on waiting. An item that has a text of its own, or had one before, is stored with that meanwhile, under no digest:
// it is another one when its body comes.
func (k *keeping) settle(ctx context.Context, w feeds.Waiting, stored map[feeds.Key]feeds.Item) (p piece, stays bool) {
	p = piece{key: w.Key, digest: w.Digest}
	item, s := k.body(ctx, w)
	if s.err == nil {
		p.item = item
		return p, false
	}
	p.item = w.Item
	before, known := stored[w.Key]
	if known {
		p.item = completed(w.Item, before)
	}
	if k.willHaveNone(w, s) {
		k.said.note(w.Item, fmt.Sprintf("stored without the body that it should have: %s: %v", s.phase, s.err))
		return p, false
	}
	if p.item.Body == "" && !known {
		return piece{}, true
	}
	p.digest = feeds.Digest{}
	return p, true
}

// willHaveNone reports whether waiting for the body of an item is in vain: its page is gone or is none, or it has waited
// for a day.
func (k *keeping) willHaveNone(w feeds.Waiting, s step) bool {
	return final(s) || k.started.Sub(w.Since) >= patienceForBodies && !errors.Is(s.err, errLater)
}

// final reports whether asking again for a body brings nothing else.
func final(s step) bool {
	return s.status == http.StatusNotFound || s.status == http.StatusGone || errors.Is(s.err, parse.ErrNoPage) || errors.Is(s.err, parse.ErrShorter) ||
		slices.Contains([]string{"address", "guard", "redirect"}, s.phase)
}

// asking is what asking for bodies in one poll of a source came to.
type asking struct {
	end      time.Time // after which no more are asked for
	asked    int
	came     map[[sha256.Size]byte]feeds.Key // bodies, by their hash
	failed   int                             // that may come by asking again
	waiting  int                             // items that wait for the next poll
	crowded  bool                            // there was no room to wait for some
	failures map[string]int                  // of each host

	first     step                 // the first of those
	notBefore time.Time            // until when the source's own server asked to be left alone
	leftAlone map[string]time.Time // hosts that asked so
}

// nothingCame reports whether bodies were asked for, several, and not one could be had: then something is wrong with all.
func (a *asking) nothingCame() bool { return len(a.came) == 0 && a.failed >= manyFailures }

// failure is the step that stands for all bodies that failed.
func (a *asking) failure() step {
	s := a.first
	s.err = fmt.Errorf("not one of %d bodies could be had, and %d entries wait for theirs: %w", a.failed, a.waiting, s.err)
	return s
}

func (a *asking) sentence() string {
	if a.first.err == nil {
		return fmt.Sprintf("%d new entries wait for the next poll: at most %d bodies are asked for in one", a.waiting, maxBodies)
	}
	return fmt.Sprintf("%d new entries wait for their bodies: %s: %v", a.waiting, a.first.phase, a.first.err)
}

// errLater is of a body that was not asked for in this poll.
var errLater = errors.New("not asked for in this poll")

// body returns the item with its body, or, with the reason, without.
func (k *keeping) body(ctx context.Context, w feeds.Waiting) (feeds.Item, step) {
	a := &k.asking
	address, err := parse.BodyAddress(k.source, w.Item)
	if err != nil {
		return w.Item, step{phase: "address", err: err}
	}
	host := hostOf(address)
	if a.asked >= maxBodies || k.Now().After(a.end) || a.nothingCame() || a.failures[host] >= maxHostFailures || !k.hosts.leftUntil(host, k.started).IsZero() {
		return w.Item, step{phase: "later", err: errLater}
	}
	a.asked++
	complete, s := k.askBody(ctx, k.source, w.Item, address)
	if s.err == nil {
		s = a.twice(complete, w.Key)
	}
	if s.err != nil {
		k.failedBody(host, s)
	}
	return complete, s
}

// twice is a failure where another item has the same body: that is the page that says no, and not an article.
func (a *asking) twice(item feeds.Item, key feeds.Key) step {
	sum := sha256.Sum256([]byte(item.Body))
	if other, seen := a.came[sum]; seen && other != key {
		return step{phase: phaseBodyParse, err: errors.New("the same text as that of another article: a page that asks who we are?"), status: http.StatusOK}
	}
	a.came[sum] = key
	return step{}
}

// failedBody remembers a failure for the rest of the poll, and a server that wants to be left alone for longer.
func (k *keeping) failedBody(host string, s step) {
	a := &k.asking
	if !final(s) {
		if a.failed++; a.failed == 1 {
			a.first = s
		}
		if s.phase != phaseBodyParse {
			a.failures[host]++
		}
	}
	until := s.leaveAlone(k.started)
	if until.IsZero() {
		return
	}
	k.hosts.leave(host, until)
	a.leftAlone[host] = until
	if host == hostOf(k.source.URL) {
		a.notBefore = latest(a.notBefore, until)
	}
}

// phaseBodyParse is of an answer in which no body was found.
const phaseBodyParse = "parse body"

// askBody asks for the body of an item.
func (c *cycle) askBody(ctx context.Context, source feeds.Source, item feeds.Item, address string) (feeds.Item, step) {
	answer, err := c.Client.GetAt(ctx, source, address)
	if err != nil {
		return item, fetchFailure(err)
	}
	defer answer.Release()
	complete := item
	err = c.atWork(ctx, len(answer.Body), func() (err error) {
		complete, err = parse.Body(source, item, parse.Document{Body: answer.Body, ContentType: answer.ContentType, URL: answer.URL, At: c.Now()})
		return err
	})
	if err != nil {
		return item, step{phase: phaseBodyParse, err: err, url: fetch.Shown(answer.URL), status: http.StatusOK}
	}
	return complete, step{url: fetch.Shown(answer.URL)}
}
