package main

import (
	"context"
	"strings"
	"time"

	"finews.withounder.com/feeds"
)

// edit is one change of an entry.
type edit struct {
	at            time.Time
	before, after feeds.Entry
}

// edits returns the changes of an entry, the earliest first.
func (h *house) edits(ctx context.Context, e feeds.Entry) ([]edit, error) {
	versions, err := h.store.Versions(ctx, e.Number)
	edits := make([]edit, len(versions))
	for i, v := range versions {
		after := e
		if i+1 < len(versions) {
			after = versions[i+1].Entry
		}
		edits[i] = edit{at: v.Replaced, before: v.Entry, after: after}
	}
	return edits, err
}

func (h *house) printHistory(s sheet, edits []edit) {
	if len(edits) == 0 {
		s.lines("\nIt was never edited.\n")
	}
	for _, one := range edits {
		s.lines("\nedited " + h.minute(one.at) + "\n")
		s.lines(one.difference())
	}
}

// difference shows an edit as lines that went (-) and came (+), and where nothing that people read was changed, says so.
func (c edit) difference() string {
	var b strings.Builder
	for _, field := range []struct{ name, before, after string }{
		{"title", c.before.Title, c.after.Title},
		{"outlet", c.before.Outlet, c.after.Outlet},
		{"link", c.before.Link, c.after.Link},
	} {
		if field.before != field.after {
			b.WriteString("- " + field.name + ": " + field.before + "\n+ " + field.name + ": " + field.after + "\n")
		}
	}
	for _, line := range lineDifference(paragraphs(c.before), paragraphs(c.after)) {
		b.WriteString(line + "\n")
	}
	if b.Len() == 0 {
		return "  only markup, images or the like\n"
	}
	return b.String()
}

func paragraphs(e feeds.Entry) []string {
	if e.Body == "" {
		return nil
	}
	return strings.Split(e.Body.Text(), "\n")
}

// maxCompared bounds the work of comparing two texts, in pairs of lines. Beyond it, all that is not at their ends is
// shown as replaced.
const maxCompared = 4_000_000

// lineDifference returns the lines that differ, each with "- " or "+ " before it: those of a longest common
// subsequence are left out.
func lineDifference(before, after []string) []string {
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	common := commonLines(before, after)
	var lines []string
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && common(i+1, j) >= common(i, j+1):
			lines = append(lines, "- "+before[i])
			i++
		default:
			lines = append(lines, "+ "+after[j])
			j++
		}
	}
	return lines
}

// commonLines returns how many lines before[i:] and after[j:] have in common at most, in order.
func commonLines(before, after []string) func(i, j int) int {
	rows := len(after) + 1
	if (len(before)+1)*rows > maxCompared {
		return func(int, int) int { return 0 }
	}
	table := make([]int, (len(before)+1)*rows)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				table[i*rows+j] = table[(i+1)*rows+j+1] + 1
			} else {
				table[i*rows+j] = max(table[(i+1)*rows+j], table[i*rows+j+1])
			}
		}
	}
	return func(i, j int) int { return table[i*rows+j] }
}
