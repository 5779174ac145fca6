package main

import (
	"fmt"
	"testing"

	"finews.withounder.com/feeds"
)

// wrongAnswers are what servers send with status 200 in place of a document, and what is told of each.
var wrongAnswers = map[feeds.Kind][]struct{ name, contentType, body, told string }{
	feeds.KindFeed: {
		{"log-in page", "text/html; charset=utf-8", "<!DOCTYPE html><html><head><title>统一登录</title></head><body>请登录</body></html>", `not a feed: got "text/html; charset=utf-8", titled "统一登录"`},
		{"firewall", "text/html", "<script>document.cookie='验证=1';location.reload()</script>", `not a feed: got "text/html"`},
		{"captive portal", "application/rss+xml", "<html><head><title>无线网络认证</title></head></html>", `titled "无线网络认证"`},
		{"JSON", "application/json", `{"code":403}`, `starting "{\"code\":403}"`},
		{"JSON that speaks", "application/json", `{"code":403,"msg":"访问过于频繁"}`, `saying "访问过于频繁"`},
		{"bare element", "text/xml", "<rss/>", "not a feed: no title, no link and no items"},
		{"bare Atom", "text/xml", `<feed xmlns="http://www.w3.org/2005/Atom"/>`, "not a feed: no title, no link and no items"},
	},
	feeds.KindPage: {
		{"log-in page", "text/html", "<html><head><title>统一登录</title></head><body><form>请登录</form></body></html>", `finds nothing on the page titled "统一登录"`},
		{"firewall", "text/html", "<script>document.cookie='验证=1';location.reload()</script>", "finds nothing on a page without a title"},
		{"JSON", "application/json", `{"code":403}`, "finds nothing"},
		{"empty list", "text/html", `<html><head><title>坏报</title></head><body><ul class="news"></ul></body></html>`, `finds nothing on the page titled "坏报"`},
		{"list of nothing", "text/html", `<html><head><title>坏报</title></head><body><ul class="news"><li>暂无</li></ul></body></html>`, "item.title and item.link find nothing in any of 1 items"},
	},
	feeds.KindJSON: {
		{"log-in page", "text/html", "<html><head><title>统一登录</title></head></html>", `not JSON: got "text/html", titled "统一登录"`},
		{"refusal", "application/json", `{"code":403}`, "no list at data.list: the answer has code: 403"},
		{"refusal that speaks", "application/json", `{"code":403,"msg":"访问过于频繁","data":null}`, "msg: 访问过于频繁"},
		{"records of nothing", "application/json", `{"code":0,"data":{"list":[{"错误":1}]}}`, "item.title and item.link find nothing in any of 1 records"},
	},
}

func TestFault24NotAFeed(t *testing.T) {
	for kind, answers := range wrongAnswers {
		t.Run(string(kind), func(t *testing.T) {
			p := newPlightOf(t, kind)
			for _, wrong := range answers {
				t.Run(wrong.name, func(t *testing.T) {
					p.t = t
					p.answer = says(wrong.contentType, wrong.body)
					validators := p.state().Validators
					p.fails("parse", 200, wrong.told)
					if after := p.state().Validators; after != validators {
						t.Errorf("validators %+v of what is no feed took the place of %+v", after, validators)
					}
					p.wellAgain(kind)
				})
			}
		})
	}
}

// TestFault24EmptyAfterEntries: a document in order, without an entry where there were some, is held back.
func TestFault24EmptyAfterEntries(t *testing.T) {
	for _, c := range []struct {
		name, body string
		kind       feeds.Kind
	}{
		{"RSS", `<rss version="2.0"><channel><title>坏报</title></channel></rss>`, feeds.KindFeed},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><title>坏报</title></feed>`, feeds.KindFeed},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"坏报","items":[]}`, feeds.KindFeed},
		{"list API", `{"code":0,"data":{"list":[]}}`, feeds.KindJSON},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlightOf(t, c.kind)
			p.answer = says("", c.body)
			p.holds("sent no entries where it had some")
			if exit, told := p.poll(); exit != exitSources || told != "" {
				t.Errorf("it is told once a day: exit code %d, and it says %s", exit, told)
			}
			p.unharmed(p.entries(ailing))
			p.wellAgain(c.kind)
		})
	}
}

func TestFault25EmptyBody(t *testing.T) {
	for kind := range shapes {
		t.Run(string(kind), func(t *testing.T) {
			p := newPlightOf(t, kind)
			for _, body := range []string{"", " \r\n\t", "\ufeff\n"} {
				t.Run(fmt.Sprintf("%q", body), func(t *testing.T) {
					p.t = t
					p.answer = says(shapes[kind].contentType, body)
					p.fails("body", 200, "empty body")
					p.wellAgain(kind)
				})
			}
		})
	}
}
