package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// What is looked at for the line beside an article that credits it.
const (
	maxCredits     = 20  // texts that say 来源
	maxCreditLine  = 120 // characters: more is a paragraph
	maxCreditDepth = 3   // elements that a line may be made of, one within another
)

// credit is what the line beside an article says of it, such as: 2026-11-20 09:00　来源：农民日报　作者：王某.
type credit struct {
	line                      string // of the innermost element that names the outlet
	published, outlet, author string
}

// The parts of a line. 资金来源 and 数据来源 are none: before the label stands no other Chinese character.
var (
	outletLabel = regexp.MustCompile(`(?:^|[^\p{Han}])(?:(?:文章|信息|稿件|新闻|内容)?来源|稿源)\s*[:：]\s*([^\s|｜丨/，,；;（）()\[\]【】<>《》]{2,60})`)
	authorLabel = regexp.MustCompile(`(?:作者|记者)\s*[:：]\s*([^\s|｜丨/，,；;（）()\[\]【】<>《》]{2,60})`)
	nextLabel   = regexp.MustCompile(`(?:文章|信息|稿件|新闻|内容)?(?:来源|作者|记者|编辑|责编|校对|审核|时间|日期|发布|更新|浏览|点击|阅读|字体|字号|分享|打印|评论)\p{Han}{0,3}[:：].*$|\d{4}[-/.年].*$`)
	fullDay     = regexp.MustCompile(`(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}`)
	nobody      = regexp.MustCompile(`^(?:本站|本网站?|网络|互联网|网上|站内|原创|转载|未知|综合|不详|佚名|管理员|admin|整理|收集|发布|编辑)+$`)
	besidesPage = regexp.MustCompile(`(?i)(?:^|[\s_-])(?:nav|foot|footer|aside|sidebar|copyright|related|comments?)(?:$|[\s_-])`)
)

// credits returns the lines of a page that name an outlet, in its order.
func (p page) credits() []credit {
	var found []credit
	seen := 0
	for n := range p.root.Descendants() {
		if n.Type != html.TextNode || len(n.Data) > maxValueBytes || !strings.Contains(n.Data, "来源") && !strings.Contains(n.Data, "稿源") {
			continue
		}
		if seen++; seen > maxCredits {
			break
		}
		if c, ok := creditAround(n); ok {
			found = append(found, c)
		}
	}
	return found
}

// creditAround reads the credit in the smallest element around a text that names an outlet. The date and the author may
// stand beside it.
func creditAround(text *html.Node) (c credit, ok bool) {
	for n := range text.Ancestors() {
		if isUnseen(n) || isBesidesPage(n) {
			return credit{}, false
		}
	}
	for element, depth := text.Parent, 0; element != nil && depth < maxCreditDepth; element, depth = element.Parent, depth+1 {
		line := visibleText(element)
		if utf8.RuneCountInString(line) > maxCreditLine {
			return credit{}, false
		}
		match := outletLabel.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		c.line, c.outlet = line, nameOf(match[1])
		if c.outlet == "" {
			return credit{}, false
		}
		wide := lineAround(element)
		if match := authorLabel.FindStringSubmatch(wide); match != nil {
			c.author = nameOf(match[1])
		}
		if day := fullDay.FindStringIndex(wide); day != nil {
			c.published = wide[day[0]:]
		}
		return c, true
	}
	return credit{}, false
}

// isBesidesPage reports whether an element holds what stands around all articles of a site.
func isBesidesPage(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside:
		return true
	case atom.Body, atom.Html:
		return false
	}
	return besidesPage.MatchString(feeds.CutBytes(attribute(n, "class"), 200)) || besidesPage.MatchString(feeds.CutBytes(attribute(n, "id"), 200))
}

// nameOf returns the name that a value begins with: what follows it may be the next label.
func nameOf(value string) string {
	name := strings.Trim(nextLabel.ReplaceAllString(value, ""), ":： 　.-—_“”\"")
	size := utf8.RuneCountInString(name)
	if size < 2 || size > 30 || strings.Contains(name, "://") || !strings.ContainsFunc(name, unicode.IsLetter) {
		return ""
	}
	return name
}

// lineAround returns the line that an element is part of: its own text, or that of the elements around it, as long as that
// is short and no heading is among it.
func lineAround(element *html.Node) string {
	line := visibleText(element)
	for depth := 1; depth < maxCreditDepth && element.Parent != nil; depth++ {
		element = element.Parent
		for n := range element.Descendants() {
			if slices.Contains([]atom.Atom{atom.H1, atom.H2, atom.H3, atom.Title}, n.DataAtom) {
				return line
			}
		}
		wider := visibleText(element)
		if utf8.RuneCountInString(wider) > maxCreditLine {
			break
		}
		line = wider
	}
	return line
}

// creditOutside returns the first credit that does not stand in the body, the text of which is given. Only its date is left
// where it names nobody, such as 来源：网络.
func creditOutside(credits []credit, body string) credit {
	body = strings.Join(strings.Fields(body), "")
	for _, c := range credits {
		switch {
		case strings.Contains(body, strings.Join(strings.Fields(c.line), "")):
		case nobody.MatchString(c.outlet):
			return credit{published: c.published}
		default:
			return c
		}
	}
	return credit{}
}
