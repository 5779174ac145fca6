package route

import (
	"regexp"
	"strings"

	"finews.withounder.com/feeds"
)

// The parts of a byline. Surnames keep 记者之家, 编辑部 and 记者观察 from being read as people where nothing stands
// between the word and what follows.
const (
	space    = `[\s\p{Z}]`
	role     = `(?:本报|本网|本刊|特约|见习|实习|首席|高级|资深|驻\p{Han}{2,4})*(?:记者|通讯员|撰稿人?|撰文|作者|责任编辑|责编|编辑|编译|摄影)`
	surnames = `王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧诸司上尚樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍申尤毕聂丛焦向柳邢骆岳齐梅庄辛管祝左涂谷时舒耿牟卜路詹关苗凌费纪靳盛童甄项裴席卫屈鲍覃翁隋植甘景薄单包柯阮桂闵宁阳宫查丛肖闫付冉`
	person   = `[` + surnames + `]\p{Han}{1,3}`
	anyone   = `\p{Han}{2,4}(?:·\p{Han}{1,8})*`
	between  = `(?:` + space + `|[、，,/])+`
	deed     = `(?:` + space + `*[/|]?` + space + `*(?:文|图|摄|摄影|报道|整理|文/图|图/文))?`
	credit   = role + `(?:` + space + `*[:：]` + space + `*|` + space + `+)` + anyone + `(?:` + between + anyone + `)*`
	closely  = role + person + `(?:` + between + `(?:` + person + `))*`
	credits  = `(?:` + credit + `|` + closely + `)(?:` + between + `(?:` + credit + `|` + closely + `))*` + deed
)

var (
	// namingFirst is a label before the name: 来源：农民日报.
	namingFirst = regexp.MustCompile(`^(?:文章|本文|稿件|信息|新闻|消息)?(?:来源|稿源)` + space + `*[:：]` + space + `*`)
	// bylineInside is a byline in parentheses, before or after the name: （记者 李四）农民日报.
	bylineInside = regexp.MustCompile(`[（(【\[]` + space + `*` + credits + space + `*[）)】\]]`)
	// bylineAfter is one that follows the name, with something between: 农民日报 记者 张三.
	bylineAfter = regexp.MustCompile(`(?:^|(?:` + space + `|[、，,/|｜·—_-])+)` + credits + `$`)
	// bylineAttached is one that follows the name at once: 新华社记者张三. It counts after the name of a medium only.
	bylineAttached = regexp.MustCompile(`^(.+?)` + credits + `$`)
	// bylineBefore is one that stands before the name of a medium: 记者 张三 农民日报.
	bylineBefore = regexp.MustCompile(`^` + role + `(?:` + space + `*[:：]` + space + `*|` + space + `*)` + anyone + between)
)

// maxNamed bounds the names in which a byline is looked for, in bytes: longer is no name of a medium.
const maxNamed = 512

// withoutByline returns the name of a medium without the people that a source has written beside it. What cannot be
// told from a name stays: 农民日报 张三.
func withoutByline(name string) string {
	name = strings.TrimSpace(name)
	if len(name) > maxNamed {
		return name
	}
	name = namingFirst.ReplaceAllString(name, "")
	name = strings.TrimSpace(bylineInside.ReplaceAllString(name, ""))
	if at := bylineAfter.FindStringIndex(name); at != nil && !feeds.IsMedium(name[at[0]:]) {
		return strings.TrimSpace(name[:at[0]])
	}
	if m := bylineAttached.FindStringSubmatch(name); m != nil && feeds.IsMedium(m[1]) && !feeds.IsMedium(name) {
		return m[1]
	}
	if before := bylineBefore.FindString(name); feeds.IsMedium(name[len(before):]) {
		return name[len(before):]
	}
	return name
}
