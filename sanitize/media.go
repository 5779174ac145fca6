package sanitize

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxPlayed bounds the files that one player is offered.
const maxPlayed = 4

// played is a file that a player may play.
type played struct{ address, kind string }

// mediaKind is a type of a file that players know, without its parameters.
var mediaKind = regexp.MustCompile(`^(?:audio|video)/[a-z0-9][a-z0-9.+-]{0,40}$|^application/(?:vnd\.apple\.mpegurl|x-mpegurl|dash\+xml)$`)

// media writes a player for a film or a recording, which loads nothing before a reader asks for it, and a link within it,
// for readers that drop players. What the source shows in its place is left out.
func (k *walker) media(n *html.Node) {
	if k.view.veiled {
		k.w.gone.count(goneHidden)
		return
	}
	if files := k.files(n); len(files) > 0 {
		k.player(n, files)
	} else {
		k.w.gone.count(gonePlayer)
	}
	if k.swallows(n) {
		k.children(n)
	}
}

// player writes a player of files, of which there is one at least.
func (k *walker) player(n *html.Node, files []played) {
	tag, label := "video", "视频"
	if n.DataAtom == atom.Audio {
		tag, label = "audio", "音频"
	}
	nodes := 1 + len(files)
	player := "<" + tag + attribute("controls", "") + attribute("preload", "none")
	if poster := attr(n, "poster"); poster != "" && tag == "video" && !isCounter(n) {
		if address, ok := k.publicAddress(poster); ok && !isBeacon(address) && !isChart(address) {
			player += attribute("poster", withoutTokens(address))
		}
	}
	if tag == "video" {
		player += sizeOf(n)
	}
	player += ">"
	for _, f := range files {
		player += "<source" + attribute("src", f.address)
		if f.kind != "" {
			player += attribute("type", f.kind)
		}
		player += ">"
	}
	if !k.w.inside("a") { // a link in a link would end it
		player += "<a" + attribute("href", files[0].address) + attribute("rel", linkRel) + ">" + label + "</a>"
		nodes += 2
	}
	k.w.writeImage(player+"</"+tag+">", nodes)
}

// files returns the public addresses of what a player plays.
func (k *walker) files(n *html.Node) []played {
	var files []played
	add := func(source *html.Node) {
		src := strings.TrimSpace(attr(source, "src"))
		if src == "" || len(files) >= maxPlayed {
			return
		}
		address, ok := k.publicAddress(src)
		if !ok {
			k.refused++
			return
		}
		kind, _, _ := strings.Cut(strings.ToLower(attr(source, "type")), ";")
		if kind = strings.TrimSpace(kind); !mediaKind.MatchString(kind) || source == n {
			kind = ""
		}
		files = append(files, played{address, kind})
	}
	add(n)
	looked := 0
	for c := n.FirstChild; c != nil && looked < maxSources; c = c.NextSibling {
		if looked++; c.DataAtom == atom.Source {
			add(c)
		}
	}
	return files
}
