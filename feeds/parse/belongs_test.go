package parse_test

import (
	"errors"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

// Texts of testing what belongs to an item.
const (
	captcha  = "您的访问过于频繁，为了保障网站的正常运行，请完成安全验证后继续访问：向右拖动滑块填充拼图，然后点击确定按钮，即可继续浏览。"
	siteWide = "首页　新闻　农商行　春耕专题　农信社　金融　关于我们　联系方式　广告服务　友情链接　版权所有　某某网　京ICP备1号　京公网安备2号"
	stranger = "页面正在跳转，如果浏览器没有自动打开下一个页面，那么需要手动点击这里，并且稍微等待几秒钟，直到显示出新的内容为止。"
	flash    = "4月11日，县农商行启动春耕备耕专项行动，首批发放贷款三千万元，支持种粮大户购买种子、化肥和农机，利率较上年下降半个百分点。"
)

// articleOf is a page of an article and of what stands around.
func articleOf(text string) string {
	return `<html><head><title>页</title></head><body><div class=nav><a href=/>首页</a></div><div class=article><p>` + text + `</p></div></body></html>`
}

// TestWhatIsNoArticleIsRefused: a page of HTTP 200 may hold anything. The item keeps what it has.
func TestWhatIsNoArticleIsRefused(t *testing.T) {
	own := listed()
	own.Body = "<p>" + strings.Repeat("农商行春耕，全文如下。", 30) + "</p>"
	for name, c := range map[string]struct {
		item       feeds.Item
		text, want string
	}{
		"captcha":  {listed(), captcha, "no article but a server's word (过于频繁)"},
		"log-in":   {listed(), "农商行春耕贷款：阅读全文请先登录，没有账号的读者可以免费注册。县农商行发放春耕贷款，支持农户。", "a server's word (请先登录)"},
		"stranger": {listed(), stranger, "has nothing to do with the title"},
		"shorter":  {own, flash, "the article on the page is shorter than what the feed brings"},
	} {
		for rules, s := range bodyRules() {
			item, err := parse.Body(s, c.item, parse.Document{Body: []byte(articleOf(c.text)), URL: c.item.Link, At: asked})
			if err == nil || !strings.Contains(err.Error(), c.want) || item.Body != c.item.Body {
				t.Errorf("%s, %s: error %v, want one that says %q; body %q", name, rules, err, c.want, item.Body)
			}
			if errors.Is(err, parse.ErrShorter) != (name == "shorter") {
				t.Errorf("%s, %s: %v is of a wrong kind", name, rules, err)
			}
		}
	}
	_, err := parse.Body(bodyRules()["full_text"], listed(), parse.Document{Body: []byte(articleOf(siteWide)), URL: listed().Link, At: asked})
	if err == nil || !strings.Contains(err.Error(), "the frame of the site (版权所有)") {
		t.Errorf("the frame of a site: %v", err)
	}
}

// TestArticlesThatParaphraseAreTaken: what is refused is not to cost an article.
func TestArticlesThatParaphraseAreTaken(t *testing.T) {
	about := func(title, body string) feeds.Item {
		item := listed()
		item.Title, item.Summary, item.Body = title, "", body
		return item
	}
	for name, c := range map[string]struct {
		item feeds.Item
		text string
	}{
		"flash":             {listed(), flash},
		"fuller":            {about("县农商行启动春耕行动", "<p>4月11日，县农商行启动春耕备耕专项行动……</p>"), flash},
		"about captchas":    {about("警惕：骗子索要验证码", ""), "农商行提醒：凡是索要验证码的都是骗子，不要把短信里的验证码告诉任何人，警惕冒充客服、冒充公检法的电话。"},
		"about log-ins":     {about("手机银行故障", ""), strings.Repeat("手机银行因升级一度无法使用，客户看到的提示是请登录后再试，农商行随后致歉并公布了补偿办法。", 8)},
		"paraphrase":        {about("一头牛的两本账", ""), strings.Repeat("养殖户老陈给记者看了他的账本：买牛犊借了农商行的钱，出栏以后还清贷款，还剩下一万多元，两本账都清楚。", 3)},
		"title of one sign": {about("!", ""), flash},
	} {
		for rules, s := range bodyRules() {
			item, err := parse.Body(s, c.item, parse.Document{Body: []byte(articleOf(c.text)), URL: c.item.Link, At: asked})
			if err != nil || !strings.Contains(item.Body, c.text) {
				t.Errorf("%s, %s: %v", name, rules, err)
			}
		}
	}
	item, err := parse.Body(bodyRules()["body.css"], listed(), parse.Document{Body: []byte(articleOf("详见附件。")), URL: listed().Link, At: asked})
	if err != nil || item.Body != "<p>详见附件。</p>" {
		t.Errorf("a text of five characters: %q, %v", item.Body, err)
	}
}

// bodyRules are the ways to the body in a page.
func bodyRules() map[string]feeds.Source {
	named, found := pageSource(), source()
	named.Body = feeds.BodyRules{Follow: true, CSS: "div.article"}
	found.Body = feeds.BodyRules{Follow: true, FullText: true}
	return map[string]feeds.Source{"body.css": named, "full_text": found}
}
