package parse

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"finews.withounder.com/feeds"
)

// ErrShorter is of a page that says less than the item brought with it: asking again brings nothing else, and the item's
// own text is the one to keep.
var ErrShorter = errors.New("the article on the page is shorter than what the feed brings")

// Sizes of a text in characters, white space not counted.
const (
	longArticle = 300   // so long is an article; what stands there instead of one is short
	shortText   = 120   // less than this is a flash, which says what its title says
	shortBody   = 200   // less than this of an element that the operator named may be a notice in its place,
	tinyBody    = 20    // but there is nothing to know 详见附件 by
	maxOwn      = 2_000 // looked at of what the item says itself
)

// What stands in the place of an article: a server's word to a machine, and the frame of a site.
var (
	refusal = regexp.MustCompile(`安全验证|人机验证|验证码|过于频繁|滑块|请先?登录`)
	frame   = regexp.MustCompile(`版权所有|ICP备|公网安备`)
)

// belongs checks that a body which was taken from a page is the text of the item. named: it stood in the element that the
// operator named. Titles paraphrase, and so a longer text need share little with what the item says; a short one more.
func belongs(item feeds.Item, body string, named bool) error {
	text, own := squeezed(body), squeezed(item.Body)
	size := utf8.RuneCountInString(text)
	told := squeezed(item.Title) + " " + squeezed(item.Summary) + " " + cutText(own, maxOwn)
	if word := refusal.FindString(text); word != "" && size < longArticle && !strings.Contains(told, word) {
		return fmt.Errorf("the page is no article but a server's word (%s): %q", word, cutText(text, maxShownText))
	}
	if utf8.RuneCountInString(own) > size {
		return ErrShorter
	}
	if named && (size >= shortBody || size < tinyBody) {
		return nil
	}
	if word := frame.FindString(text); word != "" && size < longArticle && !named {
		return fmt.Errorf("what was found on the page is the frame of the site (%s), and no article: write body: {css: …, follow: link}", word)
	}
	return sharing(told, text, size < shortText)
}

// sharing checks that a text has something to do with what was told of it.
func sharing(told, text string, short bool) error {
	words := pairs(told)
	least := 1
	if short {
		least = min(3, (len(words)+1)/2)
	}
	shared := 0
	for word := range pairs(text) {
		if words[word] {
			shared++
		}
	}
	if len(words) > 1 && shared < least {
		return fmt.Errorf("the text on the page has nothing to do with the title: %q; look at it in a browser", cutText(text, maxShownText))
	}
	return nil
}

// pairs returns the pairs of Chinese characters that stand in a text, and its words in letters and digits.
func pairs(text string) map[string]bool {
	found := map[string]bool{}
	before, word := rune(0), []rune{}
	flush := func() {
		if len(word) > 2 {
			found[string(word)] = true
		}
		word = word[:0]
	}
	for _, r := range text {
		r = unicode.ToLower(feeds.Narrow(r))
		switch {
		case unicode.Is(unicode.Han, r):
			if before != 0 {
				found[string([]rune{before, r})] = true
			}
			flush()
			before = r
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, r)
		default:
			flush()
		}
		before = 0
	}
	flush()
	return found
}

// squeezed returns the text of HTML without its white space, but for one space between words of letters; scripts and style
// sheets are left out. It looks at as much as is kept of a body.
func squeezed(markup string) string {
	var text strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(feeds.CutBytes(markup, maxBody)))
	raw := false
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return squeeze(text.String())
		case html.StartTagToken:
			name, _ := tokens.TagName()
			raw = string(name) == "script" || string(name) == "style" || string(name) == "noscript" || string(name) == "iframe"
		case html.EndTagToken:
			raw = false
		case html.TextToken:
			if !raw {
				text.Write(tokens.Text())
			}
		}
	}
}

// squeeze drops the white space of a text, except between two characters of ASCII.
func squeeze(text string) string {
	var squeezed strings.Builder
	for _, word := range strings.Fields(text) {
		last := squeezed.Len() - 1
		if last >= 0 && squeezed.String()[last] < utf8.RuneSelf && word[0] < utf8.RuneSelf {
			squeezed.WriteByte(' ')
		}
		squeezed.WriteString(word)
	}
	return squeezed.String()
}
