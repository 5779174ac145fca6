package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What counts of what a person types.
const (
	maxTyped = 200 // characters
	maxTerms = 16
)

// term is a word or phrase that an entry has to contain, or must not.
type term struct {
	tokens   []string // they follow each other in the text,
	tail     string   // and then comes a token that begins with this Han character; empty: nothing has to come
	excluded bool
}

// readTerms reads what a person typed. Words are parted by white space; "…", “…” and 「…」 are phrases, and so is a
// word of several runs; a - before it excludes. Nothing else has a meaning, and what holds no letter or digit is left
// out. The first 200 characters and 16 terms count.
func readTerms(typed string) []term {
	var terms []term
	for rest := fold(firstCharacters(typed, maxTyped)); rest != "" && len(terms) < maxTerms; {
		var words string
		var excluded bool
		words, excluded, rest = cutTerm(rest)
		if tokens := tokenize(words); len(tokens) > 0 {
			terms = append(terms, newTerm(tokens, excluded))
		}
	}
	return terms
}

// cutTerm cuts the first term off a folded text: its words, whether they are excluded, and what comes after it.
func cutTerm(text string) (words string, excluded bool, rest string) {
	first, size := utf8.DecodeRuneInString(text)
	if first == '-' || first == '−' { // － is folded
		excluded, text = true, text[size:]
	}
	isEnd := unicode.IsSpace
	switch first, size = utf8.DecodeRuneInString(text); {
	case isQuote(first):
		isEnd, text = isQuote, text[size:]
	case first == '「':
		isEnd, text = func(r rune) bool { return r == '」' }, text[size:]
	}
	end := strings.IndexFunc(text, isEnd)
	if end < 0 {
		return text, excluded, ""
	}
	_, size = utf8.DecodeRuneInString(text[end:])
	return text[:end], excluded, text[end+size:]
}

// isQuote takes all double quotes as one: an input method turns them as it likes.
func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' }

func firstCharacters(text string, n int) string {
	for at := range text {
		if n--; n < 0 {
			return text[:at]
		}
	}
	return text
}

// newTerm returns the term of the tokens, at least one. The last one, if it is a Han character alone, says that the
// run ended there in what was typed. In the text it may go on: so it is left out where the token before covers the
// character, and otherwise becomes the tail. A Han character alone before another run is right as it is: the run
// ends there in the text too.
func newTerm(tokens []token, excluded bool) term {
	t := term{excluded: excluded}
	for _, one := range tokens {
		t.tokens = append(t.tokens, one.text)
	}
	last := len(tokens) - 1
	if !isHanAlone(t.tokens[last]) {
		return t
	}
	if last == 0 || tokens[last-1].end < tokens[last].end {
		t.tail = t.tokens[last]
	}
	t.tokens = t.tokens[:last]
	return t
}

func isHanAlone(token string) bool {
	first, size := utf8.DecodeRuneInString(token)
	return size == len(token) && kindOf(first) == han
}

// expression is what the two tables are asked for, in the language of FTS5. What both are asked for has to be in both;
// one that is asked for nothing is empty, and never both are.
type expression struct{ words, characters string }

// clause gathers what one table is asked for. Every token stands in quotes and is made of letters and digits, so that
// nothing typed is an operator.
type clause struct{ wanted, unwanted []string }

func (c *clause) add(asked string, excluded bool) {
	if excluded {
		c.unwanted = append(c.unwanted, asked)
	} else {
		c.wanted = append(c.wanted, asked)
	}
}

// with returns the clause together with the labels that are wanted, in the given column. FTS5 excludes from something only:
// from all, where nothing is wanted.
func (c clause) with(column string, labels []string) string {
	if len(c.wanted)+len(labels) == 0 {
		labels = []string{labelOfAll}
	}
	wanted := slices.Clone(c.wanted)
	for _, one := range labels {
		wanted = append(wanted, column+quoted(one))
	}
	expression := "(" + strings.Join(wanted, " AND ") + ")"
	if len(c.unwanted) > 0 {
		expression += " NOT (" + strings.Join(c.unwanted, " OR ") + ")"
	}
	return expression
}

func quoted(tokens ...string) string { return `"` + strings.Join(tokens, " ") + `"` }

// ask returns what the index is asked for, and the terms that have to be looked for in the text of each entry it finds:
// it cannot say of a tail that it follows the tokens, only that it occurs. Such a term that is excluded is not asked for,
// because that would lose hits.
func (q Query) ask(terms []term) (asked expression, unsure []term) {
	var words, characters clause
	for _, t := range terms {
		if len(t.tokens) > 0 && t.tail != "" {
			unsure = append(unsure, t)
			if t.excluded {
				continue
			}
		}
		if len(t.tokens) > 0 {
			words.add("{body title} : "+quoted(t.tokens...), t.excluded)
		}
		if t.tail != "" {
			characters.add(quoted(t.tail), t.excluded)
		}
	}
	labels := q.labels()
	if len(words.wanted)+len(words.unwanted) > 0 {
		asked.words = words.with("labels : ", labels)
	}
	if asked.words == "" || len(characters.wanted)+len(characters.unwanted) > 0 {
		asked.characters = characters.with("", labels) // it knows no columns, and has one
	}
	return asked, unsure
}

// labels returns the filters of the query.
func (q Query) labels() []string {
	var asked []string
	for _, filter := range []struct{ kind, name string }{
		{labelOfCategory, q.Category}, {labelOfOutlet, q.Outlet}, {labelOfSource, q.Source},
	} {
		if filter.name != "" {
			asked = append(asked, label(filter.kind, filter.name))
		}
	}
	return asked
}

// The tokens of the column labels: one that every entry has, and what the others begin with.
const (
	labelOfAll      = "every"
	labelOfCategory = "c"
	labelOfOutlet   = "o"
	labelOfSource   = "s"
)

// label returns the token of a name: a hash, because a name may hold anything.
func label(kind, name string) string {
	sum := sha256.Sum256([]byte(name))
	return kind + hex.EncodeToString(sum[:8])
}
