package main

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// narrowest is the least width of a last column that is cut.
const narrowest = 12

// printRows prints rows of as many fields as there are headings. On a terminal they are a table, the last column cut
// so that a row stays on its line; on a pipe, lines of fields between tabs, whole and without headings.
func (p program) printRows(headings []string, rows [][]string) {
	for _, row := range rows {
		for i, field := range row {
			row[i] = printable(field)
		}
	}
	if !isTerminal(p.stdout) {
		for _, row := range rows {
			fmt.Fprintln(p.stdout, strings.Join(row, "\t"))
		}
		return
	}
	if len(rows) == 0 {
		fmt.Fprintln(p.stdout, "nothing")
		return
	}
	last := len(headings) - 1
	room := p.roomForLast(headings, rows)
	t := table.NewWriter()
	t.SetOutputMirror(p.stdout)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(cells(headings))
	for _, row := range rows {
		row[last] = text.Snip(row[last], room, "…")
		t.AppendRow(cells(row))
	}
	t.Render()
}

// roomForLast is how wide the last column may be, so that the table fits the terminal.
func (p program) roomForLast(headings []string, rows [][]string) int {
	width, _, err := term.GetSize(int(p.stdout.Fd()))
	if err != nil || width <= 0 {
		width = 120
	}
	for i := range len(headings) - 1 {
		widest := text.StringWidth(headings[i])
		for _, row := range rows {
			widest = max(widest, text.StringWidth(row[i]))
		}
		width -= widest + len("|  ") // a border and two blanks
	}
	return max(width-len("|  |"), narrowest)
}

func cells(fields []string) table.Row {
	row := make(table.Row, len(fields))
	for i, field := range fields {
		row[i] = field
	}
	return row
}
