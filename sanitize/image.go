package sanitize

import (
	"cmp"
	"math"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"finews.withounder.com/feeds"
)

// picture writes an image, unless it is a counter, a chart, or has no address that may be loaded.
func (k *walker) picture(n *html.Node) {
	switch address, found := k.imageAddress(n); {
	case k.view.veiled:
		k.w.gone.count(goneHidden)
	case isCounter(n) || isBeacon(address):
		k.w.gone.count(goneCounter)
	case address == "":
		if found {
			k.refused++
		}
		k.w.gone.count(goneImage)
	case isChart(address):
		k.w.gone.count(goneChart)
	default:
		k.publicPicture(n, withoutTokens(address))
	}
}

// publicPicture writes an image that has an address, unless it stands for the one before where no script runs, or that one
// for it.
func (k *walker) publicPicture(n *html.Node, address string) {
	name, _, _ := strings.Cut(address, "?") // one of the two may be asked for in another size
	twin := name == k.lastImage && k.inNoscript != k.lastInNoscript
	k.lastImage, k.lastInNoscript = name, k.inNoscript
	if twin {
		k.lastImage = ""
		k.w.gone.count(goneCopy)
		return
	}
	if k.image == "" && worthShowing(n) {
		k.image = address
	}
	k.w.writeImage(imageTag(n, address), 1)
}

// Attributes in which scripts that load images late keep the address; src is a grey square then. Those of the second kind
// hold other things too.
var (
	lateSources = []string{"data-src", "data-original", "data-lazy-src", "data-lazyload", "data-ks-lazyload", "data-actualsrc",
		"data-original-src", "data-orig-file", "data-echo", "data-lazy", "real_src", "lay-src", "lazy-src", "_src", "original"}
	otherSources = []string{"data-url", "zoomfile", "file"}
	lateSets     = []string{"data-srcset", "data-lazy-srcset"}
)

// isLate reports whether an image is shown once a script has loaded it.
func isLate(n *html.Node) bool {
	for _, a := range n.Attr {
		if (slices.Contains(lateSources, a.Key) || slices.Contains(otherSources, a.Key)) && isPlace(a.Val) || slices.Contains(lateSets, a.Key) {
			return true
		}
	}
	return false
}

// isPlace reports whether the value of an attribute can be the address of an image: true, 1 and undefined stand there too,
// and words that only a site's own script can read.
func isPlace(value string) bool {
	value = strings.TrimSpace(value)
	return hasScheme(value, "http") || hasScheme(value, "https") || strings.HasPrefix(value, "/") || isPictureFile(value)
}

// imageAddress returns the public address that a browser would end up with, and whether any was named.
func (k *walker) imageAddress(n *html.Node) (address string, found bool) {
	if k.resolved > maxResolved {
		return "", true
	}
	for _, source := range k.imageSources(n) {
		if source = strings.TrimSpace(source); source == "" || hasScheme(source, "data") {
			continue
		}
		found = true
		if address, ok := k.publicAddress(source); ok && !isPlaceholder(address) {
			return address, true
		}
	}
	return "", found
}

// imageSources returns what may be the address of an image, the best first.
func (k *walker) imageSources(n *html.Node) []string {
	var late, sets, others []string
	src := ""
	for _, a := range n.Attr {
		switch {
		case a.Key == "src":
			src = a.Val
		case a.Key == "srcset":
			sets = ranked(a.Val)
		case slices.Contains(lateSources, a.Key) && isPlace(a.Val):
			late = append(late, a.Val)
		case slices.Contains(lateSets, a.Key):
			late = append(late, ranked(a.Val)...)
		case slices.Contains(otherSources, a.Key) && isPictureFile(a.Val):
			others = append(others, a.Val)
		}
	}
	around := k.pictureSources(n.Parent)
	sources := slices.Concat(late, around.late, sets, others, []string{src}, around.sets)
	return sources[:min(len(sources), maxSources)]
}

// offered are the addresses that the sources in a picture offer, before its image.
type offered struct {
	picture    *html.Node
	late, sets []string
}

