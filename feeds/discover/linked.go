package discover

import (
	"net/url"
	"slices"
	"strings"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/parse"
)

// linked asks where the links of a page lead that call themselves feeds.
func (s *search) linked(page parse.Document) []Candidate {
	anchors := parse.FeedAnchors(page)
	slices.SortStableFunc(anchors, func(a, b parse.Alternate) int { return rank(a.Title, a.URL) - rank(b.Title, b.URL) })
	seen := map[string]bool{feeds.CanonicalLink(page.URL): true} // links to a place in the page lead back to it
	var candidates []Candidate
	asked := 0
	for _, a := range anchors {
		link := feeds.CanonicalLink(a.URL)
		if seen[link] || !sameSite(page.URL, a.URL) || s.mayAsk(page.URL, a.URL) != nil {
			continue
		}
		if seen[link] = true; asked == maxLinked || s.ctx.Err() != nil {
			break
		}
		asked++
		if c, _, err := s.ask(a.URL); err == nil {
			candidates = append(candidates, c)
		}
	}
	return candidates
}

// sameSite reports whether a page may lead to an address as its own: on the same host, or on one below the other, without
// counting www. A list of friendly sites has feeds, too.
func sameSite(page, address string) bool {
	a, b := siteHost(page), siteHost(address)
	return a != "" && (a == b || strings.HasSuffix(a, "."+b) && strings.Contains(b, ".") || strings.HasSuffix(b, "."+a))
}

func siteHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// wallOf returns the title of a page that stands in the place of another: a firewall's question, a log-in, an error. Who
// goes on asking such a server is taken for what it keeps out.
func wallOf(page parse.Document) string {
	title := parse.PageTitle(page)
	for _, word := range []string{
		"安全验证", "安全检查", "人机验证", "验证码", "访问验证", "访问被拒绝", "禁止访问", "登录", "登陆",
		"403", "503", "forbidden", "access denied", "unavailable", "captcha", "just a moment", "attention required", "log in", "login", "sign in",
	} {
		if strings.Contains(strings.ToLower(title), word) {
			return title
		}
	}
	return ""
}
