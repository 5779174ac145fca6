package main

import (
	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

// readBack reads a feed of ours as any source is read, and returns what it lists.
func readBack(name string, content []byte) ([]feeds.Listed, error) {
	result, err := parse.Feed(feeds.Source{Name: name, Kind: feeds.KindFeed}, parse.Document{Body: content})
	if err != nil {
		return nil, err
	}
	listed := make([]feeds.Listed, len(result.Items))
	for i, item := range result.Items {
		listed[i] = feeds.Listed{ID: item.GUID, Link: item.Link, Published: item.Published}
	}
	return listed, nil
}
