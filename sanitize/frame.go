package sanitize

import (
	"regexp"
	"unicode/utf8"

	"finews.withounder.com/feeds"
)

// What stands around an article without being a part of it, and what is named as a source without being an outlet.
var (
	// bracketed is a person in brackets: （记者张三）
	bracketed = regexp.MustCompile(`^[（(【\[]` + spaces + roles + `[^（()）【】\[\]]{0,40}[）)】\]]$`)
	// invitation is what a page says to its readers below an article.
	invitation = regexp.MustCompile(lead + `(?:` + otherArticles + `|更多精彩|点击(?:下方|上方|阅读|“?阅读原文)|扫码|扫描|长按|关注我们|欢迎关注|阅读原文|返回搜狐|点个?赞|分享(?:到|收藏|点赞)|转发|投稿(?:邮箱|热线)|联系(?:电话|我们)|举报|END|end|完[）)】\]]?$)`)
	// disclaimer is longer.
	disclaimer = regexp.MustCompile(lead + `(?:(?:免责|特别|郑重|版权|重要)声明|声明` + spaces + `[:：]|风险提示` + spaces + `[:：]|版权归)`)
	// othersStart begins a list of other articles.
	othersStart = regexp.MustCompile(lead + otherArticles)
	// captionStart begins a line that says what is seen: 图为秋收
	captionStart = regexp.MustCompile(`^[\s\p{Zs}（(【\[]*(?:图[为片表解源：:|｜丨/\s\d一二三四五六七八九十]|[▲△▼▽↑]|表` + spaces + `[\d一二三四五六七八九十]|制图|制表|注` + spaces + `[:：])`)

	// otherMedia are names of media beside those that feeds.IsMedium knows.
	otherMedia = regexp.MustCompile(`(?i:app|报道|公众号|视频号|融媒体中心|新媒体)$`)
	// noMedium are names that only end as those of media do.
	noMedium = regexp.MustCompile(`(?:[年季财研月公预海情汇申通简快]报|半年报|电网|联网|全网|官网|上网|合作社|信用社|供销社|[信县省市]联社|平台|后台|柜台)$`)
	// nobody names no outlet: it is a service of data or images, a document, money, or somebody unnamed.
	nobody = regexp.MustCompile(`(?i)^(?:网络|互联网|网上|综合|本人|作者|未知|不详|不明|佚名|无|原创|` +
		`wind|万得|choice|东方财富choice|ifind|同花顺ifind|bloomberg|彭博终端|视觉中国|图虫|图虫创意|摄图网|千图网|包图网|东方ic|unsplash|pixabay|cfp)(?:资讯|数据|数据库|图片|综合)?$` +
		`|^综合.*(?:[、，]|[网报社台]|新闻|客户端)$|^(?:公司|企业|上市公司|本公司|招股|公开)(?:公告|年报|季报|财报|官网|说明书|信息|资料)` +
		`|(?:资金|贷款|借款|存款|再贷款|收入|所得|款项|补贴|拨款|拨付|募集|自筹|积蓄|利润|分红|股金|投资|投入|人士|知情人|受访者|当事人|供图|供稿|提供|数据|整理|资料|公告|年报|季报|财报|研报|说明书|年度报告|测算|计算|问卷|调查|申报|途径|渠道)$`)
	// phrase is a piece of a sentence.
	phrase = regexp.MustCompile(`[的了及等是将已为]|、.*、`)
)

const otherArticles = `(?:往期(?:推荐|回顾|精选|精彩)|推荐阅读|相关阅读|延伸阅读|相关新闻|相关链接|精彩推荐|热门推荐|猜你喜欢)`

// Bounds of lines of frame.
const (
	maxFrame      = 240 // bytes of a line: the names of some people
	maxDisclaimer = 900 // bytes: a longer one tells something
	maxOthers     = 20  // characters of a line above other articles
)

// isFrame reports whether a line stands around an article: people who made it, an invitation, a disclaimer.
func isFrame(line string) bool {
	if len(line) > maxFrame {
		return len(line) <= maxDisclaimer && disclaimer.MatchString(line)
	}
	return creditStart.MatchString(line) || bracketed.MatchString(line) || invitation.MatchString(line) || disclaimer.MatchString(line)
}

// namesOthers reports whether other articles follow a line: 往期推荐.
func namesOthers(line string) bool {
	return len(line) <= maxOthers*utf8.UTFMax && othersStart.MatchString(feeds.CutBytes(line, maxFrame))
}
