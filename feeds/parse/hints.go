package parse

import (
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"finews.withounder.com/feeds"
)

// maxInterval bounds the interval that a document asks for: a feed that says a year has a mistake in it.
const maxInterval = 7 * 24 * time.Hour

func (r reader) rssHints(f *rss.Feed) feeds.Hints {
	hints := feeds.Hints{
		Interval:  max(minutes(f.TTL), updateInterval(f.Extensions)),
		SkipHours: skippedHours(f.SkipHours),
		SkipDays:  skippedDays(f.SkipDays),
	}
	for _, link := range extension(f.Extensions, "atom", "link") {
		r.hint(&hints, link.Attrs["rel"], link.Attrs["href"])
	}
	return hints
}

func (r reader) atomHints(f *atom.Feed) feeds.Hints {
	hints := feeds.Hints{Interval: updateInterval(f.Extensions)}
	for _, link := range f.Links {
		r.hint(&hints, link.Rel, link.Href)
	}
	return hints
}

func (r reader) jsonHints(f *json.Feed) feeds.Hints {
	var hints feeds.Hints
	r.hint(&hints, "self", f.FeedURL)
	r.hint(&hints, "next", f.NextURL)
	for _, hub := range r.hubs {
		r.hint(&hints, "hub", hub)
	}
	return hints
}

// hint keeps the first address of each relation. A relative one is relative to the feed.
func (r reader) hint(hints *feeds.Hints, rel, address string) {
	field := &hints.Next
	switch strings.ToLower(rel) {
	case "hub":
		field = &hints.Hub
	case "self":
		field = &hints.Self
	case "next":
	default:
		return
	}
	if *field == "" {
		*field = firstAddress(r.base, address)
	}
}

// minutes reads an RSS ttl; 0 is for what is none.
func minutes(ttl string) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(ttl), 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return time.Duration(min(n, int64(maxInterval/time.Minute))) * time.Minute
}

// updateInterval reads sy:updatePeriod and sy:updateFrequency (RSS 1.0 module Syndication): daily and 2 is twice a
// day. Either may be left out. 0 is for what is neither.
func updateInterval(x ext.Extensions) time.Duration {
	period, frequency := strings.Join(words(x, "sy", "updatePeriod"), ""), strings.Join(words(x, "sy", "updateFrequency"), "")
	if period == "" && frequency == "" {
		return 0
	}
	const day = 24 * time.Hour
	periods := map[string]time.Duration{"hourly": time.Hour, "daily": day, "": day, "weekly": 7 * day, "monthly": 30 * day, "yearly": 365 * day}
	times := int64(1)
	if frequency != "" {
		var err error
		if times, err = strconv.ParseInt(strings.TrimSpace(frequency), 10, 64); err != nil || times <= 0 {
			return 0
		}
	}
	return min(periods[strings.ToLower(strings.TrimSpace(period))]/time.Duration(times), maxInterval)
}

// skippedHours reads RSS skipHours, a bit for each hour from 0 to 23; 24 is midnight too, as in RSS 0.91. A feed that
// skips them all says nothing.
func skippedHours(hours []string) (skipped uint32) {
	const all = 1<<24 - 1
	for _, hour := range hours {
		if n, err := strconv.Atoi(strings.TrimSpace(hour)); err == nil && n >= 0 && n <= 24 {
			skipped |= 1 << (n % 24)
		}
	}
	if skipped == all {
		return 0
	}
	return skipped
}

// skippedDays reads RSS skipDays, a bit for each weekday from Sunday on. A feed that skips them all says nothing.
func skippedDays(days []string) (skipped uint8) {
	const all = 1<<7 - 1
	for _, written := range days {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(written), day.String()) {
				skipped |= 1 << day
			}
		}
	}
	if skipped == all {
		return 0
	}
	return skipped
}