// pictureSources returns what a parent offers that is a picture. They are read once: it may hold thousands of images.
func (k *walker) pictureSources(parent *html.Node) offered {
	if parent == nil || parent.DataAtom != atom.Picture {
		return offered{}
	}
	if k.offered.picture == parent {
		return k.offered
	}
	k.offered = offered{picture: parent}
	looked := 0
	for c := parent.FirstChild; c != nil && looked < maxSources; c = c.NextSibling {
		if looked++; c.DataAtom == atom.Source {
			for _, name := range lateSets {
				k.offered.late = append(k.offered.late, ranked(attr(c, name))...)
			}
			k.offered.sets = append(k.offered.sets, ranked(attr(c, "srcset"))...)
		}
	}
	return k.offered
}

// Bounds of the addresses of one image.
const (
	maxSources = 40   // sources of an image or a player that are looked at
	maxSrcset  = 8192 // bytes of a srcset
	bestWidth  = 1600 // pixels: as wide as a column of text is shown on the best of screens
)

// ranked returns the addresses in a srcset as they suit a column of text: the widest first of those that are not over 1600
// pixels, or the densest of those not over 2 (HTML, 4.8.4.2.1); then the others, the least first.
func ranked(srcset string) []string {
	if srcset == "" {
		return nil
	}
	all := candidates(srcset[:min(len(srcset), maxSrcset)])
	slices.SortStableFunc(all, func(a, b candidate) int {
		if a.size <= 1 && b.size <= 1 {
			return cmp.Compare(b.size, a.size)
		}
		return cmp.Compare(a.size, b.size)
	})
	var addresses []string
	for _, c := range all {
		addresses = append(addresses, c.address)
	}
	return addresses
}

// candidate is an image of a srcset.
type candidate struct {
	address string
	size    float64 // as a part of the best: its width of 1600 pixels, its density of 2
}

// candidates reads a srcset. A comma parts two where white space is after it, since addresses hold commas.
func candidates(srcset string) []candidate {
	var all []candidate
	words := strings.Fields(srcset)
	for len(words) > 0 && len(all) < maxSources {
		address, ended := strings.CutSuffix(words[0], ",")
		words = words[1:]
		c := candidate{address: strings.TrimRight(address, ","), size: 0.5}
		for !ended && len(words) > 0 {
			var descriptor string
			descriptor, ended = strings.CutSuffix(words[0], ",")
			c.read(descriptor)
			words = words[1:]
		}
		if c.address != "" {
			all = append(all, c)
		}
	}
	return all
}

func (c *candidate) read(descriptor string) {
	if descriptor == "" {
		return
	}
	last := len(descriptor) - 1
	n, err := strconv.ParseFloat(descriptor[:last], 64)
	switch {
	case err != nil || n <= 0:
	case descriptor[last] == 'w':
		c.size = n / bestWidth
	case descriptor[last] == 'x':
		c.size = n / 2
	}
}

// isCounter reports whether an image is there to be counted, not seen.
func isCounter(n *html.Node) bool {
	s := styleOf(n)
	for _, size := range []string{
		attr(n, "width"), attr(n, "height"), s.value("width"), s.value("height"), s.value("max-width"), s.value("max-height"),
	} {
		if isHairline(numberIn(size)) {
			return true
		}
	}
	return false
}

// numberIn returns the number that a size begins with, and its unit (HTML, 2.3.4.4).
func numberIn(size string) string {
	size = strings.ToLower(strings.TrimSpace(size))
	end := len(size) - len(strings.TrimLeft(size, "0123456789."))
	unit := len(size[end:]) - len(strings.TrimLeft(size[end:], "abcdefghijklmnopqrstuvwxyz%"))
	return size[:end+unit]
}

// counting are hosts of images that nobody is meant to see, with all below them.
var counting = []string{
	"hm.baidu.com", "hmcdn.baidu.com", "eclick.baidu.com", "cnzz.com", "umeng.com", "51.la", "mmstat.com", "beacon.sina.com.cn", "dcads.sina.com.cn",
	"pingjs.qq.com", "pingfore.qq.com", "beacon.qq.com", "miaozhen.com", "admaster.com.cn", "irs01.com", "google-analytics.com",
	"doubleclick.net", "pixel.wp.com", "stats.wordpress.com", "feedsportal.com", "scorecardresearch.com",
	"quantserve.com", "imrworldwide.com",
}

