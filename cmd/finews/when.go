package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// period are the flags --since and --until, as they were given.
type period struct{ since, until string }

func (d *period) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.since, "since", "", "published on this day or later, such as 2022-04-01")
	cmd.Flags().StringVar(&d.until, "until", "", "published on this day or before")
}

// read returns the bounds in a zone: since belongs to the period, until no longer does. A flag that was not given is
// the zero time.
func (d period) read(zone *time.Location) (since, until time.Time, err error) {
	if since, err = day("--since", d.since, zone); err != nil {
		return since, until, err
	}
	if until, err = day("--until", d.until, zone); err != nil {
		return since, until, err
	}
	if until.IsZero() {
		return since, until, nil
	}
	if since.After(until) {
		return since, until, fmt.Errorf("--since %s is after --until %s: exchange them", d.since, d.until)
	}
	return since, until.AddDate(0, 0, 1), nil
}

func day(flag, word string, zone *time.Location) (time.Time, error) {
	if word == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, word, zone)
	if err != nil {
		return t, fmt.Errorf("%s %s is no day: write it as 2022-04-01", flag, word)
	}
	return t, nil
}

// longestAge bounds an age: more is a slip of the pen, and overflows.
const longestAge = 100 * 365 * 24 * time.Hour

// age reads a number of days such as 365d, or hours and less as Go writes them.
func age(flag, word string) (time.Duration, error) {
	long, err := time.ParseDuration(word)
	if days, found := strings.CutSuffix(word, "d"); found {
		var n int
		if n, err = strconv.Atoi(days); err == nil {
			long = time.Duration(min(max(n, 0), 1_000_000)) * 24 * time.Hour
		}
	}
	if err != nil || long <= 0 || long > longestAge {
		return 0, fmt.Errorf("%s %s is no age: write days such as 365d, or hours such as 12h", flag, word)
	}
	return long, nil
}
