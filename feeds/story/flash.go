package story

import (
	"regexp"
	"strings"
)

// harmless is what an outlet puts into a flash without a change of what it tells, in normal form: who heard of it and
// words of courtesy.
var harmless = regexp.MustCompile(`^(?:据悉|[^\d从]{0,8}获悉|.{0,6}快讯)|据悉|数据显示|有关|同志`)

// official are the full names of offices for which outlets write the short ones.
var official = strings.NewReplacer("国家金融监督管理总局", "金融监管总局", "中国人民银行", "央行", "中国证券监督管理委员会", "证监会", "中国证监会", "证监会")

// announced is when something was announced, in normal form: 10月30日公告, 近日公布. The first group is a date.
var announced = regexp.MustCompile(`(?:((?:\d{1,2}月)?\d{1,2}日)|近日|今日|日前)(公告|公布|发布)`)

// The characters that turn what a flash tells, of whatever word they are a part: not and not yet, intended and done, or,
// only, up and down, against when. Those of voids take back what stands before them.
const (
	turns = "不未没无非否拟将已曾原或暂停止仅再上下升降涨跌增减投收回购同环预前" + voids
	voids = "消终撤误谣假虚更延推"
)

// leastClause is how many tokens a name and a figure have together: 不良率0.94.
const leastClause = 4

// flashSame reports whether one of two texts, of which at least one is a flash, is wholly in the other, in the same
// order, and what the longer one has besides are clauses that do not turn it. A few words that were put in may be any of
// what tells two flashes apart, and so may those that stand for others.
func flashSame(a, b string) bool {
	a, b = harmless.ReplaceAllString(official.Replace(a), ""), harmless.ReplaceAllString(official.Replace(b), "")
	if !announcedApart(a, b) {
		a, b = announced.ReplaceAllString(a, "$2"), announced.ReplaceAllString(b, "$2")
	}
	short, long := tokens(a), tokens(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	al := align(short, long)
	if !al.inOrder() {
		return false
	}
	last := al.runs[len(al.runs)-1]
	for i, g := range al.gaps {
		first := i == 0 && al.runs[0].i == 0 && al.runs[0].j > 0
		end := i == len(al.gaps)-1 && last.i+last.n == len(short) && last.j+last.n < len(long)
		if len(g.a) > 0 || !g.b.isClause(first, end) {
			return false
		}
	}
	return true
}

// withoutDay returns a text without the day that a dateline says, as a date or as today. day is in normal form; without
// one nothing is left out, for today is no certain day then.
func withoutDay(text, day string) string {
	if day == "" {
		return text
	}
	dated := regexp.MustCompile(`(^|\D)(?:\d{1,2}月)?` + regexp.QuoteMeta(day) + `日`)
	return dated.ReplaceAllString(strings.ReplaceAll(text, "今日", ""), "$1")
}

// announcedApart reports whether both texts say on which day something was announced, and not on the same.
func announcedApart(a, b string) bool {
	dateA, dateB := announced.FindStringSubmatch(a), announced.FindStringSubmatch(b)
	return dateA != nil && dateB != nil && dateA[1] != "" && dateB[1] != "" && dateA[1] != dateB[1]
}

// inOrder reports whether something is equal, and in the same order in both texts: who swaps two names tells the
// opposite.
func (al alignment) inOrder() bool {
	for i := 1; i < len(al.runs); i++ {
		if al.runs[i].j < al.runs[i-1].j+al.runs[i-1].n {
			return false
		}
	}
	return len(al.runs) > 0
}

// isClause reports whether what one flash has and another has not, at its beginning, at its end or in the middle, is a
// clause that can be cut: longer than a few words, or a name and a figure at the end, or two figures at the beginning;
// in the middle without a figure; and nowhere with what turns the rest.
func (s span) isClause(first, end bool) bool {
	if s[0] == '的' { // what stands before it is only what the clause speaks of
		return false
	}
	figures, turning := len(s.figures()), turns
	if end {
		turning = voids
	}
	listed := end && figures > 0 && len(s) >= leastClause || first && figures > 1
	if len(s) <= fewTokens && !listed || figures > 0 && !first && !end {
		return false
	}
	return !s.has(turning)
}
