package site

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The page at an old address sends people on, and search engines too, by addresses in which nothing that was chosen by somebody else
// becomes markup or another refresh.
func TestMoved(t *testing.T) {
	s := load(t, "small.json")
	const title = `农金"><script>alert(1)</script>; url=https://boese.example`
	var page strings.Builder
	if err := New(s.Site).Moved(`21shiji 21cai"jing;APP/2022/04/11/NX1.html`, "nongjin wang/2022/04/11/NX1.html", title).Render(&page); err != nil {
		t.Fatal(err)
	}
	const way = "../../../../nongjin%20wang/2022/04/11/NX1.html"
	canonical, address := "", s.Site.URL+"/nongjin%20wang/2022/04/11/NX1.html"
	found := map[string]string{}
	for node := range parse(t, page.String()).Descendants() {
		switch {
		case node.Type == html.ElementNode && node.Data == "script":
			t.Error("a title became a script")
		case node.Data == "meta" && attribute(node, "http-equiv") == "refresh":
			found["refresh"] = attribute(node, "content")
		case node.Data == "meta" && attribute(node, "name") == "robots":
			found["robots"] = attribute(node, "content")
		case node.Data == "link" && attribute(node, "rel") == "canonical":
			canonical = attribute(node, "href")
		case node.Data == "a" && node.FirstChild.Data == address:
			found["link"] = attribute(node, "href")
		case node.Data == "h1":
			found["h1"] = node.FirstChild.Data
		}
	}
	for what, want := range map[string]string{"refresh": "0; url=" + way, "robots": "noindex", "link": way, "h1": title} {
		if found[what] != want {
			t.Errorf("%s is %q, want %q", what, found[what], want)
		}
	}
	if canonical != address {
		t.Errorf("canonical is %q", canonical)
	}
}
