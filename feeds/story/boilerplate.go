package story

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// What outlets put around a text, in half-width forms. Each expression is of a whole line, or of a line's end.
var (
	// wholly in brackets: （记者 刘晓芸） （来源：金融时报） （有删减）
	bracketed = regexp.MustCompile(`^(\([^()]{0,80}\)|【[^【】]{0,80}】)$`)
	// a label and what it names: 来源:农金网 责编:石磊
	labelled = regexp.MustCompile(`^[【\[(]?(文章|信息|数据|稿件|本文|图片|封面图片)?(来源|责任编辑|责编|编辑|审校|校对|审核|监制|作者|记者|通讯员|供稿|原标题|原文链接|关键词)[\]】)]?\s*[:|丨/]`)
	// names without a sentence: 本报记者 郑川 实习生 宋一诺 郑州报道
	byline = regexp.MustCompile(`^[^,。;!?]{0,12}(记者|通讯员|编辑|作者|责编)\s[^,。;!?]{0,40}$`)
	// what the outlet says of itself and of risks
	disclaimer = regexp.MustCompile(`^[【\[(]?(免责|郑重|特别|版权|重要)?声明[\]】)]?[:\s]|^【免责声明】|^(风险|订阅|温馨|小编)(提示|提醒)[:,]|^(本文来源|本文仅|本文不|本文由|如需转载|转载请|未经授权|版权归|更多精彩)`)
	// the code of a share: (600123) (600123.SH) (HK:01288)
	shareCode = regexp.MustCompile(`(?i)\((?:(?:sh|sz|bj|hk)[:.]?)?\d{5,6}(?:\.(?:sh|ss|sz|bj|hk))?\)`)
	// another name of what stands before it, of characters that turn nothing: (湖南农信)
	shortNote = regexp.MustCompile(`\([^()\d\s,。;:!?` + turns + `]{2,8}\)`)
	// a headline of a flash before its text
	headline = regexp.MustCompile(`^【[^【】]{0,80}】\s*`)
	// who tells it, and on which day of the month: 财联社11月3日电, 本报讯(记者 高明远) 7月12日讯
	dateline = regexp.MustCompile(`^(?:[^,。;:!?\d]{0,16}(?:\d{1,2}月)?(\d{1,2})日(?:电|讯|消息|报道)|[^,。;:!?\d]{0,16}讯(?:\([^()]{0,60}\)|[,:\s]|$))`)
	// what is left of a dateline: (记者 高明远)
	opening = regexp.MustCompile(`^(\([^()]{0,60}\))?[,:\s]*`)
	// brackets at the end of a paragraph: (记者 何珂 责编 程兆) (完)
	closing = regexp.MustCompile(`\(([^()]{0,40}(来源|记者|通讯员|编辑|责编|作者)[^()]{0,40}|完)\)\s*$`)
)

// maxLabel is the longest line, in bytes, that is taken for a label, and maxDisclaimer for a disclaimer: a longer one
// tells something.
const (
	maxLabel      = 240
	maxDisclaimer = 900
)

// maxDateline is the longest dateline, in bytes, up to the word that makes it one.
const maxDateline = 100

// unframed returns a line, in half-width forms, without what an outlet put around it, and the day of the month that its
// dateline says. The line is empty where it is wholly such.
//
// Most lines are of none of these kinds, and expressions are slow to see that: what every match of one has is looked for
// first.
func unframed(line string) (rest, day string) {
	if isFrame(line) {
		return "", ""
	}
	if strings.HasPrefix(line, "【") {
		line = headline.ReplaceAllString(line, "")
	}
	if strings.Contains(line, "(") {
		line = shortNote.ReplaceAllString(shareCode.ReplaceAllString(line, ""), "")
	}
	if start := line[:min(len(line), maxDateline)]; strings.Contains(start, "日") || strings.Contains(start, "讯") {
		if m := dateline.FindStringSubmatch(line); m != nil {
			line, day = opening.ReplaceAllString(line[len(m[0]):], ""), normal(m[1])
		}
	}
	if last := strings.LastIndexByte(line, '('); last >= 0 {
		line = line[:last] + closing.ReplaceAllString(line[last:], "")
	}
	return line, day
}

// isFrame reports whether a line is wholly what an outlet put around a text.
func isFrame(line string) bool {
	bracket := strings.HasPrefix(line, "(") || strings.HasPrefix(line, "【")
	return bracket && bracketed.MatchString(line) ||
		len(line) <= maxLabel && (strings.ContainsAny(line, ":|/") || strings.Contains(line, "丨")) && labelled.MatchString(line) ||
		len(line) <= maxLabel && strings.ContainsAny(line, " \t\n\f\r") && byline.MatchString(line) ||
		len(line) <= maxDisclaimer && beginsDisclaimer(line) && disclaimer.MatchString(line)
}

// beginsDisclaimer reports whether a disclaimer may begin with the first character of a line.
func beginsDisclaimer(line string) bool {
	first, _ := utf8.DecodeRuneInString(line)
	return strings.ContainsRune("【[(免郑特版重声风订温小本如转未更", first)
}