// counted are names of files that nobody is meant to see.
var counted = []string{"hm.gif", "__utm.gif", "pixel.gif", "beacon.gif", "1x1.gif", "stat.gif", "count.gif", "pv.gif"}

// standIns are names of files that are shown until an image has come, or in its place.
var standIns = regexp.MustCompile(`^(?:loading|placeholder|lazyload|lazy|gr[ae]y|blank|spacer|sg_trans|transparent|nopic)[0-9_-]*\.(?:gif|png|jpg|svg|webp)$|^t\.gif$`)

// isPlaceholder reports whether an address is that of a file that stands in for images.
func isPlaceholder(address string) bool {
	name, _, _ := strings.Cut(address, "?")
	return standIns.MatchString(strings.ToLower(name[strings.LastIndexByte(name, '/')+1:]))
}

// isBeacon reports whether an address is a known one of images that are there to be counted.
func isBeacon(address string) bool {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return false
	}
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	for _, host := range counting {
		if name == host || strings.HasSuffix(name, "."+host) {
			return true
		}
	}
	return slices.Contains(counted, strings.ToLower(path.Base(u.Path)))
}

// pictureFiles are the ends of names of files that hold an image: a server that is asked for such a one sends it,
// whatever stands behind it.
var pictureFiles = []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".avif"}

func isPictureFile(address string) bool {
	name, _, _ := strings.Cut(address, "?")
	name, _, _ = strings.Cut(name, "#")
	return slices.Contains(pictureFiles, strings.ToLower(path.Ext(name)))
}

// isChart reports whether an address is that of a stock chart that is drawn on request: it carries the
// source's own access token, and shows another day each time.
func isChart(address string) bool {
	return strings.Contains(address, "token=") && !isPictureFile(address)
}

// withoutTokens returns the address of an image file without what carries the source's own right to it.
func withoutTokens(address string) string {
	if !isPictureFile(address) {
		return address
	}
	return feeds.WithoutTokens(address)
}

// iconSize is under how many pixels of width or height an image is an icon.
const iconSize = 100

// worthShowing reports whether an image can stand for an article: it is not declared to be icon-sized.
func worthShowing(n *html.Node) bool {
	width, height := sizes(n)
	for _, length := range []string{width, height} {
		if pixels, err := strconv.Atoi(length); err == nil && pixels < iconSize {
			return false
		}
	}
	return true
}

// sizes returns the width and the height of an image or a player in pixels, each empty where it is not given so. Beside a
// width of another kind, such as 50%, a height would distort it.
func sizes(n *html.Node) (width, height string) {
	s := styleOf(n)
	width = cmp.Or(pixels(attr(n, "width")), pixels(s.value("width")))
	if given := cmp.Or(attr(n, "width"), s.value("width")); width == "" && given != "" && given != "auto" {
		return "", ""
	}
	return width, cmp.Or(pixels(attr(n, "height")), pixels(s.value("height")))
}

// pixels returns a length in whole pixels without its unit, or "" for what is none between 1 and 9999.
func pixels(length string) string {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(length), "px"), 64)
	if err != nil || !(n >= 0.5 && n < 9999.5) {
		return ""
	}
	return strconv.Itoa(int(math.Round(n)))
}

// bareAlts say only that there is an image.
var bareAlts = []string{"image", "img", "picture", "photo", "图片", "图像", "照片"}

func imageTag(n *html.Node, address string) string {
	alt := Text(html.EscapeString(attr(n, "alt")))
	if slices.Contains(bareAlts, strings.ToLower(alt)) {
		alt = ""
	}
	tag := "<img" + attribute("src", address) + attribute("alt", alt) + sizeOf(n)
	return tag + attribute("loading", "lazy") + attribute("referrerpolicy", "no-referrer") + ">"
}

// sizeOf returns the width and height of an image or a player as attributes.
func sizeOf(n *html.Node) string {
	size := ""
	width, height := sizes(n)
	if width != "" {
		size += attribute("width", width)
	}
	if height != "" {
		size += attribute("height", height)
	}
	return size
}
