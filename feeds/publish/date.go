package publish

import (
	"hash/fnv"
	"time"

	"finews.withounder.com/feeds"
)

// date returns t as it is published: in the site's zone, in whole seconds, and in a year that the formats can
// write and readers can read (1970 to 9999).
func (p publication) date(t time.Time) time.Time {
	zone := p.site.Location
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone).Truncate(time.Second)
	switch {
	case t.Year() < 1970:
		return time.Date(1970, 1, 1, 0, 0, 0, 0, zone)
	case t.Year() > 9999:
		return time.Date(9999, 12, 31, 23, 59, 59, 0, zone)
	}
	return t
}

// updated returns the time of the newest change of an entry as Atom gives it. Its seconds are the entry's; below them stand
// microseconds made of the id. Sources date by the second, and often by the day, so that many entries share an
// instant, while feed validators warn of two entries updated at the same (a reader could not order them). An
// entry's digits are its own: they do not change with its neighbours.
func (p publication) updated(e feeds.Entry) time.Time {
	h := fnv.New32a()
	h.Write([]byte(e.ID))
	return p.date(e.Updated).Add(time.Duration(h.Sum32()%1_000_000) * time.Microsecond)
}
