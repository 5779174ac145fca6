package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"finews.withounder.com/web/browsertest"
	"github.com/google/go-cmp/cmp"
)

// shownFeed is what a feed shows in a frame of 360 pixels.
type shownFeed struct {
	Lines []string // name of the element, and what it says, of each that is seen and holds no other; :: before what the sheet adds
	Width int      // of the page in it
}

const lookAtFeed = `(async () => {
  const frame = document.querySelector("iframe");
  const seen = frame.contentDocument;
  const lines = [];
  for (const e of seen.querySelectorAll("*")) {
    if (e.getClientRects().length === 0 || e.children.length > 0) continue;
    const added = ["::before", "::after"].map(part => frame.contentWindow.getComputedStyle(e, part).content);
    lines.push(e.localName + " " + e.textContent + added.filter(text => text !== "none").map(text => "::" + text).join(""));
  }
  return JSON.stringify({Lines: lines, Width: seen.documentElement.scrollWidth});
})()`

// TestStyleInABrowser opens feeds as XML in Chromium: it shows what a feed is, and the entries, and nothing else.
func TestStyleInABrowser(t *testing.T) {
	in := readCase(t, "testdata/golden/category")
	files := renderAll(t, append(in.outputs(t), Style(), Icon()))
	server := serveFramed(t, files)
	browser := browsertest.Open(t)
	for name, address := range map[string]string{
		"nongjinwang.xml": "nongjinwang.xml", "nongjinwang.atom": "nongjinwang.atom", "archive/nongjinwang/000003.xml": "nongjinwang.xml",
	} {
		visited := browser.Visit(t, server.URL+"/frame/"+name, lookAtFeed)
		var got shownFeed
		if err := json.Unmarshal([]byte(visited.Result), &got); err != nil {
			t.Fatalf("%s: %v: %s", name, err, visited.Result)
		}
		if got.Width > 360 {
			t.Errorf("%s is %d pixels wide", name, got.Width)
		}
		for _, asked := range visited.Asked {
			if !strings.HasPrefix(asked.Address, server.URL) {
				t.Errorf("%s asks for %s", name, asked.Address)
			}
		}
		text := strings.Join(got.Lines, "\n")
		for _, part := range []string{
			"title 农金网新闻", "来源：", `"https://finews.example.org/` + address + `"`, "阅读器", "title 青禾农商银行“整村授信”惠及三千农户", "青禾农商银行今春为三千户农民建档授信，春耕贷款当天到账。",
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%s does not show %s in\n%s", name, part, text)
			}
		}
		if diff := cmp.Diff(visibleElements(name), elementNames(got.Lines)); diff != "" {
			t.Errorf("%s shows -expected +shown\n%s", name, diff)
		}
	}
}

// serveFramed serves files as XML, and each below frame/ in a frame of 360 pixels.
func serveFramed(t *testing.T, files map[string][]byte) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		switch framed, page := strings.CutPrefix(name, "frame/"); {
		case page:
			fmt.Fprintf(w, `<!DOCTYPE html><iframe src="/%s" style="width:360px;height:600px;border:0"></iframe>`, framed)
			return
		case name == styleName:
			w.Header().Set("Content-Type", "text/css; charset=utf-8")
		default:
			w.Header().Set("Content-Type", "application/xml; charset=utf-8")
		}
		w.Write(files[name])
	}))
	t.Cleanup(server.Close)
	return server
}

// visibleElements are the elements that are seen, of the golden case with three entries, of which the last has no original.
func visibleElements(name string) []string {
	if strings.HasSuffix(name, ".atom") {
		entry := []string{"title", "published", "title", "summary"}
		return slices.Concat([]string{"title", "subtitle", "link"}, entry, entry, entry)
	}
	item := []string{"title", "pubDate", "source", "description"}
	return slices.Concat([]string{"title", "description", "link"}, item, item, []string{"title", "pubDate", "description"})
}

func elementNames(lines []string) []string {
	var all []string
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		all = append(all, name)
	}
	return all
}

// The picture is of the size that the feeds say, and the sheet asks nobody for anything.
func TestAssets(t *testing.T) {
	files := renderAll(t, append(Feeds(readCase(t, "testdata/golden/empty").site(t), readCase(t, "testdata/golden/empty").Channel, nil, ""), Style(), Icon()))
	config, err := png.DecodeConfig(bytes.NewReader(files[iconName]))
	if err != nil || config.Width != iconSide || config.Height != iconSide || len(files[iconName]) > 8<<10 {
		t.Errorf("the icon is %d by %d, %d bytes, %v", config.Width, config.Height, len(files[iconName]), err)
	}
	if size := fmt.Sprintf("<width>%d</width>\n      <height>%d</height>", config.Width, config.Height); !bytes.Contains(files["xinyongshe.xml"], []byte(size)) {
		t.Errorf("RSS does not say that the picture is %s", size)
	}
	for _, outside := range []string{"url(", "@import", "@font-face", "//"} {
		sheet := strings.ReplaceAll(strings.ReplaceAll(string(files[styleName]), "http://www.w3.org/2005/Atom", ""), "http://purl.org/", "")
		if strings.Contains(sheet, outside) {
			t.Errorf("the style sheet holds %s", outside)
		}
	}
}
