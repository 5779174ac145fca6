package poll

import (
	"context"
	"fmt"
	"slices"

	"finews.withounder.com/feeds"
)

// recognised are the items of a document that something tells apart, each with its key, and the digests of what is
// stored under any key that they may have.
type recognised struct {
	items []feeds.Item
	keys  []feeds.Key // in step with items
	known map[feeds.Key]feeds.Digest
	news  []piece // those that are new or changed
}

// piece is an item on its way, with what it is known by.
type piece struct {
	item   feeds.Item
	key    feeds.Key
	digest feeds.Digest // of the item as the document had it, without the body that it is completed with
	known  bool         // it is stored, and was another
}

// newsOf returns the items that are new or changed, the oldest first, in which order entries of one date are to stand: the
// digest of the others says that nothing has to be done.
func newsOf(r recognised) []piece {
	var pieces []piece
	for i, item := range r.items {
		digest := item.Digest()
		before, known := r.known[r.keys[i]]
		if !known || before != digest {
			pieces = append(pieces, piece{item: item, key: r.keys[i], digest: digest, known: known})
		}
	}
	if !ascending(r.items) {
		slices.Reverse(pieces)
	}
	return pieces
}

// ascending reports whether a document has its oldest item on top, as far as its dates tell.
func ascending(items []feeds.Item) bool {
	dated := slices.DeleteFunc(slices.Clone(items), func(it feeds.Item) bool { return it.Published.IsZero() })
	return len(dated) > 1 && dated[0].Published.Before(dated[len(dated)-1].Published)
}

// unchanged counts the items that came again as they were.
func (r recognised) unchanged() int { return len(r.items) - len(r.news) }

// recognise gives each item its key. An item without anything to tell it apart by is dropped.
//
// A GUID, or a link in its place, that several items of a document share is no key by itself. It stays none when the
// others have scrolled away: an item that was stored under a finer key is found there first.
func (c *cycle) recognise(ctx context.Context, source string, items []feeds.Item, said *faults) (recognised, error) {
	var r recognised
	var candidates [][]feeds.Key // of each item, the plainest first
	var asked []feeds.Key
	uses := make(map[feeds.Key]int, 3*len(items))
	for _, it := range items {
		plain, ok := feeds.NewKey(source, it)
		if !ok {
			said.drop(it, "no GUID, no link, no title and no body")
			continue
		}
		keys := append([]feeds.Key{plain}, feeds.FinerKeys(source, it)...)
		for _, key := range keys {
			uses[key]++
		}
		r.items, candidates, asked = append(r.items, it), append(candidates, keys), append(asked, keys...)
	}
	var err error
	if r.known, err = c.Store.Digests(ctx, source, asked); err != nil {
		return recognised{}, err
	}
	warned := make(map[feeds.Key]bool)
	for i, keys := range candidates {
		r.keys = append(r.keys, bestKey(keys, uses, r.known))
		if n := uses[keys[0]]; n > 1 && !warned[keys[0]] {
			warned[keys[0]] = true
			said.note(r.items[i], fmt.Sprintf("%d items have this GUID or link: told apart by link and title", n))
		}
	}
	r.news = newsOf(r)
	return r, nil
}

// bestKey chooses among the keys of an item, the plainest first: the finest that it is stored under, else the plainest
// that no other item of the document has.
func bestKey(keys []feeds.Key, uses map[feeds.Key]int, known map[feeds.Key]feeds.Digest) feeds.Key {
	for i := len(keys) - 1; i > 0; i-- {
		if _, stored := known[keys[i]]; stored && uses[keys[i]] == 1 {
			return keys[i]
		}
	}
	for _, key := range keys {
		if uses[key] == 1 {
			return key
		}
	}
	return keys[len(keys)-1]
}
