package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"finews.withounder.com/feeds/poll"
)

// faultGroup is what was mended or dropped of several items of a source in the same way.
type faultGroup struct {
	said  string // of the first of them, without its name
	first string // the name of that one; empty: the whole document has the fault
	items int
}

// line says what the group is of; one item is told as it was reported.
func (g faultGroup) line() string {
	switch {
	case g.first == "":
		return g.said
	case g.items == 1:
		return g.first + ": " + g.said
	}
	return fmt.Sprintf("%d items: %s (first: %s)", g.items, g.said, g.first)
}

// printFaults names what was mended or dropped, a line for each kind of a source, and few kinds: what is lost comes first.
func printFaults(w io.Writer, results []poll.Result) {
	const most = 10
	for _, r := range results {
		groups := groupFaults(r.Faults)
		for i, g := range groups {
			if i == most {
				fmt.Fprintf(w, "%s: and %d more kinds of faults; --json gives all\n", printable(r.Source), len(groups)-most)
				break
			}
			fmt.Fprintf(w, "%s: %s\n", printable(r.Source), printable(g.line()))
		}
	}
}

// counted is what differs between faults of one kind: numbers, and the words of the source.
var counted = regexp.MustCompile(`[0-9]+|"[^"]*"`)

// groupFaults puts the faults of one kind together, those first by which something is lost.
func groupFaults(faults []string) []faultGroup {
	var groups []faultGroup
	at := map[string]int{}
	for _, fault := range faults {
		label, said, labelled := strings.Cut(fault, ": ")
		if !labelled {
			label, said = "", fault
		}
		kind := counted.ReplaceAllString(said, "0")
		i, known := at[kind]
		if !known {
			i = len(groups)
			at[kind] = i
			groups = append(groups, faultGroup{said: said, first: label})
		}
		groups[i].items++
	}
	slices.SortStableFunc(groups, func(a, b faultGroup) int { return weight(a) - weight(b) })
	return groups
}

// weight is 0 of a fault by which something is not stored or not published, and 1 of one that was mended.
func weight(g faultGroup) int {
	whole := g.first + ": " + g.said
	for _, lost := range []string{": dropped", "held, ", "not read", "were read: raise", "stored without", "wait for"} {
		if strings.Contains(whole, lost) {
			return 0
		}
	}
	return 1
}
