// Package discover finds the feeds of a site, for an operator who has its address and no more.
//
// In goes the address, as a feeds.Source with the catalogue's defaults. It is asked like any source: politely,
// guarded and bounded. What it gives is a feed, or a page that names feeds (link rel=alternate), or one that links to some,
// or a page of a site where feeds may lie at addresses that many sites use. Out come the feeds that could be read, each with its newest
// items, so that a person sees what they are.
package discover

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strings"
	"time"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
	"finews.withounder.com/feeds/parse"
)

// Bounds of one search. With one request a second to each host it takes a quarter of a minute at most.
const (
	maxNamed  = 5 // feeds that a page names, asked
	maxLinked = 3 // links of a page that may lead to feeds, asked
	maxShown  = 3 // newest items of each feed
)

// Candidate is a feed that was found and read.
type Candidate struct {
	URL   string       // that it was read at; where it has moved for good, where to
	Title string       // what it calls itself, or else what the page calls it; text or HTML, untrusted, may be empty
	Type  string       // media type, as the server says
	Items []feeds.Item // its newest, three at most: untrusted
	Total int          // items that it holds
}

// Refused is an address that is no candidate.
type Refused struct {
	URL   string // for people: without credentials and query
	Cause error
}

// Found is what a search came to: one candidate at least, the best first. Feeds of comments come last.
type Found struct {
	Candidates []Candidate
	Refused    []Refused // that the page names, and that are no feeds, or were not asked
}

// Find asks the address of source, which is of kind feed, and what it leads to. The error says what was asked and
// found to be no feed; a cancelled ctx can be found in it by errors.Is.
func Find(ctx context.Context, client *fetch.Client, now func() time.Time, source feeds.Source) (Found, error) {
	s := search{ctx: ctx, client: client, now: now, source: source}
	first, page, err := s.ask(source.URL)
	switch {
	case err == nil:
		return Found{Candidates: []Candidate{first}}, nil
	case page.URL == "":
		return Found{}, fmt.Errorf("no feed at %s: %w", fetch.Shown(source.URL), err)
	case !isPage(page):
		return Found{}, fmt.Errorf("no feed at %s: %w%s", fetch.Shown(source.URL), err, advice(page))
	}
	found := s.named(page)
	if len(found.Candidates) == 0 {
		found.Candidates = s.linked(page)
	}
	wall := wallOf(page)
	if len(found.Candidates) == 0 && wall == "" {
		found.Candidates = s.guessed(page.URL)
	}
	switch err := ctx.Err(); {
	case err != nil: // what was found until then is not the best that there is
		return Found{}, err
	case len(found.Candidates) == 0:
		return Found{}, s.nothing(wall)
	}
	return found, nil
}

// advice is what to do with a document that is neither a feed nor a page.
func advice(doc parse.Document) string {
	if isJSON(doc) {
		return "; a list in JSON can be a source of kind json, with paths: write it into feeds.yaml by hand"
	}
	return ""
}

// search is one search.
type search struct {
	ctx     context.Context
	client  *fetch.Client
	now     func() time.Time // dates such as 10分钟前 count from it
	source  feeds.Source
	refused []Refused // all that was asked and is no feed
}

// ask reads an address as a feed. Where it is none, page is what was there; its URL is empty where there was no
// answer.
func (s *search) ask(address string) (c Candidate, page parse.Document, err error) {
	source := s.source
	source.URL, source.Home = address, s.source.URL // the operator typed this one alone: a page leads no further than a feed may
	answer, err := s.client.Get(s.ctx, source, feeds.Validators{})
	if err != nil {
		s.refused = append(s.refused, Refused{fetch.Shown(address), err})
		return Candidate{}, parse.Document{}, err
	}
	defer answer.Release()
	page = parse.Document{Body: answer.Body, ContentType: answer.ContentType, URL: answer.URL, At: s.now()}
	result, err := parse.Read(source, page)
	if err != nil {
		page.Body = bytes.Clone(page.Body) // it is looked at after the answer is given back
		s.refused = append(s.refused, Refused{fetch.Shown(address), err})
		return Candidate{}, page, err
	}
	mediaType, _, err := mime.ParseMediaType(answer.ContentType)
	if err != nil {
		mediaType = "" // a server's word, which may be anything
	}
	return Candidate{
		URL: cmp.Or(answer.MovedTo, address), Title: result.Title, Type: mediaType, Items: newest(result.Items), Total: len(result.Items),
	}, parse.Document{}, nil
}

// newest returns the newest items, and of those without dates the first.
func newest(items []feeds.Item) []feeds.Item {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b feeds.Item) int { return b.Published.Compare(a.Published) })
	return slices.Clone(sorted[:min(len(sorted), maxShown)])
}

// named asks the feeds that a page names.
func (s *search) named(page parse.Document) (found Found) {
	alternates := parse.Alternates(page)
	slices.SortStableFunc(alternates, func(a, b parse.Alternate) int {
		return cmp.Or(rank(a.Title, a.URL)-rank(b.Title, b.URL), vague(a.Type)-vague(b.Type))
	})
	seen := map[string]bool{}
	asked := 0
	for _, a := range alternates {
		if seen[feeds.CanonicalLink(a.URL)] {
			continue
		}
		seen[feeds.CanonicalLink(a.URL)] = true
		err := s.mayAsk(page.URL, a.URL)
		if err == nil && asked == maxNamed {
			err = fmt.Errorf("not asked: %d feeds of one page are; finews add finds out what it is", maxNamed)
		}
		if err != nil {
			found.Refused = append(found.Refused, Refused{fetch.Shown(a.URL), err})
			continue
		}
		asked++
		c, _, err := s.ask(a.URL)
		if err != nil {
			found.Refused = append(found.Refused, Refused{fetch.Shown(a.URL), err})
			continue
		}
		c.Title = cmp.Or(c.Title, a.Title)
		found.Candidates = append(found.Candidates, c)
	}
	slices.SortStableFunc(found.Candidates, func(a, b Candidate) int { return rank(a.Title, a.URL) - rank(b.Title, b.URL) })
	return found
}

// rank is 1 for what looks like the feed of comments, which nobody wants to publish as news, and 0 for any other.
func rank(title, address string) int {
	for _, word := range []string{"comment", "评论", "留言", "回复", "%e8%af%84%e8%ae%ba"} {
		if strings.Contains(strings.ToLower(title+" "+address), word) {
			return 1
		}
	}
	return 0
}

// vague is 1 for a media type that other documents have too: WordPress names its API so on every page.
func vague(mediaType string) int {
	for _, word := range []string{"rss", "atom", "rdf", "feed"} {
		if strings.Contains(strings.ToLower(mediaType), word) {
			return 0
		}
	}
	return 1
}

// nothing is the error of a search that found no feed; wall is the title of the page where it keeps readers out.
func (s *search) nothing(wall string) error {
	causes := make([]error, len(s.refused))
	for i, r := range s.refused {
		causes[i] = fmt.Errorf("  %s: %w", r.URL, r.Cause)
	}
	if wall != "" {
		return fmt.Errorf("no feed at %s, and none where it leads:\n%w\n"+
			"the page titled %q keeps out who is not known: look for the feed's address in a browser, and give that", fetch.Shown(s.source.URL), errors.Join(causes...), wall)
	}
	return fmt.Errorf("no feed at %s, and none where it leads or where sites often have one:\n%w\n"+
		"if you know the feed's address, give that; a list of news without a feed can be a source of kind page, with selectors (see feeds.yaml in README.md)",
		fetch.Shown(s.source.URL), errors.Join(causes...))
}
