package storage

import (
	"context"
	"html"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"github.com/google/go-cmp/cmp"
)

// expressionOf returns what a term means, said without tokens: its runs one after the other, with nothing but
// separators between them, runs of letters whole.
func expressionOf(words string) *regexp.Regexp {
	var expression strings.Builder
	runs := regexp.MustCompile(`[a-z0-9]+|[^a-z0-9 ，]+`).FindAllString(words, -1)
	for i, run := range runs {
		letters := run[0] < 0x80
		if i > 0 && letters != (runs[i-1][0] < 0x80) {
			expression.WriteString(`[ ，]*`)
		} else if i > 0 {
			expression.WriteString(`[ ，]+`)
		}
		if letters {
			run = `\b` + run + `\b`
		}
		expression.WriteString(run)
	}
	return regexp.MustCompile(expression.String())
}

// What is found is what another reading of the same words finds, over texts and queries of few characters, where
// every way to stand beside each other comes up.
func TestSearchMeansWhatItSays(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	random := rand.New(rand.NewPCG(59, 1))
	alphabet := []rune("农农商商行a3 ，")
	text := func(most int) string {
		var made []rune
		for range 1 + random.IntN(most) {
			made = append(made, alphabet[random.IntN(len(alphabet))])
		}
		return string(made)
	}
	var drafts []feeds.Draft
	for n := range 40 {
		drafts = append(drafts, saying(n, text(8), text(8)))
	}
	save(t, s, batch(noon, drafts...))
	for range 200 {
		words := strings.Trim(text(5), " ，")
		if words == "" {
			continue
		}
		expression := expressionOf(words)
		var with, without []string
		for _, d := range slices.Backward(drafts) {
			if expression.MatchString(d.Entry.Title) || expression.MatchString(d.Entry.Body.Text()) {
				with = append(with, d.Entry.Title)
			} else {
				without = append(without, d.Entry.Title)
			}
		}
		if diff := cmp.Diff(with, foundTitles(t, s, Query{Text: `"` + words + `"`, Limit: 100})); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", words, diff)
		}
		if diff := cmp.Diff(without, foundTitles(t, s, Query{Text: `-"` + words + `"`, Limit: 100})); diff != "" {
			t.Fatalf("without %q (-want +got):\n%s", words, diff)
		}
	}
}

// Whatever an entry says and whoever searches: no error, and what is found contains the words.
func FuzzSearch(f *testing.F) {
	for _, c := range searchCases(f) {
		f.Add(c.text, c.query)
	}
	f.Add("\xff\x00农", strings.Repeat("(", 2000))
	s := openNew(f)
	e := feeds.Entry{Number: 1, Title: "标题", Outlet: "农金网", Published: noon}
	save(f, s, batch(noon, titled(1, "标题", noon)))
	squeezed := func(text string) string {
		return strings.Map(func(r rune) rune {
			if kind := kindOf(r); kind == separating || kind == invisible {
				return -1
			}
			return r
		}, fold(text))
	}
	f.Fuzz(func(t *testing.T, text, typed string) {
		e.Body = feeds.SafeHTML(html.EscapeString(text))
		inTransaction(t, s, func(w *writing) error {
			if _, err := w.exec(context.Background(), `UPDATE entries SET body = ?`, string(e.Body)); err != nil {
				return err
			}
			return w.addToSearch(context.Background(), []feeds.Entry{e})
		})
		hits := search(t, s, Query{Text: typed}).Hits
		if best := search(t, s, Query{Text: typed, Best: true}).Hits; len(best) != len(hits) {
			t.Errorf("%q in %q: newest first %d, best first %d", typed, text, len(hits), len(best))
		}
		holds := true
		for _, term := range readTerms(typed) {
			words := squeezed(strings.Join(append(wholeRuns(term.tokens), term.tail), ""))
			contained := strings.Contains(squeezed(e.Body.Text()), words) || strings.Contains(squeezed(e.Title), words)
			if !term.excluded && !contained {
				holds = false
			}
		}
		if !holds && len(hits) > 0 {
			t.Errorf("%q finds %q", typed, text)
		}
	})
}

// wholeRuns puts together what tokens of one run share, so that they read as text: 普惠 惠金 become 普惠金.
func wholeRuns(tokens []string) []string {
	var runs []string
	for i, one := range tokens {
		characters := []rune(one)
		if i > 0 && kindOf(characters[0]) == han && len([]rune(tokens[i-1])) == 2 && kindOf([]rune(tokens[i-1])[0]) == han {
			characters = characters[1:] // the token before has said the first
		}
		runs = append(runs, string(characters))
	}
	return runs
}
