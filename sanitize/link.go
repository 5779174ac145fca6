package sanitize

import (
	"finews.withounder.com/feeds"
	"golang.org/x/net/html"
)

// link writes a link, or only its text where it leads nowhere or is the machine-made one around a stock's name.
func (k *walker) link(n *html.Node) {
	href := attr(n, "href")
	if stock := hasClass(n, "keytip") || hasClass(n, "em_stock_key_common"); stock || href == "" {
		if stock {
			k.w.gone.count(goneStockLink)
		} else {
			k.w.gone.count(goneLink)
		}
		k.children(n)
		return
	}
	address, ok := k.linkAddress(href)
	if !ok {
		k.refused++
		k.w.gone.count(goneLink)
		k.children(n)
		return
	}
	head := "<a" + attribute("href", feeds.WithoutTrackers(address)) + attribute("rel", linkRel)
	if title := Text(html.EscapeString(attr(n, "title"))); title != "" {
		head += attribute("title", title)
	}
	k.inline(n, "a", head+">")
}
