package sanitize

import (
	"regexp"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
)

// trailing is how many of the last paragraphs may name the outlet: an editor's name may follow it.
const trailing = 3

var (
	// namedAlone is a paragraph that names the outlet: （文章来源：农金网）, 来源：农民日报. Not 图片来源.
	namedAlone = regexp.MustCompile(`^[（(【\[]?\s*(?:文章|本文|稿件|信息|新闻|消息)?来源\s*[:：]\s*([^（）()【】\[\]:：。！？，；]{1,40}?)\s*[）)】\]]?$`)
	// namedLast is a paragraph that ends with the outlet in parentheses: …6000名老年客户。（来源：农金网）
	namedLast = regexp.MustCompile(`[（(]\s*(?:文章|本文|稿件|信息)?来源\s*[:：]\s*([^（）()]{1,40}?)\s*[）)]$`)
	// namedFirst is a line that goes on after the outlet: 来源：农民日报 责任编辑：李四
	namedFirst = regexp.MustCompile(`^[（(]?\s*(?:文章|本文|稿件|信息)?来源\s*[:：]\s*([^（）():：]{1,40}?)\s+(?:作者|记者|编辑|责编|责任编辑|责任校对|日期|时间)\s*[:：]`)
)

// maxNaming is how much of the beginning and the end of a paragraph is searched for an outlet, in bytes.
// A name has at most 40 characters; to search 200 KB of it takes the patterns a tenth of a second.
const maxNaming = 1024

// attributionIn returns the outlet that a paragraph names, and whether the paragraph says nothing else.
func attributionIn(text string) (outlet string, alone bool) {
	if len(text) <= maxNaming {
		if m := namedAlone.FindStringSubmatch(text); m != nil {
			return m[1], true
		}
	}
	if m := namedLast.FindStringSubmatch(text[max(len(text)-maxNaming, 0):]); m != nil {
		return m[1], false
	}
	if m := namedFirst.FindStringSubmatch(feeds.CutBytes(text, maxNaming)); m != nil {
		return m[1], false
	}
	return "", false
}

// withoutAttribution returns what was written, without the paragraphs near the end that do nothing but name
// an outlet, and the outlet: the one that is named last. What is left has no such paragraph near its end.
func (w *writer) withoutAttribution() (markup, text, outlet string) {
	var cut []paragraph // from the back to the front
	kept := 0
	for i := len(w.paragraphs) - 1; i >= 0 && kept < trailing; i-- {
		p := w.paragraphs[i]
		line := strings.TrimSpace(w.text.String()[p.from.text:p.to.text])
		name, alone := attributionIn(line)
		if name != "" && outlet == "" {
			outlet = name
		}
		if !alone || p.from.images != p.to.images {
			kept++
			continue
		}
		cut = append(cut, p)
		w.gone.credit(line)
	}
	markup, text = w.without(cut)
	return strings.TrimPrefix(markup, "\n"), strings.TrimPrefix(text, "\n"), outlet
}

// without returns what was written without some paragraphs, which are given from the back to the front. All
// are taken out in one pass: a body may consist of thousands.
func (w *writer) without(cut []paragraph) (markup, text string) {
	if len(cut) == 0 {
		return w.out.String(), w.text.String()
	}
	var out, plain strings.Builder
	var done mark
	for _, p := range slices.Backward(cut) {
		out.WriteString(w.out.String()[done.html:p.from.html])
		plain.WriteString(w.text.String()[done.text:p.from.text])
		done = p.to
	}
	out.WriteString(w.out.String()[done.html:])
	plain.WriteString(w.text.String()[done.text:])
	return out.String(), plain.String()
}
