package sanitize

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// naming is what a line says of the outlet.
type naming struct {
	outlet   string
	sure     bool // the label is one that nothing but an outlet has: 文章来源
	doubtful bool // the label is followed by what also stands between two words: 来源/渠道
	begins   bool // the line is of credits; else the naming stands in brackets after a text
	alone    bool // nothing else stands in the line but a date and the like
}

// The parts of a line that names an outlet. Before the label stands no other Chinese character: 图片来源 is none.
const (
	spaces = `[\s\p{Zs}]*`
	lead   = `^[\s\p{Zs}（(【\[◎●■◆★☆※*·•>＞—–_|｜丨-]*`
	label  = `((?:(?:文章|本文|稿件|新闻|内容|原文|转载|信息|消息)` + spaces + `)?来` + spaces + `源|稿` + spaces + `源|转` + spaces + `自|转载自)`
	parted = spaces + `([】\]]` + spaces + `[:：]?|[:：|｜丨/])` + spaces
	colon  = spaces + `[:：|｜丨/]`
	parts  = `[\s\p{Zs}；;，,|｜丨/]`
	// roles are what people have done for an article; others say it only where a colon follows.
	roles  = `(?:本报|本网|特约|见习|实习|值班)*(?:责任编辑|责任校对|责编|编辑|编审|编校|编排|编译|美编|作者|记者|通讯员|撰稿|撰文|供稿|校对|审校|审核|审签|初审|复审|终审|一审|二审|三审|总监制|监制|监审|主编|总编|排版|制作|统筹|策划|签发|文/图|图/文|文字|摄影)`
	others = `(?:编|审|校|文|整理|原标题|标题|发布时间|发布|时间|日期)`
	moment = `(?:(?:19|20)\d\d` + spaces + `[-/.年]` + spaces + `\d{1,2}` + spaces + `[-/.月]` + spaces + `\d{1,2}` + spaces + `日?|\d{1,2}月\d{1,2}日|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)`
	issue  = `(?:19|20)\d\d年第\d+期`
	handle = `(?:ID|id|Id|微信号|公众号|微信公众号|微信ID)` + spaces + `[:：]` + spaces + `[\w-]{1,40}`
)

// They are searched for in maxNaming bytes at most.
var (
	// lineLabel begins a line: 来源：农民日报. （文章来源：农金网）. 【来源】农金网
	lineLabel = regexp.MustCompile(lead + label + parted)
	// creditLabel stands in a line of credits: 责任编辑：李四 来源：农金网
	creditLabel = regexp.MustCompile(`[\s\p{Zs}；;，,|｜丨/（(【\[]` + label + parted)
	// creditStart begins such a line.
	creditStart = regexp.MustCompile(lead + `(?:` + roles + `(?:` + colon + `|[\s\p{Zs}])|` + others + colon + `|` + moment + `)`)
	// bracketLabel stands in brackets after a text: …6000名老年客户。（来源：农金网）
	bracketLabel = regexp.MustCompile(`[（(【\[](?:[^（()）【】\[\]图]{0,40}` + parts + `)?` + spaces + label + parted)
	// nameEnd is what cannot stand in a name.
	nameEnd = regexp.MustCompile(`[；;，,|｜丨。！？!?（()）【】\[\]:：\n]|` + spaces + `(?:(?:19|20)\d\d[-/.年]|` + moment + `)|[\s\p{Zs}/、]+` + roles +
		`|` + roles + colon + `|[\s\p{Zs}]+` + others + colon + `|https?:|www\.`)
	// attached is a person behind a name with nothing between: 新华社记者张三
	attached = regexp.MustCompile(`^(.+?)` + roles + `[\p{Han}、·]{2,20}$`)
	// aside is what may stand beside the name in a line that says nothing else.
	aside = regexp.MustCompile(`^(?:[\s\p{Zs}；;，,|｜丨。（()）【】\[\]/-]|` + moment + `|` + handle + `)*$`)
	// besides begins what may follow the name in a line of credits.
	besides = regexp.MustCompile(`^[\s\p{Zs}；;，,|｜丨。（()）【】\[\]/、-]*(?:` + roles + `|` + others + colon + `|` + moment + `|` + issue + `|` + handle + `)`)
)

// Bounds of what is searched for a name. To search 200 KB takes the expressions a tenth of a second.
const (
	maxNaming = 1024 // bytes of the beginning and of the end of a paragraph
	maxName   = 40   // characters
	maxLines  = 4    // at the end of a paragraph that line breaks part
)

