package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
	"golang.org/x/net/html"
)

// Every relative link leads to a page of the same site, or to one of its feeds, which package publish writes.
func TestLinksLeadSomewhere(t *testing.T) {
	s := load(t, "small.json")
	pages := render(t, s)
	known := map[string]bool{}
	for name := range pages {
		known[name] = true
	}
	for _, slug := range []string{"all", "nongjinwang", "shangqiubao", "xiangcunzhenxing"} {
		for _, format := range []string{".xml", ".atom", ".json"} {
			known[slug+format] = true
		}
	}
	followed := 0
	for name, page := range pages {
		for _, link := range links(t, page) {
			target, ours := resolve(t, name, link)
			if ours && !known[target] {
				t.Errorf("%s links to %s, which is %s, which nobody writes", name, link, target)
			}
			followed++
		}
	}
	if followed < 50 {
		t.Errorf("only %d links were found to follow", followed)
	}
}

// links returns the addresses that a page refers to.
func links(t *testing.T, page string) []string {
	var found []string
	for node := range parse(t, page).Descendants() {
		for _, a := range node.Attr {
			if (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "data:") {
				found = append(found, a.Val)
			}
		}
	}
	return found
}

// resolve returns the output that a link on the page of that name leads to. ours is false where it leads out. Pages
// lie under a folder of some server, because they must work there too.
func resolve(t *testing.T, name, link string) (target string, ours bool) {
	t.Helper()
	const folder = "http://127.0.0.1:8123/some/folder/"
	base, err := url.Parse(folder + name)
	if err != nil {
		t.Fatal(err)
	}
	address, err := base.Parse(link)
	if err != nil {
		t.Fatalf("%s links to %q: %v", name, link, err)
	}
	address.Fragment = ""
	if name == notFoundName {
		return "", false // its link is a path from the root of the site's address: see TestNotFoundLeadsHome
	}
	target, ours = strings.CutPrefix(address.String(), folder)
	if !ours && address.Host == base.Host {
		t.Errorf("%s: %s leads out of the output folder", name, link)
	}
	return target, ours
}

func TestNotFoundLeadsHome(t *testing.T) {
	for site, want := range map[string]string{
		"https://finews.example.org":       "/",
		"https://finews.example.org/xiang": "/xiang/",
	} {
		s := load(t, "small.json")
		s.Site.URL = site
		if got := links(t, render(t, s)[notFoundName]); !slices.Equal(got, []string{want}) {
			t.Errorf("404.html of %s links to %q, not to %q alone", site, got, want)
		}
	}
}

// A page may ask nobody but the hosts of an article's images, and holds nothing that runs.
func TestPagesAskNoThirdParty(t *testing.T) {
	for name, page := range render(t, load(t, "small.json")) {
		if name == styleName {
			if strings.Contains(page, "url(") || strings.Contains(page, "@import") {
				t.Error("the style sheet asks for something more")
			}
			continue
		}
		if !strings.Contains(page, `http-equiv="Content-Security-Policy" content="default-src 'none';`) {
			t.Errorf("%s has no content security policy", name)
		}
		for node := range parse(t, page).Descendants() {
			if slices.Contains([]string{"script", "iframe", "object", "embed", "form"}, node.Data) && node.Type == html.ElementNode {
				t.Errorf("%s holds a <%s>", name, node.Data)
			}
			if node.Data == "img" && (attribute(node, "loading") != "lazy" || attribute(node, "referrerpolicy") != "no-referrer") {
				t.Errorf("%s asks for %s at once, or says where from", name, attribute(node, "src"))
			}
		}
	}
}

// void elements have no end tag.
var void = []string{"meta", "link", "img", "br", "hr", "input"}

// What is opened is closed, in order, and no id is given twice.
func TestPagesAreWellFormed(t *testing.T) {
	for name, page := range render(t, load(t, "small.json")) {
		if name == styleName {
			continue
		}
		var open, ids []string
		tokens := html.NewTokenizer(strings.NewReader(page))
		for tokens.Next() != html.ErrorToken {
			token := tokens.Token()
			switch token.Type {
			case html.StartTagToken:
				if !slices.Contains(void, token.Data) {
					open = append(open, token.Data)
				}
				if id := attribute(&html.Node{Attr: token.Attr}, "id"); id != "" && slices.Contains(ids, id) {
					t.Errorf("%s: id %s is given twice", name, id)
				} else if id != "" {
					ids = append(ids, id)
				}
			case html.EndTagToken:
				if len(open) == 0 || open[len(open)-1] != token.Data {
					t.Fatalf("%s: </%s> closes %q", name, token.Data, open)
				}
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("%s: %q are never closed", name, open)
		}
	}
}

// A reader in a frame is not sent elsewhere inside it.
func TestEmbedLinksOpenOutside(t *testing.T) {
	page := render(t, load(t, "small.json"))["embed/nongjinwang.html"]
	for node := range parse(t, page).Descendants() {
		if node.Data == "a" && (attribute(node, "target") != "_blank" || attribute(node, "rel") != "noopener") {
			t.Errorf("%s opens in the frame", attribute(node, "href"))
		}
	}
}

func TestHomeShowsTheMostActive(t *testing.T) {
	s := load(t, "small.json")
	newest := s.Channels[1].Entries[0]
	var channels []feeds.Channel
	for i := range HomeCategories + 5 {
		e := newest
		e.Published = newest.Published.AddDate(0, 0, i)
		channels = append(channels, feeds.Channel{
			Category: feeds.Category{Slug: "lanmu-" + string(rune('a'+i/10)) + string(rune('0'+i%10)), Title: "栏目"},
			Entries:  slices.Repeat([]feeds.Entry{e}, HomeEach+1),
		})
	}
	active := mostActive(channels, HomeCategories)
	if len(active) != HomeCategories || active[0].Category.Slug != "lanmu-d4" {
		t.Errorf("%d categories, first %s", len(active), active[0].Category.Slug)
	}
	s.Channels = channels
	var page strings.Builder
	if err := New(s.Site).Home(channels, feeds.Channel{}).Render(&page); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(page.String(), "流动银行车"); got != HomeCategories*HomeEach {
		t.Errorf("home shows %d entries of its categories, not %d", got, HomeCategories*HomeEach)
	}
}

func TestPathsAreEscaped(t *testing.T) {
	if got := relative("../", "nong jin/2022/04/11/a#b?c.html"); got != "../nong%20jin/2022/04/11/a%23b%3Fc.html" {
		t.Errorf("got %s", got)
	}
}
