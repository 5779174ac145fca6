package parse

import (
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// unfit notes that an address which an item gives was dropped, for it is none that is published. Of each kind one is told.
func unfit(item *feeds.Item, base, what string, addresses ...string) {
	fault := "its " + what + " is no web address, and was dropped: "
	told := slices.ContainsFunc(item.Faults, func(before string) bool { return strings.HasPrefix(before, fault) })
	for _, address := range addresses {
		if address = strings.TrimSpace(address); address == "" || told {
			continue
		}
		if _, ok := feeds.WebAddress(base, address); !ok {
			item.Faults = append(item.Faults, fault+shownAddress(address))
			return
		}
	}
}

// unfitID is unfit of an id that could have been the address of an item without a link. Most ids are no addresses and are
// not meant to be; one that would run is.
func unfitID(item *feeds.Item, id string) {
	scheme, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(id)), ":")
	if item.Link == "" && slices.Contains([]string{"javascript", "vbscript", "data"}, scheme) {
		unfit(item, "", "permalink", id)
	}
}