// mayName reports whether an outlet might be named in a text, as nearly none has it: an expression takes longer to
// see that.
func mayName(text string) bool { return strings.Contains(text, "源") || strings.Contains(text, "自") }

// namingIn returns what a paragraph says of the outlet, and whether it does.
func namingIn(text string) (naming, bool) {
	head, tail := feeds.CutBytes(text, maxNaming), text[max(len(text)-maxNaming, 0):]
	if mayName(head) {
		if n, ok := namingFirst(head); ok {
			n.alone = n.alone && len(text) <= maxNaming
			return n, true
		}
	}
	if !mayName(tail) {
		return naming{}, false
	}
	if n, ok := namingLast(tail); ok || !strings.Contains(tail, "\n") {
		return n, ok
	}
	lines := strings.Split(tail, "\n")
	for _, line := range slices.Backward(lines[max(len(lines)-maxLines, 1):]) {
		if n, ok := namingFirst(strings.TrimSpace(line)); ok {
			n.begins, n.alone = false, false
			return n, true
		}
	}
	return naming{}, false
}

// namingFirst reads a line that begins with a label, or is of credits.
func namingFirst(line string) (naming, bool) {
	m, alone := lineLabel.FindStringSubmatchIndex(line), true
	if m == nil && utf8.RuneCountInString(line) <= maxCredits && creditStart.MatchString(line) {
		m, alone = creditLabel.FindStringSubmatchIndex(line), false
	}
	if m == nil {
		return naming{}, false
	}
	n, rest, ok := named(line, m)
	n.begins = true
	nothing := aside.MatchString(rest)
	n.alone = alone && nothing
	switch {
	case !ok:
		return naming{}, false
	case nothing, strings.HasPrefix(rest, "\n"), besides.MatchString(rest):
		return n, true
	}
	// What follows may be a sentence: 来源：财政，其中…
	short := utf8.RuneCountInString(line) <= maxCredits && !strings.ContainsAny(rest, "。！？:：")
	return n, short && (n.sure || n.isMedium())
}

// namingLast reads the brackets at the end of a text. Only credits may follow them.
func namingLast(text string) (naming, bool) {
	all := bracketLabel.FindAllStringSubmatchIndex(text, -1)
	if all == nil {
		return naming{}, false
	}
	m := all[len(all)-1]
	inside, after, closed := cutAny(text[m[1]:], "）)】]")
	if !closed || !aside.MatchString(after) && !isFrame(after) {
		return naming{}, false
	}
	n, rest, ok := named(text[:m[1]]+inside, m)
	return n, ok && (aside.MatchString(rest) || besides.MatchString(rest))
}

// cutAny cuts a text at the first of some characters.
func cutAny(text, characters string) (before, after string, found bool) {
	i := strings.IndexAny(text, characters)
	if i < 0 {
		return text, "", false
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	return text[:i], text[i+size:], true
}

// named reads the name that follows a label, and returns what follows the name. m is the match: all, label, mark.
func named(line string, m []int) (n naming, rest string, ok bool) {
	kind := strings.Join(strings.Fields(line[m[2]:m[3]]), "")
	n.sure = kind != "来源" && kind != "信息来源" && kind != "消息来源"
	n.doubtful = line[m[4]:m[5]] == "/"
	name := line[m[1]:]
	if end := nameEnd.FindStringIndex(name); end != nil {
		name, rest = name[:end[0]], name[end[0]:]
	}
	if m := attached.FindStringSubmatch(name); m != nil && feeds.IsMedium(m[1]) && !feeds.IsMedium(name) {
		rest = name[len(m[1]):] + rest
		name = m[1]
	}
	n.outlet = strings.TrimRight(strings.TrimSpace(name), "·-—_/、* \u3000")
	letters := utf8.RuneCountInString(n.outlet)
	return n, rest, letters > 1 && letters <= maxName && !strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, "：")
}

// isMedium reports whether the name is that of a medium: 公司年报 and 国家电网 only end as such names do.
func (n naming) isMedium() bool {
	name := strings.Trim(n.outlet, "《》“”\"")
	return (feeds.IsMedium(name) || otherMedia.MatchString(name)) && !noMedium.MatchString(name)
}

// counts reports whether what is named is the outlet: the label says so, or the name, unless the line is a caption,
// or it is the last line and nothing speaks against it.
func (n naming) counts(last bool, caption func() bool) bool {
	switch {
	case nobody.MatchString(n.outlet):
		return false
	case n.sure:
		return true
	case n.isMedium():
		return !caption()
	}
	return last && !n.doubtful && utf8.RuneCountInString(n.outlet) <= maxUnsure && !phrase.MatchString(n.outlet) && !caption()
}
