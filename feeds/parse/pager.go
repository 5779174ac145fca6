package parse

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// What a pager at the end of an article is made of, such as: 共3页 上一页 1 2 3 下一页.
var (
	pagerText = regexp.MustCompile(`^(?:[\s\d.…|/<>«»‹›\[\]()（）]|上一页|下一页|上页|下页|首页|末页|尾页|[共第]\s*\d+\s*页){1,200}$`)
	pagerWord = regexp.MustCompile(`上一页|下一页|上页|下页|首页|末页|尾页|共\s*\d+\s*页`)
	nextWord  = regexp.MustCompile(`^[\s>»›]*(?:下一页|下页)[\s>»›]*$`)
	pageOne   = regexp.MustCompile(`^[\s\[(（]*\d{1,3}[\s\])）]*$`)
)

// dropPager takes the pager out that an article ends with, and returns the address, relative to base, that it goes on at:
// where 下一页 leads, or else the first number that leads away from the page itself. It is empty where there is none.
func dropPager(article *html.Node, base, itself string) (next string) {
	for article != nil {
		run, before := pagerRun(article)
		if len(run) == 0 {
			article = before
			continue
		}
		text := ""
		for _, n := range run {
			text += " " + nodeText(n)
		}
		if !pagerWord.MatchString(text) {
			return "" // a number that the text ends with
		}
		next = nextAddress(run, base, itself)
		for _, n := range run {
			article.RemoveChild(n)
		}
		return next
	}
	return ""
}

// pagerRun returns the children at the end of an element that may be a pager, in their order, and the element before them.
func pagerRun(element *html.Node) (run []*html.Node, before *html.Node) {
	for child := element.LastChild; child != nil; child = child.PrevSibling {
		text := nodeText(child)
		switch ofPager := pagerText.MatchString(text); {
		case (ofPager || text == "") && holdsPicture(child):
			return run, before
		case text == "":
		case ofPager:
			run = slices.Insert(run, 0, child)
		case child.Type == html.ElementNode:
			return run, child
		default:
			return run, before
		}
		if len(run) > maxTries*5 {
			return nil, nil
		}
	}
	return run, before
}

// nodeText returns the visible text of a text or an element.
func nodeText(n *html.Node) string {
	switch {
	case n.Type == html.TextNode:
		return strings.TrimSpace(feeds.CutBytes(n.Data, maxValueBytes))
	case n.Type != html.ElementNode || isUnseen(n):
		return ""
	}
	return visibleText(n)
}

func holdsPicture(n *html.Node) bool {
	if n.DataAtom == atom.Img {
		return true
	}
	for below := range n.Descendants() {
		if below.DataAtom == atom.Img {
			return true
		}
	}
	return false
}

// nextAddress returns where the links of a pager lead on.
func nextAddress(run []*html.Node, base, itself string) (next string) {
	for link := range linksOf(run) {
		address, ok := feeds.WebAddress(base, attribute(link, "href"))
		if !ok || withoutFragment(address) == withoutFragment(itself) {
			continue
		}
		switch text := visibleText(link); {
		case nextWord.MatchString(text):
			return address
		case next == "" && pageOne.MatchString(text):
			next = address
		}
	}
	return next
}

// linksOf yields the links among some elements and in them.
func linksOf(elements []*html.Node) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for _, element := range elements {
			if element.DataAtom == atom.A && !yield(element) {
				return
			}
			for below := range element.Descendants() {
				if below.DataAtom == atom.A && !yield(below) {
					return
				}
			}
		}
	}
}

// goesOn returns where a page says that its article goes on, anywhere on it: the pager may stand outside of the body. Where
// the address is not that of the page with more to it (1.html and 1_2.html), it is of something else, such as the comments.
func (p page) goesOn() string {
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.A || !nextWord.MatchString(visibleText(n)) {
			continue
		}
		if address, ok := feeds.WebAddress(p.base, attribute(n, "href")); ok && isContinuation(p.address, address) {
			return address
		}
	}
	return ""
}

// isContinuation reports whether an address is that of a further page of the article at another.
func isContinuation(first, address string) bool {
	a, err := url.Parse(first)
	b, err2 := url.Parse(address)
	if err != nil || err2 != nil || !strings.EqualFold(a.Host, b.Host) {
		return false
	}
	if a.Path == b.Path {
		return len(b.RawQuery) > len(a.RawQuery) && strings.HasPrefix(b.RawQuery, a.RawQuery)
	}
	stem := strings.TrimSuffix(a.Path, path.Ext(a.Path))
	more, found := strings.CutPrefix(b.Path, stem)
	return found && stem != "" && !strings.HasSuffix(stem, "/") && strings.HasPrefix(strings.TrimLeft(more, "_-/"), "2")
}
