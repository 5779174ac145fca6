package storage

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Piece is a part of a title or snippet: plain text, which whoever shows it has to escape. Match says that it is what
// was searched for.
type Piece struct {
	Text  string
	Match bool
}

// How much of a body a snippet shows, in characters.
const (
	snippetLength = 60
	snippetBefore = 15 // of them stand before the first match
)

// span is a part of a text, in bytes.
type span struct{ start, end int }

// at returns where the term stands if its first token is the i-th of the tokens.
func (t term) at(tokens []token, i int) (s span, ok bool) {
	rest := tokens[i:]
	if len(rest) < len(t.tokens) {
		return span{}, false
	}
	for k, want := range t.tokens {
		if rest[k].text != want {
			return span{}, false
		}
	}
	n := len(t.tokens)
	if t.tail == "" {
		return span{rest[0].start, rest[n-1].end}, true
	}
	if len(rest) == n || !strings.HasPrefix(rest[n].text, t.tail) {
		return span{}, false
	}
	return span{rest[0].start, rest[n].start + len(t.tail)}, true
}

// in reports whether the term occurs among the tokens.
func (t term) in(tokens []token) bool {
	for i := range tokens {
		if _, ok := t.at(tokens, i); ok {
			return true
		}
	}
	return false
}

// spansOf returns where the terms that are not excluded stand in the text, in order and without overlaps.
func spansOf(tokens []token, terms []term) []span {
	var found []span
	for i := range tokens {
		for _, t := range terms {
			if s, ok := t.at(tokens, i); ok && !t.excluded {
				found = append(found, s)
			}
		}
	}
	var joined []span // they come ordered by start, as the tokens do
	for _, s := range found {
		if last := len(joined) - 1; last >= 0 && s.start <= joined[last].end {
			joined[last].end = max(joined[last].end, s.end)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// pieces parts text[from:to] at the ends of the spans.
func pieces(text string, spans []span, from, to int) []Piece {
	var parts []Piece
	add := func(until int, match bool) {
		if until = min(until, to); until > from {
			parts = append(parts, Piece{Text: text[from:until], Match: match})
			from = until
		}
	}
	for _, s := range spans {
		add(s.start, false)
		add(s.end, true)
	}
	add(to, false)
	return parts
}

// titlePieces returns the whole title with its matches.
func titlePieces(title string, terms []term) []Piece {
	return pieces(title, spansOf(tokenize(title), terms), 0, len(title))
}

// snippet returns what stands around the first match in the text of a body, or its beginning where there is none,
// with … where something was left out. White space is one space.
func snippet(body string, terms []term) []Piece {
	text := strings.Join(strings.Fields(body), " ")
	spans := spansOf(tokenize(text), terms)
	from := 0
	if len(spans) > 0 {
		from = stepBack(text, spans[0].start, snippetBefore)
	}
	to := from + len(firstCharacters(text[from:], snippetLength))
	shown := pieces(text, spans, from, to)
	if from > 0 {
		shown = slices.Insert(shown, 0, Piece{Text: "…"})
	}
	if to < len(text) {
		shown = append(shown, Piece{Text: "…"})
	}
	return shown
}

// stepBack returns the place n characters before at, or 0.
func stepBack(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}
