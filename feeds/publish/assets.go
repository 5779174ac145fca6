package publish

import (
	_ "embed"
	"encoding/xml"
	"io"
	"strings"

	"finews.withounder.com/feeds"
)

const (
	styleName = "assets/feed.css"
	iconName  = "assets/icon.png"
	iconSide  = 144 // pixels: as wide as RSS lets an image be
)

//go:embed assets/feed.css
var style []byte

//go:embed assets/icon.png
var icon []byte

// Style returns the style sheet of the XML feeds, for those who open one in a browser.
func Style() feeds.Output { return asset(styleName, style) }

// Icon returns the picture that the feeds name: an ear of grain, a PNG of 144 by 144 pixels.
func Icon() feeds.Output { return asset(iconName, icon) }

func asset(name string, content []byte) feeds.Output {
	return feeds.Output{Name: name, Render: func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}}
}

// styled is an XML document that names the style sheet before its root (https://www.w3.org/TR/xml-stylesheet/). Browsers are
// dropping XSLT, and keep CSS.
type styled struct {
	name     string // of the file, slash-separated, relative to the output folder
	document any
}

// MarshalXML writes the instruction and then the document.
func (s styled) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	href := strings.Repeat("../", strings.Count(s.name, "/")) + styleName
	instruction := xml.ProcInst{Target: "xml-stylesheet", Inst: []byte(`type="text/css" href="` + href + `"`)}
	if err := e.EncodeToken(instruction); err != nil {
		return err
	}
	return e.Encode(s.document)
}
